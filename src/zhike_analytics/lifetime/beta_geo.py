"""BG/NBD (Fader, Hardie & Lee 2005) and MBG/NBD (Batislam, Denizel & Filiztekin 2007; Hoppe & Wagner 2007).

While active a customer buys at rate λ ~ Gamma(r, α); after each purchase he drops out with probability p ~ Beta(a, b). In
the modified model he may also drop out right after the first one. With k = 0 for BG/NBD and 1 for MBG/NBD:

    L = Γ(r+x)αʳ/Γ(r) · B(a, b+x+k)/B(a,b) · (α+T)^−(r+x) · {1 + [x+k > 0] · a/(b+x+k−1) · ((α+T)/(α+t_x))^(r+x)}
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import numpy as np

from zhike_analytics.lifetime.grouping import Grouped
from zhike_analytics.lifetime.purchase_model import PurchaseModel
from zhike_analytics.lifetime.special import Array, digamma, dropout_gap, log_gamma

_BLOCK = 8_192


class BetaGeoNBD(PurchaseModel):
    """BG/NBD: gamma purchasing rates, beta drop-out after purchases. Times in the unit of the histories.

    ``r_, alpha_, a_, b_`` after ``fit``. P(alive) of a customer who never came back is 1: in this model nobody drops out
    before a repeat purchase. Use the modified model where that is not believable.
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    label: ClassVar[str] = "BG/NBD"
    _first: ClassVar[int] = 0  # k: 1 where a customer may drop out at once

    r_: float
    alpha_: float
    a_: float
    b_: float

    def _starts(self, scale: float) -> list[tuple[float, ...]]:
        return [(0.5, scale / 4, 1.0, 2.0), (1.0, scale, 0.5, 4.0)]

    def _likelihood(self, parameters: Array, data: Grouped) -> tuple[float, Array]:
        """ln L of all customers and its slope by r, α, a, b; block by block, so that what is computed stays near the processor."""
        r, alpha, a, b = parameters
        x, k = data.levels, self._first
        here = log_gamma(r + x) - log_gamma(r) + log_gamma(b + x + k) - log_gamma(b) - log_gamma(a + b + x + k)
        here = here + log_gamma(a + b) + r * np.log(alpha)
        before = np.where(x + k > 0, b + x + k - 1, 1.0)
        # Whatever stands on the number of purchases alone is computed once for each number.
        level = _Levels(
            here=here,
            power=r + x,
            dropped=np.where(x + k > 0, np.log(a) - np.log(before), -np.inf),
            before=before,
            slopes=np.array(
                [
                    digamma(r + x) - digamma(r) + np.log(alpha),
                    np.full(len(x), r / alpha),
                    digamma(a + b) - digamma(a + b + x + k),
                    digamma(b + x + k) - digamma(b) + digamma(a + b) - digamma(a + b + x + k),
                ]
            ),
        )
        counted = np.bincount(data.level_of, data.weight, len(x))
        value, slope = float(counted @ level.here), level.slopes @ counted
        for start in range(0, len(data.x), _BLOCK):
            part = slice(start, start + _BLOCK)
            told, bent = _block(alpha, a, data, part, level)
            value, slope = value + told, slope + bent
        return value, slope

    def _alive(self, x: Array, t_x: Array, age: Array) -> Array:
        possible = x + self._first > 0
        before = np.where(possible, self.b_ + x + self._first - 1, 1.0)
        logs = (self.r_ + x) * (np.log(self.alpha_ + age) - np.log(self.alpha_ + t_x))
        odds = np.where(possible, np.log(self.a_) - np.log(before) + logs, -np.inf)
        return np.exp(-np.logaddexp(0.0, odds))

    def _expected(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        total = self.a_ + self.b_ + x + self._first - 1
        gap = dropout_gap(
            self.r_ + x, self.b_ + x + self._first, total, self.a_ - 1, t / (self.alpha_ + age + t)
        )  # fmt: skip
        return total * gap * self._alive(x, t_x, age)

    def _returning(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        still = (self.r_ + x) * (np.log(self.alpha_ + age) - np.log(self.alpha_ + age + t))
        return -np.expm1(still) * self._alive(x, t_x, age)

    def _expected_new(self, t: Array) -> Array:
        total, k = self.a_ + self.b_ + self._first - 1, self._first
        stays = self.b_ / (self.a_ + self.b_) if k else 1.0
        return stays * total * dropout_gap(self.r_, self.b_ + k, total, self.a_ - 1, t / (self.alpha_ + t))

    def _chance_of(self, n: int, t: Array, stays: Array, before: Array) -> Array:
        """P(X(t) = n): still active after n purchases, or dropped out at the n-th. ``stays``, ``before``: the chance of n,
        and of fewer, of somebody who never drops out."""
        a, b, k = self.a_, self.b_, self._first
        chance = np.exp(_log_beta(a, b + n + k) - _log_beta(a, b)) * stays
        if n + k > 0:
            chance = chance + np.exp(_log_beta(a + 1, b + n + k - 1) - _log_beta(a, b)) * (1 - before)
        return np.asarray(chance)


class ModifiedBetaGeoNBD(BetaGeoNBD):
    """MBG/NBD: as BG/NBD, and a customer may drop out right after the first purchase, so that P(alive) < 1 at x = 0."""

    label: ClassVar[str] = "MBG/NBD"
    _first: ClassVar[int] = 1


class _Levels(NamedTuple):
    """By number of purchases: its part of ln L, r + x, ln a/(b + x + k − 1), b + x + k − 1, its part of the slopes."""

    here: Array
    power: Array
    dropped: Array
    before: Array
    slopes: Array


def _block(alpha: float, a: float, data: Grouped, part: slice, level: _Levels) -> tuple[float, Array]:
    """What some of the histories add to ln L and its slope beyond their numbers of purchases."""
    of, weight = data.level_of[part], data.weight[part]
    power = level.power[of]
    age, last = alpha + data.T[part], alpha + data.t_x[part]
    whole = np.log(age)
    apart = whole - np.log(last)
    odds = level.dropped[of] + power * apart
    # ln(1 + e^odds) and e^odds / (1 + e^odds) from one exponential, which never runs over.
    small = np.exp(-np.abs(odds))
    either = np.maximum(odds, 0.0) + np.log1p(small)
    gone = np.where(odds > 0, 1.0, small) / (1 + small)
    lost = weight * gone
    slope = np.array(
        [
            lost @ apart - weight @ whole,
            -((weight - lost) @ (power / age)) - lost @ (power / last),
            lost.sum() / a,
            -(lost @ (1 / level.before)[of]),
        ]
    )
    return float(weight @ (either - power * whole)), slope


def _log_beta(a: float, b: float) -> float:
    return float(log_gamma(a) + log_gamma(b) - log_gamma(a + b))
