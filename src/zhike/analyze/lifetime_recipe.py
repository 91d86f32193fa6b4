"""What customers are still worth: models of buying and of spend fitted to the whole base. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import HORIZON_WEEKS, MeasureParameters
from zhike.analyze.products_recipe import counted_lines, unit_costs
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhike_analytics.lifetime import PurchaseModel

BANDS = {"sure": 0.8, "likely": 0.5, "doubtful": 0.2, "gone": 0.0}  # name → least P(alive)
_LONGEST_HELD_WEEKS, _SHORTEST_HELD_WEEKS = 26, 4
_WEEK = 7


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Fit, judge on a hold-out, predict; write a row per customer and return every figure of the page.

    A base no model can be fitted to has no rows and says why under `refused`.
    """
    from zhike_analytics.lifetime import histories_of_days, purchase_days
    from zhike_analytics.problem import MeasureProblem

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    days = purchase_days(orders, until=as_of, later="ignore").cache()
    known = histories_of_days(days, until=as_of).order_by("customer_id").to_pyarrow()
    counts: dict[str, Any] = {
        "currency": left_out["currency"],
        "orders": left_out,
        "customers": known.num_rows,
        "first_day": left_out["first_day"],
        "weeks": HORIZON_WEEKS[parameters.horizon],
    }
    try:
        model = fitted(known, parameters.model)
    except MeasureProblem as problem:
        nobody = [0.0] * known.num_rows
        results.write_numbered(lake, _rows(known, nobody, nobody, None, None).slice(0, 0), path, "ahead")
        return {**counts, "refused": problem.code, "least": problem.params.get("least")}
    spend, spoken = _spend(known)
    share = _margin_share(lake, orders, parameters, as_of)
    weeks = HORIZON_WEEKS[parameters.horizon]
    weekly = (1 + int(parameters.discount) / 100) ** (1 / 52) - 1
    alive, ahead = model.alive(known), model.predict(known, weeks)
    worth = spend * model.discounted_purchases(known, periods=weeks, discount=weekly) * share
    rows = _rows(known, alive, ahead, spend, worth)
    results.write_numbered(lake, rows, path, "ahead")
    return {
        **counts,
        "margin_share": share,
        "model": _told(model),
        "spend": spoken,
        "alive": float(alive.sum()),
        "ahead": float(ahead.sum()),
        "value_cents": int(rows["value_ahead_cents"].to_numpy().sum()),
        "bands": _bands(rows),
        "frequencies": _frequencies(model, known),
        "held": _held_out(days, parameters, as_of),
    }


def fitted(known: Any, kind: str) -> "PurchaseModel":
    """The model of a kind on histories."""
    from zhike_analytics.lifetime import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD

    kinds: dict[str, type[PurchaseModel]] = {"mbg": ModifiedBetaGeoNBD, "bg": BetaGeoNBD, "pareto": ParetoNBD}
    return kinds[kind]().fit(known)


def _spend(known: Any) -> tuple[Any, dict[str, Any]]:
    """What a purchase of each is worth, in units of the currency, and how that was found."""
    import numpy as np

    from zhike_analytics.lifetime import GammaGamma
    from zhike_analytics.problem import MeasureProblem

    m = known["m"].to_numpy()
    bought = np.isfinite(m) & (m > 0)
    try:
        model = GammaGamma().fit(known)
        found = model.predict(known)
    except MeasureProblem as problem:
        # Everybody spends alike, or spend has no mean: the plain mean is all there is to say.
        mean = float(m[bought].mean()) if bought.any() else 0.0
        return np.full(len(m), mean), {"refused": problem.code, "mean_cents": round(mean * 100)}
    told = {"mean_cents": round(model.population_mean() * 100), "correlation": model.correlation_}
    return found, {**_told(model), **told}


def _margin_share(lake: Lake, orders: "ir.Table", parameters: MeasureParameters, as_of: dt.date) -> float:
    """What part of the money is kept: 1 for revenue, the margin of a year's goods with known costs otherwise."""
    if parameters.basis == "revenue":
        return 1.0
    import ibis

    from zhike_analytics.product_margins import margins

    period = (as_of - dt.timedelta(days=364), as_of)
    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1])))
    found = margins(counted_lines(lake, inside), by="customer_id", costs=unit_costs(period))
    sums = found.aggregate(kept=found.margin_cents.sum(), known=found.covered_revenue_cents.sum())
    row = sums.to_pyarrow().to_pylist()[0]
    kept, known = int(row["kept"] or 0), int(row["known"] or 0)
    return min(1.0, max(0.0, kept / known)) if known > 0 else 1.0


def _rows(known: Any, alive: Any, ahead: Any, spend: Any, worth: Any) -> Any:
    """One row per customer, greatest value to come first."""
    import numpy as np
    import pyarrow as pa

    count = known.num_rows
    alive, ahead = np.asarray(alive, dtype=float), np.asarray(ahead, dtype=float)
    spend = np.zeros(count) if spend is None else spend
    cents = np.zeros(count, dtype=np.int64) if worth is None else np.round(worth * 100).astype(np.int64)
    x, t_x, age = (known[name].to_numpy() for name in ("x", "t_x", "T"))
    names, least = np.array(list(BANDS)), np.array(list(BANDS.values()))
    who = known["customer_id"].to_numpy()
    order = np.lexsort((who, -cents))
    columns = {
        "customer_id": who,
        "band": names[(alive[:, None] < least).sum(axis=1)] if count else np.array([], dtype=str),
        "alive_percent": np.round(alive * 100).astype(np.int64),
        "expected_orders": np.round(ahead, 3),
        "spend_cents": np.round(spend * 100).astype(np.int64),
        "value_ahead_cents": cents,
        "historic_cents": known["net_cents"].to_numpy(),
        "repeats": x.astype(np.int64),
        "gap_days": np.where(x > 0, np.round(t_x * _WEEK / np.maximum(x, 1)), 0).astype(np.int64),
        "silent_days": np.round((age - t_x) * _WEEK).astype(np.int64),
    }
    held = {name: values[order] for name, values in columns.items()}
    return pa.table({"rank": np.arange(1, count + 1), **held})


def _bands(rows: Any) -> list[dict[str, Any]]:
    grouped = rows.group_by("band").aggregate(
        [("customer_id", "count"), ("expected_orders", "sum"), ("value_ahead_cents", "sum"), ("historic_cents", "sum")]
    )
    held = {row["band"]: row for row in grouped.to_pylist()}
    return [
        {
            "band": band,
            "customers": held[band]["customer_id_count"],
            "expected_orders": held[band]["expected_orders_sum"],
            "value_ahead_cents": held[band]["value_ahead_cents_sum"],
            "historic_cents": held[band]["historic_cents_sum"],
        }
        for band in BANDS
        if band in held
    ]


def _told(model: Any) -> dict[str, Any]:
    found = model.summary()
    return {
        "name": found.model,
        "parameters": {name: [value, error] for name, (value, error) in found.parameters.items()},
        "log_likelihood": found.log_likelihood,
        "customers": found.customers,
        "repeaters": found.repeaters,
        "warnings": list(found.warnings),
    }


def _frequencies(model: "PurchaseModel", known: Any) -> list[dict[str, Any]]:
    from zhike_analytics.lifetime import frequency_table

    return frequency_table(model, known)


def _held_out(days: "ir.Table", parameters: MeasureParameters, as_of: dt.date) -> dict[str, Any] | None:
    """The same model fitted to the time before a split, held against what then happened, beside two simple baselines."""
    from zhike_analytics.lifetime import holdout_by_frequency, holdout_of_days, tracking
    from zhike_analytics.problem import MeasureProblem

    first = days.day.min().to_pyarrow().as_py()
    weeks = min(_LONGEST_HELD_WEEKS, (as_of - first).days // _WEEK // 3)
    if weeks < _SHORTEST_HELD_WEEKS:
        return None
    split = as_of - dt.timedelta(days=weeks * _WEEK)
    held = holdout_of_days(days, until=split, through=as_of).to_pyarrow()
    try:
        model = fitted(held, parameters.model)
    except MeasureProblem:
        return None
    predicted, actual = model.predict(held, weeks), held["holdout_x"].to_numpy()
    tracked = tracking(model, days, until=split, through=as_of)
    return {
        "split": split.isoformat(),
        "weeks": weeks,
        "customers": held.num_rows,
        "actual": int(actual.sum()),
        "expected": float(predicted.sum()),
        "errors": _errors(held, predicted, actual, weeks),
        "by_frequency": holdout_by_frequency(model, held),
        "tracking": [{**row, "ends": row["ends"].isoformat()} for row in tracked],
    }


def _errors(held: Any, predicted: Any, actual: Any, weeks: int) -> dict[str, float]:
    """Mean absolute error per customer: of the model, of “goes on as before”, of “everybody alike”."""
    import numpy as np

    x, age = held["x"].to_numpy(), held["T"].to_numpy()
    as_before = np.where(age > 0, x / np.maximum(age, 1) * weeks, 0.0)
    alike = np.full(len(x), as_before.mean() if len(x) else 0.0)
    tried = {"model": predicted, "as_before": as_before, "alike": alike}
    return {name: float(np.abs(found - actual).mean()) for name, found in tried.items()}


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody with a history, by customer id; after `compute`."""
    ahead = lake.table("ahead").order_by("customer_id")
    names = [
        "band",
        "alive_percent",
        "expected_orders",
        "spend_cents",
        "value_ahead_cents",
        "repeats",
        "gap_days",
        "silent_days",
    ]
    for batch in ahead.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row
