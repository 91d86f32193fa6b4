"""What a customer looks like over the API, made from the field catalogue."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from zhike.api.schemas import Cents, Count, Cursor, Limit, Moment, Note, Page, Receipted, Strict, marks, of_field, shape
from zhike.secure import fields

STATED = [f.name for f in fields.product_fields() if f.is_stated]
Text = Annotated[str, Field(max_length=4000)]


class FieldOut(Strict):
    """A value on a file: itself or its mask, and where it comes from."""

    value: str
    masked: bool
    source: str
    as_of: dt.datetime | None = None
    others: int = Field(description="Competing values that lost; `why` tells them.")
    state: str = Field(description="How far it is verified: unverified, format_valid, corroborated, confirmed.")
    origins: int = Field(description="Independent origins that say it.")


_LINE = {
    "id": (str, Field(description="The public id.")),
    "number": of_field("number", str),
    "kind": of_field("kind", Literal["person", "organisation"]),
    "name": of_field("name", str),
    "sex": of_field("sex", str),
    "province": of_field("province", str),
    "city": of_field("city", str),
    "stage": of_field("stage", str),
    "owner": of_field("owner", int, "Staff id of the owner 专管人."),
    "tags": of_field("tags", list[str]),
    "has_phone": of_field("phone", bool, "Whether a phone is known."),
    "has_email": of_field("email", bool, "Whether an e-mail address is known."),
    "phone_state": of_field("phone", str, "How far the phone is verified: format_valid, corroborated, confirmed."),
    "email_state": of_field("email", str, "How far the e-mail address is verified."),
    "source": (str, Field("", description="Name of the first source.")),
    "order_count": of_field("order_count", int),
    "net_cents": of_field("net_amount", int),
    "first_order_at": of_field("first_order_at", dt.datetime),
    "last_order_at": of_field("last_order_at", dt.datetime),
    "rfm_class": of_field("rfm_class", str),
    "rfm_cell": of_field("rfm_class", str),
    "created_at": (dt.datetime, ...),
    "archived": (bool, ...),
}
CustomerLine = shape("CustomerLine", "One line of the register.", _LINE)
FieldsOut = shape(
    "FieldsOut",
    "The values of a file by field; what is hidden or unknown is absent.",
    {name: of_field(name, FieldOut) for name in STATED},
)
FieldsIn = shape(
    "FieldsIn",
    "Values as text, as an export would state them; an empty text clears a value (edits only).",
    {name: (Text | None, Field(None, json_schema_extra=marks(name))) for name in STATED},
)


class CustomerPage(Page):
    """Customers in order. `masked` names the properties that hold masks for this token."""

    items: list[CustomerLine]  # type: ignore[valid-type]
    masked: list[str]


class CountOut(Strict):
    """How many there are; `capped`: at least this many."""

    number: int
    capped: bool


class CustomerOut(CustomerLine):  # type: ignore[misc, valid-type]
    """One file."""

    sources: list[str]
    absorbed: list[str] = Field(description="File numbers of customers merged into this one.")
    fields: FieldsOut  # type: ignore[valid-type]
    custom: dict[str, FieldOut] = Field(description="Fields the merchant defined, by code.")


class ContenderOut(Strict):
    """One statement of a field, and why it won or lost."""

    value: str
    source: str
    as_of: dt.datetime
    trust: int
    won: bool
    why: str
    by_staff: bool
    state: str = Field(description="How far this value is verified, refuted among them.")


class WhyOut(Strict):
    """Every statement of a field on a file, the winner first."""

    field: str
    masked: bool
    statements: list[ContenderOut]


class MetricOut(Strict):
    """One computed figure."""

    family: str
    name: str
    value: str | int | float | bool | None = None


class MetricsOut(Strict):
    """Figures on a customer, with the day they hold for."""

    as_of: dt.date | None = None
    items: list[MetricOut]


class CustomerQuery(Strict):
    """The filters of the register."""

    sort: Literal[
        "created", "-created", "name", "-name", "last_order", "-last_order", "orders", "-orders", "net", "-net", "class", "-class"
    ] = "-created"  # fmt: skip
    after: Cursor = ""
    limit: Limit = 50
    kind: Literal["", "person", "organisation"] = ""
    stage: Literal["", "target_market", "potential", "target", "current", "former"] = ""
    owner: int | None = Field(None, ge=0, le=2**62, description="Staff id; 0 for customers without an owner.")
    tag: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=20)
    source: str = Field("", max_length=60, description="Code of the first source.")
    province: str = Field("", max_length=60)
    city: str = Field("", max_length=60)
    has_phone: bool | None = None
    has_email: bool | None = None
    phone_state: Literal["", "format_valid", "corroborated", "confirmed"] = ""
    email_state: Literal["", "format_valid", "corroborated", "confirmed"] = ""
    orders_min: Count | None = None
    orders_max: Count | None = None
    net_min_cents: Cents | None = None
    net_max_cents: Cents | None = None
    last_from: Moment | None = None
    last_to: Moment | None = None
    rfm_class: str = Field("", max_length=40)
    archived: Literal["no", "only", "all"] = "no"


class Key(Strict):
    """What names a customer within its source."""

    kind: Literal["platform_id", "platform_handle", "phone", "email"]
    value: str = Field(min_length=1, max_length=200)


class CustomerIn(Strict):
    """What a source says about one customer."""

    source: str = Field(max_length=60, description="Code of the source.")
    key: Key
    kind: Literal["person", "organisation"] = "person"
    as_of: Moment | None = Field(None, description="When this was true; now, if absent.")
    fields: FieldsIn  # type: ignore[valid-type]
    custom: dict[Annotated[str, Field(max_length=60)], Text] = Field({}, max_length=100)


class CustomerRecorded(Receipted):
    """Where the statement landed."""

    id: str | None = Field(None, description="The customer; absent when it lies outside what the token may see.")
    outcome: Literal["new", "joined", "updated", "unchanged"]
    notes: list[Note] = []


class CustomerChange(Strict):
    """What staff enter on a file: it stands above every source."""

    fields: FieldsIn  # type: ignore[valid-type]
    custom: dict[Annotated[str, Field(max_length=60)], Text] = Field({}, max_length=100)


class StageMove(Strict):
    """Where a customer goes on the funnel."""

    stage: Literal["target_market", "potential", "target", "current", "former"]
    seen: Literal["", "target_market", "potential", "target", "current", "former"] = ""
    reason: str = Field("", max_length=24, description="A code of the reasons for loss.")
    note: str = Field("", max_length=1000)


class StageMoved(Receipted):
    """The customer, and whether they stood elsewhere before."""

    id: str
    has_moved: bool


class CustomerChanged(Receipted):
    """The versions made, by field, and the ETag of the file as it is now."""

    id: str
    versions: dict[str, int]
    etag: str


class TagOut(Strict):
    """A tag in use."""

    id: int
    name: str


class TagList(Strict):
    """Tags by name."""

    items: list[TagOut]


class Tagged(Receipted):
    """Whether the tag was not there (or was) before."""

    id: str
    changed: bool
