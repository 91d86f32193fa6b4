"""Projecting who renews 续约: shifted beta-geometric (Fader & Hardie 2007) and beta-discrete-Weibull (Fader and others 2018).

Each customer fails to renew with a chance of their own, drawn from a beta distribution. Retention then rises over time though
nobody becomes more loyal: those likely to leave leave first.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from zhike_analytics.lifetime.fitted_model import FittedModel
from zhike_analytics.lifetime.fitting import minimize, told
from zhike_analytics.lifetime.special import Array, log_gamma
from zhike_analytics.problem import MeasureProblem

# The search may try anything. Beyond these all customers are alike, or leave in one period, and the difference of two
# gamma functions has no digits left.
_STEEPEST, _LARGEST = 40.0, 1e7


def period_retention(start: float, end: float, new: float) -> float | None:
    """(E − N)/S: of those at the beginning, who is there at the end; None where nobody was."""
    return (end - new) / start if start else None


class ShiftedBetaGeometric(FittedModel):
    """sBG: S(t) = B(α, β+t)/B(α, β). ``alpha_, beta_`` after ``fit``; times are whole periods, renewals after each."""

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    label: ClassVar[str] = "sBG"
    alpha_: float
    beta_: float

    def fit(self, survivors: Any) -> Self:
        """Maximum likelihood on the survivors of one cohort after 0, 1, 2 … periods (counts, never rising).

        LL = Σ n_t ln P(T = t) + n_T ln S(T), n_t who left in period t.
        """
        held = np.asarray(survivors, dtype=float)
        if len(held) < 2 or not np.isfinite(held).all() or (held < 0).any() or (np.diff(held) > 0).any():
            raise MeasureProblem("retention.bad_survivors")
        if held[0] == held[-1]:
            raise MeasureProblem("retention.nobody_left")
        lost, size = -np.diff(held), float(held[0])

        def value(at: Array) -> float:
            logs = self._log_survival(np.exp(at), np.arange(len(held), dtype=float))
            # P(T = t) = S(t−1) − S(t), in logarithms
            chance = logs[:-1] + np.log(-np.expm1(np.minimum(np.diff(logs), -1e-300)))
            return -float(lost[lost > 0] @ chance[lost > 0] + held[-1] * logs[-1]) / size

        def objective(at: Array) -> tuple[float, Array]:
            steps = np.eye(len(at)) * 1e-5
            slope = np.array([(value(at + step) - value(at - step)) / 2e-5 for step in steps])
            return value(at), slope

        found = minimize(objective, self._starts())
        ends = float(-value(found.at) * size)
        return self._settle(
            told(
                self.label, self.names, found, log_likelihood=ends, customers=round(size), rows=len(held),
                repeaters=round(float(held[-1])), penalty=0.0, warnings=self._doubts(found.at, found.converged),
            )
        )  # fmt: skip

    def log_likelihood(self, survivors: Any) -> float:
        """ln L of survivors under the parameters at hand."""
        held = np.asarray(survivors, dtype=float)
        s = self.survival(np.arange(len(held)))
        return float(-np.diff(held) @ np.log(-np.diff(s)) + held[-1] * np.log(s[-1]))

    def survival(self, t: Any) -> Array:
        """S(t): the share of a cohort still there after t periods."""
        at = np.array(list(self.parameters_.values()))
        return np.exp(self._log_survival(at, np.asarray(t, dtype=float)))

    def retention(self, t: Any) -> Array:
        """r_t = S(t)/S(t−1): of those there after t − 1 periods, who renews."""
        periods = np.asarray(t, dtype=float)
        return self.survival(periods) / self.survival(periods - 1)

    def lifetime(self, *, discount: float, renewals: int = 0, periods: int = 2000) -> float:
        """Discounted expected (residual) lifetime in periods: DEL = Σ S(t)/(1+d)^t for a new customer (``renewals`` 0), DERL =
        Σ_{t≥n} S(t)/S(n−1) /(1+d)^(t−n) for one just before renewal n."""
        if not (np.isfinite(discount) and discount > 0) or renewals < 0:
            raise MeasureProblem("lifetime.bad_discount")
        t = np.arange(renewals, renewals + periods, dtype=float)
        # The rest of the sum, as if nobody left any more, is less than (1+d)^-periods/d.
        base = 1.0 if renewals == 0 else float(self.survival(renewals - 1))
        return float((self.survival(t) / base / (1 + discount) ** (t - renewals)).sum())

    def _starts(self) -> list[tuple[float, ...]]:
        return [(1.0, 1.0), (0.5, 2.0)]

    def _log_survival(self, at: Array, t: Array) -> Array:
        alpha, beta = min(at[0], _LARGEST), min(at[1], _LARGEST)
        return log_gamma(beta + t) - log_gamma(alpha + beta + t) - log_gamma(beta) + log_gamma(alpha + beta)


class BetaDiscreteWeibull(ShiftedBetaGeometric):
    """BdW: S(t) = B(γ, δ+t^c)/B(γ, δ). c = 1 is sBG; c < 1: everybody's own chance to leave falls with time, c > 1: rises."""

    names: ClassVar[tuple[str, ...]] = ("gamma", "delta", "c")
    label: ClassVar[str] = "BdW"
    gamma_: float
    delta_: float
    c_: float

    def _starts(self) -> list[tuple[float, ...]]:
        return [(1.0, 1.0, 1.0), (0.5, 2.0, 1.2)]

    def _log_survival(self, at: Array, t: Array) -> Array:
        return super()._log_survival(at[:2], np.minimum(t ** min(at[2], _STEEPEST), _LARGEST))
