"""Maximum likelihood on the logarithms of the parameters: BFGS with the models' own gradients, from several starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhike_analytics.lifetime.special import Array

Objective = Callable[[Array], tuple[float, Array]]
_WIDEST = 30.0  # ln of a parameter beyond which it is no estimate any more


@dataclass(frozen=True)
class Optimum:
    """at: logarithms of the parameters; value: the objective there; curvature: its second derivatives."""

    at: Array
    value: float
    curvature: Array
    converged: bool
    steps: int


@dataclass(frozen=True)
class Summary:
    """What a fit found. ``parameters``: name → (estimate, standard error or None); ``customers`` stood on ``rows``
    distinct histories; ``warnings``: codes, each explained in the documentation."""

    model: str
    parameters: dict[str, tuple[float, float | None]]
    log_likelihood: float
    customers: int
    rows: int
    repeaters: int
    converged: bool
    steps: int
    penalty: float
    warnings: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        lines = [f"{self.model}: {self.customers} customers, {self.repeaters} repeaters, LL {self.log_likelihood:.3f}"]
        for name, (estimate, error) in self.parameters.items():
            lines.append(f"  {name:<6}{estimate:>12.4f}" + (f"   (s.e. {error:.4f})" if error is not None else ""))
        return "\n".join([*lines, *(f"  warning: {code}" for code in self.warnings)])


def minimize(objective: Objective, starts: Sequence[Sequence[float]]) -> Optimum:
    """The minimum from the first start (parameters, not logarithms) that reaches one; else the lowest point of all."""
    found: list[Optimum] = []
    # The search may step where nothing is finite; such a step is taken back, and is nobody's concern.
    with np.errstate(all="ignore"):
        for start in starts:
            found.append(_polished(objective, _descend(objective, np.log(np.asarray(start, dtype=float)))))
            if found[-1].converged:
                break
    best = min(found, key=lambda one: one.value)
    return Optimum(best.at, best.value, best.curvature, best.converged, sum(f.steps for f in found))


def _descend(objective: Objective, at: Array, most: int = 200) -> Optimum:
    value, slope = objective(at)
    inverse, steps = _unbent(slope), 0
    # Per customer the objective is near one; from a slope of 1e-5 on Newton's steps are better.
    while steps < most and np.abs(slope).max() > 1e-5:
        steps += 1
        direction = -inverse @ slope
        if slope @ direction >= 0:
            inverse = _unbent(slope)
            direction = -inverse @ slope
        moved = _along(objective, at, value, slope, direction)
        if moved is None:
            break
        new, new_value, new_slope = moved
        step, turn = new - at, new_slope - slope
        if (curve := float(step @ turn)) > 1e-14:
            left = np.eye(len(at)) - np.outer(step, turn) / curve
            inverse = left @ inverse @ left.T + np.outer(step, step) / curve
        at, value, slope = new, new_value, new_slope
    return Optimum(at, value, inverse, False, steps)


def _unbent(slope: Array) -> Array:
    return np.asarray(np.eye(len(slope)) / max(1.0, float(np.abs(slope).max())))


def _polished(objective: Objective, near: Optimum) -> Optimum:
    """Newton's steps to where rounding ends them; a minimum only if the curvature is positive all around."""
    at, value, steps = near.at, near.value, near.steps
    slope = objective(at)[1]
    bent = curvature(objective, at)
    for _ in range(20):
        if np.abs(slope).max() < 1e-10 or np.linalg.eigvalsh(bent)[0] <= 0:
            break
        steps += 1
        new = at - np.clip(np.linalg.solve(bent, slope), -1, 1)
        new_value, new_slope = objective(new)
        if not np.isfinite(new_value) or new_value > value + 1e-10 * abs(value):
            break
        closer = bool(np.abs(new_slope).max() < 0.5 * np.abs(slope).max())
        at, value, slope = new, new_value, new_slope
        if not closer:
            break
        if np.abs(slope).max() > 1e-7:
            bent = curvature(objective, at)
    return Optimum(at, value, bent, bool(np.abs(slope).max() < 1e-6 and np.linalg.eigvalsh(bent)[0] > 0), steps)


def _along(
    objective: Objective, at: Array, value: float, slope: Array, direction: Array
) -> tuple[Array, float, Array] | None:
    """A step that lowers the objective enough (Armijo); None where rounding leaves none."""
    length = min(1.0, 3.0 / max(float(np.abs(direction).max()), 1e-300))
    for _ in range(30):
        new = np.clip(at + length * direction, -_WIDEST, _WIDEST)
        new_value, new_slope = objective(new)
        if np.isfinite(new_value) and np.isfinite(new_slope).all():
            enough = value + 1e-4 * length * float(slope @ direction)
            if new_value <= enough or (new_value <= value and np.abs(new_slope).max() < np.abs(slope).max()):
                return new, new_value, new_slope
        length /= 2
    return None


def curvature(objective: Objective, at: Array, width: float = 1e-4) -> Array:
    """Second derivatives by central differences of the gradient."""
    rows = []
    for i in range(len(at)):
        step = np.zeros(len(at))
        step[i] = width
        rows.append((objective(at + step)[1] - objective(at - step)[1]) / (2 * width))
    found = np.array(rows)
    return (found + found.T) / 2


def standard_errors(found: Optimum, customers: int) -> list[float | None]:
    """Of the parameters, by the delta method from the curvature of the mean; None where it has no minimum to speak of."""
    try:
        spread = np.diag(np.linalg.inv(found.curvature * customers))
    except np.linalg.LinAlgError:
        return [None] * len(found.at)
    return [float(e * np.sqrt(v)) if v > 0 else None for e, v in zip(np.exp(found.at), spread, strict=True)]


def with_penalty(objective: Objective, penalty: float) -> Objective:
    """The objective plus penalty × the sum of the squared parameters: steadier on few data, and no longer the estimate
    the papers publish. Nothing is added unless asked for."""
    if penalty == 0:
        return objective

    def penalized(at: Array) -> tuple[float, Array]:
        value, slope = objective(at)
        squares = np.exp(2 * at)
        return value + penalty * float(squares.sum()), slope + 2 * penalty * squares

    return penalized


def told(model: str, names: Sequence[str], found: Optimum, **facts: Any) -> Summary:
    """The summary of a fit."""
    errors = standard_errors(found, facts["customers"])
    estimates = dict(zip(names, zip(np.exp(found.at).tolist(), errors, strict=True), strict=True))
    return Summary(model, estimates, converged=found.converged, steps=found.steps, **facts)
