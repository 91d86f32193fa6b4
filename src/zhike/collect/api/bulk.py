"""Many statements at once: stored, answered with 202, recorded by a job that can be followed and undone."""

from collections.abc import Sequence
from typing import Any

from ninja import Status

from zhike.api.problems import refused
from zhike.api.routes import BULK_BYTES, ApiRequest, Routes
from zhike.collect.actions.items import store_items
from zhike.collect.api import shapes
from zhike.customers.actions.sources import open_source
from zhike.customers.api.writing import statement_of as customer_statement
from zhike.shop.api.orders import statement_of as order_statement

routes = Routes("Bulk")
_BULK: dict[str, Any] = {
    "needs": "collect.import", "answers": {202: shapes.ImportSteered}, "most_bytes": BULK_BYTES
}  # fmt: skip


@routes.write("POST", "/customers/bulk", scope="customers:write", **_BULK)
def record_customers(request: ApiRequest, bulk: shapes.BulkCustomers) -> Status:
    """Record up to 5,000 customers of one source. Follow the import of the answer; its rejects name items by number."""
    source_id = _one_source(bulk.items)
    statements = [customer_statement(one, number) for number, one in enumerate(bulk.items, start=1)]
    return _stored(request, "customers", source_id, statements)


@routes.write("POST", "/orders/bulk", scope="orders:write", **_BULK)
def record_orders(request: ApiRequest, bulk: shapes.BulkOrders) -> Status:
    """Record up to 5,000 orders of one source. Follow the import of the answer; its rejects name items by number."""
    source_id = _one_source(bulk.items)
    statements = [order_statement(one, number) for number, one in enumerate(bulk.items, start=1)]
    return _stored(request, "orders", source_id, statements)


def _one_source(items: Sequence[Any]) -> int:
    codes = {one.source for one in items}
    if len(codes) > 1:
        raise refused("body.items", "several_sources")
    return open_source(codes.pop())


def _stored(request: ApiRequest, kind: str, source_id: int, statements: Sequence[Any]) -> Status:
    run = store_items(kind, source_id, statements, by=request.viewer)
    return Status(202, {"id": run.public_id, "state": run.state, "job": run.job_id})
