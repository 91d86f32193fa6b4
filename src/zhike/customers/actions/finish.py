"""What a run leaves for its end: name tokens and last-four lookups, built from sorted buffers in short transactions."""

from collections.abc import Iterator

from django.db import connection, transaction

from zhike.customers import lookup_kinds
from zhike.customers.events import SourceRecorded
from zhike.customers.normalizing import lookups_in
from zhike.kit import bulk
from zhike.kit import rows as stored
from zhike.kit.events import publish
from zhike_analytics.values import persons

_BUFFER = 20_000
_SLICE = 5_000


def finish_run(run_id: int, *, after: int = 0) -> Iterator[tuple[int, int]]:
    """Index the names and last four digits a run touched, then announce what the run said.

    Yields (versions done, last version id) so that it can resume. Safe to run again: what is there already stays.
    """
    while rows := _versions_after(run_id, after):
        after = rows[-1][0]
        tails = set()
        for _, record_id, facts in rows:
            found = lookups_in(stored.parsed(facts))
            tails |= {(kind, digest, record_id) for kind, digest in found if kind == lookup_kinds.PHONE_TAIL}
        _in_slices("customers_lookup", ("kind", "digest", "source_record_id"), sorted(tails))
        retoken({record_id for _, record_id, _ in rows})
        yield len(rows), after
    with transaction.atomic():
        publish(SourceRecorded(run_id=run_id, is_backfill=True))


def _versions_after(run_id: int, after: int) -> list[tuple[int, int, object]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.source_record_id, v.facts FROM customers_sighting s "
            "JOIN customers_sourceversion v ON v.id = s.version_id "
            "WHERE s.run_id = %s AND v.id > %s ORDER BY v.id LIMIT %s",
            [run_id, after, _BUFFER],
        )
        return list(cursor.fetchall())


def retoken(record_ids: set[int]) -> None:
    """Bring the name tokens of the customers of these records in line with their cards."""
    sql = (
        "SELECT k.customer_id, k.name FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE r.id IN {values}"
    )
    names = dict(bulk.fetch_in(sql, sorted(record_ids)))
    wanted = (
        {(token, customer) for customer, name in names.items() for token in persons.name_tokens(name)}
        if names
        else set()
    )
    present = set(
        bulk.fetch_in("SELECT token, customer_id FROM customers_nametoken WHERE customer_id IN {values}", sorted(names))
    )
    stale = sorted(present - wanted)
    if stale:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany("DELETE FROM customers_nametoken WHERE token = %s AND customer_id = %s", stale)
    _in_slices("customers_nametoken", ("token", "customer_id"), sorted(wanted - present))


def _in_slices(table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    for start in range(0, len(rows), _SLICE):
        bulk.insert_many(table, columns, rows[start : start + _SLICE], on_conflict="ignore")
