"""Behavior: who buys again, how much of the need is bought here, what prices do, what leaving would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import Estimate
from zhike_analytics.satisfaction.drivers import student_quantile
from zhike_analytics.satisfaction.scales import share_estimate

if TYPE_CHECKING:
    from datetime import date


def repurchase_rate(orders: Any, *, since: date | str, until: date | str, **reading: Any) -> Estimate:
    """Customers with two purchase days or more ÷ customers with one or more, within the window, with Wilson's interval.

    Days, not orders: two orders of one evening are one occasion. A different thing from the share of *orders* by those who
    returned. ``reading`` goes to ``purchases``.
    """
    import ibis

    from zhike_analytics.purchases import day_of, purchases

    first, last = day_of(since), day_of(until)
    bought = purchases(orders, **reading)
    bought = bought.filter(bought.counted & bought.day.between(ibis.date(first), ibis.date(last)))
    each = bought.group_by("customer_id").aggregate(occasions=bought.day.nunique())
    told = each.aggregate(all=each.count(), again=(each.occasions >= 2).cast("int64").sum()).to_pyarrow().to_pylist()[0]
    return share_estimate(int(told["again"] or 0), int(told["all"] or 0))


def share_of_wallet(with_us: float, in_category: float) -> float | None:
    """客户需求满足率: spend with us ÷ spend in the category. None where nothing is spent; ``loyalty.bad_wallet`` where more is
    spent with us than in all."""
    if with_us < 0 or in_category < with_us:
        raise MeasureProblem("loyalty.bad_wallet")
    return with_us / in_category if in_category else None


def wallet_allocation(ratings: Mapping[str, float]) -> dict[str, float]:
    """Wallet allocation rule (Keiningham and others 2011): (1 − rank/(n + 1))·2/n over the n brands used, best rating first.
    Equal ratings share the mean of their ranks, so that the shares still sum to 1. One brand has everything."""
    n = len(ratings)
    if n == 0:
        return {}
    shares = {}
    for name, rating in ratings.items():
        above = sum(other > rating for other in ratings.values())
        level = sum(other == rating for other in ratings.values())
        rank = above + (level + 1) / 2
        shares[name] = (1 - rank / (n + 1)) * 2 / n
    return shares


def price_elasticity(prices: Sequence[float], quantities: Sequence[float], *, confidence: float = 0.95) -> Estimate:
    """价格敏感程度: the slope of ln Q on ln P with its interval; −2 says that 1 % more in price costs 2 % of the quantity.

    Points without a price or a quantity above zero are left out; None where the price never moved or fewer than three remain.
    What else moved with the price (a season, a campaign) is in the figure: it is a description, no experiment.
    """
    p, q = np.asarray(prices, dtype=float), np.asarray(quantities, dtype=float)
    if p.shape != q.shape:
        raise MeasureProblem("loyalty.uneven")
    sound = np.isfinite(p) & np.isfinite(q) & (p > 0) & (q > 0)
    x, y = np.log(p[sound]), np.log(q[sound])
    n = len(x)
    if n < 3 or np.ptp(x) < 1e-12:
        return Estimate(None, None, None, n)
    spread = ((x - x.mean()) ** 2).sum()
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / spread)
    rest = y - y.mean() - slope * (x - x.mean())
    half = student_quantile(confidence, n - 2) * float((rest @ rest / (n - 2) / spread) ** 0.5)
    return Estimate(slope, slope - half, slope + half, n)


def discount_share(discounted: float, units: float) -> float | None:
    """The other reading of price sensitivity: units bought on discount ÷ units bought; None where nothing was bought."""
    return discounted / units if units else None


def switching_cost(parts: Sequence[float | None], *, low: float = 1, high: float = 5) -> float | None:
    """转移成本 on 0–100 from questions on what leaving would cost (money, time, effort, habit, ties): their mean, each on
    0–100. None where none was answered."""
    given = [part for part in parts if part is not None]
    if any(not low <= part <= high for part in given):
        raise MeasureProblem("satisfaction.off_scale", low=str(low), high=str(high))
    return sum((part - low) / (high - low) * 100 for part in given) / len(given) if given else None
