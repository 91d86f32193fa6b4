"""The few special functions the models need, in NumPy: stable for extreme customers, exact to about twelve digits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

_lgamma = np.frompyfunc(math.lgamma, 1, 1)
_MOST_TERMS = 200_000
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(40)
# Gauss–Legendre on [0, 1]
NODES: Array = (_POINTS + 1) / 2
WEIGHTS: Array = _WEIGHTS / 2


def log_gamma(x: Any) -> Array:
    """ln Γ(x) for x > 0. Called on distinct values only: there are never many."""
    return np.asarray(_lgamma(np.asarray(x, dtype=float)), dtype=float)


def digamma(x: Any) -> Array:
    """ψ(x) for x > 0: shifted above ten by ψ(x) = ψ(x+1) − 1/x, then the asymptotic series."""
    at = np.array(x, dtype=float)
    total = np.zeros_like(at)
    for _ in range(10):
        low = at < 10
        if not low.any():
            break
        total -= np.where(low, 1 / at, 0.0)
        at = np.where(low, at + 1, at)
    square = 1 / at**2
    # Bernoulli numbers: 1/12, 1/120, 1/252, 1/240, 1/132
    tail = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return total + np.log(at) - 0.5 / at - tail


def power_gap(ratio: Any, exponent: float) -> Array:
    """(1 − ratio^exponent) / exponent for 0 < ratio ≤ 1; at exponent 0 its limit, −ln ratio."""
    logs = np.log(np.asarray(ratio, dtype=float))
    return -logs if abs(exponent) < 1e-12 else -np.expm1(exponent * logs) / exponent


def dropout_gap(power: Any, b: Any, c: Any, a_less_one: float, z: Any) -> Array:
    """[1 − (1−z)^power · 2F1(power, b; c; z)] / (a − 1) where c − b = a − 1: the core of every expectation of BG/NBD.

    The published form loses all digits for busy customers (large ``power``) and at a = 1. By Euler's transformation
    (1−z)^power · 2F1(power, b; c; z) = (1−z)^(a−1) · 2F1(c − power, a − 1; c; z) = (1 + εE)(1 + εG) with ε = a − 1,
    so that the gap is −(E + G + εEG), finite at ε = 0. Where a is so large that this series would diverge near z = 1, the
    terms of the original one are all positive and are summed instead.
    """
    power, b, c, z = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (power, b, c, z)))
    gap = np.zeros(power.shape)
    euler = a_less_one <= power + 1
    if euler.any():
        first = (c - power)[euler]
        grown = _series(first, a_less_one, c[euler], z[euler])
        logs = np.log1p(-z[euler])
        shrunk = logs if abs(a_less_one) < 1e-12 else np.expm1(a_less_one * logs) / a_less_one
        gap[euler] = -(shrunk + grown + a_less_one * shrunk * grown)
    if not euler.all():
        rest = ~euler
        logs = power[rest] * np.log1p(-z[rest]) + _log_series(power[rest], b[rest], c[rest], z[rest])
        gap[rest] = -np.expm1(logs) / a_less_one
    return gap


def _series(p: Array, eps: float, c: Array, z: Array) -> Array:
    """G = [2F1(p, ε; c; z) − 1]/ε = Σ (p)_n (ε+1)_(n−1) z^n / ((c)_n n!), n from 1."""
    total = np.zeros_like(p)
    at = np.arange(len(p))
    term = p / c * z
    for n in range(1, _MOST_TERMS):
        total[at] += term
        going = np.abs(term) > 1e-16 * (np.abs(total[at]) + 1e-300)
        if n % 32 == 0 or not going.any():
            at, p, c, z, term = at[going], p[going], c[going], z[going], term[going]
        if not len(at):
            break
        term = term * ((p + n) * (eps + n) / ((c + n) * (n + 1)) * z)
    return total


def _log_series(a: Array, b: Array, c: Array, z: Array) -> Array:
    """ln 2F1(a, b; c; z) where every term is positive; rescaled on the way so that nothing overflows."""
    total, term, scale = np.ones_like(a), np.ones_like(a), np.zeros_like(a)
    for n in range(_MOST_TERMS):
        ratio = (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        term = term * ratio
        total = total + term
        large = total > 1e200
        if large.any():
            scale += np.where(large, np.log(1e200), 0.0)
            total, term = np.where(large, total / 1e200, total), np.where(large, term / 1e200, term)
        if ((term < 1e-16 * total) & (ratio < 1)).all():
            break
    return np.log(total) + scale


def scaled_exponential_integral(order: float, z: Any) -> Array:
    """e^z · E_order(z) = ∫₁^∞ e^(−z(w−1)) w^(−order) dw for z > 0, which is Tricomi's U(1, 2 − order, z).

    With Ψ(s, s; z) = z^(1−s) Ψ(1, 2−s; z) it carries the discounted residual purchases of Pareto/NBD.
    """
    z = np.asarray(z, dtype=float)
    # w = e^y: smooth, and gone where z(e^y − 1) exceeds what a float can tell
    reach = np.log1p(46 / z)[..., None]
    total = np.zeros(z.shape)
    for low in (0.0, 0.25, 0.5, 0.75):
        y = reach * (low + 0.25 * NODES)
        inside = np.exp(-z[..., None] * np.expm1(y) + (1 - order) * y)
        total += (inside * WEIGHTS).sum(axis=-1) * 0.25 * reach[..., 0]
    return total
