"""How many to ask 样本量."""

from __future__ import annotations

import math

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import normal_quantile

_CHI_SQUARE = 3.841  # as printed by Krejcie and Morgan: one degree of freedom at 95 %


def sample_size(
    *, error: float = 0.05, confidence: float = 0.95, share: float = 0.5, population: int | None = None,
    response: float = 1.0,
) -> int:  # fmt: skip
    """How many to invite so that a share is known within ± ``error``: n0 = z²p(1 − p)/e², n = n0/(1 + (n0 − 1)/N), divided by
    the expected ``response``, always rounded up."""
    if not 0 < error < 1 or not 0 < share < 1 or not 0 < response <= 1 or (population is not None and population < 1):
        raise MeasureProblem("satisfaction.bad_sample")
    n = normal_quantile(confidence) ** 2 * share * (1 - share) / error**2
    return _invited(n, population, response)


def sample_size_of_mean(
    *, deviation: float, error: float, confidence: float = 0.95, population: int | None = None, response: float = 1.0
) -> int:
    """The same for a mean: n0 = (zσ/e)²."""
    if deviation <= 0 or error <= 0 or not 0 < response <= 1:
        raise MeasureProblem("satisfaction.bad_sample")
    return _invited((normal_quantile(confidence) * deviation / error) ** 2, population, response)


def krejcie_morgan(population: int, *, share: float = 0.5, error: float = 0.05) -> int:
    """The table of Krejcie and Morgan (1970): χ²NP(1 − P)/(d²(N − 1) + χ²P(1 − P)), rounded to the **nearest**, so it can be
    one below the rule that rounds up."""
    if population < 1:
        raise MeasureProblem("satisfaction.bad_sample")
    spread = _CHI_SQUARE * share * (1 - share)
    return math.floor(spread * population / (error**2 * (population - 1) + spread) + 0.5)


def _invited(n: float, population: int | None, response: float) -> int:
    if population is not None:
        n = n / (1 + (n - 1) / population)
    # What the last digits of a float add must not cost a whole person.
    return math.ceil(round(n / response, 9))
