"""One order of a source, recorded at once and to its end: for programs that send orders as they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from zhike.customers import actions as customers
from zhike.customers.records import Problem
from zhike.kit import ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop.actions.figures import finish_run
from zhike.shop.actions.orders import prepare_orders, record_orders
from zhike.shop.models import Order
from zhike.shop.records import OrderStatement


class StatementRefused(ValueError):
    """The order cannot be recorded; nothing was. `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(p.code for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RecordedOrder:
    """Where the order stands, what it was, and what was odd about it."""

    public_id: str
    outcome: Literal["new", "updated", "unchanged"]
    notes: tuple[Problem, ...]


def record_one(source_id: int, order: OrderStatement, *, by: Viewer) -> RecordedOrder:
    """Record one order with its buyer under a run of its own, so that a later statement stands. Raises StatementRefused."""
    check(by, "collect.import")
    with transaction.atomic():
        run_id = ids.take("import_run")[0]
    shop = installation()
    prepared = prepare_orders(source_id, [order], run_id=run_id, zone=shop.time_zone, currency=shop.currency)
    if prepared.tally.rejected:
        raise StatementRefused([p for p in prepared.tally.problems if p.fatal])

    def note() -> None:
        detail = {"source": source_id, "run": run_id}
        secure.record_audit("order.recorded", by=by, about=("run", run_id), detail=detail)

    tally = record_orders(prepared, within=note)
    for finish in (customers.finish_run, finish_run):
        for _ in finish(run_id):
            pass
    public_id = Order.objects.values_list("public_id", flat=True).get(
        source_id=source_id, external_id=order.external_id
    )
    outcome: Literal["new", "updated", "unchanged"] = (
        "new" if tally.new else "updated" if tally.updated else "unchanged"
    )
    return RecordedOrder(public_id, outcome, tuple(p for p in tally.problems if not p.fatal))
