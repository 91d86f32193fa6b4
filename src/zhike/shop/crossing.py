"""Orders read and priced by a process ahead of the one that records them, and how they cross to it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

from zhike.customers import actions as customers
from zhike.customers.records import Problem
from zhike.shop.pricing import OrderRefused, PricedLine, PricedOrder, price
from zhike.shop.records import OrderStatement

Places = Iterator[tuple[int, int]]  # a record id and a version id for each buyer


def pack_orders(orders: Sequence[OrderStatement], places: Places) -> tuple[list[Any], bytes]:
    """Price orders, read their buyers and draft the new ones: (what JSON takes, the bytes beside it)."""
    buyers = [order.buyer for order in orders if order.buyer is not None]
    told, beside = customers.pack_statements(buyers, places)
    return [[_packed(order) for order in orders], told], beside


def unpack_orders(told: Sequence[Any], beside: bytes) -> list[OrderStatement]:
    """What `pack_orders` made; lines as they came stay behind, since they are priced."""
    orders, buyers = told
    read = iter(customers.unpack_statements(buyers, beside))
    return [_unpacked(one, read) for one in orders]


def _packed(order: OrderStatement) -> list[Any]:
    try:
        priced: PricedOrder | Problem = price(order)
    except OrderRefused as refused:
        priced = refused.problem
    return [
        order.external_id,
        order.ordered_at.isoformat(),
        order.row_no,
        order.kind,
        order.status,
        order.currency,
        order.paid_at.isoformat() if order.paid_at else None,
        order.buyer is not None,
        order.no_customer_why,
        dict(order.sealed),
        isinstance(priced, PricedOrder),
        _told(priced) if isinstance(priced, PricedOrder) else astuple(priced),
    ]


def _told(priced: PricedOrder) -> list[Any]:
    lines = [(x.sku, x.title, x.kind, x.quantity, x.unit_price, x.amount_cents, x.is_repeat) for x in priced.lines]
    return [
        lines,
        priced.goods_cents,
        priced.postage_cents,
        priced.fee_cents,
        priced.refund_cents,
        priced.total_cents,
        priced.net_cents,
        priced.item_count,
        [astuple(problem) for problem in priced.problems],
    ]


def _unpacked(told: Sequence[Any], buyers: Iterator[Any]) -> OrderStatement:
    number, ordered_at, row_no, kind, status, currency, paid_at, has_buyer, why, sealed, is_priced, result = told
    return OrderStatement(
        number,
        dt.datetime.fromisoformat(ordered_at),
        (),
        row_no,
        kind,
        status,
        currency,
        dt.datetime.fromisoformat(paid_at) if paid_at else None,
        buyer=next(buyers) if has_buyer else None,
        no_customer_why=why,
        sealed=sealed,
        priced=_priced(result) if is_priced else Problem(*result),
    )


def _priced(told: Sequence[Any]) -> PricedOrder:
    lines, goods, postage, fee, refund, total, net, item_count, problems = told
    priced = tuple([PricedLine(*line) for line in lines])
    return PricedOrder(
        priced, goods, postage, fee, refund, total, net, item_count, tuple([Problem(*p) for p in problems])
    )
