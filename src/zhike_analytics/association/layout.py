"""Where the points of a network lie: springs and repulsion, from a circle, so that one net has one picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def laid_out(count: int, links: Sequence[tuple[int, int, float]], *, rounds: int = 300) -> list[tuple[float, float]]:
    """(x, y) in 0…1 for each of `count` points; `links` are (from, to, weight > 0). No chance: equal nets lie equally.

    Fruchterman & Reingold 1991: linked points draw each other near by d²/k, all push each other away by k²/d, k = √(1/n);
    the steps shrink from round to round. For tens of points: every round looks at every pair.
    """
    if count == 0:
        return []
    angle = 2 * np.pi * np.arange(count) / count
    # Not quite a circle: equal distances would hold each other in balance.
    reach = 0.35 + 0.1 * (np.arange(count) % 3)
    at = np.stack([0.5 + reach * np.cos(angle), 0.5 + reach * np.sin(angle)], axis=1)
    pull = np.zeros((count, count))
    for one, other, weight in links:
        if one != other:
            pull[one, other] = pull[other, one] = max(pull[one, other], weight)
    pull = pull / (pull.max() or 1.0)
    k = np.sqrt(1.0 / count)
    for turn in range(rounds):
        apart: Any = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        force = (k * k / distance - pull * distance**2 / k) / distance
        move = (apart * force[:, :, None]).sum(axis=1) + (0.5 - at) * 0.6
        length = np.maximum(np.sqrt((move**2).sum(axis=1)), 1e-9)
        limit = 0.1 * (1 - turn / rounds) + 0.002
        at = at + move / length[:, None] * np.minimum(length, limit)[:, None]
    low, high = at.min(axis=0), at.max(axis=0)
    scaled = (at - low) / np.maximum(high - low, 1e-9) if count > 1 else np.full((1, 2), 0.5)
    return [(round(float(x), 4), round(float(y), 4)) for x, y in scaled]
