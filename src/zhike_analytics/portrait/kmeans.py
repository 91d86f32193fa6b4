"""k-means in NumPy: begun by k-means++ (Arthur & Vassilvitskii 2007), improved by Lloyd's rounds, customers block by block."""

from __future__ import annotations

import numpy as np

from zhike_analytics.portrait.measuring import Array

_BLOCK = 65_536


def nearest(points: Array, centers: Array) -> tuple[Array, float]:
    """The nearest center of each point (the first of equals), and the sum of squared distances."""
    labels = np.empty(len(points), dtype=np.int64)
    total, square = 0.0, (centers**2).sum(axis=1)
    for first in range(0, len(points), _BLOCK):
        part = points[first : first + _BLOCK]
        away = square[None, :] - 2 * part @ centers.T
        labels[first : first + _BLOCK] = away.argmin(axis=1)
        total += float(np.maximum(away.min(axis=1) + (part**2).sum(axis=1), 0).sum(dtype=float))
    return labels, total


def kmeans(points: Array, k: int, *, starts: int = 4, rounds: int = 100, seed: int = 0) -> tuple[Array, Array, float]:
    """(centers, labels, sum of squares) of the best of several starts. Fewer groups come back where fewer points differ."""
    draw = np.random.default_rng(seed)
    best: tuple[Array, Array, float] | None = None
    for _ in range(starts):
        found = lloyd(points, _begun(points, k, draw), rounds)
        if best is None or found[2] < best[2] - 1e-9:
            best = found
    assert best is not None
    return best


def lloyd(points: Array, centers: Array, rounds: int) -> tuple[Array, Array, float]:
    """Lloyd's rounds from given centers until nobody moves; groups that run empty are let go."""
    labels, total = nearest(points, centers)
    for _ in range(rounds):
        sizes = np.bincount(labels, minlength=len(centers))
        kept = np.flatnonzero(sizes)
        sums = np.column_stack([np.bincount(labels, points[:, c], len(centers)) for c in range(points.shape[1])])
        centers = (sums[kept] / sizes[kept, None]).astype(points.dtype)
        again, less = nearest(points, centers)
        is_settled = len(kept) == len(sizes) and bool((again == labels).all())
        labels, total = again, less
        if is_settled:
            break
    return centers, labels, total


def _begun(points: Array, k: int, draw: np.random.Generator) -> Array:
    chosen = [points[draw.integers(len(points))]]
    away = ((points - chosen[0]) ** 2).sum(axis=1)
    while len(chosen) < k and away.sum() > 0:
        # Drawn by the running sum: floats of many points need not add up to one.
        sums = np.cumsum(away, dtype=float)
        chosen.append(points[min(int(np.searchsorted(sums, draw.random() * sums[-1], "right")), len(points) - 1)])
        away = np.minimum(away, ((points - chosen[-1]) ** 2).sum(axis=1))
    return np.array(chosen)
