"""Frequent sets of items, level by level, as joins of the engine: no loop over baskets, no tree in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_ITEMS = 10  # of a set, as the package arules has it


@dataclass(frozen=True)
class FrequentSets:
    """Sets bought together in at least `least` of `baskets` baskets.

    `levels[k-1]`: sets of k items as codes (code_1 < … < code_k) with `together`, their number of baskets. `codes`: item,
    code, count; codes follow the order of the items.
    """

    baskets: int
    least: int
    codes: ir.Table
    levels: tuple[ir.Table, ...]

    def sizes(self) -> tuple[int, ...]:
        """How many sets there are of one item, two, and so on."""
        return tuple(int(level.count().to_pyarrow().as_py()) for level in self.levels)

    def table(self) -> ir.Table:
        """Every set: items (array in order), size, together (baskets), support, lift and extra (baskets beyond chance)."""
        parts = [self._named(level, size) for size, level in enumerate(self.levels, start=1)]
        return ibis.union(*parts) if len(parts) > 1 else parts[0]

    def _named(self, level: ir.Table, size: int) -> ir.Table:
        whole = float(self.baskets or 1)
        expected: Any = ibis.literal(whole, "float64")
        items = []
        for place in range(1, size + 1):
            own = self.codes.select(
                **{f"of_{place}": "code", f"item_{place}": "item", f"count_{place}": "count"}
            )  # fmt: skip
            level = level.inner_join(own, level[f"code_{place}"] == own[f"of_{place}"])
            items.append(level[f"item_{place}"])
        for place in range(1, size + 1):
            expected = expected * level[f"count_{place}"] / whole
        return level.select(
            items=ibis.array([level[f"item_{place}"] for place in range(1, size + 1)]),
            size=ibis.literal(size, "int64"),
            together=level.together,
            support=level.together / whole,
            lift=level.together / expected,
            extra=level.together - expected,
        )


def least_count(support: float | str, baskets: int) -> int:
    """ceil(support × baskets), at least 1, without the error of binary fractions: 0.07 × 100 is 7, not 8.

    >>> least_count(0.001, 9835), least_count(0.07, 100)
    (10, 7)
    """
    try:
        share = Fraction(str(support))
    except ValueError:
        raise MeasureProblem("association.bad_share", option="support") from None
    if not 0 < share <= 1:
        raise MeasureProblem("association.bad_share", option="support")
    return max(1, ceil(share * baskets))


def frequent_sets(
    lines: Any,
    *,
    basket: str = "basket_id",
    item: str = "item",
    support: float | str = 0.1,
    floor: int = 1,
    most_items: int = MOST_ITEMS,
    largest_basket: int | None = None,
    most_sets: int = 1_000_000,
) -> FrequentSets:
    """Sets of up to `most_items` items in at least ceil(support × baskets) baskets (and at least `floor`).

    `lines`: a row for each item of a basket (table, frame or file); an item twice in a basket counts once, rows without
    either are left out. `largest_basket` leaves out baskets with more different items (a wholesaler's order joins
    everything with everything): N is then without them. Raises MeasureProblem: `association.bad_share`,
    `association.too_many_sets` where a level has more than `most_sets` sets.
    """
    if not 1 <= most_items <= MOST_ITEMS:
        raise MeasureProblem("association.bad_option", option="most_items")
    held = _pairs(lines, basket, item, largest_basket)
    baskets = int(held.basket.nunique().to_pyarrow().as_py() or 0)
    least = max(floor, least_count(support, baskets))
    counted = held.group_by("item").aggregate(count=held.count())
    counted = counted.filter(counted["count"] >= least)
    codes = counted.mutate(code=ibis.row_number().over(order_by=counted["item"])).cache()
    single = held.inner_join(codes, "item").select("basket", code_1="code").cache()
    first = codes.select(code_1="code", together=codes["count"])
    return FrequentSets(baskets, least, codes, (first, *_levels(single, least, most_items, most_sets)))


def _pairs(lines: Any, basket: str, item: str, largest: int | None) -> ir.Table:
    """basket, item: each once. Baskets become whole numbers, which the engine joins several times faster than text."""
    read = table(lines)
    for name in (basket, item):
        if name not in read.columns:
            raise MeasureProblem("orders.column_missing", column=name)
    held = read.select(basket=read[basket], item=read[item])
    held = held.filter(held.basket.notnull() & held["item"].notnull()).distinct()
    if largest is not None:
        sizes = held.group_by("basket").aggregate(size=held.count())
        held = held.semi_join(sizes.filter(sizes["size"] <= largest), "basket")
    if not held.basket.type().is_integer():
        held = held.mutate(basket=ibis.dense_rank().over(order_by=held.basket))
    return held.cache()


def _levels(single: ir.Table, least: int, most_items: int, most_sets: int) -> Iterator[ir.Table]:
    """Sets of two items, then three: each grown by an item that is frequent with the last one, and counted.

    Occurrences (basket × set) are kept for the level that grows from them, and let go after it.
    """
    grown, pairs = single, None
    for size in range(2, most_items + 1):
        names = [f"code_{place}" for place in range(1, size + 1)]
        # A set grows by what the pairs of its last item say: no candidate that has an infrequent pair at its end.
        other = (
            single.select(other_basket="basket", last="code_1", **{names[-1]: "code_1"})
            if pairs is None
            else pairs.select(other_basket="basket", last="code_1", **{names[-1]: "code_2"})
        )
        end = grown[names[-2]]
        meets = end < other["last"] if pairs is None else end == other["last"]
        wide = grown.inner_join(other, [grown.basket == other.other_basket, meets]).select("basket", *names)
        counted = wide.group_by(names).aggregate(together=wide.count())
        counted = counted.filter(counted.together >= least).cache()
        found = int(counted.count().to_pyarrow().as_py())
        if found > most_sets:
            raise MeasureProblem("association.too_many_sets", sets=found, most=most_sets)
        if not found:
            return
        yield counted
        if size < most_items:
            grown = wide.semi_join(counted, names).cache()
            pairs = grown if size == 2 else pairs
