"""How well a model does on purchases it has not seen, by the usual measures; always to be read beside `Popular`."""

from __future__ import annotations

import numpy as np

from zhike_analytics.recommend.interactions import Array, Interactions
from zhike_analytics.recommend.models import Recommender
from zhike_analytics.recommend.ranking import top


def evaluate(
    model: Recommender, known: Interactions, later: Interactions, *, k: int = 10, batch: int = 1024,
    offered: Array | None = None,
) -> dict[str, float]:  # fmt: skip
    """Rank all items a customer did not have, and hold the first `k` against what they then bought for the first time.

    Mean over the customers of `known` with at least one such item (`customers`):

    - hit_rate: at least one of the k was bought · recall: hits ÷ test items · recall_bounded: hits ÷ min(k, test items)
      (Liang and others 2018) · precision: hits ÷ k
    - ndcg: Σ 1/log2(rank + 1) over hits ÷ the same of the ideal list of min(k, test items) · map: mean precision at the
      ranks of the hits ÷ min(k, test items)
    - coverage: share of all items that were recommended to anybody

    Items are those of `known`: what nobody had bought before cannot be recommended and does not count as a test item.
    """
    wanted = _matched(known, later)
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])
    sums = dict.fromkeys(("hit_rate", "recall", "recall_bounded", "precision", "ndcg", "map"), 0.0)
    shown = np.zeros(len(known.items), dtype=bool)
    people = 0
    asked = np.flatnonzero(np.diff(wanted.starts))
    for first in range(0, len(asked), batch):
        own = asked[first : first + batch]
        part, truth = known.rows(own), wanted.rows(own).dense() > 0
        told = model.scores(part)
        told[np.repeat(np.arange(len(own)), np.diff(part.starts)), part.places] = -np.inf
        if offered is not None:
            told[:, ~offered] = -np.inf
        best = top(told, k)
        shown[np.unique(best)] = True
        hits = np.take_along_axis(truth, best, axis=1)
        if hits.shape[1] < k:
            hits = np.pad(hits, ((0, 0), (0, k - hits.shape[1])))
        count, found = truth.sum(axis=1), hits.sum(axis=1)
        bound = np.minimum(count, k)
        precise = np.cumsum(hits, axis=1) / np.arange(1, k + 1)
        people += len(own)
        sums["hit_rate"] += float((found > 0).sum())
        sums["recall"] += float((found / count).sum())
        sums["recall_bounded"] += float((found / bound).sum())
        sums["precision"] += float((found / k).sum())
        sums["ndcg"] += float(((hits * discount).sum(axis=1) / ideal[bound]).sum())
        sums["map"] += float(((precise * hits).sum(axis=1) / bound).sum())
    told_means = {name: value / people if people else 0.0 for name, value in sums.items()}
    return {**told_means, "coverage": float(shown.mean()) if len(shown) else 0.0, "customers": float(people)}


def _matched(known: Interactions, later: Interactions) -> Interactions:
    """What the customers of `known` bought later of its items and did not have, in the order of `known`."""
    who = np.repeat(later.customers, np.diff(later.starts))
    what = later.items[later.places]
    if not len(known.customers) or not len(known.items) or not len(who):
        return Interactions(known.customers, known.items, np.zeros(len(known.customers) + 1, dtype=np.int64), np.zeros(0, dtype=np.int64))  # fmt: skip
    rows = np.searchsorted(known.customers, who).clip(max=len(known.customers) - 1)
    columns = np.searchsorted(known.items, what).clip(max=len(known.items) - 1)
    both = (known.customers[rows] == who) & (known.items[columns] == what)
    codes = np.unique(rows[both].astype(np.int64) * len(known.items) + columns[both])
    had = np.repeat(np.arange(len(known.customers)), np.diff(known.starts)) * len(known.items) + known.places
    codes = np.setdiff1d(codes, had, assume_unique=False)
    rows = codes // len(known.items)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(known.customers)))])
    return Interactions(known.customers, known.items, starts, codes % len(known.items))
