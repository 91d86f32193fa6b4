"""The scores: aggregate per customer, cut, compare. Quantiles are of Hyndman and Fan's type 7."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, purchases
from zhike_analytics.rfm.segments import class_code, segment10

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

MEASURES = ("recency_days", "frequency", "monetary_cents")
_LETTER = dict(zip(MEASURES, "rfm", strict=True))
# The groups inside which nested sorting cuts each measure.
_WITHIN = {"recency_days": (), "frequency": ("r",), "monetary_cents": ("r", "f")}


@dataclass(frozen=True)
class RfmRun:
    """One computation: the table, and everything needed to explain or repeat it.

    cut_points: one dict a step, ``{"measure", "r", "f", "step", "value"}``; r and f name the
    group under nested sorting, None otherwise; empty for ties by rank, where no value cuts.
    class_cuts: the values of R (days), F and M (cents) that divide high from low.
    """

    table: ir.Table
    as_of: date
    options: dict[str, Any]
    customers: int
    scored: int
    cut_points: list[dict[str, Any]] = field(default_factory=list)
    class_cuts: dict[str, float | None] = field(default_factory=dict)


def rfm(orders: Any, *, as_of: date | str, **options: Any) -> ir.Table:
    """Recency, frequency and monetary scores, one row per customer; see :func:`rfm_run`."""
    return rfm_run(orders, as_of=as_of, **options).table


def rfm_run(
    orders: Any,
    *,
    as_of: date | str,
    bins: int = 5,
    sorting: str = "independent",
    ties: str = "together",
    thresholds: Mapping[str, Sequence[float]] | None = None,
    cut: str = "mean",
    since: date | str | None = None,
    later: str = "refuse",
    **columns: Any,
) -> RfmRun:
    """Score every customer with a purchase (an order whose net is above zero); the rest unscored.

    Columns: customer_id, last_day, recency_days (``as_of`` − last purchase), frequency
    (purchases), monetary_cents (net of refunds, may be ≤ 0), r, f, m (1 … ``bins``, best high,
    **recent = high**), cell (``"555"``), high (``"101"``), class_code, segment10 (5 bins only).

    sorting: ``"independent"`` cuts each measure over the whole base; ``"nested"`` (Hughes) cuts F
    inside each R and M inside each R × F. ties: ``"together"`` compares with type-7 quantiles, so
    equal values score equally; ``"by_rank"`` makes groups of equal size, ties broken by customer
    id. thresholds: fixed ascending inner cut points by measure name, a value equal to one belongs
    to the lower group. cut: divides high from low for the eight classes; high is *strictly*
    above the ``"mean"``, the ``"median"``, or the average ``"score"`` (R: fewer days).
    since: leave out older orders. later: what to do with orders after ``as_of``, ``"refuse"`` or
    ``"ignore"`` them. columns: customer, at, amount, order, unit, zone, clock, con of ``purchases``.
    Source: Hughes, *Strategic Database Marketing*. Raises MeasureProblem ``rfm.*``, ``orders.*``.
    """
    options: dict[str, Any] = {"bins": bins, "sorting": sorting, "ties": ties, "cut": cut, "later": later}
    options |= {"since": since and str(day_of(since)), "zone": columns.get("zone", "Asia/Shanghai")}
    options["thresholds"] = {name: list(values) for name, values in (thresholds or {}).items()}
    _check(options)
    day = day_of(as_of)
    bought = purchases(orders, **columns)
    people = _people(bought, day, options)
    counts, cuts, class_cuts = _look(people, day, options)
    scored, cut_points = _score(people.filter(people.frequency > 0), cuts, options)
    scored = _classify(scored, class_cuts, options)
    if counts["customers"] > counts["scored"]:
        scored = scored.union(_unscored(people.filter(people.frequency == 0), scored), distinct=False)
    return RfmRun(scored, day, options, counts["customers"], counts["scored"], cut_points, class_cuts)


def _check(options: dict[str, Any]) -> None:
    allowed = {
        "sorting": ("independent", "nested"), "ties": ("together", "by_rank"),
        "cut": ("mean", "median", "score"), "later": ("refuse", "ignore"),
    }  # fmt: skip
    for name, values in allowed.items():
        if options[name] not in values:
            raise MeasureProblem("rfm.unknown_option", option=name, value=str(options[name])[:40])
    bins = options["bins"]
    if not isinstance(bins, int) or not 2 <= bins <= 9:
        raise MeasureProblem("rfm.unknown_option", option="bins", value=str(bins)[:40])
    fixed = options["thresholds"]
    if fixed and (options["sorting"] != "independent" or options["ties"] != "together"):
        raise MeasureProblem("rfm.thresholds_need_together")
    for name, values in fixed.items():
        if name not in MEASURES or len(values) != bins - 1 or list(values) != sorted(set(values)):
            raise MeasureProblem("rfm.bad_thresholds", measure=str(name)[:40], needed=bins - 1)


def _people(bought: ir.Table, as_of: date, options: dict[str, Any]) -> ir.Table:
    if options["since"]:
        bought = bought.filter(bought.day >= ibis.date(options["since"]))
    if options["later"] == "ignore":
        bought = bought.filter(bought.day <= ibis.date(as_of))
    people = bought.group_by("customer_id").aggregate(
        last_day=bought.day.max(where=bought.counted),
        latest_day=bought.day.max(),
        frequency=bought.counted.cast("int64").sum(),
        monetary_cents=bought.net_cents.sum().cast("int64"),
    )
    # Kept once: cut points, scores, sizes and classes all read this small table, and the
    # order lines are read a single time.
    return people.mutate(recency_days=ibis.date(as_of).delta(people.last_day, unit="day").cast("int64")).cache()


def _look(
    people: ir.Table, as_of: date, options: dict[str, Any]
) -> tuple[dict[str, int], dict[str, list[float]], dict[str, float | None]]:
    """Counts, cut points of the whole base and class cuts, in one pass over the customers."""
    bought = people.frequency > 0
    asked: dict[str, ir.Scalar] = {
        "customers": people.count(), "scored": people.count(where=bought),
        "latest": people.latest_day.max(),
    }  # fmt: skip
    for name in MEASURES:
        column = people[name]
        asked[f"{name}_steps"] = column.quantile(_steps(options["bins"]), where=bought)
        if options["cut"] == "mean":
            asked[f"{name}_cut"] = column.mean(where=bought)
        elif options["cut"] == "median":
            asked[f"{name}_cut"] = column.quantile(0.5, where=bought)
    found = people.aggregate(**asked).to_pyarrow().to_pylist()[0]
    if found["latest"] is not None and found["latest"] > as_of:
        raise MeasureProblem("rfm.as_of_before_last_order", as_of=str(as_of), last_order=str(found["latest"]))
    cuts = {
        name: [float(v) for v in options["thresholds"].get(name) or found[f"{name}_steps"] or []] for name in MEASURES
    }
    class_cuts = {_LETTER[name]: found.get(f"{name}_cut") for name in MEASURES}
    return {name: found[name] for name in ("customers", "scored")}, cuts, class_cuts


def _steps(bins: int) -> list[float]:
    return [step / bins for step in range(1, bins)]


def _score(
    scored: ir.Table, cuts: dict[str, list[float]], options: dict[str, Any]
) -> tuple[ir.Table, list[dict[str, Any]]]:
    bins, nested = options["bins"], options["sorting"] == "nested"
    points: list[dict[str, Any]] = []
    for name in MEASURES:
        within = _WITHIN[name] if nested else ()
        if options["ties"] == "by_rank":
            scored = _by_rank(scored, name, within, bins)
        elif within:
            scored, found = _together_within(scored, name, within, bins)
            points += found
        else:
            scored = _compared(scored, name, cuts[name], bins)
            points += _points(name, cuts[name])
    cell = scored.r.cast("string") + scored.f.cast("string") + scored.m.cast("string")
    return scored.mutate(cell=cell), points


def _points(name: str, values: list[float], r: int | None = None, f: int | None = None) -> list[dict[str, Any]]:
    return [
        {"measure": name, "r": r, "f": f, "step": step, "value": float(value)} for step, value in enumerate(values, 1)
    ]


def _compared(scored: ir.Table, name: str, values: Sequence[Any], bins: int) -> ir.Table:
    """1 + the number of cut points a value exceeds; for recency the other way round."""
    over: Any = ibis.literal(0, "int64")
    for value in values:
        over = over + (scored[name] > value).cast("int64")
    # Direction: many days are bad, so exceeding costs points for R and earns them for F and M.
    score = bins - over if name == "recency_days" else over + 1
    return scored.mutate(**{_LETTER[name]: score.cast("int8")})


def _by_rank(scored: ir.Table, name: str, within: tuple[str, ...], bins: int) -> ir.Table:
    worst_first = scored[name].desc() if name == "recency_days" else scored[name].asc()
    window = ibis.window(group_by=[scored[key] for key in within], order_by=[worst_first, scored.customer_id.asc()])
    return scored.mutate(**{_LETTER[name]: (ibis.ntile(bins).over(window) + 1).cast("int8")})


def _together_within(
    scored: ir.Table, name: str, within: tuple[str, ...], bins: int
) -> tuple[ir.Table, list[dict[str, Any]]]:
    """Cut ``name`` by quantiles of its own inside each group of the scores already given."""
    groups = scored.group_by(list(within)).aggregate(steps=scored[name].quantile(_steps(bins))).cache()
    rows = sorted(groups.to_pyarrow().to_pylist(), key=lambda row: [row[key] for key in within])
    points = [p for row in rows for p in _points(name, row["steps"], row["r"], row.get("f"))]
    wide = groups.select(*within, **{f"step_{i}": groups.steps[i] for i in range(bins - 1)})
    joined = scored.join(wide, list(within), how="inner")
    joined = _compared(joined, name, [joined[f"step_{i}"] for i in range(bins - 1)], bins)
    return joined.drop(*[f"step_{i}" for i in range(bins - 1)]), points


def _classify(scored: ir.Table, class_cuts: dict[str, float | None], options: dict[str, Any]) -> ir.Table:
    if options["cut"] == "score":
        highs = [scored[letter] > scored[letter].mean().over(ibis.window()) for letter in "rfm"]
    else:
        highs = []
        for name in MEASURES:
            limit = class_cuts[_LETTER[name]]
            limit = ibis.literal(0.0 if limit is None else float(limit))
            highs.append(scored[name] < limit if name == "recency_days" else scored[name] > limit)
    r_high, f_high, m_high = (high.ifelse("1", "0") for high in highs)
    scored = scored.mutate(high=r_high + f_high + m_high)
    named = segment10(scored.r, scored.f) if options["bins"] == 5 else ibis.null("string")
    scored = scored.mutate(class_code=class_code(scored.high), segment10=named)
    return scored.select(*_COLUMNS)


_COLUMNS = (
    "customer_id", "last_day", "recency_days", "frequency", "monetary_cents",
    "r", "f", "m", "cell", "high", "class_code", "segment10",
)  # fmt: skip


def _unscored(rest: ir.Table, scored: ir.Table) -> ir.Table:
    """Customers without a purchase: shown apart, never scored 1-1-1."""
    kinds = scored.schema()
    return rest.select(
        **{name: rest[name].cast(kinds[name]) if name in rest.columns else ibis.null(kinds[name]) for name in _COLUMNS}
    )
