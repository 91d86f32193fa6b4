"""Paths and abandonment once more, in plain Python over lists: what the expressions are held against."""

from collections import Counter, defaultdict
from typing import Any

GOALS = {"form": {"form_sent"}, "basket": {"order"}, "queue": {"served", "chat"}}
HELP = ("chat", "faq", "offer")


def sessions(
    events: list[dict[str, Any]], *, silence_s: int = 1800, until: Any = None
) -> dict[int, list[dict[str, Any]]]:
    """{session id: its acts in order}, each with `seconds`; `open` on the first."""
    by_visitor = defaultdict(list)
    for event in events:
        if until is None or event["at"] <= until:
            by_visitor[event["visitor_id"]].append(event)
    told = {}
    for acts in by_visitor.values():
        acts.sort(key=lambda one: (one["at"], one["event_id"]))
        parts: list[list[dict[str, Any]]] = []
        for act in acts:
            if not parts or (act["at"] - parts[-1][-1]["at"]).total_seconds() >= silence_s:
                parts.append([])
            parts[-1].append(act)
        for part in parts:
            is_open = until is not None and (until - part[-1]["at"]).total_seconds() < silence_s
            told[min(act["event_id"] for act in part)] = [{**act, "open": is_open} for act in part]
    return told


def pages(acts: list[dict[str, Any]]) -> list[str]:
    """Pages in their turn, one seen again at once left out."""
    shown: list[str] = []
    for act in acts:
        if act["page"] and (not shown or shown[-1] != act["page"]):
            shown.append(act["page"])
    return shown


def transitions(told: dict[int, list[dict[str, Any]]]) -> Counter[tuple[str, str]]:
    """How often from one page to the next; blank where a session began or ended."""
    found: Counter[tuple[str, str]] = Counter()
    for acts in told.values():
        way = pages(acts)
        if not way:
            continue
        found.update(zip(["", *way], way, strict=False))
        if not acts[0]["open"]:
            found[way[-1], ""] += 1
    return found


def ways(told: dict[int, list[dict[str, Any]]], steps: int) -> Counter[tuple[str, ...]]:
    """In how many sessions each way of so many pages occurs."""
    found: Counter[tuple[str, ...]] = Counter()
    for acts in told.values():
        way = pages(acts)
        found.update({tuple(way[at : at + steps]) for at in range(len(way) - steps + 1)})
    return found


def places(acts: list[dict[str, Any]], marks: list[str]) -> list[int]:
    """The places of the acts that reached the steps, one after the other."""
    reached: list[int] = []
    for mark in marks:
        after = reached[-1] if reached else 0
        place = next((n for n, act in enumerate(acts, 1) if n > after and act["mark"] == mark), None)
        if place is None:
            break
        reached.append(place)
    return reached


def abandonment(told: dict[int, list[dict[str, Any]]], marks: list[str]) -> list[dict[str, int]]:
    """Of each step: sessions, went_on, open, gave_up."""
    rows = [{"sessions": 0, "went_on": 0, "open": 0, "gave_up": 0} for _ in marks]
    for acts in told.values():
        came = len(places(acts, marks))
        for step in range(came):
            rows[step]["sessions"] += 1
            if step + 1 < came:
                rows[step]["went_on"] += 1
            elif step + 1 < len(marks):
                rows[step]["open" if acts[0]["open"] else "gave_up"] += 1
    return rows


def helped(told: dict[int, list[dict[str, Any]]], marks: list[str], step: int, kind: str) -> tuple[int, int, int, int]:
    """(with help, of them went on, without, of them went on) at a step, counted from 0."""
    found = [0, 0, 0, 0]
    for acts in told.values():
        came = places(acts, marks)
        if len(came) <= step or (len(came) == step + 1 and acts[0]["open"]):
            continue
        went_on = len(came) > step + 1
        until = came[step + 1] if went_on else len(acts) + 1
        seen = {act["mark"] for n, act in enumerate(acts, 1) if came[step] <= n < until} & set(HELP)
        if kind in seen or (kind == "any" and seen):
            found[0] += 1
            found[1] += went_on
        elif not seen:
            found[2] += 1
            found[3] += went_on
    return found[0], found[1], found[2], found[3]


def begun(told: dict[int, list[dict[str, Any]]], what: str) -> tuple[int, int, int]:
    """(sessions that began it, finished, still open)."""
    count = finished = still = 0
    for acts in told.values():
        first = next((n for n, act in enumerate(acts) if act["mark"] == what), None)
        if first is None:
            continue
        count += 1
        if any(n >= first and act["mark"] in GOALS[what] for n, act in enumerate(acts)):
            finished += 1
        elif acts[0]["open"]:
            still += 1
    return count, finished, still
