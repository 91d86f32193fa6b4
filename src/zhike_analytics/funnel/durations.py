"""Time in stage: the median with censoring, so that those who are still there are not taken for quick ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from zhike_analytics.funnel.stays import STAGES

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class StageTime:
    """How long stays at a stage last. median_days: None where fewer than half have left by any time observed.

    closed_median_days is that of the stays that ended alone; it is too short as long as anybody is still there.
    """

    stage: str
    stays: int
    left: int
    still: int
    median_days: int | None
    closed_median_days: int | None


def stage_days(stayed: ir.Table) -> ir.Table:
    """How many stays lasted how long, one row a stage and number of days: stage, days, stays, left."""
    return (
        stayed.group_by(["stage", "days"])
        .aggregate(stays=stayed.count(), left=stayed.is_left.sum().fill_null(0).cast("int64"))
        .order_by(["stage", "days"])
    )


def time_in_stage(stayed: ir.Table, *, stages: Sequence[str] = STAGES) -> list[StageTime]:
    """Time in each stage, in their order; a stage nobody was at has no row."""
    held: dict[str, list[tuple[int, int, int]]] = {}
    for row in stage_days(stayed).to_pyarrow().to_pylist():
        held.setdefault(row["stage"], []).append((row["days"], row["stays"], row["left"]))
    return [_time(name, held[name]) for name in stages if name in held]


def median_days(rows: Iterable[tuple[int, int, int]]) -> int | None:
    """The median of (days, how many stays, how many of these ended): the first day by which half would have left.

    Kaplan & Meier (1958): at each day on which stays end, the share still there falls by (ended ÷ still under observation);
    who is censored on a day counts as under observation on it. Computed in whole fractions. None: half never left.

    >>> median_days([(1, 1, 1), (2, 2, 1), (5, 1, 0)])
    2
    """
    ordered = sorted(rows)
    at_risk = sum(count for _, count, _ in ordered)
    still = Fraction(1)
    for day, count, ended in ordered:
        if ended:
            still *= Fraction(at_risk - ended, at_risk)
            if still <= Fraction(1, 2):
                return day
        at_risk -= count
    return None


def _time(stage: str, rows: Sequence[tuple[int, int, int]]) -> StageTime:
    count, left = sum(n for _, n, _ in rows), sum(ended for _, _, ended in rows)
    closed = median_days([(day, ended, ended) for day, _, ended in rows if ended])
    return StageTime(stage, count, left, count - left, median_days(rows), closed)
