"""The difference of two shares and its interval, without an engine.

R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
Statistics in Medicine 17, 1998, 873–890: method 10, from Wilson's intervals of the two shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from zhike_analytics.problem import MeasureProblem

_Z = 1.959963984540054


@dataclass(frozen=True)
class Difference:
    """Two shares, their difference, and the 95 % interval of it."""

    with_share: float
    without_share: float
    difference: float
    low: float
    high: float


def difference(with_count: int, with_all: int, without_count: int, without_all: int) -> Difference:
    """The difference of two independent shares with Newcombe's interval. Raises MeasureProblem for groups of nobody.

    >>> found = difference(56, 70, 48, 80)  # Newcombe's example (a)
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if with_all < 1 or without_all < 1 or not (0 <= with_count <= with_all and 0 <= without_count <= without_all):
        raise MeasureProblem("paths.nobody_to_compare")
    one, other = with_count / with_all, without_count / without_all
    low_1, high_1 = _wilson(with_count, with_all)
    low_2, high_2 = _wilson(without_count, without_all)
    gap = one - other
    low = gap - math.sqrt((one - low_1) ** 2 + (high_2 - other) ** 2)
    high = gap + math.sqrt((high_1 - one) ** 2 + (other - low_2) ** 2)
    return Difference(one, other, gap, max(low, -1.0), min(high, 1.0))


def _wilson(count: int, whole: int) -> tuple[float, float]:
    share, z2 = count / whole, _Z * _Z
    middle, half = 2 * count + z2, _Z * math.sqrt(z2 + 4 * count * (1 - share))
    return (middle - half) / (2 * (whole + z2)), (middle + half) / (2 * (whole + z2))
