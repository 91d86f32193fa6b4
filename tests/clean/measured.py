"""The whole method over a set of records whose truth is known: blocked, learned, weighed, grouped, measured."""

from dataclasses import dataclass

from tests.clean.people import Told
from tests.proofs import note
from zhike_analytics.linkage import blocking, clusters, engine, features, learning, measuring
from zhike_analytics.linkage.parameters import chance


@dataclass(frozen=True)
class Measured:
    """What the method found: of blocking, of pairs at even odds and at the bulk's weight, of groups (B³, and their pairs)."""

    blocking: measuring.Blocking
    even: measuring.Found
    sure: measuring.Found
    b_cubed: tuple[float, float]
    closed: measuring.Found
    fit: learning.Fit
    capped: tuple[blocking.Capped, ...]
    weights: list[tuple[int, int, float]]
    true: set[tuple[int, int]]


def measured(told: Told, *, memory_mb: int = 1_500) -> Measured:
    """Run the method as the product does: learn, block, weigh, settle the prior; a pair counts from even odds on."""
    con = engine.memory(memory_mb)
    con.register("given", features.table(told.known))
    con.execute("CREATE TABLE people AS FROM given")
    con.unregister("given")
    fit = learning.fit(con)
    blocked = blocking.block(con)
    true = measuring.true_pairs(told.whose)
    of_blocking = measuring.blocking(con.execute("SELECT l, r FROM pairs").fetchall(), true, len(told.known))
    found = engine.score(con, fit.parameters, at_least=-12)
    raw = found.column("weight").to_pylist()
    settled = learning.settled(raw, fit.parameters, len(told.known))
    shift = settled.prior_weight - fit.parameters.prior_weight
    weights = [
        (left, right, weight + shift)
        for left, right, weight in zip(found.column("l").to_pylist(), found.column("r").to_pylist(), raw, strict=True)
    ]
    con.close()
    groups = _groups(told, weights)
    return Measured(
        of_blocking,
        measuring.pairs_found([(left, right) for left, right, w in weights if w >= 0], true),
        measuring.pairs_found([(left, right) for left, right, w in weights if w >= 6], true),
        measuring.b_cubed(groups, told.whose),
        measuring.pairs_found(measuring.true_pairs(groups), true),
        fit,
        blocked.capped,
        weights,
        true,
    )


def _groups(told: Told, weights: list[tuple[int, int, float]]) -> dict[int, int]:
    """Each record's group: its own where it hangs on nobody."""
    group = {record: record for record in told.whose}
    for cluster in clusters.clusters(pair for pair in weights if pair[2] >= 0):
        group |= dict.fromkeys(cluster.members, cluster.members[0])
    return group


def told(title: str, one: Measured, **published: str) -> None:
    """Keep the figures for the proof page, the published ones first."""
    note(
        title,
        **{f"published, {name.replace('_', ' ')}": figure for name, figure in published.items()},
        **{
            "true pairs": len(one.true),
            "candidates": one.blocking.candidates,
            "pairs completeness": f"{one.blocking.pairs_completeness:.4f}",
            "reduction ratio": f"{one.blocking.reduction_ratio:.5f}",
            "precision at even odds": f"{one.even.precision:.3f}",
            "recall at even odds": f"{one.even.recall:.3f}",
            "F1 at even odds": f"{one.even.f1:.3f}",
            "precision from weight 6 on": f"{one.sure.precision:.4f}",
            "recall from weight 6 on": f"{one.sure.recall:.3f}",
            "best F1 at any weight": f"{_best(one):.3f}",
            "B³ precision": f"{one.b_cubed[0]:.3f}",
            "B³ recall": f"{one.b_cubed[1]:.3f}",
            "groups, pairwise: precision": f"{one.closed.precision:.3f}",
            "groups, pairwise: recall": f"{one.closed.recall:.3f}",
            "groups, pairwise: F1": f"{one.closed.f1:.3f}",
            "learned from": "the base" if not one.fit.is_fallback else "too small a base: shipped weights",
        },
    )


def _best(one: Measured) -> float:
    """The F1 of the luckiest threshold: what the order of the pairs is worth, whatever the threshold."""
    right, best = 0, 0.0
    for count, (left, right_id, _) in enumerate(sorted(one.weights, key=lambda w: -w[2]), 1):
        right += (min(left, right_id), max(left, right_id)) in one.true
        best = max(best, 2 * right / (count + len(one.true)))
    return best


def calibration(one: Measured) -> list[tuple[float, float, int]]:
    """Foretold chance, found share and count, in ten bands of chance that hold pairs."""
    bands: dict[int, list[tuple[float, bool]]] = {}
    for left, right, weight in one.weights:
        p = chance(weight)
        bands.setdefault(min(int(p * 10), 9), []).append((p, (min(left, right), max(left, right)) in one.true))
    return [
        (sum(p for p, _ in own) / len(own), sum(hit for _, hit in own) / len(own), len(own))
        for _, own in sorted(bands.items())
    ]
