"""Would the list have been right? Drawn up for a day in the past and held against what then happened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.purchases import day_of
from zhike_analytics.replenishment.expecting import expected
from zhike_analytics.replenishment.gaps import purchase_days

if TYPE_CHECKING:
    import ibis.expr.types as ir

_NEAR = 0.2  # of the gap


def backtest(lines: Any, *, split: date | str, within_days: int = 14, **options: Any) -> dict[str, float]:
    """The list of `due_soon` as of a day, and what was bought in the days after it; beside everybody's usual gap.

    - listed, hits, hit_rate: entries, how many of them were bought within the days, their share
    - plain_listed, plain_hits, plain_hit_rate: the same by last day + usual gap of the product, for everybody alike
    - base_rate: share bought among all customers and products that could have been on a list: what chance would hit
    - near, plain_near: of those bought again at all after the split, the share whose due day lies within ±20 % of the gap
    """
    day = day_of(split)
    columns = {
        name: options.pop(name) for name in ("customer", "product", "day", "quantity", "category") if name in options
    }
    days = purchase_days(lines, **columns).cache()
    told = expected(days, as_of=day, **options, category="category")
    later = days.filter(days.day > ibis.date(day))
    following = later.group_by(["customer_id", "product_id"]).aggregate(next_day=later.day.min())
    known = told.left_join(following, ["customer_id", "product_id"])
    known = known.filter(known.state != "lapsed")
    until = ibis.date(day + timedelta(days=within_days))
    bought = (known.next_day <= until).fill_null(False)
    plain_in = known.usual_gap_days - known.silent_days
    is_due = (known.due_in_days <= within_days) & known.state.isin(["waiting", "due"])
    is_plain = (plain_in <= within_days) & (plain_in >= -0.5 * known.usual_gap_days)
    found = known.aggregate(
        pairs=known.count(),
        all_hits=_sum(bought),
        listed=_sum(is_due),
        hits=_sum(is_due & bought),
        plain_listed=_sum(is_plain),
        plain_hits=_sum(is_plain & bought),
        returned=known.next_day.count(),
        near=_sum(_is_near(known, known.gap_days)),
        plain_near=_sum(_is_near(known, known.usual_gap_days)),
    )
    row = {name: int(value or 0) for name, value in found.to_pyarrow().to_pylist()[0].items()}
    return {
        "pairs": row["pairs"],
        "listed": row["listed"],
        "hits": row["hits"],
        "hit_rate": _share(row["hits"], row["listed"]),
        "plain_listed": row["plain_listed"],
        "plain_hits": row["plain_hits"],
        "plain_hit_rate": _share(row["plain_hits"], row["plain_listed"]),
        "base_rate": _share(row["all_hits"], row["pairs"]),
        "returned": row["returned"],
        "near": _share(row["near"], row["returned"]),
        "plain_near": _share(row["plain_near"], row["returned"]),
    }


def _sum(flag: ir.BooleanColumn) -> ir.IntegerScalar:
    return flag.cast("int64").sum()


def _is_near(known: ir.Table, gap: ir.NumericColumn) -> ir.BooleanColumn:
    actual = known.next_day.delta(known.last_day, unit="day").cast("float64")
    return ((actual - gap).abs() <= gap * _NEAR).fill_null(False)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
