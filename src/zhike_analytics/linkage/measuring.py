"""How good a search is: of blocking (pairs completeness, reduction ratio), of pairs (P, R, F1) and of groups (B³)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Precision, recall and F1; `right` of `found` agree with `true`."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what is true, the share that was found."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Blocking:
    """pairs_completeness: true pairs kept ÷ true pairs; reduction_ratio: 1 − candidates ÷ all pairs."""

    pairs_completeness: float
    reduction_ratio: float
    candidates: int


def true_pairs(entity: Mapping[int, object]) -> set[Pair]:
    """Every two records of one entity, the smaller id first."""
    members: dict[object, list[int]] = defaultdict(list)
    for record, whose in entity.items():
        members[whose].append(record)
    return {pair for own in members.values() for pair in combinations(sorted(own), 2)}


def pairs_found(found: Iterable[Pair], true: set[Pair]) -> Found:
    """Pairwise precision and recall."""
    told = {(min(p), max(p)) for p in found}
    return Found(len(told & true), len(told), len(true))


def blocking(candidates: Iterable[Pair], true: set[Pair], records: int) -> Blocking:
    """Measures of blocking over one file of so many records."""
    kept = {(min(p), max(p)) for p in candidates}
    every = records * (records - 1) // 2
    return Blocking(len(kept & true) / len(true) if true else 1.0, 1 - len(kept) / every, len(kept))


def b_cubed(group: Mapping[int, object], entity: Mapping[int, object]) -> tuple[float, float]:
    """B³ precision and recall (Bagga & Baldwin 1998): the mean over records of how pure and how whole their group is.

    Not comparable with pairwise figures: a lone record counts as much as one of fifty.
    """
    together: Counter[tuple[object, object]] = Counter((group[r], entity[r]) for r in entity)
    in_group, in_entity = Counter(group[r] for r in entity), Counter(entity.values())
    precision = sum(together[group[r], entity[r]] / in_group[group[r]] for r in entity) / len(entity)
    recall = sum(together[group[r], entity[r]] / in_entity[entity[r]] for r in entity) / len(entity)
    return precision, recall
