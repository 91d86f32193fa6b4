"""Scales 满意级度: the levels a question offers, what each is worth, and a mean on 0–100.

Values belong to the version of a questionnaire and are kept with it: five words of satisfaction are worth 100/80/60/30/0 in one
house and 1–5 in the next, and a figure without its values means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import NOTHING, Array, Estimate, column, normal_quantile


@dataclass(frozen=True)
class Scale:
    """``labels``: the words from worst to best, as shown; ``values``: what each is worth. Answers are values."""

    code: str
    values: tuple[float, ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.values, self.values[1:], strict=False))
        if len(self.values) < 2 or not rising or (self.labels and len(self.labels) != len(self.values)):
            raise MeasureProblem("satisfaction.bad_scale")

    @property
    def low(self) -> float:
        """What the worst level is worth."""
        return self.values[0]

    @property
    def high(self) -> float:
        """What the best level is worth."""
        return self.values[-1]

    def index(self, values: Any) -> Array:
        """Answers on 0–100: (x − low)/(high − low)·100."""
        return np.asarray((np.asarray(values, dtype=float) - self.low) / (self.high - self.low) * 100)

    def read(self, text: str) -> float | None:
        """The value of an answer given as a word or a number of the scale; None where it is neither."""
        said = text.strip()
        if said in self.labels:
            return self.values[self.labels.index(said)]
        try:
            value = float(said)
        except ValueError:
            return None
        return value if value in self.values else None


_FIVE = ("很不满意", "不满意", "一般", "满意", "很满意")
_SEVEN = ("很不满意", "不满意", "不太满意", "一般", "较满意", "满意", "很满意")
SCALES: dict[str, Scale] = {
    scale.code: scale
    for scale in (
        Scale("five", (1, 2, 3, 4, 5), _FIVE),
        Scale("seven", (1, 2, 3, 4, 5, 6, 7), _SEVEN),
        Scale("ten", tuple(range(1, 11))),
        Scale("zero_ten", tuple(range(11))),
        # Unequal steps on purpose: the published values of five levels; and seven around zero, as in the trade.
        Scale("five_percent", (0, 30, 60, 80, 100), ("不满意", "不太满意", "基本满意", "满意", "很满意")),
        Scale("seven_sixty", (-60, -40, -20, 0, 20, 40, 60), _SEVEN),
    )
}


def mean_index(values: Any, scale: Scale, *, confidence: float = 0.95) -> Estimate:
    """The mean of one question on 0–100 with the interval of a mean, z·s/√n; None where nobody answered."""
    given = scale.index(column(values))
    if not len(given):
        return NOTHING
    mean = float(given.mean())
    if len(given) < 2:
        return Estimate(mean, None, None, 1)
    half = normal_quantile(confidence) * float(given.std(ddof=1)) / len(given) ** 0.5
    return Estimate(mean, max(0.0, mean - half), min(100.0, mean + half), len(given))


def satisfied(values: Any, scale: Scale, *, top: int = 2, confidence: float = 0.95) -> Estimate:
    """CSAT 满意率: the share (0–1) of answers in the ``top`` best levels, of all answers, with Wilson's interval."""
    if not 1 <= top < len(scale.values):
        raise MeasureProblem("satisfaction.bad_top")
    given = column(values)
    return share_estimate(int((given >= scale.values[-top]).sum()), len(given), confidence=confidence)


def share_estimate(hits: int, of: int, *, confidence: float = 0.95) -> Estimate:
    """A share with Wilson's interval, which stays inside 0–1 and holds for few answers too."""
    if not of:
        return NOTHING
    z, p = normal_quantile(confidence), hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    low, high = (0.0 if not hits else middle - half), (1.0 if hits == of else middle + half)
    return Estimate(p, low, high, of)


@dataclass(frozen=True)
class Promoters:
    """Net promoter score in points from −100 to 100 with its interval, and who it is made of."""

    score: Estimate
    promoters: int
    passives: int
    detractors: int


def net_promoters(values: Any, *, confidence: float = 0.95) -> Promoters:
    """NPS 净推荐值 of answers 0–10: %(9–10) − %(0–6); 7 and 8 count in the base. Standard error √((p + d − (p − d)²)/n).

    ``satisfaction.off_scale`` where an answer is none of 0–10.
    """
    given = column(values)
    if len(given) and not (((given >= 0) & (given <= 10)) & (given == np.round(given))).all():
        raise MeasureProblem("satisfaction.off_scale", low=0, high=10)
    up, down, n = int((given >= 9).sum()), int((given <= 6).sum()), len(given)
    return promoters_of(up, n - up - down, down, confidence=confidence)


def promoters_of(promoters: int, passives: int, detractors: int, *, confidence: float = 0.95) -> Promoters:
    """The same from counts."""
    n = promoters + passives + detractors
    if not n:
        return Promoters(NOTHING, 0, 0, 0)
    p, d = promoters / n, detractors / n
    half = normal_quantile(confidence) * (max(0.0, p + d - (p - d) ** 2) / n) ** 0.5 * 100
    value = (p - d) * 100
    told = Estimate(value, max(-100.0, value - half), min(100.0, value + half), n)
    return Promoters(told, promoters, passives, detractors)


@dataclass(frozen=True)
class Effort:
    """Customer effort: the mean, and the share that found it easy. ``easy_is``: which end of the scale is good."""

    mean: Estimate
    easy: Estimate
    easy_is: str


def customer_effort(values: Any, *, version: str = "2.0", confidence: float = 0.95) -> Effort:
    """CES 客户费力度. ``2.0`` (2013): “made it easy”, 1–7, high is good, easy is 5–7; ``1.0`` (2010): effort, 1–5, **low** is
    good, easy is 1–2. The two never share one line: their directions are opposite."""
    if version not in ("1.0", "2.0"):
        raise MeasureProblem("satisfaction.bad_effort_version")
    most, low_good = (5, True) if version == "1.0" else (7, False)
    given = column(values)
    if len(given) and not ((given >= 1) & (given <= most)).all():
        raise MeasureProblem("satisfaction.off_scale", low=1, high=most)
    easy = int((given <= 2).sum() if low_good else (given >= 5).sum())
    mean = plain_mean(given, confidence=confidence)
    return Effort(mean, share_estimate(easy, len(given), confidence=confidence), "low" if low_good else "high")


def plain_mean(values: Any, *, confidence: float = 0.95) -> Estimate:
    """The mean on the scale itself, with its interval."""
    given = column(values)
    if not len(given):
        return NOTHING
    mean = float(given.mean())
    if len(given) < 2:
        return Estimate(mean, None, None, 1)
    half = normal_quantile(confidence) * float(given.std(ddof=1)) / len(given) ** 0.5
    return Estimate(mean, mean - half, mean + half, len(given))


def levels_counted(values: Any, scale: Scale) -> list[int]:
    """How often each level was chosen, worst first."""
    given = column(values)
    return [int((given == value).sum()) for value in scale.values]


def equal_steps(levels: int) -> Sequence[float]:
    """The values of ``levels`` equal steps from 0 to 100."""
    if levels < 2:
        raise MeasureProblem("satisfaction.bad_scale")
    return [100 * n / (levels - 1) for n in range(levels)]
