"""Customers with the same history are one row with a count: a likelihood then costs as much as there are histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhike_analytics.lifetime.special import Array
from zhike_analytics.problem import MeasureProblem

FEWEST_CUSTOMERS = 200
FEW_REPEATERS = 50
_MANY_ROWS = 20_000
_MOST_COUNTED = 1_000_000


@dataclass(frozen=True)
class Grouped:
    """Distinct (x, t_x, T) with how many customers have each; ``inverse`` leads from a customer to its row, and
    ``levels``/``level_of`` name the distinct x, on which every gamma function is evaluated once."""

    x: Array
    t_x: Array
    T: Array
    weight: Array
    inverse: Any
    levels: Array
    level_of: Any
    customers: int
    repeaters: int


def columns(source: Any, *names: str) -> list[Array]:
    """The named columns as arrays, from a table in any container, a mapping of arrays, or a Parquet or CSV file."""
    if isinstance(source, Mapping):
        missing = [name for name in names if name not in source]
        found = [] if missing else [np.asarray(source[name], dtype=float) for name in names]
    else:
        from zhike_analytics.purchases import table

        rows = table(source)
        missing = [name for name in names if name not in rows.columns]
        if not missing:
            held = rows.select(*names).to_pyarrow()
            found = [np.asarray(held[name].to_numpy(), dtype=float) for name in names]
    if missing:
        raise MeasureProblem("lifetime.column_missing", column=missing[0])
    return found


def grouped(source: Any, *, decimals: int | None = None) -> Grouped:
    """Read and check histories, and group them. ``decimals`` rounds times first (0: whole units): fewer rows, and
    estimates that differ from the third digit on."""
    x, t_x, age = columns(source, "x", "t_x", "T")
    for array in (x, t_x, age):
        if not np.isfinite(array).all() or (array < 0).any():
            raise MeasureProblem("lifetime.bad_history", reason="not_a_number_or_negative")
    if (x != np.floor(x)).any():
        raise MeasureProblem("lifetime.bad_history", reason="x_not_whole")
    if (t_x > age + 1e-9).any():
        raise MeasureProblem("lifetime.bad_history", reason="last_after_end")
    if ((x == 0) & (t_x > 0)).any():
        raise MeasureProblem("lifetime.bad_history", reason="time_without_repeat")
    if decimals is not None:
        t_x, age = np.round(t_x, decimals), np.round(age, decimals)
    return _group(x, np.minimum(t_x, age), age)


def _group(x: Array, t_x: Array, age: Array) -> Grouped:
    # One complex of three small codes sorts several times faster than rows of three floats.
    (levels, x_code), (ages, age_code), (recent, recent_code) = _coded(x), _coded(age), _coded(t_x)
    key = (x_code * len(recent) + recent_code) * len(ages) + age_code
    order = np.argsort(key)
    told = key[order]
    is_new = np.ones(len(key), dtype=bool)
    is_new[1:] = told[1:] != told[:-1]
    starts = np.flatnonzero(is_new)
    inverse = np.empty(len(key), dtype=np.int64)
    inverse[order] = np.cumsum(is_new) - 1
    first = order[starts]
    return Grouped(
        x[first],
        t_x[first],
        age[first],
        np.diff(np.append(starts, len(key))).astype(float),
        inverse,
        levels,
        x_code[first],
        len(x),
        int((x > 0).sum()),
    )


def _coded(values: Array) -> tuple[Array, Any]:
    """The distinct values in order, and the place of each among them; whole numbers are counted, which needs no sorting."""
    whole = values.astype(np.int64)
    if not len(values) or whole.max() > _MOST_COUNTED or (whole != values).any():
        return np.unique(values, return_inverse=True)
    is_there = np.bincount(whole) > 0
    return np.flatnonzero(is_there).astype(float), (np.cumsum(is_there) - 1)[whole]


def coarser(data: Grouped) -> Grouped | None:
    """The same customers with times rounded to a fiftieth of the longest, where that is much less work: a place to start."""
    if len(data.x) < _MANY_ROWS:
        return None
    step = float(data.T.max()) / 50
    age = np.round(data.T / step) * step
    rough = _group(data.x, np.minimum(np.round(data.t_x / step) * step, age), age)
    weight = np.bincount(rough.inverse, weights=data.weight, minlength=len(rough.x))
    return replace(rough, weight=weight.astype(float), customers=data.customers, repeaters=data.repeaters)


def enough(data: Grouped, least: int) -> tuple[str, ...]:
    """Refuse what no model can be fitted to; warn of what is thin."""
    if data.customers < least:
        raise MeasureProblem("lifetime.too_few_customers", customers=data.customers, least=least)
    if data.repeaters == 0:
        raise MeasureProblem("lifetime.no_repeaters", customers=data.customers)
    return ("few_repeaters",) if data.repeaters < FEW_REPEATERS else ()
