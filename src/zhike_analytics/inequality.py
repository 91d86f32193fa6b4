"""Concentration: how unequally customers, products or regions share a whole. Lorenz, Gini, HHI, the share of the top.

Over the items with a value above zero; the others are counted apart. A figure of the data at hand, not a law: in
published studies the top fifth has from .59 to .73 of the value, seldom the proverbial .80.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.value_classes import sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir


@dataclass(frozen=True)
class Concentration:
    """The figures of one distribution; all but the counts are None when nobody has a value above zero.

    gini ``G = 2Σ i·x_(i)/(nΣx) − (n+1)/n``, ascending: 0 equal, (n−1)/n all with one. hhi ``Σ s²``: 1/n to 1;
    effective_number ``1/HHI``; entropy ``−Σ s ln s``. top: share of the first k (CR_k); top_shares: share of the
    first ⌈p·n⌉, pareto_ratio being that of the first fifth.
    """

    items: int
    nonpositive: int
    total: int
    gini: float | None = None
    hhi: float | None = None
    effective_number: float | None = None
    entropy: float | None = None
    pareto_ratio: float | None = None
    top: dict[int, float] = field(default_factory=dict)
    top_shares: dict[float, float] = field(default_factory=dict)


def concentration(
    rows: Any,
    *,
    item: str = "customer_id",
    value: str = "net_cents",
    unit: str = "cents",
    top: Sequence[int] = (1, 10, 100),
    top_shares: Sequence[float] = (0.01, 0.05, 0.1, 0.2, 0.5),
    con: Any = None,
) -> Concentration:
    """Lorenz's figures of the sums by ``item``; see :class:`Concentration`. ``top`` beyond the number of items is 1."""
    if any(k < 1 for k in top) or any(not 0 < p <= 1 for p in top_shares):
        raise MeasureProblem("concentration.bad_top")
    items = sums(rows, item=item, value=value, unit=unit, con=con)
    items = items.filter(items.value.notnull()).cache()
    found = _plain(items.aggregate(
        items=items.value.count(where=items.value > 0), nonpositive=items.value.count(where=items.value <= 0),
        total=items.value.sum(where=items.value > 0).fill_null(0).cast("int64"),
    ))  # fmt: skip
    count, total = found["items"], found["total"]
    if not count:
        return Concentration(**found)
    firsts: dict[tuple[str, float], int] = {("top", k): min(k, count) for k in top}
    firsts |= {("share", p): math.ceil(Fraction(str(p)) * count) for p in {*top_shares, 0.2}}
    ranked = _ranked(items)
    x = ranked.value.cast("float64")
    asked = {f"first_{n}": ranked.value.sum(where=ranked.worst > count - n) for n in set(firsts.values())}
    sums_of = _plain(ranked.aggregate(
        weighted=(ranked.worst.cast("float64") * x).sum(), squares=(x * x).sum(), logs=(x * x.ln()).sum(), **asked
    ))  # fmt: skip
    part = {key: float(sums_of[f"first_{n}"]) / total for key, n in firsts.items()}
    hhi = sums_of["squares"] / total**2
    return Concentration(
        **found,
        gini=max(0.0, 2 * sums_of["weighted"] / (count * total) - (count + 1) / count),
        hhi=hhi,
        effective_number=1 / hhi,
        entropy=max(0.0, math.log(total) - sums_of["logs"] / total),
        pareto_ratio=part["share", 0.2],
        top={k: part["top", k] for k in top},
        top_shares={p: part["share", p] for p in top_shares},
    )


def lorenz(
    rows: Any, *, item: str = "customer_id", value: str = "net_cents", unit: str = "cents", points: int = 100, con: Any = None
) -> ir.Table:  # fmt: skip
    """The Lorenz curve from the least upwards: rank, items_share, value_share; it begins at (0, 0), which is not a row.

    At most ``points`` rows, evenly spread over the items, the last one (1, 1). Read from the other end it is the Pareto
    curve: the top ``1 − items_share`` have ``1 − value_share``.
    """
    if points < 1:
        raise MeasureProblem("concentration.bad_points")
    items = sums(rows, item=item, value=value, unit=unit, con=con)
    ranked = _ranked(items)
    running = ibis.window(order_by=ranked.worst, preceding=None, following=0)
    whole = ibis.window()
    curve = ranked.mutate(
        upto=ranked.value.sum().over(running), total=ranked.value.sum().over(whole), count=ranked.count().over(whole)
    )
    step = (curve.worst * points / curve["count"]).floor()
    before = ((curve.worst - 1) * points / curve["count"]).floor()
    curve = curve.filter(step > before)
    return curve.select(
        rank=curve.worst, items_share=curve.worst / curve["count"], value_share=curve.upto / curve.total
    ).order_by("rank")


def _ranked(items: ir.Table) -> ir.Table:
    """Items above zero with ``worst``: 1 for the least, ties by id."""
    items = items.filter(items.value > 0)
    order = ibis.window(order_by=[items.value.asc(), items.item_id.desc()])
    return items.mutate(worst=(ibis.row_number().over(order) + 1).cast("int64"))


def _plain(one_row: ir.Table) -> dict[str, Any]:
    found: dict[str, Any] = one_row.to_pyarrow().to_pylist()[0]
    return found
