"""Importance and performance 双重评价: what matters beside how well it is done, and where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from zhike_analytics.problem import MeasureProblem

QUADRANTS = ("concentrate", "keep_up", "low_priority", "overkill")


@dataclass(frozen=True)
class Attribute:
    """One attribute on the chart; ``rival`` and ``lead`` (own less rival) where a rival was rated too."""

    name: str
    importance: float
    performance: float
    quadrant: str
    rival: float | None = None
    lead: float | None = None


@dataclass(frozen=True)
class Chart:
    """The attributes, where the lines cross, and by which rule."""

    attributes: tuple[Attribute, ...]
    importance_line: float
    performance_line: float
    crossing: str


def importance_performance(
    names: Sequence[str], importance: Sequence[float], performance: Sequence[float], *, crossing: str = "mean",
    midpoints: tuple[float, float] | None = None,
) -> Chart:  # fmt: skip
    """双重评价型 (Martilla & James 1977). ``crossing``: mean, median or midpoint (of the scales, in ``midpoints``). A point on a
    line counts as high."""
    lines = _lines(importance, performance, crossing, midpoints)
    _same_length(names, importance, performance)
    found = tuple(
        Attribute(name, i, p, quadrant(i >= lines[0], p >= lines[1]))
        for name, i, p in zip(names, importance, performance, strict=True)
    )
    return Chart(found, *lines, crossing)


def improved_importance_performance(
    names: Sequence[str], points: Sequence[float], performance: Sequence[float], rival: Sequence[float]
) -> Chart:
    """双重评价改进型: importance as shares of points given away or of ranks turned around, so that not everything is “very
    important”; performance as the lead over the best rival, crossing at none. High importance begins at an equal share."""
    _same_length(names, points, performance, rival)
    total = sum(points)
    if not names or total <= 0 or any(point < 0 for point in points):
        raise MeasureProblem("satisfaction.bad_weights")
    equal, found = 1 / len(names), []
    for name, point, own, other in zip(names, points, performance, rival, strict=True):
        share, lead = point / total, own - other
        # An equal share of several is seldom a float to the last digit.
        placed = quadrant(share >= equal - 1e-12, lead >= 0)
        found.append(Attribute(name, share, own, placed, other, lead))
    return Chart(tuple(found), equal, 0.0, "rival")


def quadrant(important: bool, good: bool) -> str:
    """concentrate 重点改进, keep_up 继续保持, low_priority 低优先, overkill 过度供给."""
    if important:
        return "keep_up" if good else "concentrate"
    return "overkill" if good else "low_priority"


def points_of_ranks(mean_ranks: Sequence[float]) -> list[float]:
    """Points from mean ranks 1 … k: k for the first, 1 for the last."""
    return [len(mean_ranks) + 1 - rank for rank in mean_ranks]


def _lines(
    importance: Sequence[float], performance: Sequence[float], crossing: str, midpoints: tuple[float, float] | None
) -> tuple[float, float]:
    if not importance:
        raise MeasureProblem("satisfaction.no_attributes")
    if crossing == "mean":
        return mean(importance), mean(performance)
    if crossing == "median":
        return median(importance), median(performance)
    if crossing == "midpoint" and midpoints is not None:
        return midpoints
    raise MeasureProblem("satisfaction.bad_crossing")


def _same_length(*lists: Sequence[object]) -> None:
    if len({len(one) for one in lists}) != 1:
        raise MeasureProblem("satisfaction.uneven")
