"""Sizes of groups, and how customers moved between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir


def rfm_summary(scored: ir.Table, by: str | Sequence[str] = "class_code") -> ir.Table:
    """One row per group of scored customers, largest total first: customers, customers_share,
    monetary_cents, recency_days_mean, frequency_mean, monetary_cents_mean.

    ``by``: ``class_code``, ``segment10``, ``cell``, ``["r", "f"]`` (the heat map) and so on.
    """
    keys = [by] if isinstance(by, str) else list(by)
    for key in keys:
        if key not in scored.columns:
            raise MeasureProblem("rfm.unknown_group", column=str(key)[:40])
    people = scored.filter(scored.r.notnull())
    groups = people.group_by(keys).aggregate(
        customers=people.count(),
        monetary_cents=people.monetary_cents.sum().cast("int64"),
        recency_days_mean=people.recency_days.mean(),
        frequency_mean=people.frequency.mean(),
        monetary_cents_mean=people.monetary_cents.mean(),
    )
    total = groups.customers.sum().over(ibis.window())  # at least 1 where a row exists
    return groups.mutate(customers_share=groups.customers / total).order_by(
        [groups.monetary_cents.desc(), *[groups[key].asc() for key in keys]]
    )


def cells(scored: ir.Table) -> ir.Table:
    """Realized cell sizes: r, f, m, cell, customers. Cells nobody is in are not listed."""
    return (
        scored.filter(scored.r.notnull())
        .group_by(["r", "f", "m", "cell"])
        .aggregate(customers=lambda t: t.count())
        .order_by([ibis.desc("r"), ibis.desc("f"), ibis.desc("m")])
    )


def moved(before: ir.Table, after: ir.Table, by: str = "class_code") -> ir.Table:
    """Per customer of either run: customer_id, before, after. ``absent`` = not in that run,
    ``unscored`` = there without a purchase."""
    old = before.select("customer_id", before=before[by].fill_null("unscored"))
    new = after.select(new_id=after.customer_id, after=after[by].fill_null("unscored"))
    both = old.join(new, old.customer_id == new.new_id, how="outer")
    return both.select(
        customer_id=ibis.coalesce(both.customer_id, both.new_id),
        before=both.before.fill_null("absent"),
        after=both.after.fill_null("absent"),
    )


def movement(before: ir.Table, after: ir.Table, by: str = "class_code") -> ir.Table:
    """How many customers went from which group to which: before, after, customers."""
    return (
        moved(before, after, by)
        .group_by(["before", "after"])
        .aggregate(customers=lambda t: t.count())
        .order_by([ibis.desc("customers"), "before", "after"])
    )
