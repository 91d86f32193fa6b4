"""What a model knows: how often each level is met among pairs of one person (m) and of two (u), and how rare matches are."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from zhike_analytics.linkage.comparisons import BY_CODE, COMPARISONS

_LEAST = 1e-9
METHOD_VERSION = 1


@dataclass(frozen=True, slots=True)
class Parameters:
    """m and u by comparison and level; `prior` is the chance that two records drawn at random are one customer.

    `trained` names the levels whose m was learned from the base; all others are the fallback's.
    """

    prior: float
    levels: dict[str, dict[str, tuple[float, float]]]
    trained: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def weight(self, comparison: str, level: str) -> float:
        """log2(m/u): what the level adds to the weight of a pair, rarity of the value left out."""
        m, u = self.levels[comparison][level]
        return math.log2(max(m, _LEAST) / max(u, _LEAST))

    @property
    def prior_weight(self) -> float:
        """log2 of the prior odds."""
        return math.log2(self.prior / (1 - self.prior))

    def to_json(self) -> dict[str, Any]:
        """As a row of a database keeps it: numbers and codes, no value of anybody."""
        return {
            "method": METHOD_VERSION,
            "prior": self.prior,
            "levels": {c: {code: list(pair) for code, pair in own.items()} for c, own in self.levels.items()},
            "trained": {c: list(codes) for c, codes in self.trained.items()},
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Parameters:
        """Back from `to_json`; what an older model does not know is taken from the fallback."""
        levels = {c: dict(own) for c, own in FALLBACK.levels.items()}
        for comparison, own in told["levels"].items():
            for code, (m, u) in own.items():
                if comparison in levels and code in levels[comparison]:
                    levels[comparison][code] = (float(m), float(u))
        trained = {c: tuple(codes) for c, codes in told.get("trained", {}).items()}
        return cls(float(told["prior"]), levels, trained)


def chance(weight: float) -> float:
    """The probability behind a weight (the prior included): 0 is even odds, 10 is 1,023 to 1."""
    if weight > 60:
        return 1.0
    odds = 2.0**weight
    return odds / (1 + odds)


def in_order(parameters: Parameters) -> Parameters:
    """Levels are ordered by what they tell: where training found a lesser level heavier, the two are pooled.

    Pool adjacent violators (Ayer et al. 1955) on the ratio m/u. Each level keeps a weight of its own by a hair, so that
    a weight names its level.
    """
    levels: dict[str, dict[str, tuple[float, float]]] = {}
    for comparison in COMPARISONS:
        own = parameters.levels[comparison.code]
        pools: list[list[Any]] = []  # [sum of m, sum of u, codes]
        for code in comparison.codes:
            m, u = own[code]
            pools.append([max(m, _LEAST), max(u, _LEAST), [code]])
            while len(pools) > 1 and pools[-2][0] / pools[-2][1] < pools[-1][0] / pools[-1][1]:
                m, u, codes = pools.pop()
                pools[-1] = [pools[-1][0] + m, pools[-1][1] + u, pools[-1][2] + codes]
        rank = 0
        levels[comparison.code] = {}
        for m, u, codes in pools:
            for code in codes:
                own_u = max(own[code][1], _LEAST)
                levels[comparison.code][code] = (m / u * own_u * (1 - rank * 1e-7), own_u)
                rank += 1
    return Parameters(parameters.prior, levels, parameters.trained)


def _fallback() -> Parameters:
    """For bases too small to learn from: trained on the invented Chinese people of the tests, rounded.

    docs/explanation/matching.md tells how, and docs/proofs/matching.md what they find.
    """
    levels = {
        "name": {
            "exact": (0.62, 1e-4), "reading": (0.11, 6e-5), "order": (0.02, 3e-5), "sound": (0.03, 1e-4),
            "one_character": (0.05, 3e-4), "typing": (0.01, 1e-4), "similar": (0.01, 0.001),
            "surname": (0.09, 0.035), "other": (0.06, 0.9635),
        },
        "phone": {"exact": (0.76, 2e-6), "last_eight": (0.01, 1e-6), "one_digit": (0.09, 1e-6), "other": (0.14, 0.99999)},
        "email": {"exact": (0.80, 2e-6), "local_part": (0.08, 3e-6), "typing": (0.05, 4e-6), "other": (0.07, 0.99999)},
        "address": {
            "detail": (0.48, 1.5e-5), "detail_near": (0.11, 1e-5), "street": (0.13, 0.02), "district": (0.10, 0.02),
            "city": (0.03, 0.05), "province": (0.02, 0.05), "other": (0.13, 0.86),
        },
        "birth_date": {
            "exact": (0.83, 5e-5), "typing": (0.04, 0.0016), "turned": (0.01, 5e-5), "month_and_day": (0.02, 0.0024),
            "year": (0.03, 0.016), "other": (0.07, 0.98),
        },
        "employer": {"exact": (0.75, 0.005), "similar": (0.15, 0.004), "other": (0.10, 0.991)},
        "handles": {"exact": (0.9, 1e-6), "other": (0.1, 0.999999)},
        "sex": {"exact": (0.98, 0.5), "other": (0.02, 0.5)},
    }  # fmt: skip
    assert {c: tuple(own) for c, own in levels.items()} == {c.code: c.codes for c in BY_CODE.values()}
    return in_order(Parameters(1e-5, levels))


FALLBACK = _fallback()
