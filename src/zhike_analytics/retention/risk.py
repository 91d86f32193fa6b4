"""Churn risk 流失风险: scores turned into chances that hold, by what then happened (Platt 1999)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.lifetime.special import Array
from zhike_analytics.problem import MeasureProblem


@dataclass(frozen=True)
class Calibrated:
    """chance = 1 / (1 + exp(−(intercept + slope·logit(score)))). Slope 1 and intercept 0 change nothing."""

    intercept: float
    slope: float

    def chance(self, scores: Any) -> Array:
        """The calibrated chance of each score."""
        return np.asarray(1 / (1 + np.exp(-(self.intercept + self.slope * _logit(scores)))))


def calibrate(scores: Any, happened: Any) -> Calibrated:
    """Fit a straight line on the log-odds of a score to what happened: two numbers, so little to overfit.

    Outcomes are drawn towards the middle as Platt does, which keeps the slope finite where a score parts them wholly.
    ``risk.one_sided`` where it happened to everybody or nobody.
    """
    x, y = _logit(scores), np.asarray(happened, dtype=bool)
    yes, no = int(y.sum()), int((~y).sum())
    if not yes or not no:
        raise MeasureProblem("risk.one_sided", happened=yes, not_happened=no)
    target = np.where(y, (yes + 1) / (yes + 2), 1 / (no + 2))
    at, design = np.array([0.0, 1.0]), np.column_stack([np.ones_like(x), x])

    def loss(where: Array) -> float:
        line = design @ where
        return float((np.logaddexp(0.0, line) - target * line).sum())

    for _ in range(100):
        chance = 1 / (1 + np.exp(-(design @ at)))
        slope = design.T @ (chance - target)
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        # The loss is convex; where the curve is nearly flat a whole step leaps across the minimum.
        while loss(at - step) > loss(at) and np.abs(step).max() > 1e-10:
            step = step / 2
        at = at - step
        if np.abs(step).max() < 1e-9:
            break
    return Calibrated(float(at[0]), float(at[1]))


def area_under_curve(scores: Any, happened: Any) -> float | None:
    """How often somebody it happened to had the higher score; ties count half (Mann & Whitney 1947). None without both."""
    x, y = np.asarray(scores, dtype=float), np.asarray(happened, dtype=bool)
    yes, no = int(y.sum()), int((~y).sum())
    if not yes or not no:
        return None
    _levels, place, alike = np.unique(x, return_inverse=True, return_counts=True)
    ends = np.cumsum(alike)
    rank = (ends - (alike - 1) / 2)[place]
    return float((rank[y].sum() - yes * (yes + 1) / 2) / (yes * no))


def tenths(chances: Any, happened: Any) -> list[dict[str, Any]]:
    """Ten groups by chance, highest first: customers, the mean chance told, the share it happened to."""
    p, y = np.asarray(chances, dtype=float), np.asarray(happened, dtype=float)
    order = np.argsort(-p, kind="stable")
    told = []
    for part in np.array_split(order, 10):
        if len(part):
            told.append({"customers": len(part), "told": float(p[part].mean()), "happened": float(y[part].mean())})
    return told


def _logit(scores: Any) -> Array:
    held = np.clip(np.asarray(scores, dtype=float), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(held / (1 - held)))
