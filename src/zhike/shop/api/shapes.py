"""What orders and products look like over the API."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from zhike.api.schemas import Cursor, Limit, Moment, Note, Page, Receipted, Strict, marks, of_field, shape

Money = Annotated[str, Field(max_length=32, pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$|^$", description="An amount as text, as in 59.90; rounded to cents once a line.")]  # fmt: skip
Short = Annotated[str, Field(max_length=120)]
State = Literal["unpaid", "paid", "shipped", "completed", "closed", "cancelled", "refunded"]
OrderKind = Literal["sale", "cancellation", "refund", "adjustment"]
LineKind = Literal["goods", "postage", "fee", "discount", "adjustment", "gift_card", "sample"]
RECEIVER = ("receiver_name", "receiver_phone", "receiver_address", "buyer_message")

_ORDER = {
    "id": (str, Field(description="The public id.")),
    "number": of_field("order_number", str),
    "source": (str, Field(description="Code of the source.")),
    "customer": (str | None, Field(None, description="Public id of the customer; absent for an order of nobody.")),
    "no_customer_why": (str | None, Field(None, description="Why it has no customer: not_given, masked, platform.")),
    "ordered_at": of_field("ordered_at", dt.datetime),
    "kind": (str, ...),
    "status": of_field("order_status", str),
    "currency": (str, ...),
    "total_cents": of_field("paid_amount", int, "All lines as stated."),
    "net_cents": of_field("net_amount", int, "What counts as revenue."),
    "line_count": (int, ...),
    "item_count": (int, ...),
}
OrderLineOut = shape("OrderRow", "One line of the list of orders.", _ORDER)


class OrderPage(Page):
    """Orders, newest first."""

    items: list[OrderLineOut]  # type: ignore[valid-type]


class LineOut(Strict):
    """A line of an order as it counts."""

    sku: str
    title: str
    kind: str
    quantity: int
    unit_price: str
    amount_cents: int


ReceiverOut = shape("ReceiverOut", "Who it went to: masks alone.", {name: of_field(name, str) for name in RECEIVER})


class OrderOut(OrderLineOut):  # type: ignore[misc, valid-type]
    """One order whole."""

    paid_at: dt.datetime | None = None
    goods_cents: int
    postage_cents: int
    fee_cents: int
    refund_cents: int
    lines: list[LineOut]
    receiver: ReceiverOut  # type: ignore[valid-type]


class OrderQuery(Strict):
    """The filters of the list of orders."""

    after: Cursor = ""
    limit: Limit = 50
    status: Literal["", "unpaid", "paid", "shipped", "completed", "closed", "cancelled", "refunded"] = ""
    kind: Literal["", "sale", "cancellation", "refund", "adjustment"] = ""
    source: str = Field("", max_length=60, description="Code of the source.")
    number: str = Field("", max_length=120)
    customer: str = Field("", max_length=64, description="Public id or file number of a customer.")
    ordered_from: Moment | None = None
    ordered_to: Moment | None = None
    nobody: bool = Field(False, description="Orders without a customer alone.")


class LineIn(Strict):
    """A line as the shop states it."""

    sku: Short = ""
    title: str = Field("", max_length=400)
    quantity: int = Field(1, ge=-100_000, le=100_000)
    unit_price: Money = ""
    amount: Money = ""
    kind: LineKind = "goods"


class BuyerKey(Strict):
    """What names the buyer within the source."""

    kind: Literal["platform_id", "platform_handle", "phone", "email"]
    value: str = Field(min_length=1, max_length=200)


BUYER_FIELDS = ("name", "nickname", "sex", "phone", "email", "country", "province", "city", "district", "address_detail", "postcode")  # fmt: skip
BuyerFields = shape(
    "BuyerFields",
    "What the order says of its buyer.",
    {n: (Annotated[str, Field(max_length=400)] | None, Field(None, json_schema_extra=marks(n))) for n in BUYER_FIELDS},
)


class BuyerIn(Strict):
    """The buyer: never the receiver."""

    key: BuyerKey
    fields: BuyerFields = Field(default_factory=BuyerFields)  # type: ignore[valid-type]


ReceiverIn = shape(
    "ReceiverIn",
    "Who it goes to; sealed at once, and no identity.",
    {n: (Annotated[str, Field(max_length=1000)] | None, Field(None, json_schema_extra=marks(n))) for n in RECEIVER},
)


class OrderIn(Strict):
    """What a source says of one order. Amounts may be left out: they are then derived from the lines."""

    source: str = Field(max_length=60, description="Code of the source.")
    number: str = Field(min_length=1, max_length=120)
    ordered_at: Moment
    lines: list[LineIn] = Field(min_length=1, max_length=500)
    kind: OrderKind = "sale"
    status: State = "completed"
    currency: str = Field("", max_length=3, pattern="^([A-Z]{3})?$")
    paid_at: Moment | None = None
    paid: Money = ""
    postage: Money = ""
    refund: Money = ""
    total: Money = ""
    buyer: BuyerIn | None = None
    no_customer_why: Literal["", "not_given", "masked", "platform"] = ""
    receiver: ReceiverIn = Field(default_factory=ReceiverIn)  # type: ignore[valid-type]


class OrderRecorded(Receipted):
    """Where the order stands, and what was odd about it."""

    id: str
    outcome: Literal["new", "updated", "unchanged"]
    notes: list[Note] = []


class ProductOut(Strict):
    """A product as one source names it."""

    id: int
    source: str
    sku: str
    title: str
    category: str | None = None
    brand: str | None = None
    price_cents: int | None = None
    attributes: dict[str, str] = {}


class ProductPage(Page):
    """Products, newest first."""

    items: list[ProductOut]


class ProductQuery(Strict):
    """The filters of the products."""

    after: Cursor = ""
    limit: Limit = 50
    source: str = Field("", max_length=60, description="Code of the source.")
    category: str = Field("", max_length=120)
