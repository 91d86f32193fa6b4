"""Retention of the whole base: cohorts, survival, projection, and the risk that a customer stays away. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import HORIZON_WEEKS, MeasureParameters
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir

LEVELS = {"high": 0.8, "medium": 0.5, "low": 0.0}  # name → least risk of staying away
MOST_COHORTS = 24
_MONTH_DAYS, _WEEK = 30, 7
_GAP_QUANTILE = 0.95
_FEWEST_GAPS = 20


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Every figure of the page, and a row per customer with the risk where a model can be fitted."""
    from zhike_analytics.lifetime import histories_of_days, purchase_days
    from zhike_analytics.retention import cohorts

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    days = purchase_days(orders, until=as_of, later="ignore").cache()
    known = histories_of_days(days, until=as_of).order_by("customer_id").to_pyarrow()
    groups = cohorts(orders, until=as_of)[-MOST_COHORTS:]
    silent_days, gaps = _longest_usual_gap(days)
    warned = _warned(days, known, parameters, as_of)
    results.write_numbered(lake, _rows(known, warned.pop("risks")), path, "risks")
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "customers": known.num_rows,
        "cohorts": [
            {"month": g.month.isoformat(), "size": g.size, "active": list(g.active), "net_cents": list(g.net_cents)}
            for g in groups
        ],
        "silent_days": silent_days,
        "gaps": gaps,
        "survival": _survival(known, silent_days),
        "warned": {**warned, "levels": _levels(lake)},
        "weeks": HORIZON_WEEKS[parameters.horizon],
    }


def _longest_usual_gap(days: "ir.Table") -> tuple[int | None, int]:
    """The gap within which 95 of 100 returns happened, and how many gaps there were; None where they are too few."""
    import ibis

    own = ibis.window(group_by=days.customer_id, order_by=days.day)
    gaps = days.mutate(before=days.day.lag().over(own)).filter(lambda t: t.before.notnull())
    gaps = gaps.mutate(gap=gaps.day.delta(gaps.before, unit="day").cast("float64"))
    row = gaps.aggregate(n=gaps.count(), long=gaps.gap.quantile(_GAP_QUANTILE)).to_pyarrow().to_pylist()[0]
    return (round(row["long"]), int(row["n"])) if row["n"] >= _FEWEST_GAPS else (None, int(row["n"]))


def _survival(known: Any, silent_days: int | None) -> dict[str, Any] | None:
    """Month by month, who was still a customer; and the same projected a year further."""
    import numpy as np

    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.retention import BetaDiscreteWeibull, ShiftedBetaGeometric, median_survival, survival

    if silent_days is None:
        return None
    t_x, age = (known[name].to_numpy() * _WEEK for name in ("t_x", "T"))
    ended = age - t_x > silent_days
    points = survival(np.where(ended, t_x, age), ended)
    if not points:
        return None
    months = min(int(age.max() - silent_days) // _MONTH_DAYS, 24)
    curve, place = [], 0
    for month in range(months + 1):
        while place < len(points) and points[place].time <= month * _MONTH_DAYS:
            place += 1
        point = points[place - 1] if place else None
        curve.append([1.0, 1.0, 1.0] if point is None else [point.share, point.low, point.high])
    told: dict[str, Any] = {"months": curve, "ended": int(ended.sum()), "median_days": median_survival(points)}
    # Who bought once and never again is gone on the first day: the projection begins with those who came back at all.
    whole = np.round(np.array([share for share, _low, _high in curve]) * len(age))
    for name, model in (("sbg", ShiftedBetaGeometric()), ("bdw", BetaDiscreteWeibull())):
        try:
            fitted = model.fit(whole) if len(whole) >= 4 else None
        except MeasureProblem:
            fitted = None
        if fitted is not None:
            ahead = fitted.survival(np.arange(months + 13)) * curve[0][0]
            told[name] = {"parameters": fitted.parameters_, "months": [float(share) for share in ahead]}
    return told


def _warned(days: "ir.Table", known: Any, parameters: MeasureParameters, as_of: dt.date) -> dict[str, Any]:
    """The risk of staying away over the horizon, calibrated on a time split, beside two simple signs."""
    from zhike.analyze.lifetime_recipe import fitted
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.retention import Calibrated, calibrate

    weeks = HORIZON_WEEKS[parameters.horizon]
    try:
        raw = 1 - fitted(known, parameters.model).returning(known, weeks)
    except MeasureProblem as problem:
        return {"risks": None, "refused": problem.code}
    split = as_of - dt.timedelta(days=weeks * _WEEK)
    told = _scored(days, parameters, split, as_of, weeks)
    if told is None:
        return {"risks": raw, "tested": None}
    held, then, away = told
    # The trial uses only what was known at its split: the calibration of one horizon earlier, or none.
    earlier = _scored(days, parameters, split - dt.timedelta(days=weeks * _WEEK), split, weeks)
    before = calibrate(*earlier[1:]) if earlier else Calibrated(0.0, 1.0)
    tested = {"split": split.isoformat(), "was_calibrated": earlier is not None, **_tested(held, then, away, before)}
    return {"risks": calibrate(then, away).chance(raw), "tested": tested}


def _scored(
    days: "ir.Table", parameters: MeasureParameters, split: dt.date, through: dt.date, weeks: int
) -> tuple[Any, Any, Any] | None:
    """Histories up to a split, the risk told then, and who stayed away after; None where no model can be fitted."""
    from zhike.analyze.lifetime_recipe import fitted
    from zhike_analytics.lifetime import holdout_of_days
    from zhike_analytics.problem import MeasureProblem

    held = holdout_of_days(days, until=split, through=through).to_pyarrow()
    try:
        risk = 1 - fitted(held, parameters.model).returning(held, weeks)
    except MeasureProblem:
        return None
    away = held["holdout_x"].to_numpy() == 0
    return (held, risk, away) if 0 < away.sum() < len(away) else None


def _tested(held: Any, then: Any, away: Any, line: Any) -> dict[str, Any]:
    import numpy as np

    from zhike_analytics.retention import area_under_curve, tenths

    x, t_x, age = (held[name].to_numpy() for name in ("x", "t_x", "T"))
    silent = age - t_x
    return {
        "customers": held.num_rows,
        "away": int(away.sum()),
        "auc": area_under_curve(then, away),
        "auc_silent": area_under_curve(silent, away),
        "auc_rare": area_under_curve(-x, away),
        "tenths": tenths(line.chance(then), away),
        "shift": [line.intercept, line.slope],
        "brier": float(np.mean((line.chance(then) - away) ** 2)),
    }


def _rows(known: Any, risks: Any) -> Any:
    """One row per customer, most money at risk first; none without a model."""
    import numpy as np
    import pyarrow as pa

    known = known if risks is not None else known.slice(0, 0)
    risk = np.zeros(0) if risks is None else np.asarray(risks, dtype=float)
    x, t_x, age = (known[name].to_numpy() for name in ("x", "t_x", "T"))
    who, brought = known["customer_id"].to_numpy(), known["net_cents"].to_numpy()
    names, least = np.array(list(LEVELS)), np.array(list(LEVELS.values()))
    order = np.lexsort((who, -(risk * brought)))
    columns = {
        "customer_id": who,
        "risk_level": names[(risk[:, None] < least).sum(axis=1)],
        "risk_percent": np.round(risk * 100).astype(np.int64),
        "historic_cents": brought,
        "repeats": x.astype(np.int64),
        "gap_days": np.where(x > 0, np.round(t_x * _WEEK / np.maximum(x, 1)), 0).astype(np.int64),
        "silent_days": np.round((age - t_x) * _WEEK).astype(np.int64),
    }
    rows = pa.table({"rank": np.arange(1, len(who) + 1), **{n: values[order] for n, values in columns.items()}})
    months = [day.isoformat()[:7] for day in known["first_day"].to_pylist()]
    return rows.append_column("cohort", pa.array([months[i] for i in order], pa.string()))


def _levels(lake: Lake) -> list[dict[str, Any]]:
    risks = lake.table("risks")
    found = risks.group_by("risk_level").aggregate(
        customers=risks.count(), historic_cents=risks.historic_cents.sum().cast("int64")
    )
    held = {row["risk_level"]: row for row in found.to_pyarrow().to_pylist()}
    return [held[level] for level in LEVELS if level in held]


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody with a risk, by customer id; after `compute`."""
    risks = lake.table("risks").order_by("customer_id")
    names = ["risk_level", "risk_percent", "repeats", "gap_days", "silent_days"]
    for batch in risks.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row
