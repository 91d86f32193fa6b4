"""Is the model to be believed? Purchases week by week, by how often somebody had bought, and what held out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from zhike_analytics.lifetime.grouping import columns
from zhike_analytics.lifetime.purchase_model import PurchaseModel
from zhike_analytics.purchases import day_of


def tracking(
    model: PurchaseModel, days: Any, *, until: date | str, through: date | str, unit_days: int = 7
) -> list[dict[str, Any]]:
    """Repeat purchases unit by unit beside what the model expects of the customers known at ``until``.

    ``days``: customer_id and day of every purchase day up to ``through`` (``purchase_days``). Units are counted from the
    first purchase of anybody; the last is whole or left out. Keys: unit, ends (day), actual, expected, actual_so_far,
    expected_so_far, is_holdout.
    """
    from zhike_analytics.purchases import table

    rows = table(days).select("customer_id", "day").to_pyarrow()
    people, who = np.unique(np.asarray(rows["customer_id"].to_numpy(zero_copy_only=False)), return_inverse=True)
    stamps = np.asarray(rows["day"].to_numpy(zero_copy_only=False)).astype("datetime64[D]").astype(np.int64)
    split, last = (int(np.datetime64(day_of(day), "D").astype(np.int64)) for day in (until, through))
    firsts = np.full(len(people), np.iinfo(np.int64).max)
    np.minimum.at(firsts, who, stamps)
    known = firsts <= split
    if not known.any():
        return []
    origin = int(firsts[known].min())
    units = int((last - origin + 1) // unit_days)
    counted = known[who] & (stamps > firsts[who])
    actual = np.bincount((stamps[counted] - origin) // unit_days, minlength=units)[:units]
    begun, weight = np.unique(firsts[known] - origin, return_counts=True)
    so_far = [
        float(weight @ model.expected_purchases((unit * unit_days - begun) / unit_days)) for unit in range(units + 1)
    ]
    told = []
    for unit in range(units):
        ends = origin + (unit + 1) * unit_days - 1
        told.append(
            {
                "unit": unit + 1,
                "ends": date(1970, 1, 1) + timedelta(days=ends),
                "actual": int(actual[unit]),
                "expected": so_far[unit + 1] - so_far[unit],
                "actual_so_far": int(actual[: unit + 1].sum()),
                "expected_so_far": so_far[unit + 1],
                "is_holdout": ends > split,
            }
        )
    return told


def frequency_table(model: PurchaseModel, histories: Any, *, most: int = 7) -> list[dict[str, Any]]:
    """How many customers made 0, 1, … ``most`` or more repeat purchases, beside how many the model expects."""
    x, age = columns(histories, "x", "T")
    ages, weight = np.unique(age, return_counts=True)
    expected = weight @ model.frequencies(ages, most)
    actual = np.bincount(np.minimum(x, most).astype(int), minlength=most + 1)
    return [
        {"x": n, "is_more": n == most, "actual": int(actual[n]), "expected": float(expected[n])}
        for n in range(most + 1)
    ]


def holdout_by_frequency(model: PurchaseModel, held: Any, *, most: int = 7) -> list[dict[str, Any]]:
    """For those who had bought 0, 1, … ``most`` or more times again: mean purchases held out, and what was predicted.

    ``held``: the table of ``calibration_holdout``.
    """
    x, then, ahead = columns(held, "x", "holdout_x", "holdout_T")
    predicted = model.predict(held, float(ahead[0])) if len(x) else x
    told = []
    for n in range(most + 1):
        chosen = x >= n if n == most else x == n
        count = int(chosen.sum())
        told.append(
            {
                "x": n,
                "is_more": n == most,
                "customers": count,
                "actual": float(then[chosen].mean()) if count else None,
                "expected": float(predicted[chosen].mean()) if count else None,
            }
        )
    return told
