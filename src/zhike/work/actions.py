"""Verbs on human tasks: offer a list, close an entry."""

import datetime as dt
from collections.abc import Iterable, Sequence
from operator import add

from django.db import transaction
from django.db.models import QuerySet

from zhike.kit import bulk, chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work.models import Task
from zhike.work.queries import facts_of
from zhike.work.records import OUTCOMES, OfferTally, TaskFacts, TaskOffer

SNOOZE_DAYS = 14  # not now
REST_DAYS = 30  # done: the customer is left in peace
_BATCH = 200
_COLUMNS = [
    *["id", "public_id", "kind", "about_kind", "about_id", "owner_staff_id", "queue", "due_on", "rank"],
    *["why_code", "why_params", "fact_at", "state", "note", "run_id", "created_at", "updated_at"],
]


class TaskRefused(ValueError):
    """A task cannot be closed so; `code` is `unknown_task`, `closed_already` or `unknown_outcome`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def offer_tasks(
    kind: str, offers: Iterable[TaskOffer], *, run_id: int, about_kind: str = "customer", limit: int | None = None
) -> OfferTally:
    """Make these offers, best first, the open tasks of a kind; the same offers again change nothing.

    Held back: what somebody put off until later, what was done in the last 30 days, and what was judged wrong, unless
    there is a newer fact than the one it was judged by (put off stays put off). Open ones no longer offered expire. With
    `limit` only that many stay open. Written in short transactions.
    """
    today = clock.today(installation().time_zone)
    wanted = list(offers)
    open_now = dict(_open(kind, about_kind).values_list("about_id", "id"))
    resting = _resting(kind, about_kind, [offer.about_id for offer in wanted], today)
    willing = [offer for offer in wanted if not _is_held_back(offer, resting)]
    chosen = willing if limit is None else willing[:limit]
    kept = [offer for offer in chosen if offer.about_id in open_now]
    new = [offer for offer in chosen if offer.about_id not in open_now]
    gone = sorted(set(open_now) - {offer.about_id for offer in chosen})
    _refresh(kept, open_now, run_id)
    _expire([open_now[about] for about in gone])
    _add(kind, about_kind, new, run_id)
    return OfferTally(len(new), len(kept), len(wanted) - len(willing), len(willing) - len(chosen), len(gone))


def close_task(task_id: int, outcome: str, note: str = "", *, by: Viewer) -> TaskFacts:
    """Close an open task with `done`, `not_now` (two weeks' peace) or `wrong` (not again for these facts).

    Opens no transaction of its own: the caller notes the outcome elsewhere in the same one. Raises TaskRefused, Forbidden.
    """
    check(by, "worklist.note")
    if outcome not in OUTCOMES:
        raise TaskRefused("unknown_outcome")
    now, today = clock.now(), clock.today(installation().time_zone)
    closed = Task.objects.filter(id=task_id, state=Task.OPEN).update(
        state=outcome,
        note=note.strip(),
        snooze_until=today + dt.timedelta(days=SNOOZE_DAYS) if outcome == Task.NOT_NOW else None,
        closed_at=now,
        updated_at=now,
        closed_by_staff_id=by.staff_id,
    )
    if not closed:
        raise TaskRefused("closed_already" if Task.objects.filter(id=task_id).exists() else "unknown_task")
    return facts_of(Task.objects.get(id=task_id))


def forget_tasks(about_kind: str, about_ids: Sequence[int], *, by: Viewer) -> int:
    """Delete every task about things that never were (the demo shop's customers), or are erased; returns how many."""
    check(by, "demo.manage")
    return Task.objects.filter(about_kind=about_kind, about_id__in=list(about_ids)).delete()[0]


def _open(kind: str, about_kind: str) -> QuerySet[Task]:
    return Task.objects.filter(kind=kind, about_kind=about_kind, state=Task.OPEN)


def _resting(
    kind: str, about_kind: str, about_ids: Sequence[int], today: dt.date
) -> dict[int, list[tuple[str, dt.datetime | None]]]:
    """Of each thing, the judgements that still hold: (state, newest fact they rested on)."""
    rested = dt.datetime.combine(today - dt.timedelta(days=REST_DAYS), dt.time(), tzinfo=dt.UTC)
    found: dict[int, list[tuple[str, dt.datetime | None]]] = {}
    for start in range(0, len(about_ids), 500):
        closed = Task.objects.filter(kind=kind, about_kind=about_kind, about_id__in=about_ids[start : start + 500])
        closed = closed.filter(state__in=OUTCOMES)
        for task in closed.only("about_id", "state", "snooze_until", "closed_at", "fact_at"):
            if task.state == Task.NOT_NOW and (task.snooze_until is None or task.snooze_until <= today):
                continue
            if task.state == Task.DONE and (task.closed_at is None or task.closed_at < rested):
                continue
            found.setdefault(task.about_id, []).append((task.state, task.fact_at))
    return found


def _is_held_back(offer: TaskOffer, resting: dict[int, list[tuple[str, dt.datetime | None]]]) -> bool:
    for state, fact_at in resting.get(offer.about_id, ()):
        is_newer = offer.fact_at is not None and fact_at is not None and offer.fact_at > fact_at
        if state == Task.NOT_NOW or not is_newer:
            return True
    return False


def _refresh(offers: Sequence[TaskOffer], open_now: dict[int, int], run_id: int) -> None:
    columns = ["owner_staff_id", "queue", "due_on", "rank", "why_code", "why_params", "fact_at", "run_id", "updated_at"]
    now = clock.now()
    rows = [
        (open_now[o.about_id], o.owner_staff_id, o.queue, o.due_on, o.rank, o.why_code, dict(o.why_params), o.fact_at)
        for o in offers
    ]
    for start in range(0, len(rows), _BATCH):
        part = [(*row, run_id, now) for row in rows[start : start + _BATCH]]
        with transaction.atomic():
            bulk.update_many("work_task", "id", columns, part)


def _expire(task_ids: Sequence[int]) -> None:
    now = clock.now()
    for start in range(0, len(task_ids), _BATCH):
        part = task_ids[start : start + _BATCH]
        Task.objects.filter(id__in=part, state=Task.OPEN).update(state=Task.EXPIRED, closed_at=now, updated_at=now)


def _add(kind: str, about_kind: str, offers: Sequence[TaskOffer], run_id: int) -> None:
    now = clock.now()
    for start in range(0, len(offers), _BATCH):
        part = offers[start : start + _BATCH]
        taken = ids.take("task", len(part))
        rows = [
            (task_id, chance.public_id(), kind, about_kind, o.about_id, o.owner_staff_id, o.queue, o.due_on, o.rank)
            for task_id, o in zip(taken, part, strict=True)
        ]
        whys = [(o.why_code, dict(o.why_params), o.fact_at, Task.OPEN, "", run_id, now, now) for o in part]
        # Another run may offer the same at the same time; one open task of a kind is enough.
        with transaction.atomic():
            bulk.insert_many("work_task", _COLUMNS, map(add, rows, whys), on_conflict="ignore")
