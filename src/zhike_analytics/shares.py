"""Shares as people read them: rounded percentages that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    from collections.abc import Sequence


def rounded_shares(values: Sequence[float], digits: int = 1) -> list[float]:
    """Percentages of the sum, rounded to ``digits``, that add up to exactly 100 (largest remainder).

    Equal remainders go to the earlier value. Values must not be negative (``shares.negative``); when all are zero there
    is nothing to share and every percentage is 0.
    """
    if any(value < 0 for value in values):
        raise MeasureProblem("shares.negative")
    total = sum(values)
    if not total:
        return [0.0 for _ in values]
    steps = 100 * 10**digits
    exact = [value * steps / total for value in values]
    given = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (given[place] - exact[place], place))
    for place in by_remainder[: steps - sum(given)]:
        given[place] += 1
    return [part / 10**digits for part in given]
