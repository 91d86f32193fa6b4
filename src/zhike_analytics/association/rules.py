"""Rules from frequent sets: who buys these also buys that, with every measure of the literature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.association.sets import FrequentSets
from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEASURES = (
    "support", "confidence", "lift", "leverage", "conviction", "cosine", "jaccard", "kulczynski", "zhang",
)  # fmt: skip


def rules(sets: FrequentSets, *, confidence: float = 0.8, min_lift: float | None = None) -> ir.Table:
    """Rules X → y with one item on the right side and at least one on the left, in a stable order.

    Columns: rank; antecedent (array of items in order), consequent; size (items of both sides); together (baskets with
    all of them), antecedent_count, consequent_count; and with N baskets and P(A) = count ÷ N:

    - support P(Xy) · confidence P(Xy) ÷ P(X) · lift confidence ÷ P(y), 1 where neither matters to the other
    - leverage P(Xy) − P(X)P(y) · conviction (1 − P(y)) ÷ (1 − confidence), infinite where confidence is 1
    - cosine P(Xy) ÷ √(P(X)P(y)) · jaccard n_Xy ÷ (n_X + n_y − n_Xy) · kulczynski, the mean of confidence both ways
    - zhang leverage ÷ max(P(Xy)(1 − P(X)), P(X)(P(y) − P(Xy))), from −1 to 1; 0 where both are 0

    Ordered by lift, then confidence, support and the items themselves.
    """
    if not 0 <= confidence <= 1:
        raise MeasureProblem("association.bad_share", option="confidence")
    parts = [
        _sided(sets, size, place)
        for size in range(2, len(sets.levels) + 1)
        for place in range(1, size + 1)
    ]  # fmt: skip
    if not parts:
        return _none(sets)
    found = ibis.union(*parts) if len(parts) > 1 else parts[0]
    found = _measured(found, sets.baskets)
    found = found.filter(found.confidence >= confidence)
    if min_lift is not None:
        found = found.filter(found.lift >= min_lift)
    order = [ibis.desc("lift"), ibis.desc("confidence"), ibis.desc("together"), "antecedent", "consequent"]
    found = found.mutate(rank=(ibis.row_number().over(order_by=order) + 1).cast("int64"))
    sides = ("antecedent", "consequent", "size", "together", "antecedent_count", "consequent_count")
    return found.select("rank", *sides, *MEASURES).order_by("rank")


def _sided(sets: FrequentSets, size: int, place: int) -> ir.Table:
    """Every set of a size with its item at one place as the right side."""
    level, smaller = sets.levels[size - 1], sets.levels[size - 2]
    left = [f"code_{n}" for n in range(1, size + 1) if n != place]
    renamed = {f"left_{n}": f"code_{n}" for n in range(1, size)}
    smaller = smaller.select(**renamed, antecedent_count="together")
    meets = [level[name] == smaller[f"left_{n}"] for n, name in enumerate(left, start=1)]
    joined = level.inner_join(smaller, meets)
    for n, name in enumerate(left, start=1):
        own = sets.codes.select(**{f"of_{n}": "code", f"item_{n}": "item"})
        joined = joined.inner_join(own, joined[name] == own[f"of_{n}"])
    right = sets.codes.select(right_code="code", consequent="item", consequent_count="count")
    joined = joined.inner_join(right, joined[f"code_{place}"] == right.right_code)
    return joined.select(
        "together",
        "antecedent_count",
        "consequent",
        "consequent_count",
        antecedent=ibis.array([joined[f"item_{n}"] for n in range(1, size)]),
        size=ibis.literal(size, "int64"),
    )


def _measured(found: ir.Table, baskets: int) -> ir.Table:
    """The measures from whole counts, each in one division where it can be: equal counts are equal figures."""
    whole = baskets or 1
    both, left, right = (found[n].cast("float64") for n in ("together", "antecedent_count", "consequent_count"))
    confidence = both / left
    leverage = (both * whole - left * right) / (whole * whole)
    rest = whole * (left - both)  # of N × (baskets with X and not y)
    bound = ibis.greatest(both * (whole - left), left * (right - both)) / (whole * whole)
    return found.mutate(
        support=both / whole,
        confidence=confidence,
        lift=both * whole / (left * right),
        leverage=leverage,
        conviction=ibis.ifelse(rest == 0, _infinite(), left * (whole - right) / rest.nullif(0)),
        cosine=both / (left * right).sqrt(),
        jaccard=both / (left + right - both),
        kulczynski=(confidence + both / right) / 2,
        zhang=(leverage / bound.nullif(0)).fill_null(0.0),
    )


def _infinite() -> Any:
    return ibis.literal(float("inf"), "float64")


def _none(sets: FrequentSets) -> ir.Table:
    """No rules, in the shape rules have."""
    kind = sets.codes["item"].type()
    counts = dict.fromkeys(("size", "together", "antecedent_count", "consequent_count"), "int64")
    schema = {"rank": "int64", "antecedent": f"array<{kind}>", "consequent": kind, **counts}
    return ibis.memtable([], schema=ibis.schema({**schema, **dict.fromkeys(MEASURES, "float64")}))
