"""What recording orders would do, asked without recording them."""

from collections.abc import Sequence

from zhike.customers.records import Problem
from zhike.shop.actions.preparation import OrderPreparation, Ready
from zhike.shop.pricing import OrderRefused, PricedOrder, price
from zhike.shop.records import OrderStatement

TO_BE_MADE = -1  # stands for the record of a buyer whom nobody knows yet


def priced(order: OrderStatement) -> PricedOrder | Problem:
    """What an order comes to, as recording it would say; or the problem that would keep it out."""
    try:
        return price(order)
    except OrderRefused as refused:
        return refused.problem


def foresee(
    source_id: int | None, orders: Sequence[tuple[OrderStatement, int | None]], *, zone: str, currency: str
) -> list[str]:
    """What each order would be, as `actions.prepare_orders` would count it: new, updated, unchanged or refused.

    Beside each order stands the record its buyer is known by: None for an order without a customer, TO_BE_MADE for a
    buyer nobody knows yet. Orders nobody knows are not priced, so they are always `new`. Writes nothing.
    """
    if source_id is None:
        return ["new"] * len(orders)
    return _Foresight(source_id, 0, currency, zone).of_all(orders)


class _Foresight(OrderPreparation):
    def of_all(self, orders: Sequence[tuple[OrderStatement, int | None]]) -> list[str]:
        known = self._known_orders([order.external_id for order, _ in orders])
        refused: list[OrderRefused] = []
        priced: dict[str, Ready] = {}
        for order, record_id in orders:
            if order.external_id in known and (ready := self._priced(order, refused)):
                ready.record_id = record_id
                priced[order.external_id] = ready
        self._state(list(priced.values()))
        stored = self._stored_versions({number: known[number] for number in priced})
        outcomes = []
        for order, _ in orders:
            number = order.external_id
            if number not in known:
                outcomes.append("new")
            elif number not in priced:
                outcomes.append("refused")
            else:
                order_id, current = known[number]
                version = stored.get((order_id, priced[number].digest))
                outcomes.append("unchanged" if version and version[0] == current else "updated")
        return outcomes
