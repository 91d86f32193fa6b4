"""Fits of lifetime value at size: customers with equal histories grouped, exact gradients, beside a plain search.

    python -m benchmarks.lifetime --customers 1000000

The plain search is what a script writes down: the likelihood of BG/NBD over every customer (Fader, Hardie and Lee 2005, their equation 6),
searched by the simplex of Nelder and Mead on as many of the same customers as `--beside` says. Where the package `lifetimes` is
installed, its fit of the same customers is measured as well.
"""

import argparse
import resource
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.telling import Stopwatch, fail, tell
from zhike_analytics.lifetime import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from zhike_analytics.lifetime.grouping import grouped
from zhike_analytics.lifetime.special import log_gamma

_CLOSE = 1e-4  # of ln L: two searches that found the same top
_NEAR = 1e-4  # where the simplex ends, in height and width: what SciPy's ends at


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


def measured(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gave, its seconds, and those of the processors."""
    watch = Stopwatch()
    return act(), *watch.read()


def plain_search(histories: dict[str, Any]) -> tuple[float, int]:
    """(ln L at the top, evaluations) of a simplex over a row for each customer. Gammas are looked up by number of purchases."""
    x, t_x, age = (histories[name] for name in ("x", "t_x", "T"))
    counts, of = np.unique(x, return_inverse=True)

    def minus_lnl(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs)
        here = log_gamma(r + counts) - log_gamma(r) + r * np.log(alpha) + log_gamma(a + b) + log_gamma(b + counts)
        here = (here - log_gamma(b) - log_gamma(a + b + counts))[of]
        stays = -(r + x) * np.log(alpha + age)
        left = np.log(a) - np.log(np.maximum(b + x - 1, 1e-12)) - (r + x) * np.log(alpha + t_x)
        return -float(np.sum(here + np.where(x > 0, np.logaddexp(stays, left), stays)))

    return _simplex(minus_lnl, np.log([0.5, 50.0, 0.8, 2.4]))


def _simplex(height: Callable[[Any], float], start: Any, most: int = 1_000) -> tuple[float, int]:
    """Nelder and Mead (1965), with their coefficients."""
    corners = [start, *(start + step for step in np.eye(len(start)) * 0.2)]
    heights = [height(at) for at in corners]
    tried = len(corners)
    while tried < most:
        order = np.argsort(heights)
        corners, heights = [corners[i] for i in order], [heights[i] for i in order]
        if heights[-1] - heights[0] <= _NEAR and np.max(np.abs(np.array(corners[1:]) - corners[0])) <= _NEAR:
            break
        middle = np.mean(corners[:-1], axis=0)
        across = middle + (middle - corners[-1])
        found, tried = height(across), tried + 1
        if found < heights[0]:
            further, across_s = middle + 2 * (middle - corners[-1]), found
            found, tried = height(further), tried + 1
            corners[-1], heights[-1] = (further, found) if found < across_s else (across, across_s)
        elif found < heights[-2]:
            corners[-1], heights[-1] = across, found
        else:
            nearer = middle + 0.5 * (corners[-1] - middle)
            found, tried = height(nearer), tried + 1
            if found < heights[-1]:
                corners[-1], heights[-1] = nearer, found
            else:
                corners = [corners[0], *(corners[0] + 0.5 * (c - corners[0]) for c in corners[1:])]
                heights, tried = [height(at) for at in corners], tried + len(corners)
    return -min(heights), tried


def main() -> int:
    """Fit, predict, and tell; 1 when the two searches disagree about the top."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--customers", type=int, default=1_000_000)
    reader.add_argument("--beside", type=int, default=1_000_000, help="how many of them beside the plain search")
    asked = reader.parse_args()
    days = base(asked.customers)
    weeks = {"x": days["x"], "t_x": days["t_x"] / 7, "T": days["T"] / 7}
    print(f"{asked.customers:,} customers, {len(grouped(days).x):,} distinct histories in days", flush=True)
    model = BetaGeoNBD()
    for name, fit in (
        (f"BG/NBD fitted to {asked.customers:,}, exact", lambda: model.fit(days)),
        ("MBG/NBD, exact", lambda: ModifiedBetaGeoNBD().fit(days)),
        ("BG/NBD, rounded to weeks", lambda: BetaGeoNBD().fit(weeks, decimals=0)),
        ("Pareto/NBD, rounded to weeks", lambda: ParetoNBD().fit(weeks, decimals=0)),
        ("expected purchases of everybody", lambda: model.predict(days, 90)),
    ):
        _, seconds, processor = measured(fit)
        tell(name, seconds, "s", processor=f"{processor:.1f} s")
    tell("largest memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    return _beside({name: column[: asked.beside] for name, column in days.items()})


def _beside(some: dict[str, Any]) -> int:
    count = len(some["x"])
    ours, _, ours_s = measured(lambda: BetaGeoNBD().fit(some))
    (top, tried), _, plain_s = measured(lambda: plain_search(some))
    words = f"{plain_s:.1f} s, {tried} evaluations; ours {ours_s:.2f} s"
    tell(f"plain search of {count:,} rows by ours, processor", plain_s / ours_s, "×", peer=words)
    apart = abs(top - ours.summary_.log_likelihood) / abs(top)
    tell("ln L of the two apart, share", apart, "", at_most=_CLOSE)
    _package(some, ours_s)
    return fail("the two searches found different tops") if apart > _CLOSE else 0


def _package(some: dict[str, Any], ours_s: float) -> None:
    try:
        from lifetimes import BetaGeoFitter
    except ImportError:
        print("  the package lifetimes is not installed: no ratio against it", flush=True)
        return
    _, _, theirs_s = measured(lambda: BetaGeoFitter(penalizer_coef=0.0).fit(some["x"], some["t_x"], some["T"]))
    weeks = {"x": some["x"], "t_x": some["t_x"] / 7, "T": some["T"] / 7}
    _, _, rounded_s = measured(lambda: BetaGeoNBD().fit(weeks, decimals=0))
    words = f"lifetimes {theirs_s:.1f} s"
    tell("the package lifetimes by ours, processor", theirs_s / ours_s, "×", at_least=10, peer=words)
    tell("… by ours rounded to weeks", theirs_s / rounded_s, "×", at_least=40, peer=words)


if __name__ == "__main__":
    raise SystemExit(main())
