"""Three lists to act on today: gone quiet, large first buyers, lost high value.

Each returns customer_id, rank (1 = first to call, ties broken by customer id), reason (a code) and
the numbers that led to it. Value is net: a credit note lowers it, though it is no purchase. Day arithmetic is in whole purchase days: orders of one customer on
one day are one purchase occasion.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, purchases

if TYPE_CHECKING:
    import ibis.expr.types as ir


def gone_quiet(
    orders: Any,
    *,
    as_of: date | str,
    k: float = 2.0,
    lost_after_days: int = 365,
    min_purchases: int = 3,
    limit: int | None = None,
    **columns: Any,
) -> ir.Table:
    """Customers silent for longer than ``k`` times their own median gap, and not yet lost.

    Needs ``min_purchases`` purchase days (two gaps make the first median). Ranked by value.
    Columns: customer_id, rank, reason ``gone_quiet``, silent_days, own_gap_days,
    silent_gaps (silent ÷ own gap), purchase_days, last_day, monetary_cents.
    """
    if k <= 0 or min_purchases < 2:
        raise MeasureProblem("lists.unknown_option", option="k" if k <= 0 else "min_purchases")
    as_of, bought = _until(orders, as_of, columns)
    people = _rhythm(bought, as_of)
    quiet = people.filter(
        (people.purchase_days >= min_purchases)
        & (people.silent_days > people.own_gap_days * k)
        & (people.silent_days <= lost_after_days)
    )
    quiet = quiet.mutate(silent_gaps=quiet.silent_days / quiet.own_gap_days)  # gaps are ≥ 1 day
    return _ranked(
        quiet, "gone_quiet", "monetary_cents", limit,
        ["silent_days", "own_gap_days", "silent_gaps", "purchase_days", "last_day", "monetary_cents"],
    )  # fmt: skip


def large_first(
    orders: Any,
    *,
    as_of: date | str,
    from_days: int = 7,
    to_days: int = 30,
    top_share: float = 0.2,
    limit: int | None = None,
    **columns: Any,
) -> ir.Table:
    """Customers with exactly one order, ``from_days`` to ``to_days`` ago, whose amount lies in the
    top ``top_share`` of all customers' first orders after what was given back since. Ranked by amount.

    Columns: customer_id, rank, reason ``large_first``, days_since, order_day, order_cents,
    threshold_cents (the type-7 quantile an amount must reach).
    """
    _check_share(top_share)
    as_of, bought = _until(orders, as_of, columns)
    if "order_id" not in bought.columns:
        bought = bought.mutate(order_id=bought.net_cents)
    oldest_first = [bought.day, bought.order_id, bought.net_cents.desc()]
    by_age = ibis.window(group_by=bought.customer_id, order_by=oldest_first)
    firsts = bought.filter(bought.counted).mutate(place=ibis.row_number().over(by_age))
    totals = bought.group_by("customer_id").aggregate(
        purchases=bought.counted.cast("int64").sum(), kept_cents=bought.net_cents.sum().cast("int64")
    )
    firsts = firsts.filter(firsts.place == 0).join(totals, "customer_id").cache()
    threshold = _one(firsts.net_cents.quantile(1 - top_share))
    days = ibis.date(as_of).delta(firsts.day, unit="day").cast("int64")
    found = firsts.mutate(days_since=days).filter(
        (firsts.purchases == 1) & days.between(from_days, to_days) & (firsts.kept_cents >= threshold)
    )
    found = found.select(
        "customer_id", "days_since", order_day=found.day, order_cents=found.kept_cents,
        threshold_cents=ibis.literal(threshold, "float64"),
    )  # fmt: skip
    return _ranked(
        found, "large_first", "order_cents", limit,
        ["days_since", "order_day", "order_cents", "threshold_cents"],
    )  # fmt: skip


def lost_high_value(
    orders: Any,
    *,
    as_of: date | str,
    top_share: float = 0.2,
    silent_days: int | None = None,
    limit: int | None = None,
    **columns: Any,
) -> ir.Table:
    """Customers in the top ``top_share`` by total value who have been silent for more than
    ``silent_days`` (default: twice the 90 % quantile of all gaps in the base; when nobody has ever
    bought twice there is no such gap and the list is empty). Ranked by value.

    Columns: customer_id, rank, reason ``lost_high_value``, silent_days, limit_days, purchase_days,
    last_day, monetary_cents, threshold_cents.
    """
    _check_share(top_share)
    as_of, bought = _until(orders, as_of, columns)
    people = _rhythm(bought, as_of).cache()
    threshold = _one(people.monetary_cents.quantile(1 - top_share))
    limit_days: float | None = silent_days
    if limit_days is None:
        gap = _one(_gaps(bought).gap_days.quantile(0.9))
        limit_days = None if gap is None else 2 * gap
    bound = ibis.literal(limit_days, "float64")
    lost = people.filter((people.monetary_cents >= threshold) & (people.silent_days > bound))
    lost = lost.mutate(limit_days=bound, threshold_cents=ibis.literal(threshold, "float64"))
    return _ranked(
        lost, "lost_high_value", "monetary_cents", limit,
        ["silent_days", "limit_days", "purchase_days", "last_day", "monetary_cents", "threshold_cents"],
    )  # fmt: skip


def _check_share(top_share: float) -> None:
    if not 0 < top_share < 1:
        raise MeasureProblem("lists.unknown_option", option="top_share")


def _until(orders: Any, as_of: date | str, columns: dict[str, Any]) -> tuple[date, ir.Table]:
    """The purchases up to the day. Later ones are ignored: a list is drawn up for a day."""
    day = day_of(as_of)
    bought = purchases(orders, **columns)
    return day, bought.filter(bought.day <= ibis.date(day)).cache()


def _days(bought: ir.Table) -> ir.Table:
    return bought.filter(bought.counted).select("customer_id", "day").distinct()


def _gaps(bought: ir.Table) -> ir.Table:
    """Days between one purchase day and the next: customer_id, gap_days (≥ 1)."""
    days = _days(bought)
    window = ibis.window(group_by=days.customer_id, order_by=days.day)
    gaps = days.mutate(earlier=days.day.lag().over(window))
    gaps = gaps.filter(gaps.earlier.notnull())
    return gaps.select("customer_id", gap_days=gaps.day.delta(gaps.earlier, unit="day").cast("int64"))


def _rhythm(bought: ir.Table, as_of: date) -> ir.Table:
    """Per customer: purchase_days, last_day, silent_days, monetary_cents, own_gap_days (median)."""
    days = _days(bought)
    people = days.group_by("customer_id").aggregate(purchase_days=days.count(), last_day=days.day.max())
    totals = bought.group_by("customer_id").aggregate(monetary_cents=bought.net_cents.sum().cast("int64"))
    people = people.join(totals, "customer_id")
    gaps = _gaps(bought)
    medians = gaps.group_by("customer_id").aggregate(own_gap_days=gaps.gap_days.quantile(0.5))
    people = people.left_join(medians, "customer_id").drop("customer_id_right")
    return people.mutate(silent_days=ibis.date(as_of).delta(people.last_day, unit="day").cast("int64"))


def _one(scalar: ir.Scalar) -> float | None:
    value = scalar.to_pyarrow().as_py()
    return None if value is None else float(value)


def _ranked(found: ir.Table, reason: str, worth: str, limit: int | None, numbers: list[str]) -> ir.Table:
    window = ibis.window(order_by=[found[worth].desc(), found.customer_id.asc()])
    found = found.mutate(rank=(ibis.row_number().over(window) + 1).cast("int64"), reason=ibis.literal(reason))
    found = found.select("customer_id", "rank", "reason", *numbers).order_by("rank")
    return found.limit(limit) if limit else found
