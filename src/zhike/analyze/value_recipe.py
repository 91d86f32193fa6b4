"""Value classes of the whole base: ABC, pyramid, concentration. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import CUTS, MeasureParameters
from zhike.analyze.products_recipe import counted_lines, unit_costs
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir

CURVE_POINTS = 100


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Class every customer with an order in the period; write the result file and return every figure of the page."""
    from zhike_analytics.inequality import concentration, lorenz
    from zhike_analytics.value_classes import abc_run, class_summary, pyramid

    _before, period = parameters.periods(as_of)
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    sums, covered = _worth(lake, orders, parameters, period)
    sums = sums.cache()
    asked: dict[str, Any] = {"item": "customer_id", "value": "value_cents"}
    run = abc_run(sums, **asked, cuts=CUTS[parameters.cuts], boundary=parameters.boundary, ties=parameters.ties)
    levels = pyramid(sums, **asked, levels=parameters.levels, ties=parameters.ties).select("item_id", "level")
    _write(lake, run.table.left_join(levels, "item_id").drop("item_id_right"), path)
    classed = lake.read_result(path, "classed")
    told = concentration(sums, **asked, top=(1, 10, 100))
    summed = classed.rename(value="value_cents")
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "after": [day.isoformat() for day in period],
        "customers": run.items + run.unknown,
        "valued": run.valued,
        "unknown": run.unknown,
        "net_cents": run.total,
        "limits": run.limits,
        "covered": covered,
        "classes": class_summary(summed).to_pyarrow().to_pylist(),
        "levels": class_summary(summed, "level").to_pyarrow().to_pylist(),
        "concentration": _plain(asdict(told)),
        "curve": _curve(lorenz(sums, **asked, points=CURVE_POINTS)),
    }


def _worth(
    lake: Lake, orders: "ir.Table", parameters: MeasureParameters, period: tuple[dt.date, dt.date]
) -> tuple["ir.Table", dict[str, Any] | None]:
    """customer_id and value_cents: the net of the period's orders, or the margin of its goods where costs are known."""
    import ibis

    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1])))
    if parameters.basis == "revenue":
        return inside.select("customer_id", value_cents="net_cents"), None
    from zhike_analytics.product_margins import margins

    lines = counted_lines(lake, inside)
    found = margins(lines, by="customer_id", costs=unit_costs(period)).cache()
    sums = found.aggregate(revenue=found.revenue_cents.sum(), known=found.covered_revenue_cents.sum())
    covered = {name: int(value or 0) for name, value in sums.to_pyarrow().to_pylist()[0].items()}
    return found.select(customer_id="item_id", value_cents="margin_cents"), covered


def _write(lake: Lake, classed: "ir.Table", path: Path) -> None:
    """Sorted by rank, with the file number: who downloads the result knows customers by it."""
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    named = classed.rename(customer_id="item_id", value_cents="value")
    named = named.left_join(numbers, named.customer_id == numbers.numbered_id).drop("numbered_id")
    draft = path.with_suffix(".new")
    # Kept first: a sum leaves the engine wider than 64 bits, and Parquet would make it a fraction.
    lake.engine.to_parquet(named.cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _curve(curve: "ir.Table") -> list[list[float]]:
    """The Pareto curve, from the best customers down: [share of customers, share of value]."""
    rows = curve.to_pyarrow().to_pylist()
    points = [[1 - row["items_share"], 1 - float(row["value_share"])] for row in reversed(rows)]
    return [[round(x, 5), round(y, 5)] for x, y in [*points, [1.0, 1.0]]] if points else []


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """Keys as JSON holds them."""
    return {k: {str(n): v for n, v in value.items()} if isinstance(value, dict) else value for k, value in told.items()}


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody who has a class, by customer id; after `compute`."""
    classed = lake.table("classed")
    people = classed.filter(classed.abc_class != "unknown").order_by("customer_id")
    names = ["value_cents", "rank", "share", "cumulative_share", "abc_class", "level"]
    for batch in people.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row
