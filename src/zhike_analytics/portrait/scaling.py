"""A table of features as a matrix in which no column outweighs another, and no rich customer all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.portrait.features import AMOUNTS
from zhike_analytics.portrait.measuring import Array
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

_FAR = 3.0


@dataclass(frozen=True)
class Scale:
    """Columns with their middle and width; columns that are the same for everybody are left out."""

    names: tuple[str, ...]
    middle: Array
    width: Array

    def scaled(self, columns: dict[str, Array]) -> Array:
        """Points: (value − median) ÷ width, cut at three widths; amounts on a logarithmic scale."""
        held = np.column_stack([_leveled(name, columns[name]) for name in self.names])
        told: Array = np.clip((held - self.middle) / self.width, -_FAR, _FAR).astype(np.float32)
        return told


def _leveled(name: str, values: Array) -> Array:
    told: Array = np.log1p(np.maximum(values, 0)) if name in AMOUNTS else values
    return told


def read(source: Any, names: tuple[str, ...] | None = None) -> tuple[Array, dict[str, Array]]:
    """Customers in order, and the feature columns as numbers. Raises ``orders.column_missing``, ``portrait.bad_value``."""
    held = table(source)
    wanted = names or tuple(name for name in held.columns if name != "customer_id")
    for name in ("customer_id", *wanted):
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name)
    rows = held.select("customer_id", *wanted).order_by("customer_id").to_pyarrow()
    columns = {name: rows.column(name).to_numpy().astype(float) for name in wanted}
    for name, values in columns.items():
        if not np.isfinite(values).all():
            raise MeasureProblem("portrait.bad_value", column=name)
    return rows.column("customer_id").to_numpy(), columns


def scale_of(columns: dict[str, Array]) -> Scale:
    """Median and the greater of interquartile range and standard deviation: a column where most are alike has no range."""
    names, middle, width = [], [], []
    for name, values in columns.items():
        told = _leveled(name, values)
        if not len(told):
            continue
        low, half, high = np.percentile(told, [25, 50, 75])
        spread = max(float(high - low) / 1.349, float(told.std()))
        if spread > 1e-9:
            names.append(name)
            middle.append(half)
            width.append(spread)
    return Scale(tuple(names), np.array(middle), np.array(width))
