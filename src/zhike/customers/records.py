"""What crosses the door of the customers module."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhike.customers.brought_consents import BroughtConsent as BroughtConsent
from zhike.customers.card_records import ContactFacts as ContactFacts
from zhike.customers.card_records import OldCardFacts as OldCardFacts
from zhike.customers.card_records import OldCardInFull as OldCardInFull
from zhike.customers.card_records import PaperPage as PaperPage
from zhike.customers.card_records import PaperPlace as PaperPlace
from zhike.customers.card_records import StopReasonFacts as StopReasonFacts
from zhike.customers.card_records import StopTraceFacts as StopTraceFacts

SEALED_COLUMN = "customers_sourceversion.sealed"  # where what a source said lies sealed


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
    raw: Mapping[str, str] = dataclasses.field(default_factory=dict)
    joins: tuple[str, ...] = ("phone", "email", "payment_account", "credit_code")
    weak: tuple[str, ...] = ()
    read: Any = None  # a `Reading` or `Laid` of customers.reading, where another process has read the statement already


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a row states that could not be used: the field, a code with parameters, and whether the row still counts."""

    row_no: int
    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
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
    problems: list[Problem] = dataclasses.field(default_factory=list)

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
    is_sealed: bool = False
    is_house: bool = False  # staff entered it
    group: str = ""
    kind: str = "text"  # what it holds: see the field catalogue
    choices: tuple[tuple[str, Any], ...] = ()
    typed: str = ""  # the value as the form takes it; empty unless the viewer sees it in full
    state: str = ""  # how far it is verified: unverified, format_valid, corroborated, confirmed
    origin_count: int = 0  # independent origins that say it
    contradicted: bool = False  # origins disagree and nobody decided


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
    why: str  # a code of survivorship.contenders
    state: str = ""  # how far this value is verified
    record_id: int = 0  # the source record that says it
    is_house: bool = False


@dataclass(frozen=True, slots=True)
class NotePart:
    """A stretch of a note, or an identifier cut out of it: `text` then says its kind, `cutting` where it lies."""

    text: str
    cutting: str = ""  # such as phone-1 or offer-phone-1; empty for plain words
    can_reveal: bool = False


@dataclass(frozen=True, slots=True)
class Cutting:
    """An identifier cut out of a contact's words: the field whose right opens it, and its kind in words."""

    contact_id: int
    part: str  # its name in the seal
    field: str
    label: str


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
    parts: tuple["NotePart", ...] = ()  # the words of a note, with what was cut out of them


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a register shows: each set field narrows it. Empty tuples and None do not narrow.

    `ids` keeps to these customers (the answer of a search). `rfm_*` are quintile digits 1–5 of the cell. `owner_ids`
    may hold 0 for "nobody". Money in cents, moments aware, ranges include both ends.
    """

    ids: frozenset[int] | None = None
    kind: str = ""
    owner_ids: tuple[int, ...] = ()
    stage: str = ""
    purchase_class: str = ""
    tag_ids: tuple[int, ...] = ()
    segment: str = ""  # the id of a segment the viewer may know of
    source_id: int | None = None
    province: str = ""
    city: str = ""
    has_phone: bool | None = None
    has_email: bool | None = None
    phone_state: str = ""  # how far the phone shown is verified
    email_state: str = ""
    consent: str = ""  # a purpose and how it stands, as `marketing_mail=withdrawn`
    orders_min: int | None = None
    orders_max: int | None = None
    net_min_cents: int | None = None
    net_max_cents: int | None = None
    last_from: dt.datetime | None = None
    last_to: dt.datetime | None = None
    rfm_class: str = ""
    rfm_r: int | None = None
    rfm_f: int | None = None
    rfm_m: int | None = None
    rfm_group: str = ""  # a group of the R × F map
    abc_class: str = ""
    pyramid_level: str = ""
    archived: str = "no"  # no, only, all


@dataclass(frozen=True, slots=True)
class Selection:
    """Customers chosen on a register: ticked ones, or all that a filter matches."""

    ids: tuple[int, ...] = ()
    matching: RegisterFilter | None = None


@dataclass(frozen=True, slots=True)
class TagFacts:
    """A tag as pages show it."""

    id: int
    name: str
    color: int


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of the register as one viewer may see it; texts are values or masks, never more than the viewer may see."""

    customer_id: int
    public_id: str
    number: str
    kind: str
    name: str
    province: str
    city: str
    stage: str
    sex: str
    has_phone: bool
    has_email: bool
    owner_staff_id: int | None
    tags: tuple[TagFacts, ...]
    source_name: str
    order_count: int | None  # None: the viewer may not see it
    net_cents: int | None
    first_order_at: dt.datetime | None
    last_order_at: dt.datetime | None
    rfm_class: str
    rfm_cell: str
    created_at: dt.datetime
    archived: bool
    phone_state: str = ""  # how far what is shown is verified
    email_state: str = ""
    purchase_class: str = ""
    lead_score: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register, with the places before and after it; `plan` tells how the rows were found."""

    rows: tuple[RegisterRow, ...]
    next_key: str  # where the next page begins, or empty
    previous_key: str  # where the page before begins, or empty
    plan: str  # ids, along, walk or scan
    total: int | None = None  # how many match in all, where finding the page has told


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `capped` means at least this many."""

    number: int
    capped: bool


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What the one box understood, and whom it found. `kind` is a code: number, phone, tail, email, platform_id, name."""

    kind: str
    ids: tuple[int, ...]
    capped: bool = False
    refused: str = ""  # a code when the question was not answered: lookup_quota, slip_gone


@dataclass(frozen=True, slots=True)
class CustomerHeader:
    """The head of a file: who this is, where it stands, and its figures with their date."""

    row: RegisterRow
    rfm: Mapping[str, Any]  # the rfm family of figures; empty before the first analysis
    rfm_as_of: dt.date | None
    rfm_run_id: int | None
    record_ids: tuple[int, ...]  # the source records of the whole merged group
    sources: tuple[str, ...]
    source_kinds: tuple[str, ...]  # their kinds of channels, each once
    absorbed_numbers: tuple[str, ...]
    member_ids: tuple[int, ...]  # the customers of the whole merged group, the root among them


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that stand together on the file."""

    code: str
    label: str
    fields: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class LinkedParty:
    """A customer linked to a file, as one viewer may see it. `is_above`: the file stands below it, or works for it."""

    relation_id: int
    kind: str  # parent, dealer, contact, principal
    is_above: bool
    roles: tuple[str, ...]
    influence: int
    position: str
    note: str
    since: dt.date | None
    public_id: str
    number: str
    name: str
    party_kind: str


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """A company in the chart of its group, as one viewer may see it: its people, and the companies below it."""

    public_id: str
    number: str
    name: str
    is_own: bool  # the company whose chart was asked for
    people: tuple[LinkedParty, ...]
    below: tuple["ChartPlace", ...]


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """An attachment on a file: what it is, never what it holds or how its file was called."""

    id: int
    public_id: str
    kind: str
    title: str
    media_type: str
    size_bytes: int
    at: dt.datetime
    staff_id: int | None
    can_download: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a file is, 0 to 1, and the fields that would add most."""

    share: float
    next: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True, order=True)
class TimelinePlace:
    """Where a page of the timeline ends: newest first by moment, then kind, then id."""

    at: dt.datetime
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in the register of sources, with what it has brought."""

    facts: SourceFacts
    record_count: int
    customer_count: int
    cost_cents: int
    last_record_at: dt.datetime | None
