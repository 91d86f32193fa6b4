"""How likely a rule is by chance alone: Fisher's exact test, one-sided, for many rules at once."""

from __future__ import annotations

from typing import Any

import numpy as np

_MOST_STEPS = 100_000
_NEGLIGIBLE = 1e-17


def chance_of(together: Any, antecedent: Any, consequent: Any, baskets: int) -> Any:
    """P(at least `together` common baskets | both are scattered over the baskets at random), for each rule.

    The upper tail of the hypergeometric distribution, summed from its first term: P(k) = C(x, k) C(N−x, y−k) ÷ C(N, y).
    Where fewer were expected than happened the lower tail is summed instead. Mind that thousands of rules are looked at
    in one go: of 5,000 rules without any truth some 50 lie below 0.01.
    """
    both, left, right = (np.asarray(v, dtype=np.int64) for v in (together, antecedent, consequent))
    if not len(both):
        return np.zeros(0)
    log = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, baskets + 1)))])  # ln k!
    upper = both * baskets >= left * right
    at = np.where(upper, both, both - 1)
    tail = np.zeros(len(both))
    low, high = np.maximum(0, left + right - baskets), np.minimum(left, right)
    held = (at >= low) & (at <= high)
    k = np.where(held, at, low)
    first = _term(log, k, left, right, baskets)
    term, step = np.where(held, np.exp(first), 0.0), np.where(upper, 1, -1)
    for _ in range(_MOST_STEPS):
        tail += term
        # From one term to its neighbor by their ratio.
        ahead = (left - k) * (right - k) / ((k + 1.0) * (baskets - left - right + k + 1.0)).clip(1)
        back = k * (baskets - left - right + k) / ((left - k + 1.0) * (right - k + 1.0)).clip(1)
        term = term * np.where(upper, ahead, back)
        k = k + step
        if not (term > tail * _NEGLIGIBLE).any():
            break
    return np.clip(np.where(upper, tail, 1 - tail), 0.0, 1.0)


def _term(log: Any, k: Any, left: Any, right: Any, baskets: int) -> Any:
    """ln of one probability."""
    ways = log[left] - log[k] - log[left - k]
    others = log[baskets - left] - log[right - k] - log[baskets - left - right + k]
    return ways + others - (log[baskets] - log[right] - log[baskets - right])
