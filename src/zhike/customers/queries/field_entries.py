"""What staff collected: records they entered in a stretch of time, for those who call a share of them again.

For the machine: nothing here keeps to a viewer's scope, and nothing is opened here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Min

from zhike.customers.models import SourceVersion
from zhike.customers.records import SEALED_COLUMN
from zhike.kit import rows
from zhike.secure.records import SealedRef

FEWEST_VALUES = 3  # fewer values at once are a correction, not a record somebody collected
_MOST = 5_000  # records of one collector and period


@dataclass(slots=True)
class FieldEntry:
    """One record one member of staff entered: its values (sealed ones as digests), and which version states each."""

    record_id: int
    customer_id: int  # the root
    staff_id: int
    at: dt.datetime
    facts: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    seal: SealedRef | None = None  # of the version that states the telephone


def collectors_between(since: dt.datetime, until: dt.datetime) -> list[int]:
    """Members of staff who entered anything after `since` and until `until`."""
    sql = (
        "SELECT DISTINCT by_staff_id FROM customers_sourceversion WHERE by_staff_id IS NOT NULL "
        "AND withdrawn_at IS NULL AND created_at > %s AND created_at <= %s ORDER BY by_staff_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, until])
        return [staff_id for (staff_id,) in cursor.fetchall()]


def entered_by(record_ids: Sequence[int], *, until: dt.datetime | None = None, most: int = 3) -> list[int]:
    """Members of staff who entered anything on these records, whoever began first; the caller has asked for the scope."""
    found = SourceVersion.objects.filter(source_record_id__in=list(record_ids), withdrawn_at=None, by_staff_id__gt=0)
    if until is not None:
        found = found.filter(created_at__lte=until)
    first = found.values("by_staff_id").annotate(first=Min("id")).order_by("first")
    return [row["by_staff_id"] for row in first[:most] if row["by_staff_id"]]


def entries_of(staff_id: int, since: dt.datetime, until: dt.datetime) -> list[FieldEntry]:
    """The records one member of staff entered in that time, in order; corrections of a value or two are left out."""
    sql = (
        "SELECT v.id, v.source_record_id, c.root_id, v.as_of, v.facts, v.sealed FROM customers_sourceversion v "
        "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
        "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE v.by_staff_id = %s AND v.withdrawn_at IS NULL "
        "AND v.created_at > %s AND v.created_at <= %s AND r.erased_at IS NULL AND k.archived_at IS NULL "
        f"ORDER BY v.id LIMIT {_MOST}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [staff_id, since, until])
        found = cursor.fetchall()
    held: dict[int, FieldEntry] = {}
    for version_id, record_id, root_id, as_of, facts, sealed in found:
        entry = held.setdefault(record_id, FieldEntry(record_id, root_id, staff_id, rows.moment(as_of)))
        said: Mapping[str, Any] = {n: v for n, v in rows.parsed(facts).items() if v is not None and n[0] != "_"}
        entry.facts.update(said)
        entry.versions.update(dict.fromkeys(said, version_id))
        if "phone" in said:
            entry.seal = SealedRef(SEALED_COLUMN, version_id, record_id, bytes(sealed))
    return [entry for entry in held.values() if len(entry.facts) >= FEWEST_VALUES]
