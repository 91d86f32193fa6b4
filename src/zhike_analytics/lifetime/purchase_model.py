"""What the purchase models have in common: one way to ask, answers in the order of the rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from zhike_analytics.lifetime.fitted_model import FittedModel
from zhike_analytics.lifetime.fitting import Optimum, minimize, told, with_penalty
from zhike_analytics.lifetime.grouping import FEWEST_CUSTOMERS, Grouped, coarser, enough, grouped
from zhike_analytics.lifetime.special import Array, log_gamma
from zhike_analytics.problem import MeasureProblem


class PurchaseModel(FittedModel, ABC):
    """How often customers buy and whether they still do. Fitted values end in ``_``.

    Every question takes histories (a table with x, t_x and T in any container) and answers one number per row, in order.
    Histories are grouped first: a million customers are asked about as fast as they differ.
    """

    def fit(
        self,
        histories: Any,
        *,
        penalty: float = 0.0,
        decimals: int | None = None,
        least_customers: int = FEWEST_CUSTOMERS,
    ) -> Self:
        """Maximum likelihood on (x, t_x, T). ``penalty`` adds that much of Σθ² per customer, ``decimals`` rounds times.

        Many distinct histories are first fitted roughly; the exact fit then starts beside its end. Refused with
        ``lifetime.too_few_customers`` or ``lifetime.no_repeaters``; doubts are codes in ``warnings_``.
        """
        data = grouped(histories, decimals=decimals)
        warnings = enough(data, least_customers)
        scale = float(np.average(data.T, weights=data.weight)) or 1.0
        starts = self._starts(scale)
        if (rough := coarser(data)) is not None:
            starts = [tuple(np.exp(self._minimum(rough, starts, penalty).at).tolist()), *starts]
        found = self._minimum(data, starts, penalty)
        value, _slope = self._likelihood(np.exp(found.at), data)
        doubts = (*warnings, *self._doubts(found.at, found.converged))
        return self._settle(
            told(
                self.label, self.names, found, log_likelihood=value, customers=data.customers, rows=len(data.x),
                repeaters=data.repeaters, penalty=penalty, warnings=doubts,
            )
        )  # fmt: skip

    def _minimum(self, data: Grouped, starts: Sequence[Sequence[float]], penalty: float) -> Optimum:
        def objective(at: Array) -> tuple[float, Array]:
            value, slope = self._likelihood(np.exp(at), data)
            return -value / data.customers, -slope * np.exp(at) / data.customers

        return minimize(with_penalty(objective, penalty), starts)

    def predict(self, histories: Any, t: float) -> Array:
        """Expected purchases of each customer in the next ``t`` units: E[Y(t) | x, t_x, T]."""
        if not (np.isfinite(t) and t >= 0):
            raise MeasureProblem("lifetime.bad_time")
        data = self._asked(histories)
        found = self._expected(float(t), data.x, data.t_x, data.T) if t else np.zeros(len(data.x))
        return found[data.inverse]

    def alive(self, histories: Any) -> Array:
        """P(alive): the chance that each customer is still one."""
        data = self._asked(histories)
        return self._alive(data.x, data.t_x, data.T)[data.inverse]

    def returning(self, histories: Any, t: float) -> Array:
        """P(at least one purchase in the next ``t`` units): 1 minus the risk that the customer stays away."""
        if not (np.isfinite(t) and t > 0):
            raise MeasureProblem("lifetime.bad_time")
        data = self._asked(histories)
        return self._returning(float(t), data.x, data.t_x, data.T)[data.inverse]

    def expected_purchases(self, t: Any) -> Array:
        """Expected purchases of a new customer in the first ``t`` units after the first purchase: E[X(t)]."""
        _ = self.parameters_
        times = np.maximum(np.asarray(t, dtype=float), 0.0)
        return self._expected_new(times)

    def frequencies(self, t: Any, most: int) -> Array:
        """P(X(t) = 0), …, P(X(t) = most − 1) and P(X(t) ≥ most) of a new customer, one row per time."""
        _ = self.parameters_
        times = np.atleast_1d(np.asarray(t, dtype=float))
        found, before = [], np.zeros_like(times)
        for n in range(most):
            stays = self._nbd(n, times)
            found.append(self._chance_of(n, times, stays, before))
            before = before + stays
        single = np.stack(found, axis=1)
        return np.column_stack([single, 1 - single.sum(axis=1)])

    def discounted_purchases(self, histories: Any, *, periods: int, discount: float) -> Array:
        """Σ E[purchases in unit t] / (1 + discount)^t over the next ``periods`` units; ``discount`` per unit."""
        if periods < 1 or not np.isfinite(discount) or discount <= -1:
            raise MeasureProblem("lifetime.bad_discount")
        data = self._asked(histories)
        total, before = np.zeros(len(data.x)), np.zeros(len(data.x))
        for t in range(1, periods + 1):
            now = self._expected(float(t), data.x, data.t_x, data.T)
            total += (now - before) / (1 + discount) ** t
            before = now
        return total[data.inverse]

    def _asked(self, histories: Any) -> Grouped:
        _ = self.parameters_
        return grouped(histories)

    def _nbd(self, n: int, t: Array) -> Array:
        """P(n purchases in t) of somebody who stays: negative binomial with r and α."""
        r, alpha = getattr(self, "r_"), getattr(self, "alpha_")  # noqa: B009
        logs = float(log_gamma(r + n) - log_gamma(r) - log_gamma(n + 1.0)) + r * (np.log(alpha) - np.log(alpha + t))
        with np.errstate(divide="ignore"):
            return np.exp(logs + (n * np.log(t / (alpha + t)) if n else 0.0))

    @abstractmethod
    def _starts(self, scale: float) -> list[tuple[float, ...]]:
        """Where the search begins; ``scale`` is the mean age of a customer."""

    @abstractmethod
    def _likelihood(self, parameters: Array, data: Grouped) -> tuple[float, Array]:
        """ln L of all customers and its slope."""

    @abstractmethod
    def _alive(self, x: Array, t_x: Array, age: Array) -> Array:
        """P(alive) of distinct histories."""

    @abstractmethod
    def _expected(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        """E[Y(t)] of distinct histories."""

    @abstractmethod
    def _returning(self, t: float, x: Array, t_x: Array, age: Array) -> Array:
        """P(a purchase within t) of distinct histories."""

    @abstractmethod
    def _expected_new(self, t: Array) -> Array:
        """E[X(t)]."""

    @abstractmethod
    def _chance_of(self, n: int, t: Array, stays: Array, before: Array) -> Array:
        """P(X(t) = n)."""
