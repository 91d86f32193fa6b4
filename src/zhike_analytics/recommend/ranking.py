"""The best items of each customer, batch by batch: what they have and what cannot be offered is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zhike_analytics.recommend.interactions import Array, Interactions
from zhike_analytics.recommend.models import Recommender

Barred = Callable[[Interactions], Array]


def recommended(
    model: Recommender,
    bought: Interactions,
    *,
    k: int = 10,
    offered: Array | None = None,
    barred: Barred | None = None,
    batch: int = 1024,
    reasons: int = 2,
) -> dict[str, Array]:
    """Up to `k` items for every customer, best first, as columns: customer_id, place (1 = best), item, score, and
    `because`: up to `reasons` owned items that speak for it most (None-padded), as item ids; −1 where there are fewer.

    What a customer has bought is never recommended. `offered`: True for items that may be (in stock); `barred(part)`: a
    matrix of what else may not, for a batch. An item with a score of 0 or less is recommended to nobody: the model has
    nothing to say for it. Equal scores go by the order of the items.
    """
    parts: list[tuple[Array, Array, Array, Array, Array]] = []
    for first, part in bought.batches(batch):
        told = model.scores(part)
        owner = np.repeat(np.arange(len(part.customers)), np.diff(part.starts))
        told[owner, part.places] = -np.inf
        if offered is not None:
            told[:, ~offered] = -np.inf
        if barred is not None:
            told[barred(part)] = -np.inf
        best = top(told, k)
        scores = np.take_along_axis(told, best, axis=1)
        rows, columns = np.nonzero(scores > 0)
        items = best[rows, columns]
        because = _reasons(model, part, rows, items, reasons)
        parts.append((rows + first, columns + 1, items, scores[rows, columns], because))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return {"customer_id": empty, "place": empty, "item": empty, "score": np.zeros(0), "because": np.zeros((0, reasons), dtype=np.int64)}  # fmt: skip
    rows, places, items, scores, because = (np.concatenate(held) for held in zip(*parts, strict=True))
    return {
        "customer_id": bought.customers[rows], "place": places, "item": bought.items[items], "score": scores,
        "because": np.where(because >= 0, bought.items[because], -1),
    }  # fmt: skip


def top(scores: Array, k: int) -> Array:
    """Places of the `k` greatest of each row, greatest first, equal ones in their order; all where there are fewer."""
    count = scores.shape[1]
    k = min(k, count)
    if k == 0:
        return np.zeros((len(scores), 0), dtype=np.int64)
    # Whoever equals the k-th is looked at too, so that ties fall by their order and not by the partition's.
    least = np.partition(scores, count - k, axis=1)[:, count - k]
    kept = np.zeros((len(scores), k), dtype=np.int64)
    tied = (scores >= least[:, None]).sum(axis=1)
    plain = tied == k
    if plain.any():
        found = np.argpartition(-scores[plain], k - 1, axis=1)[:, :k]
        found.sort(axis=1)
        order = np.argsort(-np.take_along_axis(scores[plain], found, axis=1), axis=1, kind="stable")
        kept[plain] = np.take_along_axis(found, order, axis=1)
    for row in np.flatnonzero(~plain):
        kept[row] = np.argsort(-scores[row], kind="stable")[:k]
    return kept


def _reasons(model: Recommender, part: Interactions, rows: Array, items: Array, most: int) -> Array:
    """For each recommendation of a batch the owned items that speak for it most."""
    found = np.full((len(rows), most), -1, dtype=np.int64)
    if not len(rows) or not most:
        return found
    sizes = np.diff(part.starts)[rows]
    widest = int(min(sizes.max(), 50))  # of a customer with hundreds of products the first fifty are asked
    steps = np.arange(widest)
    at = part.starts[rows][:, None] + np.minimum(steps, sizes[:, None] - 1)
    owned = part.places[at]
    said: Any = model.because(owned, items[:, None]) if owned.size else np.zeros(0)
    if said.shape != owned.shape:
        return found
    said = np.where((steps < sizes[:, None]) & (said > 0), said, -np.inf)
    order = np.argsort(-said, axis=1, kind="stable")[:, :most]
    values = np.take_along_axis(said, order, axis=1)
    told = np.where(np.isfinite(values), np.take_along_axis(owned, order, axis=1), -1)
    found[:, : told.shape[1]] = told
    return found
