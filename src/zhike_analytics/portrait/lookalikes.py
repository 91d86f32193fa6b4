"""Look-alikes 相似客户: who of the others does most like the customers of a seed; tried on seed customers it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.portrait.measuring import Array, area_under_curve
from zhike_analytics.portrait.scaling import read, scale_of
from zhike_analytics.problem import MeasureProblem

FEWEST_SEED, FEWEST_OTHERS = 30, 30
_MOST, _HELD_SHARE, _RIDGE = 50_000, 0.3, 1.0
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Tried:
    """On the third held out: how many seed customers and others, the AUC and its error, and how many times as many seed customers
    stand in the best tenth as chance would put there."""

    seed: int
    others: int
    area: float
    error: float
    lift: float

    @property
    def is_better_than_chance(self) -> bool:
        """Whether the AUC lies above one half by more than its error allows (95 %)."""
        return self.area - _SURE * self.error > 0.5


class LookAlikes:
    """Logistic regression with a ridge on scaled features; seed customers and others weigh the same in sum.

    `fit(features, seed)`, then `tried_`, `weights_` (per feature, in scaled units) and `ranked(features)`.
    """

    def __init__(self, *, ridge: float = _RIDGE, seed: int = 0) -> None:
        self.ridge, self.chance_seed = ridge, seed

    def fit(self, source: Any, seed: Any) -> LookAlikes:
        """Learn what sets the customers of `seed` (ids) apart. Raises ``portrait.seed_too_small``,
        ``portrait.too_few_others``, ``portrait.all_alike``."""
        customers, columns = read(source)
        self.seed_ = np.unique(np.asarray(list(seed), dtype=customers.dtype if len(customers) else np.int64))
        ours = np.isin(customers, self.seed_)
        if int(ours.sum()) < FEWEST_SEED:
            raise MeasureProblem("portrait.seed_too_small", customers=int(ours.sum()), least=FEWEST_SEED)
        if int((~ours).sum()) < FEWEST_OTHERS:
            raise MeasureProblem("portrait.too_few_others", customers=int((~ours).sum()), least=FEWEST_OTHERS)
        self.scale_ = scale_of(columns)
        if not self.scale_.names:
            raise MeasureProblem("portrait.all_alike")
        self.features_ = tuple(columns)
        draw = np.random.default_rng(self.chance_seed)
        chosen = np.concatenate([self._some(draw, np.flatnonzero(ours)), self._some(draw, np.flatnonzero(~ours))])
        points = self.scale_.scaled({name: values[chosen] for name, values in columns.items()}).astype(float)
        truth = ours[chosen]
        held = np.zeros(len(chosen), dtype=bool)
        for side in (True, False):  # of either side the same share is held out
            own = np.flatnonzero(truth == side)
            held[draw.permutation(own)[: round(len(own) * _HELD_SHARE)]] = True
        learned = _logistic(points[~held], truth[~held], self.ridge)
        self.tried_ = _tried(points[held] @ learned[1:] + learned[0], truth[held])
        found = _logistic(points, truth, self.ridge)
        self.bias_, self.weights_ = float(found[0]), dict(zip(self.scale_.names, found[1:].tolist(), strict=True))
        return self

    def ranked(self, source: Any, most: int | None = None) -> dict[str, Array]:
        """customer_id, score (0–1, comparable only within one seed) and place of everybody outside the seed, most alike first."""
        if not hasattr(self, "weights_"):
            raise MeasureProblem("portrait.not_fitted")
        customers, columns = read(source, self.features_)
        others = ~np.isin(customers, self.seed_)
        points = self.scale_.scaled({name: values[others] for name, values in columns.items()})
        score = 1 / (1 + np.exp(-(points @ np.array(list(self.weights_.values())) + self.bias_)))
        order = np.lexsort((customers[others], -score))[:most]
        return {"customer_id": customers[others][order], "score": score[order], "place": np.arange(1, len(order) + 1)}

    def _some(self, draw: np.random.Generator, places: Array) -> Array:
        told: Array = places if len(places) <= _MOST else np.sort(draw.choice(places, _MOST, replace=False))
        return told


def _logistic(points: Array, truth: Array, ridge: float) -> Array:
    """Newton's steps; the first weight is the bias, which the ridge leaves alone."""
    held = np.column_stack([np.ones(len(points)), points])
    weigh = np.where(truth, 0.5 / max(truth.sum(), 1), 0.5 / max((~truth).sum(), 1)) * len(points)
    penalty = ridge * np.diag([0.0, *[1.0] * points.shape[1]])
    found = np.zeros(held.shape[1])
    for _ in range(50):
        told = 1 / (1 + np.exp(-np.clip(held @ found, -30, 30)))
        slope = held.T @ (weigh * (told - truth)) + penalty @ found
        bend = (held * (weigh * told * (1 - told))[:, None]).T @ held + penalty + 1e-9 * np.eye(held.shape[1])
        step = np.linalg.solve(bend, slope)
        found = found - step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-8:
            break
    return found


def _tried(scores: Array, truth: Array) -> Tried:
    area, error = area_under_curve(scores, truth)
    ours = int(truth.sum())
    # The best tenth by expectation where scores are equal: a rule that says nothing has a lift of one.
    order = np.argsort(-scores, kind="stable")
    tenth = max(1, round(len(scores) / 10))
    edge = scores[order[tenth - 1]]
    above, tied = scores > edge, scores == edge
    hits = float(truth[above].sum()) + float(truth[tied].mean()) * (tenth - int(above.sum()))
    lift = hits / tenth / (ours / len(scores)) if ours else 0.0
    return Tried(ours, len(scores) - ours, area, error, lift)
