"""Scorecards: factors judged from 1 to 10, weighed, and read as a grade of 四等十级."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCALE = (1, 10)
# The factors of each set in the order of the textbook.
FACTORS: dict[str, tuple[str, ...]] = {
    "5c": ("character", "capacity", "capital", "collateral", "condition"),
    "5p": ("people", "purpose", "payment", "protection", "prospect"),
    "6a": ("economic", "technical", "managerial", "organisational", "commercial", "financial"),
}
# Four classes in ten steps; the bands are custom, not a standard. A bound belongs to the better grade.
GRADES: tuple[tuple[str, float], ...] = (
    ("AAA", 90), ("AA", 80), ("A", 70), ("BBB", 60), ("BB", 50), ("B", 40), ("CCC", 30), ("CC", 20), ("C", 10), ("D", 0),
)  # fmt: skip
_WHOLE_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard filled in. ``points`` of 100; ``parts`` add up to them; ``weights`` in percent as they came to count.

    ``missing``: factors nobody judged. The others are weighed as if they were all, and the whole is incomplete. With none
    judged, points and grade are None.
    """

    points: float | None
    grade: str | None
    parts: Mapping[str, float]
    weights: Mapping[str, float]
    missing: tuple[str, ...]

    @property
    def is_incomplete(self) -> bool:
        """Whether a factor of weight was not judged."""
        return bool(self.missing)


def even_weights(kind: str) -> dict[str, float]:
    """Weights to begin with, in percent: no standard weighting has been published, so none is preferred."""
    factors = FACTORS[kind]
    least, rest = divmod(_WHOLE_PERCENT, len(factors))
    return {factor: float(least + (place < rest)) for place, factor in enumerate(factors)}


def refuse_bad_weights(kind: str, weights: Mapping[str, float]) -> None:
    """Raise MeasureProblem unless each factor of the set has a weight, none is negative, and they are 100 together.

    ``credit.unknown_set``, ``credit.wrong_factors``, ``credit.negative_weight``, ``credit.weights_not_whole``.
    """
    if kind not in FACTORS:
        raise MeasureProblem("credit.unknown_set", kind=kind[:20])
    if set(weights) != set(FACTORS[kind]):
        raise MeasureProblem("credit.wrong_factors", kind=kind)
    if any(weight < 0 for weight in weights.values()):
        raise MeasureProblem("credit.negative_weight")
    total = sum(Fraction(str(weight)) for weight in weights.values())
    if total != _WHOLE_PERCENT:
        raise MeasureProblem("credit.weights_not_whole", total=str(float(total)))


def score(
    kind: str,
    judged: Mapping[str, float | None],
    weights: Mapping[str, float] | None = None,
    *,
    grades: Sequence[tuple[str, float]] = GRADES,
) -> Scored:
    """Points of a set of factors: Σ weight × judged / 10, the weights of missing factors shared among the others.

    ``judged``: factor → 1 to 10, or None where nobody could say. Raises MeasureProblem for an unknown factor or a score
    beyond the scale (``credit.beyond_scale``). A factor of weight 0 is never missing.
    """
    weights = dict(weights if weights is not None else even_weights(kind))
    refuse_bad_weights(kind, weights)
    if unknown := set(judged) - set(weights):
        raise MeasureProblem("credit.wrong_factors", kind=kind, factor=min(unknown)[:40])
    low, high = SCALE
    if any(value is not None and not low <= value <= high for value in judged.values()):
        raise MeasureProblem("credit.beyond_scale")
    counted = {f: w for f, w in weights.items() if w > 0}
    missing = tuple(f for f in counted if judged.get(f) is None)
    held = sum(w for f, w in counted.items() if f not in missing)
    if not held:
        return Scored(None, None, {}, {}, missing)
    shares = {f: w * _WHOLE_PERCENT / held for f, w in counted.items() if f not in missing}
    parts = {f: share * float(judged[f] or 0) / high for f, share in shares.items()}
    points = sum(parts.values())
    return Scored(points, grade_of(points, grades), parts, shares, missing)


def grade_of(points: float, grades: Sequence[tuple[str, float]] = GRADES) -> str:
    """The grade of points of 100: the first whose lower bound they reach."""
    if not 0 <= points <= _WHOLE_PERCENT + 1e-9:
        raise MeasureProblem("credit.beyond_scale")
    # Shares of a third do not add up to a whole to the last binary digit; a bound reached on paper is reached.
    return next(grade for grade, least in grades if points >= least - 1e-9)
