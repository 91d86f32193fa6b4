"""Altman's Z: how near a firm's statements stand to those of firms that failed. A supplement, and never used on a person.

Z″ (private and non-manufacturing firms) ``6.56·X1 + 3.26·X2 + 6.72·X3 + 1.05·X4``, Z′ (private manufacturers) ``.717·X1 + .847·X2
+ 3.107·X3 + .420·X4 + .998·X5``, Z (listed, 1968) ``1.2, 1.4, 3.3, .6, 1.0``. Some pages print 6.5 for 6.56 and use the bounds of
Z′ for Z″; the two are kept apart here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.ratios import Statement, completed

if TYPE_CHECKING:
    from collections.abc import Mapping

# Model → (weights of X1 … X5, distress below, safe above)
ZONES: dict[str, tuple[tuple[float, ...], float, float]] = {
    "z2": ((6.56, 3.26, 6.72, 1.05), 1.10, 2.60),
    "z1": ((0.717, 0.847, 3.107, 0.420, 0.998), 1.23, 2.90),
    "z": ((1.2, 1.4, 3.3, 0.6, 1.0), 1.81, 2.99),
}
_EM_CONSTANT = 3.25
# Least EM score (Z″ + 3.25) of each rating.
_RATINGS = (
    ("AAA", 8.15), ("AA+", 7.60), ("AA", 7.30), ("AA-", 7.00), ("A+", 6.85), ("A", 6.65), ("A-", 6.40),
    ("BBB+", 6.25), ("BBB", 5.85), ("BBB-", 5.65), ("BB+", 5.25), ("BB", 4.95), ("BB-", 4.75),
    ("B+", 4.50), ("B", 4.15), ("B-", 3.75), ("CCC+", 3.20), ("CCC", 2.50), ("CCC-", 1.75),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Distress:
    """A Z and what went into it. ``zone``: safe, grey, distress. Without a part: value None and the ``missing`` parts named."""

    model: str
    value: float | None
    zone: str
    parts: Mapping[str, float]
    missing: tuple[str, ...] = ()


def altman(stated: Statement, model: str = "z2", *, market_equity: float | None = None) -> Distress:
    """Z of a statement: X1 working capital, X2 retained earnings, X3 EBIT, X5 sales, each over total assets; X4 equity over
    total liabilities (book equity; for ``z`` the market's). ``no_liabilities`` in ``missing`` where there is no debt to divide by.
    """
    if model not in ZONES:
        raise MeasureProblem("credit.unknown_model", model=model[:20])
    weights, low, high = ZONES[model]
    found = completed(stated)
    equity = market_equity if model == "z" else found["net_assets"]
    needed = {
        "current_assets": found["current_assets"],
        "current_liabilities": found["current_liabilities"],
        "retained_earnings": found["retained_earnings"],
        "ebit": found["ebit"],
        "total_assets": found["total_assets"],
        "total_liabilities": found["total_liabilities"],
        "market_equity" if model == "z" else "net_assets": equity,
    }
    if len(weights) > 4:
        needed["sales"] = found["sales"]
    missing = tuple(name for name, value in needed.items() if value is None)
    if missing:
        return Distress(model, None, "", {}, missing)
    held = {name: float(value) for name, value in needed.items() if value is not None}
    assets, debt = held["total_assets"], held["total_liabilities"]
    if not assets or not debt:
        return Distress(model, None, "", {}, ("no_assets" if not assets else "no_liabilities",))
    x = [
        (held["current_assets"] - held["current_liabilities"]) / assets,
        held["retained_earnings"] / assets,
        held["ebit"] / assets,
        float(equity or 0) / debt,
        held.get("sales", 0.0) / assets,
    ][: len(weights)]
    value = sum(weight * part for weight, part in zip(weights, x, strict=True))
    zone = "safe" if value > high else "distress" if value < low else "grey"
    return Distress(model, value, zone, {f"X{n}": part for n, part in enumerate(x, 1)})


def rating_equivalent(z2: float) -> str:
    """The bond rating firms of such a Z″ had, by the EM score Z″ + 3.25; a likeness, not a rating."""
    return next((rating for rating, least in _RATINGS if z2 + _EM_CONSTANT >= least), "D")
