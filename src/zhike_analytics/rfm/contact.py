"""Whom to contact: Hughes' break-even arithmetic."""

from __future__ import annotations

import math

from zhike_analytics.problem import MeasureProblem


def break_even(cost: float, profit: float) -> float:
    """Response share at which a mailing pays: cost per contact ÷ net profit per sale.

    >>> round(break_even(0.55, 40), 6)
    0.01375
    """
    if profit <= 0 or cost < 0:
        raise MeasureProblem("break_even.needs_profit")
    return cost / profit


def break_even_index(response_share: float, break_even_share: float) -> float:
    """``(r − BE) / BE × 100``: 0 is break-even; contact the cells above 0."""
    if break_even_share <= 0:
        raise MeasureProblem("break_even.needs_share")
    return (response_share - break_even_share) / break_even_share * 100


def test_cell_size(break_even_share: float) -> int:
    """Smallest number of customers per cell worth a test: ``4 / BE``, rounded up (Hughes)."""
    if break_even_share <= 0:
        raise MeasureProblem("break_even.needs_share")
    return math.ceil(4 / break_even_share - 1e-9)


# pytest would otherwise collect this function wherever it is imported.
test_cell_size.__test__ = False  # type: ignore[attr-defined]
