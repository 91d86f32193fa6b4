"""What crosses the door of the shop module."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

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
