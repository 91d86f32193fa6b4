"""Gamma-Gamma: what a purchase is worth (Fader, Hardie & Lee 2005; Colombo & Jiang 1999; Fader & Hardie 2013, note 25)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from zhike_analytics.lifetime.fitted_model import FittedModel
from zhike_analytics.lifetime.fitting import minimize, told, with_penalty
from zhike_analytics.lifetime.grouping import FEW_REPEATERS, columns
from zhike_analytics.lifetime.special import Array, digamma, log_gamma
from zhike_analytics.problem import MeasureProblem

RELATED = 0.3


class GammaGamma(FittedModel):
    """The mean value of a customer's purchases varies as Gamma(p, ν), ν between customers as Gamma(q, γ).

    ``p_, q_, gamma_`` after ``fit``; ``correlation_`` is that of x and m among repeaters, which the model takes for none:
    above .3 in size it warns ``spend_follows_frequency``. q ≤ 1 has no mean and warns ``no_mean``.

        L = Γ(px+q)/(Γ(px)Γ(q)) · γ^q m^(px−1) x^(px) / (γ+mx)^(px+q)
    """

    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")
    label: ClassVar[str] = "Gamma-Gamma"

    p_: float
    q_: float
    gamma_: float
    correlation_: float | None

    def fit(self, histories: Any, *, penalty: float = 0.0, least_customers: int = 2) -> Self:
        """Maximum likelihood on customers with x > 0 and m > 0; the others say nothing about spend."""
        every_x, every_m = columns(histories, "x", "m")
        chosen = (every_x > 0) & np.isfinite(every_m) & (every_m > 0)
        x, m = every_x[chosen], every_m[chosen]
        if not len(x):
            raise MeasureProblem("lifetime.no_repeaters", customers=len(every_x))
        if len(x) < least_customers:
            raise MeasureProblem("lifetime.too_few_customers", customers=len(x), least=least_customers)
        if np.ptp(m) <= 1e-9 * m.mean():
            # Nothing to learn from: p and q run off together. The population mean is the only estimate there is.
            raise MeasureProblem("lifetime.all_alike", customers=len(x))
        # In units of the mean the three parameters are of one size; γ is scaled back afterwards.
        unit = float(m.mean())
        levels, level = np.unique(x, return_inverse=True)
        scaled = m / unit

        def objective(at: Array) -> tuple[float, Array]:
            value, slope = _likelihood(np.exp(at), levels, level, x, scaled)
            return -value / len(x), -slope * np.exp(at) / len(x)

        found = minimize(with_penalty(objective, penalty), [(2.0, 3.0, 1.0), (6.0, 4.0, 0.5), (1.0, 10.0, 9.0)])
        value = _likelihood(np.exp(found.at), levels, level, x, scaled)[0] - len(x) * np.log(unit)
        self.correlation_ = _correlation(x, m)
        found.at[2] += np.log(unit)
        doubts = [
            *(["few_repeaters"] if len(x) < FEW_REPEATERS else []),
            *([] if found.converged else ["not_converged"]),
            *(["no_mean"] if np.exp(found.at[1]) <= 1 else []),
            *(["spend_follows_frequency"] if abs(self.correlation_ or 0.0) > RELATED else []),
        ]
        return self._settle(
            told(
                self.label, self.names, found, log_likelihood=float(value), customers=len(x), rows=len(x),
                repeaters=len(x), penalty=penalty, warnings=tuple(doubts),
            )
        )  # fmt: skip

    def population_mean(self) -> float:
        """pγ/(q − 1): what a purchase of somebody nothing is known of is worth. ``lifetime.no_mean`` where q ≤ 1."""
        p, q, gamma = self.parameters_.values()
        if q <= 1:
            raise MeasureProblem("lifetime.no_mean")
        return float(p * gamma / (q - 1))

    def predict(self, histories: Any) -> Array:
        """E[M | x, m] = p(γ + mx)/(px + q − 1): the customer's own mean drawn towards everybody's, the more the fewer
        purchases it stands on. For x = 0 it is everybody's."""
        p, q, gamma = self.parameters_.values()
        x, m = columns(histories, "x", "m")
        x = np.where(np.isfinite(m) & (m > 0), x, 0.0)
        everybody = self.population_mean()
        return np.where(x > 0, p * (gamma + np.nan_to_num(m) * x) / (p * x + q - 1), everybody)


def _likelihood(parameters: Array, levels: Array, level: Any, x: Array, m: Array) -> tuple[float, Array]:
    p, q, gamma = parameters
    px = p * levels
    log_m, log_whole = np.log(m), np.log(gamma + m * x)
    here = log_gamma(px + q) - log_gamma(px) - log_gamma(q) + q * np.log(gamma) + px * np.log(levels)
    value = here[level] + (p * x - 1) * log_m - (p * x + q) * log_whole
    by_p = levels * (digamma(px + q) - digamma(px) + np.log(levels))
    by_q = digamma(px + q) - digamma(q) + np.log(gamma)
    slope = np.array(
        [
            (by_p[level] + x * (log_m - log_whole)).sum(),
            (by_q[level] - log_whole).sum(),
            (q / gamma - (p * x + q) / (gamma + m * x)).sum(),
        ]
    )
    return float(value.sum()), slope


def _correlation(x: Array, m: Array) -> float | None:
    """Pearson's r; None where one of them does not vary."""
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(m) == 0:
        return None
    return float(np.corrcoef(x, m)[0, 1])
