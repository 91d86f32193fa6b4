"""Fits of lifetime value at size: customers with equal histories grouped, exact gradients, beside a plain search.

    python -m benchmarks.lifetime --customers 1000000

The plain search is what a script without grouping and gradients does (Nelder and Mead's simplex on every customer). With the package `lifetimes`
installed, its fit is timed as well.
"""

import argparse
import time
from typing import Any

import numpy as np

from zhike_analytics.lifetime import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from zhike_analytics.lifetime.grouping import grouped


def base(customers: int, seed: int = 1) -> dict[str, Any]:
    """Histories in days of customers who buy at rates of their own and leave after any purchase with a chance of their own."""
    random = np.random.default_rng(seed)
    age = random.integers(90, 730, customers).astype(float)
    rate, leaves = random.gamma(0.6, 1 / 60, customers), random.beta(0.8, 2.4, customers)
    x, last, now, there = np.zeros(customers), np.zeros(customers), np.zeros(customers), np.ones(customers, dtype=bool)
    while there.any():
        now[there] += np.maximum(1, np.ceil(random.exponential(1 / np.maximum(rate[there], 1e-9))))
        there &= now <= age
        x[there] += 1
        last[there] = now[there]
        at = np.flatnonzero(there)
        there[at[random.random(len(at)) < leaves[at]]] = False
    return {"x": x, "t_x": last, "T": age}


def timed(said: str, act: Any) -> tuple[Any, float]:
    """Do it, say how long it took."""
    began = time.perf_counter()
    found = act()
    took = time.perf_counter() - began
    print(f"{said:<44}{took:>9.2f} s", flush=True)
    return found, took


def simplex(histories: dict[str, Any], evaluations: int = 20) -> float:
    """Seconds a plain search would take: its likelihood over every customer timed, times the 400 evaluations such a search needs."""
    data = grouped(histories)
    whole = {name: np.repeat(getattr(data, name), data.weight.astype(int)) for name in ("x", "t_x", "T")}
    model, at = BetaGeoNBD(), np.array([0.5, 50.0, 0.8, 2.4])
    alone = grouped(whole)
    each = type(alone)(
        whole["x"], whole["t_x"], whole["T"], np.ones(alone.customers), np.arange(alone.customers), alone.levels,
        np.searchsorted(alone.levels, whole["x"]), alone.customers, alone.repeaters,
    )  # fmt: skip
    began = time.perf_counter()
    for _ in range(evaluations):
        model._likelihood(at, each)
    return (time.perf_counter() - began) / evaluations * 400


def main() -> None:
    """Print the times."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--customers", type=int, default=1_000_000)
    asked = reader.parse_args()
    days = base(asked.customers)
    weeks = {"x": days["x"], "t_x": days["t_x"] / 7, "T": days["T"] / 7}
    print(f"{asked.customers:,} customers, {len(grouped(days).x):,} distinct histories in days")
    model, exact = timed("BG/NBD, exact", lambda: BetaGeoNBD().fit(days))
    timed("MBG/NBD, exact", lambda: ModifiedBetaGeoNBD().fit(days))
    _rounded, rounded = timed("BG/NBD, rounded to weeks", lambda: BetaGeoNBD().fit(weeks, decimals=0))
    timed("Pareto/NBD, rounded to weeks", lambda: ParetoNBD().fit(weeks, decimals=0))
    timed("expected purchases of everybody", lambda: model.predict(days, 90))
    plain = simplex(days)
    print(
        f"{'plain search, every customer a row (estimated)':<44}{plain:>9.2f} s: {plain / exact:.0f} and {plain / rounded:.0f} times as long"
    )
    try:
        from lifetimes import BetaGeoFitter
    except ImportError:
        print("the package lifetimes is not installed: no ratio against it")
        return
    _theirs, took = timed(
        "lifetimes, BG/NBD", lambda: BetaGeoFitter(penalizer_coef=0.0).fit(days["x"], days["t_x"], days["T"])
    )
    print(f"{'ratio':<44}{took / exact:>9.1f}")


if __name__ == "__main__":
    main()
