"""What crosses the door of the work module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

OUTCOMES = ("done", "not_now", "wrong")
URGENT, NORMAL, LOW = 1, 2, 3

Tab = Literal["mine", "queue", "all"]
Due = Literal["", "overdue", "today", "week", "none"]


@dataclass(frozen=True, slots=True)
class TaskOffer:
    """Something that should be done about one thing. `why_params` are counts, days, cents; never personal values.

    `fact_at` is the newest fact it rests on (the last order): a newer one revives what was judged wrong or done.
    `about_part` tells several tasks of a kind about one thing apart (the field of a customer): a code.
    """

    about_id: int
    rank: int
    why_code: str
    why_params: Mapping[str, Any] = field(default_factory=dict)
    owner_staff_id: int | None = None
    queue: str = ""
    due_on: dt.date | None = None
    fact_at: dt.datetime | None = None
    about_part: str = ""
    priority: int = NORMAL


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
    about_part: str
    owner_staff_id: int | None
    queue: str
    priority: int
    due_on: dt.date | None
    rank: int
    why_code: str
    why_params: Mapping[str, Any]
    fact_at: dt.datetime | None
    state: str
    outcome: str
    note: str
    snooze_until: dt.date | None
    run_id: int | None
    created_at: dt.datetime
    closed_at: dt.datetime | None
    closed_by_staff_id: int | None
    words: str = ""  # what is to be done, of one made by hand


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Tasks of a list in order, and the place after the last of them (empty at the end)."""

    tasks: tuple[TaskFacts, ...]
    next_key: str
    previous_key: str = ""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks a page asks for. `owner` 0 means nobody's; an empty state means open and not put off."""

    tab: Tab = "mine"
    kind: str = ""
    queue: str = ""
    owner: int | None = None
    due: Due = ""
    state: Literal["", "put_off", "closed"] = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a task is about, as one viewer may see it: words, address, a second line; `public_id` for programs."""

    label: str
    url: str
    sub: str = ""
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A task with its words for one viewer: what it is, why it is there, what it is about, where it is done."""

    task: TaskFacts
    label: str
    icon: str
    why: str
    about: About | None
    do_url: str
    outcomes: tuple[tuple[str, str], ...]
    queue: str
    is_overdue: bool
    may_close: bool
