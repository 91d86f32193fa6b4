"""Noting where a company's goods go, order by order."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction

from zhike.customers.house import house_record_id
from zhike.customers.models import CustomerCard, MarketFlow
from zhike.customers.scope import record_ids_of, root_within
from zhike.kit import clock, ids
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

FIELD = "market_flow"  # whose rights hold for the rows too
FLOW_CHANNELS = ("retail", "wholesale", "online", "project", "export", "own_use")
MOST_FLOWS = 2_000
_LARGEST = Decimal("999999999999.99")
_TEXTS = {"buyer": 80, "region": 40, "product": 80, "unit": 12, "order_number": 40}


class FlowRefused(ValueError):
    """It cannot be noted so; `code`: kind, empty, too_long, identifier, quantity, channel, future, many, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """So much of a product went to a buyer or market on a day. `quantity` is a decimal text."""

    on: dt.date
    buyer: str
    product: str
    quantity: str
    unit: str = ""
    region: str = ""
    channel: str = ""
    order_number: str = ""


def note_flow(customer_id: int, flow: Flow, *, today: dt.date, by: Viewer) -> int:
    """Note one order of a company; returns its id. Raises FlowRefused, Forbidden, CustomerUnknown."""
    _may(by)
    said = _checked(flow, today)
    root_id = root_within(by, customer_id)
    with transaction.atomic():
        if not CustomerCard.objects.filter(customer_id=root_id, kind="organisation").exists():
            raise FlowRefused("kind")
        here = MarketFlow.objects.filter(source_record_id__in=record_ids_of(root_id), removed_at=None)
        if here.count() >= MOST_FLOWS:
            raise FlowRefused("many")
        made = MarketFlow.objects.create(
            id=ids.take("market_flow")[0], source_record_id=house_record_id(root_id), on=flow.on, channel=flow.channel,
            staff_id=by.staff_id, created_at=clock.now(), **said,
        )  # fmt: skip
        secure.record_audit("customer.flow_noted", by=by, about=("customer", root_id), detail={"flow": made.id})
    return int(made.id)


def remove_flow(customer_id: int, flow_id: int, *, by: Viewer) -> None:
    """Take a row away that was noted in error. Raises FlowRefused `unknown`, Forbidden, CustomerUnknown."""
    _may(by)
    root_id = root_within(by, customer_id)
    with transaction.atomic():
        here = MarketFlow.objects.filter(pk=flow_id, source_record_id__in=record_ids_of(root_id), removed_at=None)
        if not here.update(removed_at=clock.now()):
            raise FlowRefused("unknown")
        secure.record_audit("customer.flow_removed", by=by, about=("customer", root_id), detail={"flow": flow_id})


def _may(by: Viewer) -> None:
    check(by, "customers.edit")
    if not policy.may_edit(by, FIELD):
        raise Forbidden(f"edit.{FIELD}")


def _checked(flow: Flow, today: dt.date) -> dict[str, str | int]:
    texts = {name: " ".join(getattr(flow, name).split()) for name in _TEXTS}
    if not texts["buyer"] or not texts["product"]:
        raise FlowRefused("empty")
    for name, text in texts.items():
        if len(text) > _TEXTS[name]:
            raise FlowRefused("too_long")
        if name != "order_number" and cutting.cut(text)[1]:
            raise FlowRefused("identifier")
    if flow.channel and flow.channel not in FLOW_CHANNELS:
        raise FlowRefused("channel")
    if flow.on > today:
        raise FlowRefused("future")
    return {**texts, "quantity_hundredths": _hundredths(flow.quantity)}


def _hundredths(text: str) -> int:
    try:
        amount = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise FlowRefused("quantity") from None
    if not amount.is_finite() or not Decimal(0) < amount <= _LARGEST:
        raise FlowRefused("quantity")
    return max(round(amount * 100), 1)
