"""Groups of customers who do alike: how many, how sure, and what sets each apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhike_analytics.portrait.kmeans import kmeans, lloyd, nearest
from zhike_analytics.portrait.measuring import DISSOLVED, STABLE, Array, bootstrap_jaccard, silhouette
from zhike_analytics.portrait.scaling import read, scale_of
from zhike_analytics.problem import MeasureProblem

FEWEST_CUSTOMERS = 50
_LEARNED, _JUDGED, _DRAWN = 20_000, 2_000, 3_000
_TOLD, _MARKED = 3, 0.5  # at most so many traits, from so many standard deviations
Trait = tuple[str, str]  # feature, high or low


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its size, how sure it is (mean Jaccard), its strongest traits, each feature's mean in standard deviations from all."""

    place: int
    customers: int
    share: float
    stability: float
    traits: tuple[Trait, ...]
    profile: dict[str, float]

    @property
    def standing(self) -> str:
        """`stable` (above .75), `doubtful`, or `dissolved` (below .6)."""
        return "stable" if self.stability > STABLE else "dissolved" if self.stability < DISSOLVED else "doubtful"


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found: groups, largest first; the mean silhouette of each number of groups tried."""

    k: int
    silhouette: float
    tried: dict[int, float]
    groups: tuple[Group, ...]
    left_out: tuple[str, ...]  # features that are the same for everybody
    warnings: tuple[str, ...]  # weak_structure, dissolved_groups


class Clusters:
    """k-means on scaled features: `fit(features)`, `predict(features)`, `summary()`. Without `k` the number of groups between
    `fewest` and `most` with the greatest mean silhouette is taken, of equals the smaller. The same seed finds the same groups."""

    def __init__(
        self, k: int | None = None, *, fewest: int = 3, most: int = 8, rounds: int = 50, seed: int = 0
    ) -> None:
        if not 2 <= (k or fewest) <= (k or most) <= 20:
            raise MeasureProblem("portrait.bad_option", option="k")
        self.k, self.fewest, self.most, self.rounds, self.seed = k, fewest, most, rounds, seed

    def fit(self, source: Any) -> Clusters:
        """Find the groups of a table with customer_id and features. Raises ``portrait.too_few_customers``,
        ``portrait.all_alike`` (fewer than two customers differ)."""
        self.customers_, columns = read(source)
        if len(self.customers_) < FEWEST_CUSTOMERS:
            raise MeasureProblem("portrait.too_few_customers", customers=len(self.customers_), least=FEWEST_CUSTOMERS)
        self.scale_ = scale_of(columns)
        if not self.scale_.names:
            raise MeasureProblem("portrait.all_alike")
        points = self.scale_.scaled(columns)
        draw = np.random.default_rng(self.seed)
        sample = points[_drawn(draw, len(points), _LEARNED)]
        centers = self._chosen(sample, draw)
        centers, labels, _ = lloyd(points, centers, 5 if len(points) > _LEARNED else 100)
        order = np.argsort(-np.bincount(labels, minlength=len(centers)), kind="stable")
        self.centers_ = centers[order]
        self.labels_, self.inertia_ = nearest(points, self.centers_)
        self.k_ = len(self.centers_)
        self.features_ = tuple(columns)
        self._judge(points, draw)
        return self

    def predict(self, source: Any) -> tuple[Array, Array]:
        """(customers in order, the group of each) of any table with the same features."""
        if not hasattr(self, "centers_"):
            raise MeasureProblem("portrait.not_fitted")
        customers, columns = read(source, self.features_)
        return customers, nearest(self.scale_.scaled(columns), self.centers_)[0]

    def summary(self) -> Summary:
        """The groups with sizes, stability and traits. ``portrait.not_fitted`` before ``fit``."""
        if not hasattr(self, "summary_"):
            raise MeasureProblem("portrait.not_fitted")
        return self.summary_

    def _chosen(self, sample: Array, draw: np.random.Generator) -> Array:
        """Centers of the number of groups asked for, or of the best one."""
        judged = sample[_drawn(draw, len(sample), _JUDGED)]
        self.silhouettes_: dict[int, float] = {}
        best: Array | None = None
        for k in [self.k] if self.k else range(self.fewest, min(self.most, len(sample) - 1) + 1):
            centers, _, _ = kmeans(sample, k, seed=self.seed + k)
            if len(centers) < 2:
                raise MeasureProblem("portrait.all_alike")
            told = silhouette(judged, nearest(judged, centers)[0])
            if best is None or told > max(self.silhouettes_.values()) + 1e-9:
                best = centers
            self.silhouettes_.setdefault(len(centers), told)
        assert best is not None
        return best

    def _judge(self, points: Array, draw: np.random.Generator) -> None:
        at = _drawn(draw, len(points), _DRAWN)
        some, own = points[at], self.labels_[at]

        def again(part: Array, turn: int) -> Array:
            return kmeans(part, self.k_, starts=2, rounds=50, seed=self.seed + 1000 + turn)[1]

        told = bootstrap_jaccard(some, own, again, rounds=self.rounds, seed=self.seed)
        self.stability_ = told + [0.0] * (self.k_ - len(told))
        sizes = np.bincount(self.labels_, minlength=self.k_)
        spread = points.std(axis=0, dtype=float)
        away = (self.centers_ - points.mean(axis=0, dtype=float)) / np.maximum(spread, 1e-9)
        profiles = [dict(zip(self.scale_.names, (float(v) for v in row), strict=True)) for row in away]
        traits = told_apart(profiles)
        groups = tuple(
            Group(n, int(sizes[n]), float(sizes[n] / len(points)), self.stability_[n], traits[n], profiles[n])
            for n in range(self.k_)
        )
        best = self.silhouettes_.get(self.k_, 0.0)
        warnings = (*(["weak_structure"] if best < 0.25 else []),
                    *(["dissolved_groups"] if min(self.stability_) < DISSOLVED else []))  # fmt: skip
        left_out = tuple(name for name in self.features_ if name not in self.scale_.names)
        self.summary_ = Summary(self.k_, best, dict(self.silhouettes_), groups, left_out, tuple(warnings))


def told_apart(profiles: list[dict[str, float]]) -> list[tuple[Trait, ...]]:
    """The strongest traits of each group (half a standard deviation at least, three at most); where two groups would be called
    the same, further traits are added until they differ or there are none."""
    ranked = [sorted(p.items(), key=lambda item: (-abs(item[1]), item[0])) for p in profiles]
    lists = [[(name, "high" if v > 0 else "low") for name, v in row] for row in ranked]
    strong = [sum(abs(v) >= _MARKED for _, v in row) for row in ranked]
    length = [min(_TOLD, n) for n in strong]
    for _ in range(max((len(row) for row in lists), default=0)):
        named = [frozenset(row[:n]) for row, n in zip(lists, length, strict=True)]
        same = [n for n, name in enumerate(named) if named.count(name) > 1 and length[n] < len(lists[n])]
        if not same:
            break
        for n in same:
            length[n] += 1
    return [tuple(row[:n]) for row, n in zip(lists, length, strict=True)]


def _drawn(draw: np.random.Generator, count: int, most: int) -> Array:
    """All places, or so many of them without order."""
    told: Array = np.arange(count) if count <= most else np.sort(draw.choice(count, most, replace=False))
    return told
