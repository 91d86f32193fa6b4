"""Answer tables as matrices of numbers: one row per response, one column per question, empty where nothing was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem

Array = np.ndarray[Any, np.dtype[np.float64]]
LEAST_ANSWERS = 30  # below this an estimate is a hint, and the product does not show it as a figure


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval; ``n`` answers behind it. ``value`` is None where nobody answered."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def few(self) -> bool:
        """Whether fewer answers stand behind it than an estimate needs."""
        return self.n < LEAST_ANSWERS


NOTHING = Estimate(None, None, None, 0)


def normal_quantile(confidence: float) -> float:
    """z with ``confidence`` of a normal distribution between −z and z: 1.959964 for 0.95."""
    if not 0 < confidence < 1:
        raise MeasureProblem("satisfaction.bad_confidence")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def matrix(table: Any, items: Sequence[str] | None = None) -> tuple[Array, tuple[str, ...]]:
    """Answers as floats (rows: responses, columns: items; NaN: no answer), and the names of the items.

    Takes an array, a mapping of columns, or anything with a frame's or a table's columns (pandas, Arrow, Ibis, the path of a
    CSV or Parquet file).
    """
    if isinstance(table, np.ndarray):
        found = np.asarray(table, dtype=float)
        if found.ndim != 2:
            raise MeasureProblem("satisfaction.not_a_table")
        return found, tuple(items or (f"item_{n + 1}" for n in range(found.shape[1])))
    if not isinstance(table, dict):
        from zhike_analytics.purchases import table as read

        found_table = read(table)
        names = tuple(items or found_table.columns)
        missing = [name for name in names if name not in found_table.columns]
        if missing:
            raise MeasureProblem("satisfaction.no_such_item", item=missing[0])
        table = found_table.select(*names).to_pyarrow().to_pydict()
    names = tuple(items or table)
    missing = [name for name in names if name not in table]
    if missing:
        raise MeasureProblem("satisfaction.no_such_item", item=missing[0])
    return np.column_stack([np.asarray(table[name], dtype=float) for name in names]), names


def column(values: Any) -> Array:
    """One question's answers that were given, as floats."""
    found = np.asarray(values, dtype=float).ravel()
    return found[np.isfinite(found)]


def complete(values: Array) -> Array:
    """The rows in which every item was answered."""
    return np.asarray(values[np.isfinite(values).all(axis=1)])


def filled(values: Array) -> tuple[Array, int]:
    """Missing answers replaced by the mean of their item, and how many there were. ``satisfaction.empty_item`` where a
    whole item is empty."""
    holes = ~np.isfinite(values)
    if not len(values) or holes.all(axis=0).any():
        raise MeasureProblem("satisfaction.empty_item")
    means = np.nanmean(values, axis=0)
    return np.where(holes, means, values), int(holes.sum())
