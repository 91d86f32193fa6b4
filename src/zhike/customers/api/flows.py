"""Where a company's goods go, over the API: the orders noted, each buyer's share, a new order, one taken away."""

import datetime as dt
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Status
from pydantic import Field

from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Receipted, Strict, marks
from zhike.customers import actions, queries
from zhike.customers.api.files import READ, root
from zhike.kit import clock

routes = Routes("Market flow")
MOST_TOLD = 500
_WRITE: dict[str, Any] = {"scope": "customers:write", "needs": "customers.edit"}
Channel = Literal["", "retail", "wholesale", "online", "project", "export", "own_use"]
FlowId = Annotated[int, Field(ge=1, lt=2**63)]
_MARKED: Any = marks("market_flow")


class FlowOut(Strict):
    """One order as it was noted."""

    id: int
    on: dt.date
    buyer: str = Field(description="Buyer or market.", json_schema_extra=_MARKED)
    product: str = Field(json_schema_extra=_MARKED)
    quantity: str = Field(description="A decimal number.", json_schema_extra=_MARKED)
    unit: str = Field(json_schema_extra=_MARKED)
    region: str = Field(json_schema_extra=_MARKED)
    channel: str = Field(json_schema_extra=_MARKED)
    order_number: str = Field(json_schema_extra=_MARKED)


class ShareOut(Strict):
    """Of a product, counted in one unit: how much went to a buyer, and which part of all that was noted."""

    product: str = Field(json_schema_extra=_MARKED)
    unit: str = Field(json_schema_extra=_MARKED)
    buyer: str = Field(json_schema_extra=_MARKED)
    quantity: str = Field(json_schema_extra=_MARKED)
    share: float = Field(ge=0, le=1, json_schema_extra=_MARKED)


class FlowsOut(Strict):
    """The newest 500 orders, and the shares of all; both empty for whom the field is not shown."""

    items: list[FlowOut]
    shares: list[ShareOut]


class FlowIn(Strict):
    """So much of a product went to a buyer or market on a day."""

    on: dt.date
    buyer: str = Field(min_length=1, max_length=80)
    product: str = Field(min_length=1, max_length=80)
    quantity: str = Field(max_length=24, description="A decimal number, 1250 or 12.5.")
    unit: str = Field("", max_length=12)
    region: str = Field("", max_length=40)
    channel: Channel = ""
    order_number: str = Field("", max_length=40)


class FlowNoted(Receipted):
    """The row that was noted."""

    id: int


@routes.get("/customers/{customer}/flows", answer=FlowsOut, **READ)
def list_flows(request: ApiRequest, customer: str) -> dict[str, Any]:
    """Where the goods of a company go: the orders noted, the newest first, and each buyer's share of a product."""
    head = queries.header(request.viewer, root(request.viewer, customer))
    if head is None:
        raise Problem("not_found")
    names = ("id", "on", "buyer", "product", "unit", "region", "channel", "order_number")
    flows = queries.market_flows(request.viewer, head.record_ids, limit=MOST_TOLD)
    shares = queries.market_shares(request.viewer, head.record_ids)
    return {
        "items": [{n: getattr(f, n) for n in names} | {"quantity": f"{f.quantity:f}"} for f in flows],
        "shares": [
            {n: getattr(s, n) for n in ("product", "unit", "buyer", "share")} | {"quantity": f"{s.quantity:f}"}
            for s in shares
        ],
    }


@routes.write("POST", "/customers/{customer}/flows", answers={201: FlowNoted}, **_WRITE)
def note_flow(request: ApiRequest, customer: str, flow: FlowIn) -> Status:
    """Note one order of a company. Who may not edit the field *Where its goods go* may not note one."""
    said = actions.Flow(**flow.model_dump())
    today = timezone.localtime(clock.now()).date()
    made = actions.note_flow(root(request.viewer, customer), said, today=today, by=request.viewer)
    return Status(201, {"id": made})


@routes.write("DELETE", "/customers/{customer}/flows/{flow}", answers={200: FlowNoted}, takes=(), **_WRITE)
def remove_flow(request: ApiRequest, customer: str, flow: FlowId) -> dict[str, Any]:
    """Take a row away that was noted in error."""
    actions.remove_flow(root(request.viewer, customer), flow, by=request.viewer)
    return {"id": flow}
