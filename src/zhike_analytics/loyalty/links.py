"""Service–profit link 服务利润链: staff → customers → buying again → profit, measured step by step and never assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from zhike_analytics.satisfaction.answers import normal_quantile

CHAIN = ("staff", "customers", "repurchase", "profit")
_LEAST = 8


@dataclass(frozen=True)
class Link:
    """One step over teams and months: correlation with Fisher's interval, slope in units of the second per unit of the first.
    ``lag``: how many periods later the second was taken. None where fewer than eight pairs stand behind it or one side never
    moves."""

    source: str
    target: str
    n: int
    correlation: float | None
    low: float | None
    high: float | None
    slope: float | None
    lag: int = 0

    @property
    def certain(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def profit_chain(
    series: Mapping[str, Mapping[str, Sequence[float | None]]], *, lag: int = 0, confidence: float = 0.95
) -> tuple[Link, ...]:
    """``series``: team → name of the step → values by period, in the same order; missing ones are None. Steps that nobody
    measured are told with ``n`` 0. Differences between teams are taken out first (each team's own mean), so that a link says:
    when a team's staff were more content than usual, were its customers?"""
    return tuple(_link(series, a, b, lag, confidence) for a, b in pairwise(CHAIN))


def _link(series: Mapping[str, Mapping[str, Sequence[Any]]], a: str, b: str, lag: int, confidence: float) -> Link:
    xs, ys, teams = [], [], 0
    for steps in series.values():
        first, second = steps.get(a, ()), steps.get(b, ())
        pairs = [
            (float(x), float(y))
            for x, y in zip(first, second[lag:], strict=False)
            if x is not None and y is not None and math.isfinite(x) and math.isfinite(y)
        ]
        if len(pairs) < 2:
            continue
        teams += 1
        x, y = np.array(pairs).T
        xs.append(x - x.mean())
        ys.append(y - y.mean())
    n = sum(len(x) for x in xs)
    nothing = Link(a, b, n, None, None, None, None, lag)
    # Each team's mean cost one degree of freedom.
    free = n - (teams - 1)
    if free < _LEAST:
        return nothing
    x, y = np.concatenate(xs), np.concatenate(ys)
    if x.std() < 1e-12 or y.std() < 1e-12:
        return nothing
    r = float(np.clip((x @ y) / ((x @ x) * (y @ y)) ** 0.5, -1, 1))
    bounded = min(max(r, -1 + 1e-12), 1 - 1e-12)
    half = normal_quantile(confidence) / (free - 3) ** 0.5
    low, high = math.tanh(math.atanh(bounded) - half), math.tanh(math.atanh(bounded) + half)
    return Link(a, b, n, r, low, high, float((x @ y) / (x @ x)), lag)
