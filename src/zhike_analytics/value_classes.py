"""ABC classes and the customer pyramid: who brings how much, for customers, products or anything else with a sum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import _cents, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

LETTERS = "abcdefgh"
# Conventions, not laws: the shares of value at which a class ends.
ABC_CUTS = {"default": (0.8, 0.95), "handbook": (0.55, 0.85), "composition": (0.75, 0.95), "wide": (0.7, 0.9)}
# The shares of customers, counted from the best, at which a level ends (Zeithaml, Rust & Lemon; textbook).
PYRAMIDS: dict[str, tuple[tuple[str, float], ...]] = {
    "metals": (("platinum", 0.2), ("gold", 0.5), ("iron", 0.8), ("lead", 1.0)),
    "textbook": (("vip", 0.01), ("major", 0.05), ("ordinary", 0.2), ("small", 1.0)),
}


@dataclass(frozen=True)
class AbcRun:
    """One ABC analysis. total: the sum of the values above zero, of which cuts are shares; limits: the sums at which
    classes end, as whole numbers of the value's unit; items: with a value, valued: above zero, unknown: without one."""

    table: ir.Table
    options: dict[str, Any]
    items: int
    valued: int
    unknown: int
    total: int
    limits: list[int]


def abc(rows: Any, **options: Any) -> ir.Table:
    """ABC classes, one row per item; see :func:`abc_run`."""
    return abc_run(rows, **options).table


def abc_run(
    rows: Any,
    *,
    item: str = "customer_id",
    value: str = "net_cents",
    unit: str = "cents",
    cuts: Sequence[float] = ABC_CUTS["default"],
    boundary: str = "inside",
    ties: str = "together",
    nonpositive: str = "last",
    con: BaseBackend | None = None,
) -> AbcRun:
    """Sort items by value, cumulate, cut the cumulative *share of value*: a, b, c … for one class more than ``cuts``.

    ``rows`` are summed by ``item`` first, so orders, lines or ready sums will do. Columns: item_id, value, rank (1 = most,
    ties by id), share, cumulative_share, abc_class.

    boundary: the item that crosses a cut lies ``"inside"`` the better class (cumulative *before* it < cut; somebody
    with 90 % of all money is an A) or ``"outside"`` (cumulative *with* it ≤ cut, as in the published tables). ties:
    ``"together"`` keeps equal values in one class, judged by the first of them (inside) or the last (outside);
    ``"by_rank"`` parts them by id. Values at or below zero take no part in the shares: they are in the ``"last"`` class,
    or in one of their own, ``"none"``. Without any value (a margin whose cost is not known): class "unknown".
    Cuts are compared exactly, in whole numbers. Raises MeasureProblem ``abc.*``, ``orders.*``.
    """
    _check(boundary=(boundary, ("inside", "outside")), ties=(ties, ("together", "by_rank")),
           nonpositive=(nonpositive, ("last", "none")))  # fmt: skip
    if not 1 <= len(cuts) < len(LETTERS) or list(cuts) != sorted(set(cuts)) or not 0 < cuts[0] <= cuts[-1] < 1:
        raise MeasureProblem("abc.bad_cuts", cuts=", ".join(map(str, cuts))[:40])
    items = sums(rows, item=item, value=value, unit=unit, con=con).cache()
    known = _counts(items)
    exact = [Fraction(str(cut)) * known["total"] for cut in cuts]
    limits = [math.ceil(limit) if boundary == "inside" else math.floor(limit) for limit in exact]
    ranked = _cumulated(items, ties, known["total"])
    placed = ranked.start < limits[0] if boundary == "inside" else ranked.end <= limits[0]
    steps = [(placed, "a")]
    for letter, limit in zip(LETTERS[1:], limits[1:], strict=False):
        steps.append((ranked.start < limit if boundary == "inside" else ranked.end <= limit, letter))
    last = LETTERS[len(cuts)]
    low = last if nonpositive == "last" else "none"
    named = ibis.cases((ranked.value.isnull(), "unknown"), (ranked.value <= 0, low), *steps, else_=last)
    found = ranked.mutate(abc_class=named)
    options = {"cuts": list(cuts), "boundary": boundary, "ties": ties, "nonpositive": nonpositive}
    return AbcRun(
        found["item_id", "value", "rank", "share", "cumulative_share", "abc_class"],
        options, known["items"], known["valued"], known["unknown"], known["total"], limits,
    )  # fmt: skip


def pyramid(
    rows: Any,
    *,
    item: str = "customer_id",
    value: str = "net_cents",
    unit: str = "cents",
    levels: str | Sequence[tuple[str, float]] = "metals",
    ties: str = "together",
    con: BaseBackend | None = None,
) -> ir.Table:
    """The customer pyramid 客户金字塔: levels by the share of *customers*, counted from the most valuable down.

    levels: ``"metals"`` (platinum 20 %, gold to 50, iron to 80, lead; best by profit), ``"textbook"`` (VIP 1 %, 主要 to 5,
    普通 to 20, 小客户), or (name, share at which it ends) ascending to 1. Somebody is in the first level with
    (customers before them) ÷ (all) < its end, so that the best customer always stands at the top. ties: ``"together"``
    (equal values on the higher level) or ``"by_rank"``. Columns: item_id, value, rank, level; items without a value are
    "unknown" and counted nowhere. Source: Zeithaml, Rust & Lemon (2001).
    """
    _check(ties=(ties, ("together", "by_rank")))
    steps = PYRAMIDS.get(levels, ()) if isinstance(levels, str) else tuple(levels)
    ends = [end for _, end in steps]
    if not steps or ends != sorted(set(ends)) or ends[0] <= 0 or ends[-1] != 1:
        raise MeasureProblem("pyramid.bad_levels", levels=str(levels)[:40])
    items = sums(rows, item=item, value=value, unit=unit, con=con).cache()
    count = _counts(items)["items"]
    known = items.filter(items.value.notnull())
    order = ibis.window(order_by=[known.value.desc(), known.item_id.asc()])
    known = known.mutate(rank=(ibis.row_number().over(order) + 1).cast("int64"))
    equals = ibis.window(group_by=known.value)
    place = known["rank"].min().over(equals) if ties == "together" else known["rank"]
    known = known.mutate(ahead=place - 1)
    cases = [(known.ahead < math.ceil(Fraction(str(end)) * count), name) for name, end in steps[:-1]]
    found = known.mutate(level=ibis.cases(*cases, else_=steps[-1][0]) if cases else ibis.literal(steps[-1][0]))
    found = found["item_id", "value", "rank", "level"]
    rest = items.filter(items.value.isnull())
    nothing = rest.select("item_id", "value", rank=ibis.null("int64"), level=ibis.literal("unknown"))
    return found.union(nothing, distinct=False)


def class_summary(classed: ir.Table, by: str = "abc_class") -> ir.Table:
    """One row per class or ``level``: items, items_share (of items with a value), value, value_share (of the sum of the
    values above zero), least, most."""
    if by not in classed.columns:
        raise MeasureProblem("abc.unknown_group", column=by[:40])
    groups = classed.group_by(by).aggregate(
        items=classed.count(),
        value=classed.value.sum().cast("int64"),
        least=classed.value.min(),
        most=classed.value.max(),
    )
    whole = classed.aggregate(all_items=classed.value.count(), all_value=classed.value.sum(where=classed.value > 0))
    joined = groups.cross_join(whole)
    share = {
        "items_share": joined["items"] / joined.all_items.nullif(0), "value_share": joined.value / joined.all_value.nullif(0)
    }  # fmt: skip
    return joined.mutate(**share).drop("all_items", "all_value").order_by([ibis.desc("most"), by])


def sums(rows: Any, *, item: str, value: str, unit: str = "cents", con: BaseBackend | None = None) -> ir.Table:
    """item_id and the sum of ``value`` (whole cents, or ``unit="units"``); null where no row has a value. Rows without an
    item are left out."""
    held = table(rows, con)
    for name in (item, value):
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name[:60])
    worth = ibis.ifelse(held[value].notnull(), _cents(held[value], unit), ibis.null("int64"))
    held = held.select(item_id=held[item], worth=worth)
    held = held.filter(held.item_id.notnull())
    return held.group_by("item_id").aggregate(value=held.worth.sum().cast("int64"))


def _counts(items: ir.Table) -> dict[str, int]:
    valued = items.value > 0
    found = items.aggregate(
        items=items.value.count(), valued=valued.cast("int64").sum().fill_null(0),
        unknown=items.value.isnull().cast("int64").sum().fill_null(0),
        total=items.value.sum(where=valued).fill_null(0).cast("int64"),
    )  # fmt: skip
    return {name: int(value) for name, value in found.to_pyarrow().to_pylist()[0].items()}


def _cumulated(items: ir.Table, ties: str, total: int) -> ir.Table:
    """rank, share and cumulative share; ``start`` and ``end`` are the sums before and with an item, or with its equals."""
    order = [items.value.desc(nulls_first=False), items.item_id.asc()]
    running = ibis.window(order_by=order, preceding=None, following=0)
    gain = ibis.ifelse(items.value > 0, items.value, 0)
    ranked = items.mutate(
        rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"),
        gain=gain, upto=gain.sum().over(running).cast("int64"),
    )  # fmt: skip
    ranked = ranked.mutate(before=ranked.upto - ranked.gain)
    if ties == "together":
        equals = ibis.window(group_by=ranked.value)
        ranked = ranked.mutate(start=ranked.before.min().over(equals), end=ranked.upto.max().over(equals))
    else:
        ranked = ranked.mutate(start=ranked.before, end=ranked.upto)
    whole = ibis.literal(total or None, "float64")
    return ranked.mutate(share=ranked.value / whole, cumulative_share=ranked.upto / whole)


def _check(**asked: tuple[str, tuple[str, ...]]) -> None:
    for option, (value, allowed) in asked.items():
        if value not in allowed:
            raise MeasureProblem("abc.unknown_option", option=option, value=str(value)[:40])
