"""How good a grouping or a ranking is: silhouette, stability by bootstrap and Jaccard, the area under the curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
STABLE, DISSOLVED = 0.75, 0.6  # Hennig 2007: above, a valid group; below, a pattern at most


def silhouette(points: Array, labels: Array) -> float:
    """Mean over the points of (b − a) ÷ max(a, b): a is the mean distance to the others of one's group, b that to the nearest
    other group (Rousseeuw 1987). A point alone in its group counts 0; with one group only it is 0. Squares the points: give a
    sample."""
    groups, own = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    square = (points**2).sum(axis=1)
    away = np.sqrt(np.maximum(square[:, None] + square[None, :] - 2 * points @ points.T, 0))
    np.fill_diagonal(away, 0)
    member = (own[:, None] == np.arange(len(groups))[None, :]).astype(float)
    sums, sizes = away @ member, member.sum(axis=0)
    rows = np.arange(len(points))
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    told = (nearest - inside) / np.maximum(np.maximum(nearest, inside), 1e-12)
    return float(np.where(sizes[own] > 1, told, 0.0).mean())


def bootstrap_jaccard(
    points: Array, labels: Array, fit: Callable[[Array, int], Array], *, rounds: int = 50, seed: int = 0
) -> list[float]:
    """For each group 0…k−1, how alike it comes back: the mean over bootstraps of the largest Jaccard index between it and a group
    found anew, both on the points that were drawn (Hennig 2007).

    `fit(points, round)` groups points anew and returns their labels. Above `STABLE` a group is held for real, below
    `DISSOLVED` it is not to be relied on; a group with no member drawn counts 0 in that round.
    """
    draw = np.random.default_rng(seed)
    count = int(labels.max()) + 1 if len(labels) else 0
    total = np.zeros(count)
    for turn in range(rounds):
        drawn = np.unique(draw.integers(0, len(points), len(points)))
        found, was = fit(points[drawn], turn), labels[drawn]
        other = int(found.max()) + 1
        both = np.bincount(was * other + found, minlength=count * other).reshape(count, other).astype(float)
        either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
        total += (both / np.maximum(either, 1)).max(axis=1)
    return [float(value) for value in total / max(rounds, 1)]


def area_under_curve(scores: Array, truth: Array) -> tuple[float, float]:
    """(AUC, its standard error): the chance that a member scores above another, ties half (Mann–Whitney); the error by Hanley &
    McNeil 1982. (0.5, 0.5) where one side is empty."""
    ours, others = int(truth.sum()), int((~truth).sum())
    if not ours or not others:
        return 0.5, 0.5
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    rank = np.cumsum(sizes) - (sizes - 1) / 2
    area = float((rank[place][truth].sum() - ours * (ours + 1) / 2) / (ours * others))
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (ours - 1) * (first - area**2) + (others - 1) * (second - area**2)
    return area, float(np.sqrt(max(spread, 0) / (ours * others)))
