"""The report of sources: what each brought, what it cost, and how much work it was."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from zhike.collect.models import SourceFigures, SourceWork
from zhike.customers import queries as customers
from zhike.customers.records import SourceFacts


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source's line. Shares are of its own customers, 0 to 1, and None where there is nothing to divide by."""

    facts: SourceFacts
    records: int
    customers: int
    with_phone: int
    with_email: int
    valid: int
    confirmed: int
    buyers: int
    orders: int
    net_cents: int
    cost_cents: int
    minutes: int
    last_record_at: dt.datetime | None

    @property
    def valid_share(self) -> float | None:
        """Customers first known by this source whom a phone or an e-mail reaches."""
        return self.valid / self.customers if self.customers else None

    @property
    def confirmed_share(self) -> float | None:
        """Customers first known by this source of whom another source, or the staff, says something too."""
        return self.confirmed / self.customers if self.customers else None

    @property
    def cost_each_cents(self) -> int | None:
        """Cost of a valid customer, rounded to the cent."""
        return round(self.cost_cents / self.valid) if self.cost_cents and self.valid else None

    @property
    def records_per_hour(self) -> float | None:
        """Records for an hour worked."""
        return self.records * 60 / self.minutes if self.minutes else None


def report() -> tuple[list[SourceReport], dt.datetime | None]:
    """All sources in use as last counted, and when that was; reads one row a source."""
    counted = {one.source_id: one for one in SourceFigures.objects.all()}
    costs = customers.source_costs()
    minutes = dict(SourceWork.objects.values_list("source_id").annotate(n=Sum("minutes")))
    rows = []
    for facts in customers.sources():
        figures = counted[facts.id].figures if facts.id in counted else {}
        last = figures.get("last_record_at")
        names = (
            "records",
            "customers",
            "with_phone",
            "with_email",
            "valid",
            "confirmed",
            "buyers",
            "orders",
            "net_cents",
        )
        rows.append(
            SourceReport(
                facts=facts,
                **{name: int(figures.get(name, 0)) for name in names},
                cost_cents=costs.get(facts.id, 0),
                minutes=minutes.get(facts.id, 0),
                last_record_at=dt.datetime.fromisoformat(last) if last else None,
            )
        )
    return rows, max((one.counted_at for one in counted.values()), default=None)
