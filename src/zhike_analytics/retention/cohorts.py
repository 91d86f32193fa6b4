"""Cohorts 同期群: customers grouped by the month of their first purchase, followed month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.purchases import day_of, purchases

if TYPE_CHECKING:
    from ibis.backends import BaseBackend


@dataclass(frozen=True)
class Cohort:
    """``month``: its first day; ``size`` customers; ``active[k]``, ``net_cents[k]``: who bought, and for how much, in the k-th
    month after the first (0 the first itself). A month that is not over by the day of analysis is None: nobody knows it
    yet, and 0 would say that all had gone."""

    month: date
    size: int
    active: tuple[int | None, ...]
    net_cents: tuple[int | None, ...]

    def shares(self) -> list[float | None]:
        """Customers active in each month as a share of the cohort."""
        return [None if n is None else n / self.size for n in self.active]


def cohorts(orders: Any, *, until: date | str, con: BaseBackend | None = None, **reading: Any) -> list[Cohort]:
    """The cohorts up to ``until``, oldest first; ``reading`` goes to ``purchases``.

    A customer belongs to the month of the first order with a positive net; later orders count as active in their month if
    their net is positive, while refunds lower the money of the month they are noted in.
    """
    last = day_of(until)
    bought = purchases(orders, con=con, **reading)
    bought = bought.filter(bought.day <= ibis.date(last))
    own = ibis.window(group_by=bought.customer_id)
    marked = bought.mutate(first=bought.counted.ifelse(bought.day, None).min().over(own))
    marked = marked.filter(marked.first.notnull() & (marked.day >= marked.first))
    marked = marked.mutate(
        began=(marked.first.year() * 12 + marked.first.month() - 1).cast("int64"),
        now=(marked.day.year() * 12 + marked.day.month() - 1).cast("int64"),
    )
    found = marked.group_by(["began", "now"]).aggregate(
        active=marked.customer_id.nunique(where=marked.counted).cast("int64"),
        net_cents=marked.net_cents.sum().cast("int64"),
    )
    held = {(row["began"], row["now"]): row for row in found.to_pyarrow().to_pylist()}
    # The month of analysis is over only on its last day.
    whole = _number(last) if _month(_number(last) + 1).toordinal() - last.toordinal() == 1 else _number(last) - 1
    told = []
    for began in sorted({began for began, _now in held}):
        months = range(began, _number(last) + 1)
        active = tuple(held.get((began, n), {}).get("active", 0) if n <= whole else None for n in months)
        money = tuple(held.get((began, n), {}).get("net_cents", 0) if n <= whole else None for n in months)
        told.append(Cohort(_month(began), held[(began, began)]["active"], active, money))
    return told


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
