"""What is likely to come: the weighted pipeline, and how fast money moves through the funnel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def pipeline(
    opportunities: Any, *, probabilities: Mapping[str, float], by: str = "stage", con: BaseBackend | None = None
) -> ir.Table:
    """One row a group: group, customers, known (with an amount), amount_cents, weighted_cents.

    ``opportunities``: customer_id, stage, amount_cents (null: not known) and the column ``by``. Weighted: Σ amount ×
    probability of the stage, each rounded to the cent; a stage without a probability weighs nothing.
    """
    if any(not 0 <= share <= 1 for share in probabilities.values()):
        raise MeasureProblem("funnel.bad_probability")
    rows = table(opportunities, con)
    named = [(rows.stage == stage, float(share)) for stage, share in probabilities.items()]
    chance = ibis.cases(*named, else_=0.0) if named else ibis.literal(0.0)
    amount = rows.amount_cents.fill_null(0).cast("int64")
    rows = rows.mutate(
        group=rows[by].cast("string").fill_null("unknown"),
        amount=amount,
        weighted=(amount * chance + 0.5).floor().cast("int64"),
    )
    found = rows.group_by("group").aggregate(
        customers=rows.count(),
        known=rows.amount_cents.notnull().sum().fill_null(0).cast("int64"),
        amount_cents=rows.amount.sum().cast("int64"),
        weighted_cents=rows.weighted.sum().cast("int64"),
    )
    return found.order_by("group")


def velocity(*, opportunities: int, win_rate: float, deal_cents: float, cycle_days: float) -> float | None:
    """Cents a day: opportunities × win rate × average deal ÷ length of the cycle. None without a cycle.

    >>> velocity(opportunities=50, win_rate=0.2, deal_cents=100_000, cycle_days=40)
    25000.0
    """
    return opportunities * win_rate * deal_cents / cycle_days if cycle_days > 0 else None
