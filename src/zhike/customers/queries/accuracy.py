"""How often what sources and collectors stated was found right: from the findings, each value of a file counted once."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhike.customers.models import Source
from zhike.kit import bulk
from zhike.secure.records import Viewer

# The newest finding on each value, on statements nobody has withdrawn.
_COUNTED = (
    "FROM customers_verifiedstatement s JOIN customers_verification f ON f.id = s.verification_id "
    "JOIN customers_sourceversion v ON v.id = s.version_id WHERE f.withdrawn_at IS NULL AND v.withdrawn_at IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM customers_verification n WHERE n.source_record_id = f.source_record_id "
    "AND n.field = f.field AND n.value_key = f.value_key AND n.withdrawn_at IS NULL AND n.id > f.id) "
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Of so many statements that were checked, so many were right. `id` is a source's or a member of staff's."""

    id: int
    name: str
    trust_grade: int
    checked: int
    right: int


def accuracy_of_sources() -> list[Checked]:
    """Every source of which something was checked, those checked most first; what staff entered is told by collector."""
    counts = _counts("s.source_id")
    found = Source.objects.filter(id__in=list(counts), is_house=False)
    told = [Checked(s.id, s.name, s.trust_grade, *counts[s.id]) for s in found]
    return sorted(told, key=lambda c: (-c.checked, c.id))


def accuracy_of_collectors() -> list[Checked]:
    """Every member of staff something of whose entries was checked; names are for the caller to add."""
    counts = _counts("s.collector_staff_id", "AND s.collector_staff_id IS NOT NULL ")
    told = [Checked(staff_id, "", 0, *count) for staff_id, count in counts.items()]
    return sorted(told, key=lambda c: (-c.checked, c.id))


def checked_customers(
    viewer: Viewer, *, source_id: int = 0, staff_id: int = 0, is_right: bool, limit: int = 200
) -> list[int]:
    """Roots in the viewer's scope behind a figure of accuracy, the newest finding first."""
    from zhike.customers.scope import roots_within

    column, value = ("s.source_id", source_id) if source_id else ("s.collector_staff_id", staff_id)
    sql = (
        f"SELECT f.source_record_id, max(f.id) {_COUNTED}AND {column} = %s AND f.is_right = %s "
        "GROUP BY f.source_record_id ORDER BY 2 DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value, is_right, limit])
        records = [record for record, _ in cursor.fetchall()]
    owner = "SELECT r.id, c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id WHERE r.id IN {values}"
    roots = dict(bulk.fetch_in(owner, records))
    ordered = list(dict.fromkeys(roots[r] for r in records if r in roots))
    seen = set(roots_within(viewer, ordered))
    return [root for root in ordered if root in seen]


def _counts(column: str, condition: str = "") -> dict[int, tuple[int, int]]:
    sql = (
        f"SELECT {column}, count(*), sum(CASE WHEN f.is_right THEN 1 ELSE 0 END) {_COUNTED}{condition}GROUP BY {column}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {key: (int(checked), int(right)) for key, checked, right in rows}
