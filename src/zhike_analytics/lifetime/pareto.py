"""Pareto/NBD (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, notes 5 and 9).

While active a customer buys at rate λ ~ Gamma(r, α) and leaves for good after an exponential time with rate μ ~ Gamma(s, β).
The second term of the likelihood is the integral, over the time τ of leaving, of

    s · (α+τ)^−(r+x) · (β+τ)^−(s+1),  t_x ≤ τ ≤ T

which the papers write as a difference of two hypergeometric functions. The difference loses its digits, and overflows, for
busy customers; the integral is smooth and positive, and so are its derivatives: forty points give it to twelve digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from zhike_analytics.lifetime.grouping import Grouped
from zhike_analytics.lifetime.purchase_model import PurchaseModel
from zhike_analytics.lifetime.special import (
    NODES,
    WEIGHTS,
    Array,
    digamma,
    log_gamma,
    power_gap,
    scaled_exponential_integral,
)
from zhike_analytics.problem import MeasureProblem

_AT_ONCE = 20_000  # rows integrated together: 40 points each stay in the cache


class ParetoNBD(PurchaseModel):
    """Pareto/NBD: gamma purchasing rates, gamma leaving rates. ``r_, alpha_, s_, beta_`` after ``fit``."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    label: ClassVar[str] = "Pareto/NBD"

    r_: float
    alpha_: float
    s_: float
    beta_: float

    def _starts(self, scale: float) -> list[tuple[float, ...]]:
        return [(0.5, scale / 3, 0.5, scale / 3), (1.0, scale, 1.0, scale)]

    def _likelihood(self, parameters: Array, data: Grouped) -> tuple[float, Array]:
        """ln L of all customers and its slope by r, α, s, β."""
        r, alpha, s, beta = parameters
        x, level, weight = data.levels, data.level_of, data.weight
        here = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha) + s * np.log(beta)
        stays = -(r + data.x) * np.log(alpha + data.T) - s * np.log(beta + data.T)
        left, means = _left(parameters, data.x, data.t_x, data.T)
        both = np.logaddexp(stays, left)
        alive, gone = np.exp(stays - both), np.exp(left - both)
        power = r + data.x
        slope = np.array(
            [
                weight
                @ (
                    (digamma(r + x) - digamma(r) + np.log(alpha))[level]
                    - alive * np.log(alpha + data.T)
                    - gone * means[0]
                ),
                weight @ (r / alpha - alive * power / (alpha + data.T) - gone * power * means[1]),
                weight @ (np.log(beta) - alive * np.log(beta + data.T) + gone * (1 / s - means[2])),
                weight @ (s / beta - alive * s / (beta + data.T) - gone * (s + 1) * means[3]),
            ]
        )
        return float(weight @ (here[level] + both)), slope

    def _alive(self, x: Array, t_x: Array, age: Array) -> Array:
        r, alpha, s, beta = parameters = np.array(list(self.parameters_.values()))
        stays = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
        left, _means = _left(parameters, x, t_x, age)
        return np.exp(-np.logaddexp(0.0, left - stays))

    def _expected(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        later = power_gap((self.beta_ + age) / (self.beta_ + age + t), self.s_ - 1)
        return self._alive(x, t_x, age) * (self.r_ + x) * (self.beta_ + age) / (self.alpha_ + age) * later

    def _returning(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        """P(alive) · [1 − E(no purchase until t or until leaving, whichever is first)], by the likelihood's integral."""
        r, alpha, s, beta = parameters = np.array(list(self.parameters_.values()))
        now = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
        later = -(r + x) * np.log(alpha + age + t) - s * np.log(beta + age + t)
        left, _means = _left(parameters, x, age, age + t)
        quiet = np.exp(np.minimum(np.logaddexp(later, left) - now, 0.0))
        return self._alive(x, t_x, age) * (1 - quiet)

    def _expected_new(self, t: Array) -> Array:
        return self.r_ * self.beta_ / self.alpha_ * power_gap(self.beta_ / (self.beta_ + t), self.s_ - 1)

    def _chance_of(self, n: int, t: Array, stays: Array, before: Array) -> Array:
        """P(X(t) = n): stayed all the time, or left at some τ before (integrated over ln(β+τ))."""
        reach = np.log1p(t / self.beta_)[:, None]
        v = reach * NODES
        tau = self.beta_ * np.expm1(v)
        leaving = self.s_ * np.exp(-self.s_ * v) * self._nbd(n, np.maximum(tau, 1e-300))
        stayed = np.exp(-self.s_ * reach[:, 0]) * stays
        return stayed + (leaving * WEIGHTS).sum(axis=1) * reach[:, 0]

    def dert(self, histories: Any, *, rate: float) -> Array:
        """Discounted expected residual transactions over all time (Fader, Hardie & Lee 2005, JMR), ``rate`` continuous per
        unit: weekly ln(1.15)/52 for 15 % a year. DERT = P(alive)·(r+x)(β+T)/(α+T) · e^z E_s(z), z = rate·(β+T)."""
        if not (np.isfinite(rate) and rate > 0):
            raise MeasureProblem("lifetime.bad_discount")
        data = self._asked(histories)
        ages, back = np.unique(data.T, return_inverse=True)
        ahead = scaled_exponential_integral(self.s_, rate * (self.beta_ + ages))[back]
        whole = self._alive(data.x, data.t_x, data.T) * (self.r_ + data.x)
        return (whole * (self.beta_ + data.T) / (self.alpha_ + data.T) * ahead)[data.inverse]


def _left(parameters: Array, x: Array, t_x: Array, age: Array) -> tuple[Array, list[Array]]:
    """ln of the second term, and the means of ln(α+τ), 1/(α+τ), ln(β+τ), 1/(β+τ) under it: what its slope is made of."""
    parts = list(_parts(parameters, x, t_x, age))
    joined = [np.concatenate([part[i] for part in parts]) for i in range(5)]
    return joined[0], joined[1:]


def _parts(parameters: Array, x: Array, t_x: Array, age: Array) -> Iterator[tuple[Array, ...]]:
    r, alpha, s, beta = parameters
    low = min(alpha, beta)
    for start in range(0, len(x), _AT_ONCE):
        piece = slice(start, start + _AT_ONCE)
        near, power = low + t_x[piece], r + x[piece]
        # In v = ln((low+τ)/(low+t_x)) the integrand is log-concave: it falls at least as fast as at its beginning, and is
        # cut off where nothing is left of it.
        fall = power * near / (alpha + t_x[piece]) + (s + 1) * near / (beta + t_x[piece]) - 1
        reach = np.log((low + age[piece]) / near)
        reach = np.where(fall > 0, np.minimum(reach, 45 / np.maximum(fall, 1e-9)), reach)
        tau = t_x[piece][:, None] + near[:, None] * np.expm1(reach[:, None] * NODES)
        by_alpha, by_beta = np.log(alpha + tau), np.log(beta + tau)
        logs = -power[:, None] * by_alpha - (s + 1) * by_beta + np.log(low + tau)
        top = logs.max(axis=1, keepdims=True)
        mass = np.exp(logs - top) * WEIGHTS
        total = mass.sum(axis=1)
        with np.errstate(divide="ignore"):
            whole = np.log(s) + np.log(total) + top[:, 0] + np.log(reach)
        means = (
            (mass * value).sum(axis=1) / total for value in (by_alpha, 1 / (alpha + tau), by_beta, 1 / (beta + tau))
        )
        yield (whole, *means)
