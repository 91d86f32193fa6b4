"""What a customer owns 在用设备: goods bought and not given back, told from order lines each time it is asked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from zhike.customers import queries as customers
from zhike.customers.records import TimelinePlace
from zhike.kit import bulk
from zhike.shop.models import AfterSaleCase, Order
from zhike.shop.records import Owned, OwnedItem

LOOKED_THROUGH = 500  # newest orders: a file's cost does not grow with a dealer's ten thousand
_NOT_HELD = ("unpaid", "closed", "cancelled", "refunded")  # states of a sale whose goods the customer does not have
_LAST_ID = 2**62
_LINES = (
    "SELECT l.version_id, l.product_id, p.sku, p.title, "
    # A cancellation may state its pieces with a plus and its money with a minus: pieces then came back.
    "sum(CASE WHEN l.amount_cents < 0 AND l.quantity > 0 THEN -l.quantity ELSE l.quantity END) "
    "FROM shop_orderline l JOIN shop_product p ON p.id = l.product_id "
    "WHERE l.kind = 'goods' AND l.version_id IN {values} GROUP BY l.version_id, l.product_id, p.sku, p.title"
)
_Line = tuple[Order, int, str, str, int]  # order, product, its code and title, pieces


def owned_by(record_ids: Sequence[int], *, limit: int = 20, until: dt.datetime | None = None) -> Owned:
    """What a customer's records own, up to a moment: the products bought last, at most `limit` of them.

    Sales that hold count, less cancellations, refunds and finished returns. The caller has asked for the scope.
    """
    found = _newest(record_ids, until)
    orders = [o for o in found[:LOOKED_THROUGH] if o.kind != "sale" or o.status not in _NOT_HELD]
    lines = _lines(orders)
    pieces: dict[int, int] = defaultdict(int)
    for _order, product, _sku, _title, quantity in lines:
        pieces[product] += quantity
    for product, quantity in _given_back(lines, until):
        pieces[product] -= quantity
    items = _items(lines, pieces)
    return Owned(tuple(items[:limit]), max(len(items) - limit, 0), len(found) <= LOOKED_THROUGH)


def _newest(record_ids: Sequence[int], until: dt.datetime | None) -> list[Order]:
    before = TimelinePlace(until, "order", _LAST_ID) if until else None
    ids = customers.newest_ids(
        "shop_order", "ordered_at", "order", record_ids, before, LOOKED_THROUGH + 1,
        only="current_version_id IS NOT NULL",
    )  # fmt: skip
    return list(Order.objects.filter(id__in=ids).order_by("-ordered_at", "-id")[: LOOKED_THROUGH + 1])


def _lines(orders: Iterable[Order]) -> list[_Line]:
    """The goods of these orders, the newest order first and products by their number."""
    of_version = {o.current_version_id: o for o in orders}
    rows: dict[int, list[_Line]] = defaultdict(list)
    for version, product, sku, title, quantity in bulk.fetch_in(_LINES, [v for v in of_version if v is not None]):
        rows[version].append((of_version[version], product, sku, title, int(quantity)))
    return [line for version in of_version if version in rows for line in sorted(rows[version], key=lambda x: x[1])]


def _given_back(lines: Sequence[_Line], until: dt.datetime | None) -> list[tuple[int, int]]:
    """(product, pieces) of finished returns; never more than their order brought, the whole where no number is stated."""
    bought: dict[tuple[int, str], dict[str, tuple[int, int]]] = defaultdict(dict)
    for order, product, sku, _title, quantity in lines:
        if quantity > 0:
            bought[order.source_id, order.external_id][sku] = product, quantity
    cases = AfterSaleCase.objects.filter(
        source_id__in={source for source, _number in bought}, order_number__in={number for _source, number in bought},
        kind="return", status="done", current_version_id__isnull=False,
    )  # fmt: skip
    back: dict[tuple[int, str, str], int] = defaultdict(int)
    for case in cases.filter(opened_at__lte=until) if until else cases:
        held = bought.get((case.source_id, case.order_number), {})
        for sku in [case.sku] if case.sku else held:
            stated = case.quantity if case.sku else None  # a case that names no product gives the whole order back
            if sku in held:
                back[case.source_id, case.order_number, sku] += held[sku][1] if stated is None else stated
    whole = {key: bought[key[:2]][key[2]] for key in back}
    return [(product, min(back[key], quantity)) for key, (product, quantity) in whole.items()]


def _items(lines: Sequence[_Line], pieces: dict[int, int]) -> list[OwnedItem]:
    found: dict[int, OwnedItem] = {}
    for order, product, sku, title, quantity in lines:
        if quantity <= 0 or pieces[product] <= 0:
            continue
        last = found.get(product)
        code = "" if sku.startswith("title:") else sku
        found[product] = OwnedItem(
            product, title, code, pieces[product], order.ordered_at,
            last.last_at if last else order.ordered_at, last.last_order if last else order.external_id,
        )  # fmt: skip
    return list(found.values())
