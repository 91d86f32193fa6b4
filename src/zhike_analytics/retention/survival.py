"""Survival 生存率: Kaplan & Meier 1958, with those who are still there counted as long as they have been seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem

_NORMAL = {0.9: 1.6448536269514722, 0.95: 1.959963984540054, 0.99: 2.5758293035489004}


@dataclass(frozen=True)
class SurvivalPoint:
    """At ``time``: ``at_risk`` just before it, ``ended`` at it, the share still there after it, and its interval."""

    time: float
    at_risk: int
    ended: int
    share: float
    low: float
    high: float


def survival(times: Any, ended: Any, *, level: float = 0.95) -> list[SurvivalPoint]:
    """S(t) = Π (1 − d/n) at every time somebody ended; ``ended`` False: still there when last seen (censored).

    Who is censored at a time counts as at risk then. Intervals by Greenwood's variance on ln(−ln S) (Kalbfleisch &
    Prentice), which stay between 0 and 1; where S is 0 or 1 they are that.
    """
    at, gone = np.asarray(times, dtype=float), np.asarray(ended, dtype=bool)
    if level not in _NORMAL:
        raise MeasureProblem("survival.unknown_level")
    if len(at) != len(gone) or not np.isfinite(at).all() or (at < 0).any():
        raise MeasureProblem("survival.bad_times")
    moments, place = np.unique(at, return_inverse=True)
    deaths = np.bincount(place, weights=gone, minlength=len(moments)).astype(int)
    left = len(at) - np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(moments)))[:-1]]).astype(int)
    told, share, spread = [], 1.0, 0.0
    for time, dead, n in zip(moments.tolist(), deaths.tolist(), left.tolist(), strict=True):
        if not dead:
            continue
        share *= 1 - dead / n
        spread += dead / (n * (n - dead)) if n > dead else math.inf
        low, high = _interval(share, spread, _NORMAL[level])
        told.append(SurvivalPoint(time, n, dead, share, low, high))
    return told


def _interval(share: float, spread: float, z: float) -> tuple[float, float]:
    if not 0 < share < 1 or not math.isfinite(spread):
        return share, share
    logs = math.log(share)
    width = z * math.sqrt(spread) / abs(logs)
    return share ** math.exp(width), share ** math.exp(-width)


def median_survival(points: Sequence[SurvivalPoint]) -> float | None:
    """The first time at which no more than half are left; None where more than half still are."""
    return next((point.time for point in points if point.share <= 0.5), None)
