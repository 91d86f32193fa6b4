"""Does a factor tell payers from others? Weight of evidence and information value, on what then happened.

``WoE = ln(share of all good in the group / share of all bad in it)``, ``IV = Σ (share of good − share of bad) × WoE``. Below .02 a factor
tells nothing, from .1 something, from .3 much; beyond .5 look for what came after the fact (Siddiqi 2006, a rule of thumb).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HALF = 0.5  # added to both counts of a group that has none of one kind, so that it has a weight at all


@dataclass(frozen=True, slots=True)
class Evidence:
    """A group of a factor: how many were good and bad, its weight of evidence, and what it adds to the information value."""

    group: str
    good: int
    bad: int
    weight: float
    value: float


def weight_of_evidence(counts: Mapping[str, tuple[int, int]]) -> list[Evidence]:
    """group → (good, bad) as weights, the best first. Raises MeasureProblem ``credit.one_sided`` without good or bad ones."""
    good, bad = sum(g for g, _ in counts.values()), sum(b for _, b in counts.values())
    if not good or not bad:
        raise MeasureProblem("credit.one_sided", good=good, bad=bad)
    told = []
    for group, (g, b) in counts.items():
        if not g + b:
            continue
        of_good, of_bad = ((g or _HALF) / good, (b or _HALF) / bad)
        weight = math.log(of_good / of_bad)
        told.append(Evidence(group, g, b, weight, (of_good - of_bad) * weight))
    return sorted(told, key=lambda one: (-one.weight, one.group))


def information_value(rows: Any, factors: Iterable[str], *, good: str, con: Any = None) -> dict[str, float]:
    """factor → information value, the most telling first. ``rows``: a column for each factor and ``good``, true where it went well.

    Numbers are taken as groups as they stand: bin them first.
    """
    held = table(rows, con)
    found: dict[str, float] = {}
    for factor in factors:
        counted = held.group_by(group=held[factor].cast("string").fill_null("")).aggregate(
            good=held[good].cast("int64").sum(), all=held.count()
        )
        counts = {r["group"]: (r["good"], r["all"] - r["good"]) for r in counted.to_pyarrow().to_pylist()}
        found[factor] = sum(one.value for one in weight_of_evidence(counts))
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
