"""What crosses the door of the shop module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhike.customers.records import Problem, Statement

ORDER_KINDS = ("sale", "cancellation", "refund", "adjustment")
ORDER_STATES = ("unpaid", "paid", "shipped", "completed", "closed", "cancelled", "refunded")
LINE_KINDS = ("goods", "postage", "fee", "discount", "adjustment", "gift_card", "sample")


@dataclass(frozen=True, slots=True)
class LineStatement:
    """A line of an order as its row states it; amounts as text, so that the shop rounds them once."""

    sku: str
    title: str
    quantity: str
    unit_price: str
    amount: str = ""  # stated line total, where a file has one; else quantity × unit price, rounded per line
    kind: str = "goods"
    row_no: int = 0


@dataclass(frozen=True, slots=True)
class OrderStatement:
    """What a file says about one order, before normalizing.

    `buyer` is None for an order without a customer; then `no_customer_why` says why: `not_given`, `masked`, `platform`.
    Amount texts may be empty; then they are derived from the lines. `sealed` holds what only a reveal may show
    (receiver_name, receiver_phone, receiver_address, buyer_message).
    """

    external_id: str
    ordered_at: dt.datetime
    lines: tuple[LineStatement, ...]
    row_no: int
    kind: str = "sale"
    status: str = "completed"
    currency: str = ""
    paid_at: dt.datetime | None = None
    paid: str = ""
    postage: str = ""
    refund: str = ""
    total: str = ""
    buyer: Statement | None = None
    no_customer_why: str = ""
    sealed: Mapping[str, str] = field(default_factory=dict)
    raw: tuple[Mapping[str, str], ...] = ()
    # A `shop.pricing.PricedOrder`, or the problem that keeps the order out, where another process has priced it already.
    priced: Any = None


CASE_KINDS = ("refund", "return", "exchange", "repair", "other")
CASE_STATES = ("open", "agreed", "done", "refused", "cancelled")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of one product (`key`: its code) or one after-sale case (`key`: its number), normalized.

    `columns` are the columns of the table with plain JSON values; moments as ISO text, money in cents.
    """

    key: str
    row_no: int
    columns: Mapping[str, Any]


@dataclass(slots=True)
class StatedTally:
    """What happened to the statements given: new + updated + unchanged = seen."""

    seen: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """An after-sale case in a list or on its order."""

    number: str
    source_id: int
    order_number: str
    order_public_id: str  # empty: the order is not here
    sku: str
    kind: str
    status: str
    reason: str
    amount_cents: int | None
    currency: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OwnedItem:
    """A product a customer owns: pieces bought and not given back, first and last bought when, in which order last."""

    product_id: int
    title: str
    sku: str
    quantity: int
    first_at: dt.datetime
    last_at: dt.datetime
    last_order: str  # its number


@dataclass(frozen=True, slots=True)
class Owned:
    """What a customer owns, bought last first. `more`: products left out; `is_whole`: every order was looked through."""

    items: tuple[OwnedItem, ...]
    more: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the catalogue."""

    id: int
    source_id: int
    sku: str
    title: str
    category: str
    brand: str
    price_cents: int | None
    cost_cents: int | None
    attributes: Mapping[str, str]


@dataclass(slots=True)
class OrderTally:
    """What happened to the orders given: new + updated + unchanged + rejected = seen."""

    seen: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    without_customer: int = 0
    lines: int = 0
    repeated_lines: int = 0
    other_lines: int = 0  # lines that are not goods
    customers_new: int = 0
    customers_updated: int = 0
    customers_joined: int = 0
    total_cents: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list of orders shows. Moments aware, both ends included; `without_customer` keeps orders of nobody."""

    status: str = ""
    kind: str = ""
    source_id: int | None = None
    at_from: dt.datetime | None = None
    at_to: dt.datetime | None = None
    number: str = ""
    record_ids: tuple[int, ...] | None = None
    without_customer: bool = False
    no_customer_why: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of a list of orders."""

    id: int
    public_id: str
    number: str
    source_id: int
    source_record_id: int | None
    no_customer_why: str
    ordered_at: dt.datetime
    kind: str
    status: str
    currency: str
    total_cents: int
    net_cents: int
    line_count: int
    item_count: int


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders, newest first, with the cursors around it."""

    rows: tuple[OrderRow, ...]
    next_key: str
    previous_key: str


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of an order as it counts."""

    line_no: int
    sku: str
    title: str
    kind: str
    quantity: int
    unit_price: str
    amount_cents: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class OrderVersionFacts:
    """One statement of an order: when it came, and whether it is the one that counts."""

    id: int
    created_at: dt.datetime
    is_current: bool
    is_withdrawn: bool
    total_cents: int | None
    status: str


@dataclass(frozen=True, slots=True)
class SealedPart:
    """A sealed field of an order as one viewer may see it: a mask, and whether it may be revealed."""

    name: str
    label: str
    text: str
    can_reveal: bool


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order whole."""

    row: OrderRow
    paid_at: dt.datetime | None
    goods_cents: int
    postage_cents: int
    fee_cents: int
    refund_cents: int
    lines: tuple[LineFacts, ...]
    versions: tuple[OrderVersionFacts, ...]
    receiver: tuple[SealedPart, ...]


@dataclass(frozen=True, slots=True)
class NobodysOrders:
    """Orders without a customer of one source and reason: how many, and their money."""

    source_id: int
    why: str
    currency: str
    order_count: int
    net_cents: int


@dataclass(frozen=True, slots=True)
class Takings:
    """Orders and revenue of a stretch of time, in one currency."""

    currency: str
    order_count: int
    net_cents: int


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract as lists show it. `clauses`: how many of each performance; `days_left` below zero: ended unnoticed."""

    id: int
    public_id: str
    source_record_id: int
    number: str
    title: str
    currency: str
    volume_cents: int | None
    signed_on: dt.date | None
    starts_on: dt.date
    ends_on: dt.date | None
    days_left: int | None
    notice_days: int
    state: str
    owner_staff_id: int | None
    clauses: Mapping[str, int]
    open_disputes: int


@dataclass(frozen=True, slots=True)
class ContractPage:
    """Contracts in order, and the place after the last of them."""

    rows: tuple[ContractRow, ...]
    next_key: str


@dataclass(frozen=True, slots=True)
class ContractDetail:
    """A contract in full. `bought_cents`: net orders of its time; None where the viewer may not see them."""

    row: ContractRow
    subject: str
    payment_terms: str
    volume_terms: str
    bought_cents: int | None
    prices: tuple[Mapping[str, Any], ...]
    clauses: tuple[Mapping[str, Any], ...]
    disputes: tuple[Mapping[str, Any], ...]
