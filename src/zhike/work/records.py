"""What crosses the door of the work module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("done", "not_now", "wrong")


@dataclass(frozen=True, slots=True)
class TaskOffer:
    """Something that should be done about one thing. `why_params` are counts, days, cents; never personal values.

    `fact_at` is the newest fact it rests on (the last order): a newer one revives what was judged wrong or done.
    """

    about_id: int
    rank: int
    why_code: str
    why_params: Mapping[str, Any] = field(default_factory=dict)
    owner_staff_id: int | None = None
    queue: str = ""
    due_on: dt.date | None = None
    fact_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class OfferTally:
    """What became of offers: new + kept + held_back + beyond = offered. `expired`: open ones no longer offered."""

    new: int = 0
    kept: int = 0
    held_back: int = 0
    beyond: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as other modules see it."""

    id: int
    public_id: str
    kind: str
    about_kind: str
    about_id: int
    owner_staff_id: int | None
    queue: str
    due_on: dt.date | None
    rank: int
    why_code: str
    why_params: Mapping[str, Any]
    state: str
    note: str
    snooze_until: dt.date | None
    run_id: int | None
    created_at: dt.datetime
    closed_at: dt.datetime | None
    closed_by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Open tasks of a list in order, and the place after the last of them (empty at the end)."""

    tasks: tuple[TaskFacts, ...]
    next_key: str
    previous_key: str = ""
