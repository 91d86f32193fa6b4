"""From expected purchases to money, and the simple formulas of customer value."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from zhike_analytics.lifetime.purchase_model import PurchaseModel
from zhike_analytics.lifetime.special import Array
from zhike_analytics.lifetime.spend import GammaGamma
from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir


def lifetime_value(
    purchases: PurchaseModel,
    spend: GammaGamma,
    histories: Any,
    *,
    periods: int,
    discount: float,
    margin_share: float = 1.0,
) -> Array:
    """Margin × E[M] × Σ E[purchases in unit t]/(1+discount)^t for each customer: the value still to come, not the past one.

    ``periods`` and ``discount`` in the unit of the histories (weeks: 52 and 1.15^(1/52) − 1 for 15 % a year).
    """
    if not 0 < margin_share <= 1:
        raise MeasureProblem("lifetime.bad_margin")
    bought = purchases.discounted_purchases(histories, periods=periods, discount=discount)
    return margin_share * spend.predict(histories) * bought


def historic_value(orders: Any, *, until: date | str, margin_share: float = 1.0, **reading: Any) -> ir.Table:
    """What each customer has brought up to ``until``: customer_id, net_cents (refunds taken off), margin_cents, purchases.

    Every order counts, also one that was fully given back: its net is 0, and a credit note lowers the sum. With
    ``margin_share`` 1 the margin is the revenue: say which of the two is shown.
    """
    import ibis

    from zhike_analytics.purchases import day_of, purchases

    if not 0 < margin_share <= 1:
        raise MeasureProblem("lifetime.bad_margin")
    bought = purchases(orders, **reading)
    bought = bought.filter(bought.day <= ibis.date(day_of(until)))
    found = bought.group_by("customer_id").aggregate(
        net_cents=bought.net_cents.sum().cast("int64"), purchases=bought.counted.sum().cast("int64")
    )
    return found.mutate(margin_cents=(found.net_cents * margin_share).round().cast("int64"))


def constant_retention_value(
    margin: float, retention: float, discount: float, *, first_margin: str = "now", cost: float = 0.0
) -> float:
    """The value of a customer who stays with the same chance each period, for ever.

    ``first_margin="now"``: (M − R)(1+d)/(1+d−r), the first margin is earned at once; ``"renewed"``: (M − R)·r/(1+d−r),
    after one renewal. They differ by exactly one margin. ``retention`` and ``discount`` per period; ``cost`` R of keeping.
    """
    if not (0 <= retention <= 1 and discount >= 0 and 1 + discount - retention > 0):
        raise MeasureProblem("lifetime.bad_discount")
    if first_margin not in ("now", "renewed"):
        raise MeasureProblem("lifetime.unknown_option", option="first_margin")
    ahead = (1 + discount) if first_margin == "now" else retention
    return (margin - cost) * ahead / (1 + discount - retention)


def margin_multiple(retention: float, discount: float) -> float:
    """r/(1+i−r): by how much a yearly margin is multiplied (Gupta & Lehmann)."""
    return constant_retention_value(1.0, retention, discount, first_margin="renewed")


def finite_value(margins: Any, retention: float, discount: float, *, acquisition: float = 0.0) -> float:
    """Σ m_t·r^t/(1+d)^t − acquisition cost, t from 0."""
    earned = np.asarray(margins, dtype=float)
    if not (0 <= retention <= 1 and discount > -1):
        raise MeasureProblem("lifetime.bad_discount")
    return float((earned * (retention / (1 + discount)) ** np.arange(len(earned))).sum() - acquisition)
