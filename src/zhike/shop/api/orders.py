"""Orders over the API: lists, one whole, and recording what a shop says."""

from collections.abc import Iterable
from typing import Any

from ninja import Query, Status

from zhike.api.problems import Fault, Problem, answers, fault_words, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.customers import queries as customers
from zhike.customers.actions.sources import open_source
from zhike.customers.records import RegisterRow, Statement
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import queries
from zhike.shop.actions.single import StatementRefused, record_one
from zhike.shop.api import shapes
from zhike.shop.records import LineStatement, OrderFilter, OrderRow, OrderStatement

routes = Routes("Orders")
_FIELD_OF = {
    "number": "order_number",
    "ordered_at": "ordered_at",
    "status": "order_status",
    "total_cents": "paid_amount",
    "net_cents": "net_amount",
}
READ: dict[str, Any] = {"scope": "orders:read", "needs": "orders.view"}


@answers(StatementRefused)
def _refused(error: StatementRefused) -> Problem:
    return Problem(
        "value_refused", faults=[Fault(f"body.{p.field}", p.code, fault_words(p.code)) for p in error.problems]
    )


@routes.get("/orders", answer=shapes.OrderPage, **READ)
def list_orders(request: ApiRequest, query: Query[shapes.OrderQuery]) -> dict[str, Any]:
    """Orders in the scope of the token's maker, newest first."""
    wanted = _wanted(request.viewer, query)
    page = queries.orders(request.viewer, wanted, after=query.after, limit=query.limit)
    if query.after and page.rows and not page.previous_key:
        raise refused("query.after", "cursor")
    return {"items": _lines(request.viewer, page.rows), "next": page.next_key or None}


@routes.get("/orders/{order}", answer=shapes.OrderOut, **READ)
def get_order(request: ApiRequest, order: str) -> dict[str, Any]:
    """One order whole; whom it went to comes as masks."""
    found = queries.order(request.viewer, order[:64])
    if found is None:
        raise Problem("not_found")
    (line,) = _lines(request.viewer, [found.row])
    names = ("sku", "title", "kind", "quantity", "unit_price", "amount_cents")
    return line | {
        "paid_at": found.paid_at,
        "goods_cents": found.goods_cents,
        "postage_cents": found.postage_cents,
        "fee_cents": found.fee_cents,
        "refund_cents": found.refund_cents,
        "lines": [{name: getattr(one, name) for name in names} for one in found.lines],
        "receiver": {part.name: part.text for part in found.receiver},
    }


@routes.write(
    "POST",
    "/orders",
    scope="orders:write",
    needs="collect.import",
    answers={200: shapes.OrderRecorded, 201: shapes.OrderRecorded},
)
def record_order(request: ApiRequest, order: shapes.OrderIn) -> Status:
    """What a source says of one order: made when its number is new, a new version when it says something else."""
    recorded = record_one(open_source(order.source), statement_of(order), by=request.viewer)
    notes = [{"field": n.field, "code": n.code, "message": fault_words(n.code)} for n in recorded.notes]
    told = {"id": recorded.public_id, "outcome": recorded.outcome, "notes": notes}
    return Status(201 if recorded.outcome == "new" else 200, told)


def statement_of(given: shapes.OrderIn, row_no: int = 1) -> OrderStatement:
    """An order as an import would make it of its rows."""
    buyer = None
    if given.buyer is not None:
        stated_fields: Any = given.buyer.fields
        values = stated_fields.model_dump(exclude_none=True)
        key = (given.buyer.key.kind, given.buyer.key.value)
        buyer = Statement(key, given.ordered_at, values, row_no, raw=dict(values))
    lines = [
        LineStatement(
            x.sku, x.title, str(x.quantity), x.unit_price or ("" if x.amount else "0"), x.amount, x.kind, row_no
        )
        for x in given.lines
    ]
    stated = given.model_dump(include={"kind", "status", "currency", "paid_at", "paid", "postage", "refund", "total"})
    goes_to: Any = given.receiver
    receiver = {n: t for n, t in goes_to.model_dump(exclude_none=True).items() if t}
    return OrderStatement(
        given.number,
        given.ordered_at,
        tuple(lines),
        row_no,
        buyer=buyer,
        no_customer_why=given.no_customer_why,
        sealed=receiver,
        **stated,
    )


def _wanted(viewer: Viewer, query: shapes.OrderQuery) -> OrderFilter:
    record_ids = None
    if query.customer:
        root_id = customers.root_of(viewer, query.customer)
        head = customers.header(viewer, root_id) if root_id is not None else None
        if head is None:
            raise Problem("not_found")
        record_ids = head.record_ids
    return OrderFilter(
        status=query.status,
        kind=query.kind,
        source_id=source_id(query.source),
        at_from=query.ordered_from,
        at_to=query.ordered_to,
        number=query.number,
        record_ids=record_ids,
        without_customer=query.nobody,
    )


def source_id(code: str) -> int | None:
    """The source of a code in a filter; None where none is named."""
    if not code:
        return None
    for source in customers.sources(archived=True):
        if source.code == code:
            return source.id
    raise refused("query.source", "source_unknown")


def _lines(viewer: Viewer, rows: Iterable[OrderRow]) -> list[dict[str, Any]]:
    rows = list(rows)
    codes = {source.id: source.code for source in customers.sources(archived=True)}
    roots = customers.customers_of_records(viewer, [r.source_record_id for r in rows if r.source_record_id])
    known = customers.lines(viewer, set(roots.values())) if viewer.can("customers.view") else {}
    return [_line(viewer, row, codes, known.get(roots.get(row.source_record_id or 0, 0))) for row in rows]


def _line(viewer: Viewer, row: OrderRow, codes: dict[int, str], root: RegisterRow | None) -> dict[str, Any]:
    """An order in a list; what the field policy hides is left out."""
    told = {
        "id": row.public_id,
        "number": row.number,
        "source": codes.get(row.source_id, ""),
        "customer": root.public_id if root else None,
        "no_customer_why": row.no_customer_why or None,
        "ordered_at": row.ordered_at,
        "kind": row.kind,
        "status": row.status,
        "currency": row.currency,
        "total_cents": row.total_cents,
        "net_cents": row.net_cents,
        "line_count": row.line_count,
        "item_count": row.item_count,
    }
    hidden = {name for name, field in _FIELD_OF.items() if secure.sight(viewer, field) != "shown"}
    return {name: value for name, value in told.items() if name not in hidden}
