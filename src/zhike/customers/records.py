"""What crosses the door of the customers module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row of a source says about one customer, before normalizing.

    `key` names the customer within its source: ("platform_id", "17850"), ("platform_handle", "tb_demo01"), ("phone", …),
    ("email", …). `values` maps catalogue field names to the text as it came. `as_of` is when this was true (the order's
    time, or the export's). `raw` is the row as it came; it is sealed with the version. Fields named in `joins` identify
    the *buyer* (never a receiver) and may join this record to a customer known from another source.
    """

    key: tuple[str, str]
    as_of: dt.datetime
    values: Mapping[str, str]
    row_no: int
    kind: str = "person"
    raw: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[str, ...] = ("phone", "email", "payment_account", "credit_code")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a row states that could not be used: the field, a code with parameters, and whether the row still counts."""

    row_no: int
    field: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    fatal: bool = False


@dataclass(slots=True)
class Tally:
    """What happened to the rows given: they add up to `seen`."""

    seen: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    joined: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.seen += other.seen
        self.new += other.new
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.joined += other.joined
        self.rejected += other.rejected
        self.problems.extend(other.problems)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source as other modules see it."""

    id: int
    public_id: str
    code: str
    name: str
    channel_kind: str
    platform: str
    trust_grade: int
    legal_basis: str
    is_house: bool
    is_demo: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """A customer's order counters, computed by the shop and kept on the card."""

    customer_id: int
    order_count: int
    net_cents: int
    first_order_at: dt.datetime | None
    last_order_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field on the file as one viewer may see it, with its origin."""

    name: str
    label: str
    sight: str  # shown, masked or hidden
    text: str  # the value or its mask; empty when hidden
    is_known: bool
    can_reveal: bool
    can_edit: bool
    source_name: str
    as_of: dt.datetime | None
    version_id: int | None
    others_count: int  # competing values that lost


@dataclass(frozen=True, slots=True)
class Contender:
    """One competing value of a field: what a version states, and why it won or lost."""

    version_id: int
    source_name: str
    text: str
    as_of: dt.datetime
    trust_grade: int
    by_staff_id: int | None
    won: bool
    why: str  # a code: pinned, verified, trusted, newest, same


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Anything that happened with a customer; each module answers its own, `desk` merges them."""

    at: dt.datetime
    kind: str  # order, contact, edit, import, reveal …
    key: str  # unique within kind
    title: str
    detail: str = ""
    amount_cents: int | None = None
    currency: str = ""
    state: str = ""
    address: str = ""  # the page to open
