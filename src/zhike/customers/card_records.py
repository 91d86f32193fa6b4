"""What crosses the door about cards, stopping and paper; modules above take them from `records`."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhike.customers.records import FieldGroup, RegisterRow


@dataclass(frozen=True, slots=True)
class OldCardFacts:
    """A card that was closed when its customer moved on to another stage."""

    public_id: str
    kind: str  # potential, current, former
    stage: str
    next_stage: str
    closed_at: dt.datetime
    by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class OldCardInFull:
    """A closed card as it was, in the form one viewer may see it today."""

    facts: OldCardFacts
    row: "RegisterRow"
    groups: tuple["FieldGroup", ...]
    abc_class: str


@dataclass(frozen=True, slots=True)
class StopReasonFacts:
    """A reason of the catalogue; `name` is that of the reader's language."""

    code: str
    name: str
    name_zh: str
    name_en: str
    place: int
    is_archived: bool


@dataclass(frozen=True, slots=True)
class StopTraceFacts:
    """One step of tracing why a customer stopped."""

    on: dt.date
    reason: str
    reason_name: str
    words: str
    review_on: dt.date | None
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """Where the paper of a file stands, and which leaves of it are missing; the file's own facts only on lists."""

    volume: str
    leaf: str
    shelf: str
    missing: str
    missing_since: dt.date | None
    public_id: str = ""
    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Paper files in the order in which they stand, and the place after the last of them."""

    rows: tuple[PaperPlace, ...]
    next_key: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact as lists show it: what was offered, never what was noted."""

    at: dt.datetime
    way: str
    place: str
    purpose: str
    offer: str
    outcome: str
    cost_cents: int
    next_step_on: dt.date | None
    staff_id: int | None
