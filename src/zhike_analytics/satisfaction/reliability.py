"""Reliability and validity of a questionnaire 信度与效度."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import Array, complete

_GRADES = ((0.9, "marvelous"), (0.8, "meritorious"), (0.7, "middling"), (0.6, "mediocre"), (0.5, "miserable"))


@dataclass(frozen=True)
class Alpha:
    """Cronbach's α, raw and of standardized items, and what it would be without each item; None where undefined."""

    raw: float | None
    standardized: float | None
    without: tuple[float | None, ...]
    n: int


def cronbach_alpha(values: Any) -> Alpha:
    """α = k/(k − 1)·(1 − Σs²_i/s²_T); standardized k·r̄/(1 + (k − 1)·r̄). Rows with every item answered count; reverse-coded
    items are turned around before. One item has no α, and neither have items that never vary."""
    x = complete(np.asarray(values, dtype=float))
    k = x.shape[1]
    raw = _alpha(x)
    standardized = None
    varied = len(x) > 1 and k > 1 and bool((x.std(axis=0) > 0).all())
    if varied:
        r = (np.corrcoef(x, rowvar=False).sum() - k) / (k * (k - 1))
        standardized = float(k * r / (1 + (k - 1) * r))
    without = tuple(_alpha(np.delete(x, n, axis=1)) for n in range(k)) if k > 2 else (None,) * k
    return Alpha(raw, standardized, without, len(x))


def _alpha(x: Array) -> float | None:
    n, k = x.shape
    if n < 2 or k < 2:
        return None
    whole = float(x.sum(axis=1).var(ddof=1))
    return float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / whole)) if whole > 0 else None


@dataclass(frozen=True)
class Adequacy:
    """Kaiser–Meyer–Olkin measure of all items and of each; ``grade`` in Kaiser's words."""

    overall: float
    items: tuple[float, ...]
    grade: str


def sampling_adequacy(values: Any) -> Adequacy:
    """KMO = Σr²/(Σr² + Σq²) off the diagonal, q the partial correlations: whether items share enough to be grouped.

    For two items it is always 0.5. ``satisfaction.constant_item``, ``satisfaction.singular`` where items repeat each other.
    """
    r = correlations(values)
    inverse = _inverse(r)
    scale = np.sqrt(np.diag(inverse))
    q = -inverse / np.outer(scale, scale)
    off = ~np.eye(len(r), dtype=bool)
    r2, q2 = np.where(off, r**2, 0.0), np.where(off, q**2, 0.0)
    items = r2.sum(axis=0) / (r2.sum(axis=0) + q2.sum(axis=0))
    overall = float(r2.sum() / (r2.sum() + q2.sum()))
    grade = next((name for least, name in _GRADES if overall >= least), "unacceptable")
    return Adequacy(overall, tuple(items.tolist()), grade)


@dataclass(frozen=True)
class Sphericity:
    """Bartlett's test that items are unrelated: small ``p`` says they are not."""

    chi_square: float
    degrees: int
    p: float


def sphericity(values: Any) -> Sphericity:
    """χ² = −(n − 1 − (2p + 5)/6)·ln|R| with p(p − 1)/2 degrees of freedom (Bartlett 1950)."""
    x = complete(np.asarray(values, dtype=float))
    r = correlations(x)
    k = len(r)
    sign, logs = np.linalg.slogdet(r)
    if sign <= 0:
        raise MeasureProblem("satisfaction.singular")
    chi_square = float(-(len(x) - 1 - (2 * k + 5) / 6) * logs)
    degrees = k * (k - 1) // 2
    return Sphericity(chi_square, degrees, chi_square_tail(chi_square, degrees))


def correlations(values: Any) -> Array:
    """Correlations of the items over the rows in which all were answered."""
    x = complete(np.asarray(values, dtype=float))
    if x.shape[1] < 2:
        raise MeasureProblem("satisfaction.one_item")
    if len(x) < 3:
        raise MeasureProblem("satisfaction.too_few_answers", least=3)
    if (x.std(axis=0) == 0).any():
        raise MeasureProblem("satisfaction.constant_item")
    return np.asarray(np.corrcoef(x, rowvar=False))


def _inverse(r: Array) -> Array:
    if np.linalg.cond(r) > 1e12:
        raise MeasureProblem("satisfaction.singular")
    return np.asarray(np.linalg.inv(r))


def chi_square_tail(value: float, degrees: int) -> float:
    """The chance of a χ² of ``degrees`` above ``value``: the upper incomplete gamma function by its series or its continued
    fraction, whichever converges fast there."""
    if value <= 0:
        return 1.0
    a, x = degrees / 2, value / 2
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 10_000):
            term *= x / (a + n)
            total += term
            if term < total * 1e-16:
                break
        return max(0.0, 1 - front * total)
    c, d = 1e300, 1 / (x + 1 - a)
    h = d
    for n in range(1, 10_000):
        step = -n * (n - a)
        b = x + 1 - a + 2 * n
        d = 1 / (step * d + b)
        c = b + step / c
        h *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * h


def composite_reliability(loadings: Any) -> float:
    """ρc = (Σl)²/((Σl)² + Σ(1 − l²)) of standardized loadings; good from 0.7."""
    loaded = np.asarray(loadings, dtype=float)
    common = loaded.sum() ** 2
    return float(common / (common + (1 - loaded**2).sum()))


def variance_extracted(loadings: Any) -> float:
    """AVE: the mean of squared loadings; good from 0.5."""
    return float((np.asarray(loadings, dtype=float) ** 2).mean())


def trait_ratio(one: Any, other: Any) -> float | None:
    """HTMT: mean correlation between two blocks of items against the geometric mean within; below 0.85–0.9 they are two
    things. None where a block has one item, or correlations within vanish."""
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    k, m = a.shape[1], b.shape[1]
    if k < 2 or m < 2:
        return None
    r = np.abs(correlations(np.hstack([a, b])))
    within = [(r[s, s].sum() - n) / (n * (n - 1)) for s, n in ((slice(0, k), k), (slice(k, k + m), m))]
    return float(r[:k, k:].mean() / (within[0] * within[1]) ** 0.5) if min(within) > 0 else None
