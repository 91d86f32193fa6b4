"""Popular, item-based cosine and EASE-R: fitted to interactions, they score every item for a batch of customers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.recommend.interactions import Array, Interactions

_MOST_HELD = 16_384  # rows of weights gathered at once, so that a batch stays within some hundred megabytes


class Recommender(ABC):
    """`fit(interactions)`, then `scores(part)`: a row for each customer of the part, a column for each item."""

    name = ""

    @abstractmethod
    def fit(self, bought: Interactions) -> Recommender:
        """Learn from who bought what; returns itself."""

    @abstractmethod
    def scores(self, part: Interactions) -> Array:
        """How well each item fits each customer: greater is better, comparable within one customer only."""

    def because(self, owned: Array, item: Any) -> Array:
        """How much each owned item speaks for an item (places); empty where the model does not say."""
        return np.zeros(0)


class Popular(Recommender):
    """What most customers bought, for everybody alike: the baseline that must be beaten."""

    name = "popular"

    def fit(self, bought: Interactions) -> Popular:
        """Count the buyers of each item."""
        self.counts_ = bought.counts().astype(np.float32)
        return self

    def scores(self, part: Interactions) -> Array:
        """The same row for everybody."""
        return np.tile(self.counts_, (len(part.customers), 1))


class _Linear(Recommender):
    """Models that score by X·B: an item's score is the sum of what each owned item says of it, which is its reason too."""

    weights_: Array

    def scores(self, part: Interactions) -> Array:
        """X·B as a sum over owned items: a batch of customers gathers their rows of B."""
        told = np.zeros((len(part.customers), self.weights_.shape[1]), dtype=np.float32)
        sizes = np.diff(part.starts)
        filled = np.flatnonzero(sizes)
        first = 0
        while first < len(filled):
            # As many customers as fit, at least one.
            ends = np.cumsum(sizes[filled[first:]])
            count = max(1, int(np.searchsorted(ends, _MOST_HELD * 2000 // max(self.weights_.shape[1], 1), "right")))
            own = filled[first : first + count]
            rows = part.rows(own)
            told[own] = np.add.reduceat(self.weights_[rows.places], rows.starts[:-1], axis=0)
            first += count
        return told

    def because(self, owned: Array, item: Any) -> Array:
        """The weights of the owned items for the item."""
        return self.weights_[owned, item]


class ItemKnn(_Linear):
    """Items bought by the same customers: cos(i, j) = n_ij ÷ √(n_i·n_j), with `shrink` h: n_ij ÷ (√(n_i·n_j) + h).

    Only the `neighbors` most similar items of each speak for it; 0: all do.
    """

    name = "knn"

    def __init__(self, *, shrink: float = 10.0, neighbors: int = 200) -> None:
        self.shrink, self.neighbors = shrink, neighbors

    def fit(self, bought: Interactions) -> ItemKnn:
        """Cosines of all pairs of items."""
        together = bought.gram()
        counts = np.diagonal(together).astype(np.float64)
        likeness = (together / (np.sqrt(np.outer(counts, counts)) + self.shrink)).astype(np.float32)
        np.fill_diagonal(likeness, 0.0)
        if 0 < self.neighbors < len(likeness):
            cut = np.partition(likeness, -self.neighbors, axis=0)[-self.neighbors]
            likeness[likeness < cut] = 0.0
        self.weights_ = likeness
        return self


class Ease(_Linear):
    """EASE-R (Steck 2019): P = (XᵀX + λI)⁻¹, B_ij = −P_ij ÷ P_jj, B_ii = 0. Closed form, exact, one parameter.

    λ about 200 to 1000; where `weight` is None, four times the mean number of buyers of an item, from 20 to 1000: a small
    shop needs less.
    """

    name = "ease"

    def __init__(self, *, weight: float | None = 500.0) -> None:
        if weight is not None and weight <= 0:
            raise MeasureProblem("recommend.bad_option", option="weight")
        self.weight = weight

    def fit(self, bought: Interactions) -> Ease:
        """Invert the regularized Gram matrix."""
        gram: Any = bought.gram().astype(np.float64)
        weight = (
            self.weight if self.weight is not None else float(np.clip(4 * np.trace(gram) / max(len(gram), 1), 20, 1000))
        )
        self.weight_ = weight
        gram[np.diag_indices_from(gram)] += weight
        inverse = np.linalg.inv(gram)
        del gram
        weights = inverse / -np.diagonal(inverse)
        np.fill_diagonal(weights, 0.0)
        self.weights_ = weights.astype(np.float32)
        return self
