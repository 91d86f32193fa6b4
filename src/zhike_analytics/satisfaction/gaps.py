"""SERVQUAL gaps (Parasuraman, Zeithaml & Berry 1988) and Kano's classes (1984)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import NOTHING, Estimate, matrix, normal_quantile

# Items by number, 1 to 22: 有形性, 可靠性, 响应性, 保证性, 移情性
DIMENSIONS: dict[str, tuple[int, ...]] = {
    "tangibles": (1, 2, 3, 4),
    "reliability": (5, 6, 7, 8, 9),
    "responsiveness": (10, 11, 12, 13),
    "assurance": (14, 15, 16, 17),
    "empathy": (18, 19, 20, 21, 22),
}
ANSWERS = ("like", "must", "neutral", "live", "dislike")
# Rows: functional, columns: dysfunctional, both in the order of ANSWERS.
_KANO = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
_TIES = "MOAIRQ"


@dataclass(frozen=True)
class Gaps:
    """Perception less expectation per dimension with its interval; ``overall`` unweighted, ``weighted`` where points were
    allocated."""

    dimensions: Mapping[str, Estimate]
    overall: float | None
    weighted: float | None


def service_gaps(
    expected: Any, perceived: Any, *, dimensions: Mapping[str, Sequence[int]] | None = None,
    points: Mapping[str, float] | None = None, confidence: float = 0.95,
) -> Gaps:  # fmt: skip
    """Gap = P − E of paired items (columns in the same order): dimension = mean of its items in each response, then over
    responses. ``expected`` None: perception alone (SERVPERF)."""
    p, _ = matrix(perceived)
    e = np.zeros_like(p) if expected is None else matrix(expected)[0]
    if p.shape != e.shape:
        raise MeasureProblem("satisfaction.uneven")
    named = dimensions or DIMENSIONS
    if max(n for items in named.values() for n in items) > p.shape[1]:
        raise MeasureProblem("satisfaction.uneven")
    gaps, z = p - e, normal_quantile(confidence)
    found: dict[str, Estimate] = {}
    for name, items in named.items():
        own = gaps[:, [n - 1 for n in items]]
        own = own[np.isfinite(own).any(axis=1)]
        each = np.nanmean(own, axis=1) if len(own) else np.array([])
        if not len(each):
            found[name] = NOTHING
            continue
        middle = float(each.mean())
        half = z * float(each.std(ddof=1)) / len(each) ** 0.5 if len(each) > 1 else None
        low, high = (None, None) if half is None else (middle - half, middle + half)
        found[name] = Estimate(middle, low, high, len(each))
    known = {name: one.value for name, one in found.items() if one.value is not None}
    overall = sum(known.values()) / len(known) if known else None
    weighted = None
    if points is not None and known:
        whole = sum(points.get(name, 0.0) for name in known)
        if whole <= 0:
            raise MeasureProblem("satisfaction.bad_weights")
        weighted = sum(value * points.get(name, 0.0) for name, value in known.items()) / whole
    return Gaps(found, overall, weighted)


@dataclass(frozen=True)
class Kano:
    """A feature: A 魅力, O 期望, M 必备, I 无差异, R 反向, Q 可疑, how often each; ``category`` the most frequent, ties in the order M,
    O, A, I. ``better``, ``worse``: how much having it lifts, lacking it lowers; None where nobody can say."""

    counts: Mapping[str, int]
    category: str
    better: float | None
    worse: float | None


def kano_class(functional: str, dysfunctional: str) -> str:
    """The class of one pair of answers by the evaluation table."""
    if functional not in ANSWERS or dysfunctional not in ANSWERS:
        raise MeasureProblem("satisfaction.bad_answer")
    return _KANO[ANSWERS.index(functional)][ANSWERS.index(dysfunctional)]


def kano(pairs: Iterable[tuple[str, str]]) -> Kano:
    """Class a feature by the pairs (functional, dysfunctional) of all who answered both."""
    counts = Counter(kano_class(*pair) for pair in pairs)
    if not counts:
        raise MeasureProblem("satisfaction.too_few_answers", least=1)
    category = max(_TIES, key=lambda code: (counts[code], -_TIES.index(code)))
    sure = sum(counts[code] for code in "AOMI")
    better = (counts["A"] + counts["O"]) / sure if sure else None
    worse = -(counts["O"] + counts["M"]) / sure if sure else None
    return Kano({code: counts[code] for code in "AOMIRQ"}, category, better, worse)
