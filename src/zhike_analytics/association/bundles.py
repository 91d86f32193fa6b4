"""Bundles 组合建议: sets sold together more often than chance would have it, each product in one bundle at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from zhike_analytics.association.sets import FrequentSets


@dataclass(frozen=True, slots=True)
class Bundle:
    """Items to offer together: baskets with all of them, baskets beyond what chance would give, and the lift."""

    items: tuple[Any, ...]
    together: int
    extra: float
    lift: float


def bundles(sets: FrequentSets, *, limit: int = 10, min_lift: float = 1.5, most_items: int = 3) -> list[Bundle]:
    """The sets of two to `most_items` items with most baskets beyond chance; a product is proposed once.

    Beyond chance: together − N·ΠP(item). It weighs how strong a tie is and how many it concerns; lift alone would
    propose what ten people bought. A set only stands before its smaller ones if it has more of it.
    """
    found = sets.table()
    found = found.filter((found["size"] >= 2) & (found["size"] <= most_items) & (found.lift >= min_lift))
    found = found.order_by([ibis.desc("extra"), ibis.desc("lift"), "items"]).limit(limit * 50)
    chosen: list[Bundle] = []
    taken: set[Any] = set()
    for row in found.to_pyarrow().to_pylist():
        if taken.isdisjoint(row["items"]):
            taken |= set(row["items"])
            chosen.append(Bundle(tuple(row["items"]), int(row["together"]), float(row["extra"]), float(row["lift"])))
        if len(chosen) == limit:
            break
    return chosen
