"""When each customer will need each product again, as one expression: own rhythm, drawn to that of all who buy it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of
from zhike_analytics.replenishment.gaps import purchase_days, purchase_gaps

if TYPE_CHECKING:
    import ibis.expr.types as ir

LATE, LAPSED = 1.5, 3.0  # times the gap
_LEAST_LOT, _MOST_LOT = 1 / 3, 3.0


def expected(
    lines: Any,
    *,
    as_of: date | str,
    pull: float = 4.0,
    fewest_gaps: int = 20,
    again_share: float = 0.15,
    most_variation: float = 1.0,
    **columns: Any,
) -> ir.Table:
    """A row for each customer and product that is bought again and again, and can be told of.

    Columns: customer_id, product_id, basis (`own` from two gaps on, else `product` or `category`), gaps, own_gap_days (median),
    usual_gap_days (median of the product, or of its category where the product has fewer than `fewest_gaps`), gap_days
    (expected), last_day, last_quantity, silent_days, due_in_days (below 0: overdue), due_day, from_day and to_day (between
    the tenths at both ends of how gaps of the product spread), state: `waiting`, `due`, `late` (silent for more than 1.5
    gaps) or `lapsed` (more than 3).

    - ĝ = (n·own + pull·usual) ÷ (n + pull), times last lot ÷ usual lot of the customer (from ⅓ to 3) with two gaps or more.
      Where somebody has been silent for longer than that, the silence counts as one more gap: it is information.
    - Products (or categories) bought again by less than `again_share` of their buyers are no consumables; customers whose
      gaps vary by more than `most_variation` (standard deviation ÷ mean) are not predicted.
    """
    if pull < 0 or fewest_gaps < 1 or not 0 <= again_share < 1:
        raise MeasureProblem("replenishment.bad_option", option="pull" if pull < 0 else "again_share")
    day = day_of(as_of)
    days = purchase_days(lines, **columns)
    days = days.filter(days.day <= ibis.date(day)).cache()
    gaps = purchase_gaps(days).cache()
    people = _own(days, gaps)
    usual = _usual(people, gaps, fewest_gaps, again_share)
    joined = people.inner_join(usual, "product_id")
    steady = (joined.gaps < 2) | (joined.variation <= most_variation)
    return _due(joined.filter(steady), day, pull)


def _own(days: ir.Table, gaps: ir.Table) -> ir.Table:
    """Per customer and product: its last day and lot, and the gaps."""
    newest = ibis.window(group_by=[days.customer_id, days.product_id], order_by=days.day.desc())
    told = days.mutate(place=ibis.row_number().over(newest))
    people = told.group_by(["customer_id", "product_id"]).aggregate(
        category=told.category.max(),
        last_day=told.day.max(),
        last_quantity=told.quantity.sum(where=told.place == 0),
        usual_lot=told.quantity.quantile(0.5),
    )
    own = gaps.group_by(["customer_id", "product_id"]).aggregate(
        gaps=gaps.count(),
        own_gap_days=gaps.gap_days.quantile(0.5),
        variation=gaps.gap_days.std(how="pop") / gaps.gap_days.mean(),
    )
    joined = people.left_join(own, ["customer_id", "product_id"]).drop("customer_id_right", "product_id_right")
    return joined.mutate(gaps=joined.gaps.fill_null(0).cast("int64"))


def _usual(people: ir.Table, gaps: ir.Table, fewest: int, again_share: float) -> ir.Table:
    """Per product: the gap of all who buy it, or of its category where there are too few; consumables only."""
    by_product = _level(people, gaps, "product_id", fewest, again_share)
    by_category = _level(people, gaps, "category", fewest, again_share)
    products = people.group_by("product_id").aggregate(
        category=people.category.max(), buyers=people.count(), again=(people.gaps > 0).cast("float64").mean()
    )
    # Enough buyers say of a product itself that it is bought once, whatever its category.
    products = products.filter((products.buyers < fewest) | (products.again >= again_share)).select(
        "product_id", "category"
    )
    joined = products.left_join(by_product.rename("own_{name}"), products.product_id == by_product.rename("own_{name}").own_product_id)  # fmt: skip
    pooled = by_category.rename("pooled_{name}")
    joined = joined.left_join(pooled, joined.category == pooled.pooled_category)
    known = joined.own_usual.notnull()
    told = joined.mutate(
        level=ibis.ifelse(known, "product", "category"),
        **{name: ibis.ifelse(known, joined[f"own_{name}"], joined[f"pooled_{name}"]) for name in ("usual", "low", "high", "counts")},
    )  # fmt: skip
    told = told.filter(told.usual.notnull() & told.counts)
    return told.select("product_id", "level", "usual", "low", "high")


def _level(people: ir.Table, gaps: ir.Table, key: str, fewest: int, again_share: float) -> ir.Table:
    """The median gap and its tenths at both ends by product or category, and whether it is bought again at all."""
    spread = gaps.group_by(key).aggregate(
        n=gaps.count(),
        usual=gaps.gap_days.quantile(0.5),
        low=gaps.gap_days.quantile(0.1),
        high=gaps.gap_days.quantile(0.9),
    )
    spread = spread.filter(spread.n >= fewest)
    again = people.group_by(key).aggregate(again=(people.gaps > 0).cast("float64").mean())
    joined = spread.inner_join(again, key)
    return joined.select(key, "usual", "low", "high", counts=joined.again >= again_share)


def _due(joined: ir.Table, as_of: date, pull: float) -> ir.Table:
    n = joined.gaps.cast("float64")
    personal = joined.gaps >= 2
    own = joined.own_gap_days.fill_null(0.0)
    lot = (joined.last_quantity / joined.usual_lot).clip(_LEAST_LOT, _MOST_LOT)
    drawn = (n * own + pull * joined.usual) / (n + pull) if pull else ibis.ifelse(joined.gaps > 0, own, joined.usual)
    plain = drawn * ibis.ifelse(personal, lot, 1.0)
    silent = ibis.date(as_of).delta(joined.last_day, unit="day").cast("float64")
    told = joined.mutate(plain=plain, silent_days=silent.cast("int64"), weight=n + pull)
    stretched = (told.plain * told.weight + silent) / (told.weight + 1)
    told = told.mutate(gap=ibis.ifelse(silent > told.plain, stretched, told.plain))
    told = told.mutate(gap_days=ibis.greatest(told.gap.round(), 1.0).cast("int64"))
    times = told.silent_days / told.plain
    due_in = told.gap_days - told.silent_days
    return told.select(
        "customer_id",
        "product_id",
        "gaps",
        "last_day",
        "last_quantity",
        "silent_days",
        "gap_days",
        basis=ibis.ifelse(told.gaps >= 2, "own", told.level),
        own_gap_days=told.own_gap_days,
        usual_gap_days=told.usual,
        due_in_days=due_in,
        due_day=_later(told.last_day, told.gap_days),
        from_day=_later(told.last_day, ibis.greatest((told.gap * told.low / told.usual).round(), 1.0).cast("int64")),
        to_day=_later(told.last_day, ibis.greatest((told.gap * told.high / told.usual).round(), 1.0).cast("int64")),
        state=ibis.cases((times > LAPSED, "lapsed"), (times > LATE, "late"), (due_in <= 0, "due"), else_="waiting"),
    )


def _later(day: ir.DateColumn, days: ir.IntegerColumn) -> Any:
    return (day + days.as_interval("D")).cast("date")


def due_soon(told: ir.Table, *, within_days: int = 14) -> ir.Table:
    """Of what `expected` told: due within so many days, or due already and not late. Earliest first, with rank."""
    if within_days < 0:
        raise MeasureProblem("replenishment.bad_option", option="within_days")
    found = told.filter((told.due_in_days <= within_days) & told.state.isin(["waiting", "due"]))
    order = [found.due_in_days.asc(), found.customer_id.asc(), found.product_id.asc()]
    return found.mutate(rank=(ibis.row_number().over(order_by=order) + 1).cast("int64")).order_by("rank")
