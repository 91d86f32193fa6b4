"""Weights of an index system 指标体系: by judgement (AHP), by what the answers tell (entropy), derived from what moves satisfaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import Array, filled

# Saaty's random indices, n = 1 to 10
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
MOST_CONSISTENCY_RATIO = 0.10


@dataclass(frozen=True)
class Judged:
    """Weights of a matrix of judgements; ``consistent`` where its ratio is below 0.10."""

    weights: tuple[float, ...]
    largest: float
    consistency_index: float
    consistency_ratio: float

    @property
    def consistent(self) -> bool:
        """Whether the judgements agree with each other well enough to be used."""
        return self.consistency_ratio < MOST_CONSISTENCY_RATIO


def judged_weights(judgements: Any, *, enforce: bool = True) -> Judged:
    """AHP 层次分析法 (Saaty 1980): the principal eigenvector of a reciprocal matrix, a_ij how much i matters against j.

    CI = (λ − n)/(n − 1), CR = CI/RI. ``satisfaction.inconsistent`` where CR ≥ 0.10, unless ``enforce`` is off (to show what is
    wrong); two criteria cannot contradict each other. Ten criteria at most: nobody compares more.
    """
    a = np.asarray(judgements, dtype=float)
    if a.ndim != 2 or a.shape[0] != a.shape[1] or not 1 <= len(a) <= len(RANDOM_INDEX):
        raise MeasureProblem("satisfaction.bad_judgements")
    if not np.isfinite(a).all() or (a <= 0).any() or not np.allclose(a * a.T, 1, rtol=1e-2):
        raise MeasureProblem("satisfaction.not_reciprocal")
    values, vectors = np.linalg.eig(a)
    at = int(np.argmax(values.real))
    weights = np.abs(vectors[:, at].real)
    n, largest = len(a), float(values[at].real)
    index = (largest - n) / (n - 1) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    told = Judged(tuple((weights / weights.sum()).tolist()), largest, index, ratio)
    if enforce and not told.consistent:
        raise MeasureProblem("satisfaction.inconsistent", ratio=f"{ratio:.3f}")
    return told


def judgement_matrix(pairs: Mapping[tuple[int, int], float], criteria: int) -> Array:
    """The reciprocal matrix of pairs (i, j) → how much i matters against j; what was not said is equal."""
    a = np.ones((criteria, criteria))
    for (i, j), value in pairs.items():
        a[i, j], a[j, i] = value, 1 / value
    return a


def most_contradicting(judgements: Any) -> tuple[int, int]:
    """The pair furthest from what the others imply: where to look first when judgements contradict."""
    a = np.asarray(judgements, dtype=float)
    w = np.array(judged_weights(a, enforce=False).weights)
    gap = np.abs(np.log(a) - np.log(w[:, None] / w[None, :]))
    i, j = np.unravel_index(int(np.argmax(np.triu(gap, 1))), gap.shape)
    return int(i), int(j)


def entropy_weights(values: Any, *, cost: Sequence[int] = ()) -> tuple[float, ...]:
    """Entropy weights 熵权法: what differs more between rows weighs more.

    Columns are first put on 0–1 by minimum and maximum (``cost``: columns where less is better); p = z/Σz, e = −Σ p ln p/ln n,
    w = (1 − e)/Σ(1 − e). A constant column has weight 0; where all are constant every weight is equal. Skipping the first
    step changes the weights wholly, so no variant without it is offered.
    """
    x, _ = filled(np.asarray(values, dtype=float))
    n, k = x.shape
    if n < 2:
        raise MeasureProblem("satisfaction.too_few_answers", least=2)
    spread = x.max(axis=0) - x.min(axis=0)
    z = (x - x.min(axis=0)) / np.where(spread > 0, spread, 1)
    for place in cost:
        z[:, place] = 1 - z[:, place]
    sums = z.sum(axis=0)
    p = z / np.where(sums > 0, sums, 1)
    logs = np.log(np.where(p > 0, p, 1.0))
    tells = np.where(spread > 0, 1 + (p * logs).sum(axis=0) / np.log(n), 0.0)
    total = float(tells.sum())
    weights = tells / total if total > 0 else np.full(k, 1 / k)
    return tuple(weights.tolist())


def weighted_index(means: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """S = Σ λ_j S_j with weights that sum to 1. An indicator nobody answered gives its weight to the others."""
    if len(means) != len(weights) or any(w < 0 for w in weights):
        raise MeasureProblem("satisfaction.bad_weights")
    known = [(mean, weight) for mean, weight in zip(means, weights, strict=True) if mean is not None]
    whole = sum(weight for _, weight in known)
    return sum(mean * weight for mean, weight in known) / whole if whole else None


def normed(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights (constant sum, ranks turned around) that sum to 1; negative ones are refused."""
    if any(w < 0 for w in weights):
        raise MeasureProblem("satisfaction.bad_weights")
    total = sum(weights)
    return tuple(w / total for w in weights) if total else tuple(1 / len(weights) for _ in weights)
