"""What each source has brought: counted over the whole base, so for jobs and not for pages."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

from zhike.customers.models import SourceCost
from zhike.kit.plans import plans_for_whole_tables
from zhike.kit.rows import moment

_RECORDS = "SELECT source_id, count(*), max(created_at) FROM customers_sourcerecord GROUP BY source_id"
_CARDS = (
    "SELECT first_source_id, count(*), sum(CASE WHEN has_phone THEN 1 ELSE 0 END), sum(CASE WHEN has_email THEN 1 ELSE 0 END), "
    "sum(CASE WHEN has_phone OR has_email THEN 1 ELSE 0 END), sum(CASE WHEN order_count > 0 THEN 1 ELSE 0 END), "
    "sum(order_count), sum(net_cents) FROM customers_customercard WHERE archived_at IS NULL AND first_source_id IS NOT NULL "
    "GROUP BY first_source_id"
)
# Confirmed: another source, or the staff in the house's own record, says something of the same customer.
# One pass over the records: asked customer by customer, PostgreSQL took minutes where it had no statistics yet.
_CONFIRMED = (
    "SELECT k.first_source_id, count(*) FROM customers_customercard k JOIN "
    "(SELECT c.root_id, min(r.source_id) AS least, max(r.source_id) AS greatest FROM customers_sourcerecord r "
    "JOIN customers_customer c ON c.id = r.customer_id GROUP BY c.root_id) s ON s.root_id = k.customer_id "
    "WHERE k.archived_at IS NULL AND (s.least <> k.first_source_id OR s.greatest <> k.first_source_id) "
    "GROUP BY k.first_source_id"
)
_NAMES = ("customers", "with_phone", "with_email", "valid", "buyers", "orders", "net_cents")


@dataclass(frozen=True, slots=True)
class Brought:
    """The figures of one source; `figures` are plain numbers, `last_record_at` ISO text or blank."""

    source_id: int
    figures: dict[str, Any]


def what_sources_brought() -> list[Brought]:
    """Records, customers first known by each source, how many can be reached and are confirmed, their orders and revenue."""
    found: dict[int, dict[str, Any]] = {}
    with plans_for_whole_tables(), connection.cursor() as cursor:
        cursor.execute(_RECORDS)
        for source, records, last in cursor.fetchall():
            found[source] = {"records": records, "last_record_at": moment(last).isoformat() if last else ""}
        cursor.execute(_CARDS)
        for source, *values in cursor.fetchall():
            found.setdefault(source, {}).update(
                {name: int(value or 0) for name, value in zip(_NAMES, values, strict=True)}
            )
        cursor.execute(_CONFIRMED)
        for source, confirmed in cursor.fetchall():
            found.setdefault(source, {})["confirmed"] = int(confirmed)
    return [Brought(source, figures) for source, figures in sorted(found.items())]


def source_costs() -> dict[int, int]:
    """{source: cents spent on it}."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source_id, sum(amount_cents) FROM customers_sourcecost GROUP BY source_id")
        return {source: int(cents) for source, cents in cursor.fetchall()}


def source_costs_between(first: dt.date, last: dt.date) -> dict[int, int]:
    """{source: cents spent on it from one day to another, both included}."""
    found = SourceCost.objects.filter(spent_on__gte=first, spent_on__lte=last)
    return dict(found.values_list("source_id").annotate(cents=Sum("amount_cents")))


def customers_said_by(run_ids: list[int]) -> int:
    """How many customers these runs speak of; for jobs."""
    if not run_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT c.root_id) FROM customers_sighting s JOIN customers_sourceversion v ON v.id = s.version_id "
            "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
            f"WHERE s.run_id IN ({', '.join(['%s'] * len(run_ids))})",
            run_ids,
        )
        return int(cursor.fetchone()[0])
