"""Composition 构成: who the customers are and where orders and money come from, by any attribute and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, group_text, purchases, table

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir

# The codes Ibis truncates a day by.
PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}


def composition(
    orders: Any,
    *,
    by: str,
    customers: Any = None,
    since: date | str | None = None,
    until: date | str | None = None,
    **columns: Any,
) -> ir.Table:
    """One row per group, most revenue first: group, customers, orders, revenue_cents and the share of each.

    ``by`` is a column of ``customers`` (one row per ``customer_id``) where that table is given, else of ``orders``.
    What is not known is the group "unknown". customers: distinct customers with a purchase; orders: purchases;
    revenue_cents: net of all orders, so refunds lower it. Days from ``since`` to ``until``, both included.

    Shares are of the whole: distinct customers, purchases, net (null where the whole is not above zero). Groups of a
    customer attribute exclude each other and shares add up to 1; under an attribute of orders or lines somebody can be
    in several groups, and the shares of customers and of orders then add up to more. columns: as for ``purchases``.
    """
    bought = _grouped(orders, by, customers, since, until, columns)
    groups = bought.group_by("group").aggregate(**_counted(bought))
    whole = bought.aggregate(**{f"all_{name}": value for name, value in _counted(bought, whole=True).items()})
    return _shares(groups.cross_join(whole)).order_by([ibis.desc("revenue_cents"), "group"])


def composition_over_time(
    orders: Any,
    *,
    by: str,
    period: str = "month",
    customers: Any = None,
    since: date | str | None = None,
    until: date | str | None = None,
    **columns: Any,
) -> ir.Table:
    """The composition of each calendar ``month``, ``quarter`` or ``year``: period (its first day), group, the columns
    of :func:`composition`, and revenue_share_points, the change of the share of revenue against the period before in
    percentage *points* (null in the first, or where a period had no revenue).

    Every group has a row in every period that had orders, with zeros where it was not there. The first and the last
    period may be cut off by ``since`` and ``until``.
    """
    if period not in PERIODS:
        raise MeasureProblem("composition.unknown_period", period=str(period)[:20])
    bought = _grouped(orders, by, customers, since, until, columns)
    return _over_time(bought.mutate(period=bought.day.truncate(PERIODS[period])).cache())


def _over_time(bought: ir.Table) -> ir.Table:
    found = bought.group_by(["period", "group"]).aggregate(**_counted(bought))
    named = {f"all_{name}": value for name, value in _counted(bought, whole=True).items()}
    wholes = bought.group_by("period").aggregate(**named)
    grid = wholes.cross_join(bought.select("group").distinct())
    full = grid.left_join(found, ["period", "group"]).drop("period_right", "group_right")
    full = full.mutate(**{name: full[name].fill_null(0) for name in ("customers", "orders", "revenue_cents")})
    shared = _shares(full)
    window = ibis.window(group_by=shared.group, order_by=shared.period)
    points = (shared.revenue_share - shared.revenue_share.lag().over(window)) * 100
    return shared.mutate(revenue_share_points=points).order_by(["period", ibis.desc("revenue_cents"), "group"])


def _grouped(orders: Any, by: str, customers: Any, since: Any, until: Any, columns: dict[str, Any]) -> ir.Table:
    """Orders, or their parts, each with its group."""
    if customers is None:
        bought = purchases(orders, keep=by, **columns)
    else:
        people = table(customers, columns.get("con"))
        for name in ("customer_id", by):
            if name not in people.columns:
                raise MeasureProblem("composition.column_missing", column=name[:60])
        named = people.select(named_id=people.customer_id, group=group_text(people[by]))
        bought = purchases(orders, **columns)
        bought = bought.left_join(named, bought.customer_id == named.named_id).drop("named_id")
        bought = bought.mutate(group=bought.group.fill_null("unknown"), first=ibis.literal(True))
    if since:
        bought = bought.filter(bought.day >= ibis.date(day_of(since)))
    if until:
        bought = bought.filter(bought.day <= ibis.date(day_of(until)))
    return bought


def _counted(bought: ir.Table, *, whole: bool = False) -> dict[str, ir.Scalar]:
    counted = (bought.counted & bought.first) if whole else bought.counted
    return {
        "customers": bought.customer_id.nunique(where=bought.counted),
        "orders": counted.cast("int64").sum().fill_null(0),
        "revenue_cents": bought.net_cents.sum().cast("int64").fill_null(0),
    }


def _shares(groups: ir.Table) -> ir.Table:
    """Each figure as a share of its whole; a whole at or below zero has no shares."""
    names = ("customers", "orders", "revenue_cents")
    shares = {}
    for name in names:
        whole = groups[f"all_{name}"]
        shares[f"{name.removesuffix('_cents')}_share"] = groups[name] / ibis.ifelse(
            whole > 0, whole, ibis.null("int64")
        )
    kept = [name for name in ("period", "group") if name in groups.columns]
    return groups.mutate(**shares).select(*kept, *names, *shares)
