"""From purchases to what the models read: x, t_x and T of each customer, and the mean value of repeat purchases.

``x`` is the number of **repeat** purchase days (the first day is not one of them; orders of one day are one), ``t_x`` the
time from the first to the last purchase (0 without a repeat), ``T`` the time from the first purchase to the end of what is
looked at: all in units of ``unit_days`` (7: weeks). This is neither RFM's recency (T − t_x) nor its frequency (x + 1).
``m`` is the mean value of a repeat purchase day in currency units, null without one; the first purchase is left out, as in
Fader, Hardie & Lee 2005.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, purchases, table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend


def purchase_days(
    orders: Any,
    *,
    until: date | str,
    later: str = "refuse",
    free: str = "leave_out",
    currency: str | None = None,
    con: BaseBackend | None = None,
    **reading: Any,
) -> ir.Table:
    """One row per customer and day with a purchase: customer_id, day, net_cents (of the counted orders of that day).

    ``reading`` goes to ``purchases``: which columns hold what. ``currency`` names the column that says in which money a
    line is: two kinds of money do not add up and are refused. Orders after ``until`` are refused or ignored. Orders whose
    net is 0 are left out as elsewhere (they were given back), or are purchases with ``free="count"``, as in the CDNOW data.
    """
    last = day_of(until)
    for option, value, known in (("later", later, ("refuse", "ignore")), ("free", free, ("leave_out", "count"))):
        if value not in known:
            raise MeasureProblem("lifetime.unknown_option", option=option)
    if currency is not None:
        lines = table(orders, con)
        if currency not in lines.columns:
            raise MeasureProblem("orders.column_missing", column=currency)
        if (kinds := int(lines[currency].nunique().to_pyarrow().as_py())) > 1:
            raise MeasureProblem("lifetime.mixed_currencies", currencies=kinds)
        orders = lines
    bought = purchases(orders, con=con, **reading)
    bought = bought.filter(bought.counted if free == "leave_out" else bought.net_cents >= 0)
    if later == "refuse":
        newest = bought.day.max().to_pyarrow().as_py()
        if newest is not None and day_of(newest) > last:
            raise MeasureProblem("lifetime.later_orders", last_order=str(newest), until=str(last))
    bought = bought.filter(bought.day <= ibis.date(last))
    return bought.group_by(["customer_id", "day"]).aggregate(net_cents=bought.net_cents.sum().cast("int64"))


def histories(orders: Any, *, until: date | str, unit_days: float = 7, **options: Any) -> ir.Table:
    """customer_id, x, t_x, T, m, first_day, last_day, net_cents, for every customer with a purchase up to ``until``.

    Customers without a purchase that counts (everything given back, nothing bought) have no history and no row. Options:
    those of ``purchase_days``.
    """
    return histories_of_days(purchase_days(orders, until=until, **options), until=until, unit_days=unit_days)


def histories_of_days(days: ir.Table, *, until: date | str, unit_days: float = 7) -> ir.Table:
    """The same from purchase days that are at hand already; later ones are left out."""
    days = days.filter(days.day <= ibis.date(day_of(until)))
    own = ibis.window(group_by=days.customer_id)
    marked = days.mutate(first_day=days.day.min().over(own))
    repeat = marked.day > marked.first_day
    found = marked.group_by("customer_id").aggregate(
        x=marked.count(where=repeat).cast("int64"),
        first_day=marked.first_day.min(),
        last_day=marked.day.max(),
        repeat_cents=marked.net_cents.sum(where=repeat).fill_null(0).cast("int64"),
        net_cents=marked.net_cents.sum().cast("int64"),
    )
    end = ibis.date(day_of(until))
    return found.mutate(
        t_x=found.last_day.delta(found.first_day, unit="day").cast("float64") / unit_days,
        T=end.delta(found.first_day, unit="day").cast("float64") / unit_days,
        m=(found.x > 0).ifelse(found.repeat_cents.cast("float64") / found.x.nullif(0).cast("float64") / 100.0, None),
    ).select("customer_id", "x", "t_x", "T", "m", "first_day", "last_day", "net_cents")


def calibration_holdout(
    orders: Any, *, until: date | str, through: date | str, unit_days: float = 7, **options: Any
) -> ir.Table:
    """The histories up to ``until`` and, beside them, what each customer then did up to ``through``.

    Adds ``holdout_x`` (purchase days after ``until``), ``holdout_cents`` and ``holdout_T`` (how long that is). Customers
    who first bought after ``until`` are not among them: nothing was known of them then.
    """
    split, last = day_of(until), day_of(through)
    if last <= split:
        raise MeasureProblem("lifetime.no_holdout", until=str(split), through=str(last))
    days = purchase_days(orders, until=last, **options).cache()
    return holdout_of_days(days, until=split, through=last, unit_days=unit_days)


def holdout_of_days(days: ir.Table, *, until: date | str, through: date | str, unit_days: float = 7) -> ir.Table:
    """The same from purchase days that are at hand already."""
    split, last = day_of(until), day_of(through)
    days = days.filter(days.day <= ibis.date(last))
    before = histories_of_days(days, until=split, unit_days=unit_days)
    after = days.filter(days.day > ibis.date(split))
    then = after.group_by(held_id=after.customer_id).aggregate(
        holdout_x=after.count().cast("int64"), holdout_cents=after.net_cents.sum().cast("int64")
    )
    joined = before.left_join(then, before.customer_id == then.held_id).drop("held_id")
    return joined.mutate(
        holdout_x=joined.holdout_x.fill_null(0),
        holdout_cents=joined.holdout_cents.fill_null(0),
        holdout_T=ibis.literal((last - split).days / unit_days),
    )
