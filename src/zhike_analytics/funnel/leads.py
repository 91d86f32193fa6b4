"""Lead score: fit (who somebody is) and behavior (what they did), each capped, behavior fading with time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def lead_scores(
    fit: Any,
    behavior: Any,
    *,
    as_of: date | str,
    fit_cap: float = 50,
    behavior_cap: float = 50,
    half_life_days: float = 30,
    con: BaseBackend | None = None,
) -> ir.Table:
    """One row a customer: customer_id, fit, behavior, score (their sum), between 0 and the caps.

    ``fit``: customer_id, points, one row for each trait that holds. ``behavior``: customer_id, points, day. A point of
    behavior is worth s·2^(−Δt/h) after Δt days: half after ``half_life_days``. Negative points (unsubscribed, works for a
    competitor) count against their part; neither part falls below 0. Acts after ``as_of`` do not count.
    """
    if half_life_days <= 0 or fit_cap < 0 or behavior_cap < 0:
        raise MeasureProblem("funnel.bad_score")
    traits, acts = table(fit, con), table(behavior, con)
    until = ibis.literal(str(as_of)).cast("date")
    acts = acts.mutate(act_day=acts.day.cast("date"))
    acts = acts.filter(acts.act_day <= until)
    age = until.delta(acts.act_day, unit="day").cast("float64")
    faded = acts.mutate(worth=acts.points.cast("float64") * (-age / float(half_life_days) * _LN_2).exp())
    both = ibis.union(
        traits.select("customer_id", own=traits.points.cast("float64"), done=ibis.literal(0.0)),
        faded.select("customer_id", own=ibis.literal(0.0), done="worth"),
        distinct=False,
    )
    sums = both.group_by("customer_id").aggregate(own=both.own.sum(), done=both.done.sum())
    capped = sums.select("customer_id", fit=_between(sums.own, fit_cap), behavior=_between(sums.done, behavior_cap))
    return capped.mutate(score=capped.fit + capped.behavior)


_LN_2 = 0.6931471805599453


def _between(points: ir.NumericColumn, cap: float) -> ir.NumericColumn:
    return ibis.least(ibis.greatest(points, 0.0), float(cap))
