"""The figures of the home page, each with the date of its data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhike.customers import queries as customers
from zhike.customers.records import Count, RegisterFilter
from zhike.kit import clock
from zhike.kit.checks import Finding, run_checks
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter, Takings
from zhike.work import queries as work
from zhike.work.records import TaskFacts

TASKS_SHOWN = 6
HEALTH = ("worker", "disk", "backup_proven", "keyring_copied")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a house holds now, as one viewer may see it."""

    customer_count: int
    customers_capped: bool
    order_count: int
    orders_capped: bool
    takings: Sequence[Takings]
    takings_before: Sequence[Takings]
    data_until: dt.datetime | None
    first_tasks: Sequence[tuple[str, int, Sequence[TaskFacts]]]  # kind, how many are open, the first of them
    last_analysis_at: dt.datetime | None
    health: Mapping[str, Finding]

    @property
    def is_backed_up(self) -> bool:
        """Whether data and keyring have a fresh copy."""
        return all(self.health[n].state == "ok" for n in ("backup_proven", "keyring_copied") if n in self.health)

    @property
    def task_count(self) -> int:
        """Open tasks of all kinds."""
        return sum(many for _, many, _ in self.first_tasks)


def figures(viewer: Viewer) -> Figures:
    """Customers, orders, the last thirty days up to the newest order, and open work. Counts of large bases are capped."""
    many = customers.count(viewer, RegisterFilter(), cap=100_001) if viewer.can("customers.view") else Count(0, False)
    sees_orders = viewer.can("orders.view") and viewer.scope == "all"
    until = shop.newest_order_at() if sees_orders else None
    month = dt.timedelta(days=30)
    end = until + dt.timedelta(seconds=1) if until else clock.now()
    orders, capped = shop.order_count(viewer, OrderFilter(), cap=100_001) if sees_orders else (0, False)
    return Figures(
        customer_count=many.number,
        customers_capped=many.capped,
        order_count=orders,
        orders_capped=capped,
        takings=shop.takings(end - month, end) if until else (),
        takings_before=shop.takings(end - 2 * month, end - month) if until else (),
        data_until=until,
        first_tasks=work.first_of_each(viewer, limit=TASKS_SHOWN) if viewer.can("work.view") else (),
        last_analysis_at=customers.last_computed_at(),
        health=run_checks(names=HEALTH) if viewer.can("backup.manage") or viewer.can("jobs.view") else {},
    )
