"""Who has bought what, each once: a sparse matrix of customers × items, made by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, table

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Interactions:
    """`customers` and `items` are the ids in order; customer n bought `places[starts[n]:starts[n + 1]]`, places in `items`."""

    customers: Array
    items: Array
    starts: Array
    places: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Customers, items."""
        return len(self.customers), len(self.items)

    def counts(self) -> Array:
        """How many customers bought each item."""
        return np.bincount(self.places, minlength=len(self.items))

    def rows(self, chosen: Array) -> Interactions:
        """Some customers only, by their places; all items."""
        sizes = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        at = np.repeat(self.starts[chosen] - starts[:-1], sizes) + np.arange(starts[-1])
        return Interactions(self.customers[chosen], self.items, starts, self.places[at])

    def batches(self, size: int) -> Iterator[tuple[int, Interactions]]:
        """Customers in turn, so many at a time: the place of the first, and their part."""
        for first in range(0, len(self.customers), size):
            chosen = np.arange(first, min(first + size, len(self.customers)))
            yield first, self.rows(chosen)

    def dense(self) -> Array:
        """The matrix as 0 and 1: for a batch, never for everybody."""
        held = np.zeros(self.shape, dtype=np.float32)
        held[np.repeat(np.arange(len(self.customers)), np.diff(self.starts)), self.places] = 1.0
        return held

    def gram(self, *, batch: int = 4096) -> Array:
        """XᵀX: how many customers bought each pair of items. float32 counts exactly up to 16 million customers."""
        total = np.zeros((len(self.items), len(self.items)), dtype=np.float32)
        for _first, part in self.batches(batch):
            held = part.dense()
            total += held.T @ held
        return total


def interactions(
    lines: Any,
    *,
    customer: str = "customer_id",
    item: str = "product_id",
    most_items: int | None = None,
    fewest_customers: int = 1,
) -> Interactions:
    """Distinct (customer, item) pairs of lines (table, frame or file). Items with fewer than `fewest_customers` buyers are
    left out, and beyond the `most_items` most bought: nothing can be learned of them. Customers are those with an item left."""
    read = table(lines)
    for name in (customer, item):
        if name not in read.columns:
            raise MeasureProblem("orders.column_missing", column=name)
    held = read.select(customer=read[customer], item=read[item])
    held = held.filter(held.customer.notnull() & held["item"].notnull()).distinct().cache()
    counted = held.group_by("item").aggregate(buyers=held.count())
    counted = counted.filter(counted.buyers >= fewest_customers)
    if most_items is not None:
        counted = counted.order_by([ibis.desc("buyers"), "item"]).limit(most_items)
    kept = held.semi_join(counted, "item").order_by(["customer", "item"]).to_pyarrow()
    who, what = (kept.column(name).to_numpy() for name in ("customer", "item"))
    items, places = np.unique(what, return_inverse=True)
    customers, first = np.unique(who, return_index=True)
    return Interactions(customers, items, np.append(first, len(who)).astype(np.int64), places.astype(np.int64))


def time_split(lines: Any, *, split: date | str, day: str = "day") -> tuple[Any, Any]:
    """Lines up to the last day before the split, and from the split on: nothing of the future is learned from."""
    read, at = table(lines), ibis.date(day_of(split))
    return read.filter(read[day] < at), read.filter(read[day] >= at)
