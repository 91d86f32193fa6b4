"""From what customers did to numbers that can be compared: shares are pulled towards the shop's, so that one order is no habit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.portrait.signals import shop_shares
from zhike_analytics.purchases import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import ibis.expr.types as ir

AMOUNTS = ("recency_days", "orders", "mean_order_cents", "tenure_days", "categories")
SHARES = ("discounted", "promotion", "returned", "repeated", "popular", "night", "weekend")
FEATURES = AMOUNTS + SHARES
PULL = 5.0  # acts of the usual customer that are laid beside one's own


def features(
    told: ir.Table, *, as_of: date | str, shop: Mapping[str, float] | None = None, pull: float = PULL
) -> ir.Table:  # fmt: skip
    """One row per customer of :func:`signals`: customer_id and `FEATURES`.

    `recency_days` since the last order; `tenure_days` between first and last. A share is (hits + pull × the shop's share) ÷
    (chances + pull): with no chance it is the shop's, with many the customer's own. `shop`: shares of a shop, else those of
    these customers.
    """
    shop = shop_shares(told) if shop is None else shop
    day = ibis.date(day_of(as_of))
    named: dict[str, Any] = {
        "recency_days": day.delta(told.last_day, unit="day").cast("int64"),
        "orders": told.orders,
        "mean_order_cents": (told.net_cents / told.orders).round().cast("int64"),
        "tenure_days": told.last_day.delta(told.first_day, unit="day").cast("int64"),
        "categories": told.categories,
    }
    for name in SHARES:
        named[name] = (told[f"{name}_hits"] + pull * shop[name]) / (told[f"{name}_of"] + pull)
    return told.select("customer_id", **named)
