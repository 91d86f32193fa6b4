"""PLS path model 结构方程模型: latent variables from blocks of items, paths between them, intervals by resampling.

The algorithm needs nothing but the covariances of the items, so that one pass over any number of answers is enough; what is
iterated has the size of the questionnaire. Wold 1982; Tenenhaus, Esposito Vinzi, Chatelin & Lauro 2005.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.satisfaction.answers import Array, filled, matrix
from zhike_analytics.satisfaction.reliability import composite_reliability, cronbach_alpha, variance_extracted

SCHEMES = ("centroid", "factorial", "path")
_MOST_STEPS, _LEAST_ROWS = 1000, 10


@dataclass(frozen=True)
class Measured:
    """One latent variable: its items with loadings and outer weights, and how well they measure it."""

    name: str
    items: tuple[str, ...]
    loadings: tuple[float, ...]
    weights: tuple[float, ...]
    alpha: float | None
    composite_reliability: float
    variance_extracted: float
    r_squared: float | None


@dataclass(frozen=True)
class Path:
    """A path with its estimate; error and interval after ``bootstrap``, otherwise None."""

    source: str
    target: str
    estimate: float
    error: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def certain(self) -> bool | None:
        """Whether the interval leaves zero out; None without an interval."""
        return None if self.low is None or self.high is None else self.low > 0 or self.high < 0


@dataclass(frozen=True)
class PathSummary:
    """What was fitted and how: the scheme changes the third digit, so it is always told."""

    scheme: str
    scaled: bool
    n: int
    filled: int
    steps: int
    converged: bool
    goodness_of_fit: float
    paths: tuple[Path, ...]
    latents: tuple[Measured, ...]
    samples: int
    warnings: tuple[str, ...]


class PathModel:
    """``blocks``: latent variable → its items; ``paths``: (from, to), without circles.

    ``scheme``: centroid, factorial or path weighting of neighbors. ``scaled``: items standardized first (most programs), or
    only centered. All blocks are reflective (mode A) but those in ``formative`` (mode B). After ``fit``: ``paths_``,
    ``r_squared_``, ``loadings_``, ``weights_`` (standardized), ``scores(table)``, ``indices_`` where a scale was given.
    """

    def __init__(
        self, blocks: Mapping[str, Sequence[str]], paths: Sequence[tuple[str, str]], *, scheme: str = "centroid",
        scaled: bool = True, formative: Sequence[str] = (), tolerance: float = 1e-9,
    ) -> None:  # fmt: skip
        if scheme not in SCHEMES or not blocks or not paths or any(not items for items in blocks.values()):
            raise MeasureProblem("satisfaction.bad_model")
        named = {name for path in paths for name in path}
        if not named <= set(blocks) or any(a == b for a, b in paths) or len(set(paths)) != len(paths):
            raise MeasureProblem("satisfaction.bad_model")
        self.blocks = {name: tuple(items) for name, items in blocks.items() if name in named}
        self.paths, self.scheme, self.scaled = tuple(paths), scheme, scaled
        self.formative, self.tolerance = frozenset(formative), tolerance
        self._names = list(self.blocks)
        self._items = [item for items in self.blocks.values() for item in items]
        if len(set(self._items)) != len(self._items):
            raise MeasureProblem("satisfaction.bad_model")
        self._into = np.zeros((len(self._names), len(self._names)), dtype=bool)
        for source, target in paths:
            self._into[self._names.index(source), self._names.index(target)] = True
        self._refuse_circles()
        self._member = np.array([[item in self.blocks[name] for name in self._names] for item in self._items])

    def fit(self, table: Any, *, low: float | None = None, high: float | None = None) -> Self:
        """Fit to answers (missing ones: mean of the item). ``low`` and ``high`` of the scale give indices on 0–100.

        ``satisfaction.too_few_answers`` below ten responses or fewer than items, ``satisfaction.constant_item``.
        """
        x, _ = matrix(table, self._items)
        x = x[np.isfinite(x).any(axis=1)] if len(x) else x
        if len(x) < max(_LEAST_ROWS, len(self._items) + 1):
            raise MeasureProblem("satisfaction.too_few_answers", least=max(_LEAST_ROWS, len(self._items) + 1))
        x, self.filled_ = filled(x)
        self._x, self.n_ = x, len(x)
        self.means_, self.deviations_ = x.mean(axis=0), x.std(axis=0)
        if (self.deviations_ == 0).any():
            raise MeasureProblem("satisfaction.constant_item", item=self._items[int(np.argmin(self.deviations_))])
        self._settle(self._solve(self._spread(x)))
        self.indices_ = self._indices(low, high) if low is not None and high is not None else {}
        self.intervals_: dict[tuple[str, str], tuple[float, float, float]] = {}
        self.samples_ = 0
        return self

    def bootstrap(self, samples: int = 500, *, seed: int = 1, confidence: float = 0.95) -> Self:
        """Intervals of the paths by drawing responses with replacement, the same ``seed`` giving the same intervals."""
        self._fitted()
        chance = np.random.Generator(np.random.PCG64(seed))
        drawn: list[list[float]] = []
        for _ in range(samples):
            x = self._x[chance.integers(0, self.n_, self.n_)]
            if (x.std(axis=0) == 0).any():
                continue
            paths = self._solve(self._spread(x), self._w).paths
            drawn.append([paths[path] for path in self.paths])
        if len(drawn) < max(2, samples // 2):
            raise MeasureProblem("satisfaction.bootstrap_failed")
        found = np.array(drawn)
        tail = (1 - confidence) / 2
        low, high = np.quantile(found, [tail, 1 - tail], axis=0)
        errors = found.std(axis=0, ddof=1)
        self.intervals_ = {
            path: (float(errors[n]), float(low[n]), float(high[n])) for n, path in enumerate(self.paths)
        }  # fmt: skip
        self.samples_ = len(drawn)
        return self

    def scores(self, table: Any) -> dict[str, Array]:
        """Standardized scores of the latent variables for each response (missing answers: mean of the fit)."""
        self._fitted()
        x, _ = matrix(table, self._items)
        x = np.where(np.isfinite(x), x, self.means_) - self.means_
        x = x / self.deviations_ if self.scaled else x
        return {name: x @ self._w[:, n] for n, name in enumerate(self._names)}

    def index_of(self, table: Any, latent: str, *, low: float, high: float) -> Array:
        """One latent variable of each response on 0–100, by the outer weights of the items as they were asked."""
        self._fitted()
        x, _ = matrix(table, self._items)
        mine = self._member[:, self._names.index(latent)]
        weights = self._raw_weights()[mine, self._names.index(latent)]
        x = np.where(np.isfinite(x), x, self.means_)[:, mine]
        return np.asarray(((x - low) @ weights) / ((high - low) * weights.sum()) * 100)

    def summary(self) -> PathSummary:
        """Everything found, with what to doubt."""
        self._fitted()
        return PathSummary(
            scheme=self.scheme, scaled=self.scaled, n=self.n_, filled=self.filled_, steps=self.steps_,
            converged=self.converged_, goodness_of_fit=self.goodness_of_fit_, latents=tuple(self._measured()),
            paths=tuple(Path(*path, self.paths_[path], *self.intervals_.get(path, (None,) * 3)) for path in self.paths),
            samples=self.samples_, warnings=tuple(self._doubts()),
        )  # fmt: skip

    def _spread(self, x: Array) -> Array:
        return np.asarray(np.corrcoef(x, rowvar=False) if self.scaled else np.cov(x, rowvar=False, bias=True)).reshape(
            len(self._items), len(self._items)
        )

    def _solve(self, s: Array, start: Array | None = None) -> _Solution:
        w = self._unit(self._member.astype(float) if start is None else start, s)
        steps = 0
        for _ in range(_MOST_STEPS):
            steps += 1
            inner = self._inner(w.T @ s @ w)
            z = w @ inner
            seen = s @ z
            new = np.where(self._member, seen, 0.0)
            for n, name in enumerate(self._names):
                if name in self.formative:
                    mine = self._member[:, n]
                    new[mine, n] = np.linalg.lstsq(s[np.ix_(mine, mine)], seen[mine, n], rcond=None)[0]
            new = self._unit(new, s)
            moved = float(((np.abs(new) - np.abs(w)) ** 2).sum())
            w = new
            if moved < self.tolerance**2:
                break
        return self._ends(w, s, steps)

    def _ends(self, w: Array, s: Array, steps: int) -> _Solution:
        deviations = np.sqrt(np.diag(s))
        loadings = (s @ w) / deviations[:, None]
        # A latent variable points where most of its items point.
        signs = np.where((np.sign(loadings) * self._member).sum(axis=0) < 0, -1.0, 1.0)
        w, loadings = w * signs, loadings * signs
        r = w.T @ s @ w
        paths: dict[tuple[str, str], float] = {}
        explained: dict[str, float] = {}
        for n, name in enumerate(self._names):
            before = np.flatnonzero(self._into[:, n])
            if not len(before):
                continue
            beta = np.linalg.lstsq(r[np.ix_(before, before)], r[before, n], rcond=None)[0]
            paths |= {(self._names[at], name): float(beta[k]) for k, at in enumerate(before)}
            explained[name] = float(beta @ r[before, n])
        return _Solution(w, loadings, r, paths, explained, steps)

    def _inner(self, r: Array) -> Array:
        beside = self._into | self._into.T
        if self.scheme == "centroid":
            return np.where(beside, np.sign(r), 0.0)
        inner = np.where(beside, r, 0.0)
        if self.scheme == "path":
            for n in range(len(self._names)):
                before = np.flatnonzero(self._into[:, n])
                if len(before):
                    inner[before, n] = np.linalg.lstsq(r[np.ix_(before, before)], r[before, n], rcond=None)[0]
        return inner

    def _unit(self, w: Array, s: Array) -> Array:
        sizes = np.sqrt(np.maximum((w * (s @ w)).sum(axis=0), 1e-300))
        return np.asarray(w / sizes)

    def _settle(self, found: _Solution) -> None:
        self._w, self._r = found.w, found.r
        self.paths_, self.r_squared_ = found.paths, found.explained
        self.steps_, self.converged_ = found.steps, found.steps < _MOST_STEPS
        where = {item: n for n, item in enumerate(self._items)}
        self.loadings_ = {
            name: {item: float(found.loadings[where[item], n]) for item in items}
            for n, (name, items) in enumerate(self.blocks.items())
        }
        self.weights_ = {
            name: {item: float(found.w[where[item], n]) for item in items}
            for n, (name, items) in enumerate(self.blocks.items())
        }
        several = [load**2 for block in self.loadings_.values() if len(block) > 1 for load in block.values()]
        communality = float(np.mean(several)) if several else 1.0
        self.goodness_of_fit_ = (communality * float(np.mean(list(self.r_squared_.values())))) ** 0.5

    def _raw_weights(self) -> Array:
        # Weights of standardized items are divided by the items' deviations before they meet items as they were asked.
        return np.asarray(self._w / self.deviations_[:, None] if self.scaled else self._w)

    def _indices(self, low: float, high: float) -> dict[str, float]:
        if high <= low:
            raise MeasureProblem("satisfaction.bad_scale")
        raw = self._raw_weights()
        found = {}
        for n, name in enumerate(self._names):
            weights = raw[:, n]
            found[name] = float(weights @ (self.means_ - low) / ((high - low) * weights.sum()) * 100)
        return found

    def _measured(self) -> list[Measured]:
        told, where = [], {item: n for n, item in enumerate(self._items)}
        for name, items in self.blocks.items():
            loads = list(self.loadings_[name].values())
            own = self._x[:, [where[item] for item in items]]
            told.append(
                Measured(
                    name, items, tuple(loads), tuple(self.weights_[name].values()), cronbach_alpha(own).standardized,
                    composite_reliability(loads), variance_extracted(loads), self.r_squared_.get(name),
                )
            )  # fmt: skip
        return told

    def _doubts(self) -> list[str]:
        told = [] if self.converged_ else ["not_converged"]
        if any(weight < 0 for block in self.weights_.values() for weight in block.values()):
            told.append("negative_weight")
        if any(load < 0.5 for block in self.loadings_.values() for load in block.values()):
            told.append("weak_item")
        if self.n_ < 10 * int(self._into.sum(axis=0).max()) or self.n_ < 100:
            told.append("small_sample")
        if self.filled_ > 0.05 * self._x.size:
            told.append("many_filled")
        return told

    def _refuse_circles(self) -> None:
        left = set(range(len(self._names)))
        while left:
            free = {n for n in left if not any(self._into[m, n] for m in left)}
            if not free:
                raise MeasureProblem("satisfaction.circle")
            left -= free

    def _fitted(self) -> None:
        if not hasattr(self, "paths_"):
            raise MeasureProblem("satisfaction.not_fitted")


@dataclass(frozen=True)
class _Solution:
    w: Array
    loadings: Array
    r: Array
    paths: dict[tuple[str, str], float]
    explained: dict[str, float]
    steps: int
