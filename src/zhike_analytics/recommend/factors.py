"""Implicit ALS (Hu, Koren & Volinsky 2008): a few factors for each customer and item, where items are too many to square."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zhike_analytics.recommend.interactions import Array, Interactions
from zhike_analytics.recommend.models import Recommender

_HELD_BYTES = 32 * 2**20  # of the vectors, or of the systems, of the rows that are solved together


class Als(Recommender):
    """Confidence 1 + `confidence` for what was bought, 1 for all else; ridge `ridge`; `seed` draws where it begins.

    Customers are solved anew from their purchases when scored, so a customer the model never saw is scored alike.
    """

    name = "als"

    def __init__(
        self, *, factors: int = 64, ridge: float = 5.0, confidence: float = 20.0, rounds: int = 10, seed: int = 0
    ) -> None:
        self.factors, self.ridge, self.confidence, self.rounds, self.seed = factors, ridge, confidence, rounds, seed

    def fit(self, bought: Interactions) -> Als:
        """Alternate between customers and items."""
        draw = np.random.default_rng(self.seed)
        self.items_: Array = draw.normal(0, 0.1, (len(bought.items), self.factors))
        turned = _turned(bought)
        for _round in range(self.rounds):
            customers = self._solved(bought, self.items_)
            self.items_ = self._solved(turned, customers)
        return self

    def scores(self, part: Interactions) -> Array:
        """Factors of the customers, from what they bought, times those of the items."""
        told: Array = (self._solved(part, self.items_) @ self.items_.T).astype(np.float32)
        return told

    def because(self, owned: Array, item: Any) -> Array:
        """How like the item's factors those of each owned item are (cosine)."""
        own, other = self.items_[owned], self.items_[item]
        size = np.linalg.norm(own, axis=-1) * np.linalg.norm(other, axis=-1)
        told: Array = (own * other).sum(axis=-1) / np.maximum(size, 1e-12)
        return told

    def _solved(self, part: Interactions, fixed: Array) -> Array:
        """(YᵀY + c·Σyyᵀ + ridge·I)⁻¹ (1 + c)·Σy for every row of the part, block by block."""
        whole = fixed.T @ fixed + self.ridge * np.eye(self.factors)
        # A row of zeros at the end stands for what a customer of fewer interactions than others of the block does not have.
        vectors = np.concatenate([fixed, np.zeros((1, self.factors))])
        found = np.zeros((len(part.customers), self.factors))
        sizes = np.diff(part.starts)
        for own in _blocks(sizes, self.factors):
            width = int(sizes[own[-1]])
            at = part.starts[own][:, None] + np.arange(width)
            is_there = np.arange(width) < sizes[own][:, None]
            held = vectors[np.where(is_there, part.places[np.where(is_there, at, 0)], len(fixed))]
            system = whole + self.confidence * (held.transpose(0, 2, 1) @ held)
            right = (1 + self.confidence) * held.sum(axis=1)
            found[own] = np.linalg.solve(system, right[:, :, None])[:, :, 0]
        return found


def _blocks(sizes: Array, factors: int) -> Iterator[Array]:
    """Rows that have anything, in blocks of about equal numbers of interactions: what is padded to the largest stays little."""
    order = np.argsort(sizes, kind="stable")
    order = order[int(np.searchsorted(sizes[order], 1)) :]
    first = 0
    while first < len(order):
        most = max(int(1.25 * sizes[order[first]]), int(sizes[order[first]]) + 1)
        ends = int(np.searchsorted(sizes[order], most, "right"))
        room = max(1, _HELD_BYTES // (8 * factors * max(most, factors)))
        last = min(ends, first + room)
        yield order[first:last]
        first = last


def _turned(bought: Interactions) -> Interactions:
    """The same with items as rows."""
    who = np.repeat(np.arange(len(bought.customers)), np.diff(bought.starts))
    order = np.argsort(bought.places, kind="stable")
    starts = np.concatenate([[0], np.cumsum(bought.counts())])
    return Interactions(bought.items, bought.customers, starts, who[order])
