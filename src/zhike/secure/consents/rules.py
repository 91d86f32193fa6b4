"""The rule of consent, pure: from the newest answer of each subject of a group to what holds for the person."""

import datetime as dt
from collections.abc import Mapping
from typing import Protocol


class Answered(Protocol):
    """What the rule needs of an answer."""

    @property
    def answer(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def id(self) -> int: ...
    @property
    def until(self) -> dt.datetime | None: ...
    @property
    def notice_version(self) -> int | None: ...


STRICTNESS = ("withdrawn", "given", "lapsed")


def stands_from(answer: str, way: str, at: dt.datetime, recorded_at: dt.datetime) -> dt.datetime:
    """The moment from which an answer counts: of the answers of one subject, the one that stands from later holds.

    A withdrawal somebody noted counts from when it became known, however long ago the person said it: what was agreed to
    in between was agreed to without it, and only a consent given after that moment lifts it. A consent, and a no out of a
    file, count from their own moment.
    """
    return max(at, recorded_at) if answer == "withdrawn" and way != "import" else at


def own_state(answer: Answered, *, now: dt.datetime, asked_anew_since: int = 0) -> str:
    """The state one answer makes: withdrawn, given, or lapsed (its time is over, or its notice was replaced)."""
    if answer.answer == "withdrawn":
        return "withdrawn"
    is_over = answer.until is not None and answer.until <= now
    is_stale = (answer.notice_version or 0) < asked_anew_since
    return "lapsed" if is_over or is_stale else "given"


def most_restrictive(
    newest: Mapping[int, Answered], *, now: dt.datetime, asked_anew_since: int = 0
) -> tuple[str, int | None]:
    """(state, subject that decides) over the newest answers of a group's subjects.

    One withdrawal holds for all of them. Where nobody withdrew, one consent given and not lapsed is enough: a subject that
    was never asked restricts nothing. Of several that say the same the latest decides.
    """
    states = {s: own_state(a, now=now, asked_anew_since=asked_anew_since) for s, a in newest.items()}
    for state in STRICTNESS:
        holders = [s for s, own in states.items() if own == state]
        if holders:
            return state, max(holders, key=lambda s: (newest[s].at, newest[s].id))
    return "unknown", None
