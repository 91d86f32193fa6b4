"""What moves satisfaction 驱动因素: a regression that says where it cannot be believed, and shares of importance that add up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import Array, complete, matrix, normal_quantile
from zhike_analytics.satisfaction.reliability import correlations

COLLINEAR_FROM = 5.0
_MOST_SHAPLEY = 12


@dataclass(frozen=True)
class Driver:
    """One driver. ``beta``: standardized coefficient with its interval, None where the drivers cannot be told apart; ``vif``:
    how much its variance is inflated by the others; ``share``: its part of what is explained (relative weight), 0–1."""

    name: str
    beta: float | None
    low: float | None
    high: float | None
    vif: float | None
    correlation: float
    share: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Driven:
    """The drivers of one outcome, strongest share first. ``warnings``: collinear, negative_beta, singular, few_answers,
    explains_little. ``left_out``: drivers whose answers never vary."""

    outcome: str
    n: int
    r_squared: float
    adjusted: float
    drivers: tuple[Driver, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]


def driven(table: Any, *, outcome: str, drivers: list[str], confidence: float = 0.95) -> Driven:
    """Regress an outcome on drivers over the responses that answered all of them.

    Correlated drivers make coefficients unstable and even negative; they are shown with their intervals and inflation, and
    beside them Johnson's relative weights, which stay sensible. ``satisfaction.constant_item`` where the outcome never varies.
    """
    x, names = matrix(table, [outcome, *drivers])
    x = complete(x)
    if len(x) < len(drivers) + 3:
        raise MeasureProblem("satisfaction.too_few_answers", least=len(drivers) + 3)
    moving = x.std(axis=0) > 0
    if not moving[0]:
        raise MeasureProblem("satisfaction.constant_item", item=outcome)
    kept = [n for n in range(1, len(names)) if moving[n]]
    if not kept:
        raise MeasureProblem("satisfaction.constant_item", item=drivers[0])
    r = correlations(x[:, [0, *kept]])
    told = _told(r, len(x), [names[n] for n in kept], confidence)
    left_out = tuple(names[n] for n in range(1, len(names)) if not moving[n])
    return Driven(outcome, len(x), *told[:2], told[2], left_out, told[3])


def _told(
    r: Array, n: int, names: list[str], confidence: float
) -> tuple[float, float, tuple[Driver, ...], tuple[str, ...]]:  # fmt: skip
    among, with_outcome = r[1:, 1:], r[1:, 0]
    k = len(names)
    singular = bool(np.linalg.cond(among) > 1e10)
    inverse = np.linalg.pinv(among, hermitian=True)
    beta = inverse @ with_outcome
    r2 = min(1.0, max(0.0, float(beta @ with_outcome)))
    freedom = n - k - 1
    inflation: Array = np.asarray(np.diag(inverse))
    errors = np.sqrt(np.maximum(inflation * (1 - r2) / freedom, 0.0))
    half = student_quantile(confidence, freedom) * errors
    shares = relative_weights(among, with_outcome)
    found = [
        Driver(
            names[at], None if singular else float(beta[at]), None if singular else float(beta[at] - half[at]),
            None if singular else float(beta[at] + half[at]), None if singular else float(inflation[at]),
            float(with_outcome[at]), float(shares[at]),
        )
        for at in range(k)
    ]  # fmt: skip
    warnings = ["singular"] if singular else []
    if not singular and bool((inflation > COLLINEAR_FROM).any()):
        warnings.append("collinear")
    if not singular and any(b < 0 < c for b, c in zip(beta, with_outcome, strict=True)):
        warnings.append("negative_beta")
    if n < max(50, 10 * k):
        warnings.append("few_answers")
    if r2 < 0.2:
        warnings.append("explains_little")
    found.sort(key=lambda one: (-one.share, one.name))
    return r2, 1 - (1 - r2) * (n - 1) / freedom, tuple(found), tuple(warnings)


def relative_weights(among: Any, with_outcome: Any) -> Array:
    """Johnson's relative weights (2000) as shares that sum to 1: drivers are turned into the nearest unrelated ones, what
    these explain is given back. Λ = P√D P′, β = Λ⁻¹r, ε = Λ²β²."""
    values, vectors = np.linalg.eigh(np.asarray(among, dtype=float))
    roots = np.sqrt(np.maximum(values, 0.0))
    back = np.where(roots > 1e-8, 1 / np.maximum(roots, 1e-8), 0.0)
    beta = (vectors * back) @ vectors.T @ np.asarray(with_outcome, dtype=float)
    raw = ((vectors * roots) @ vectors.T) ** 2 @ beta**2
    total = float(raw.sum())
    return np.asarray(raw / total if total > 0 else np.full(len(raw), 1 / len(raw)))


def shapley_shares(among: Any, with_outcome: Any) -> Array:
    """LMG: the mean gain in R² over all orders of entering (Lindeman, Merenda & Gold 1980), as shares that sum to 1. Exact, so
    for twelve drivers at most (``satisfaction.too_many_drivers``)."""
    r, c = np.asarray(among, dtype=float), np.asarray(with_outcome, dtype=float)
    k = len(c)
    if k > _MOST_SHAPLEY:
        raise MeasureProblem("satisfaction.too_many_drivers", most=_MOST_SHAPLEY)
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            at = list(chosen)
            explained[chosen] = float(c[at] @ np.linalg.lstsq(r[np.ix_(at, at)], c[at], rcond=None)[0])
    gains = np.zeros(k)
    for chosen, value in explained.items():
        for n in chosen:
            before = tuple(m for m in chosen if m != n)
            weight = factorial(len(before)) * factorial(k - len(chosen)) / factorial(k)
            gains[n] += weight * (value - explained[before])
    total = float(gains.sum())
    return np.asarray(gains / total if total > 0 else np.full(k, 1 / k))


def student_quantile(confidence: float, freedom: int) -> float:
    """t with ``confidence`` between −t and t: closed for one and two degrees of freedom, else Cornish and Fisher's expansion
    (four digits from five degrees)."""
    if freedom < 1:
        raise MeasureProblem("satisfaction.too_few_answers", least=2)
    p = (1 + confidence) / 2
    if freedom == 1:
        return float(np.tan(np.pi * (p - 0.5)))
    if freedom == 2:
        return float((2 * p - 1) / (2 * p * (1 - p)) ** 0.5)
    z, v = normal_quantile(confidence), float(freedom)
    return (
        z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )  # fmt: skip
