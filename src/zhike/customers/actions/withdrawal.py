"""Undo of a run: its sightings go, versions nobody says any more are withdrawn, and the touched files are derived anew."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from zhike.customers import cards
from zhike.customers.actions.finish import retoken
from zhike.customers.identity.holding import hold_roots
from zhike.customers.normalizing import lookups_in
from zhike.kit import bulk, changes, clock
from zhike.kit import rows as stored

_BATCH = 500


def withdraw_run(run_id: int, *, batch: int = _BATCH) -> Iterator[int]:
    """Withdraw what a run said, batch by batch (each its own transaction), yielding the sightings taken back.

    Interrupted, it goes on where it stopped when called again. Customers whose every version is withdrawn are archived,
    their number kept; facts of other runs and house records stay.
    """
    while version_ids := _sighted(run_id, batch):
        with transaction.atomic():
            records = _take_back(run_id, version_ids)
        retoken(records)
        yield len(version_ids)


def _sighted(run_id: int, batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version_id FROM customers_sighting WHERE run_id = %s ORDER BY version_id LIMIT %s", [run_id, batch]
        )
        return [row[0] for row in cursor.fetchall()]


def _take_back(run_id: int, version_ids: list[int]) -> set[int]:
    marks = ", ".join(["%s"] * len(version_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM customers_sighting WHERE run_id = %s AND version_id IN ({marks})", [run_id, *version_ids]
        )
    left: dict[int, Any] = {}
    for version_id, as_of in bulk.fetch_in(
        "SELECT version_id, as_of FROM customers_sighting WHERE version_id IN {values}", version_ids
    ):
        left[version_id] = max(stored.moment(as_of), left.get(version_id, stored.moment(as_of)))
    at = clock.now()
    bulk.update_many("customers_sourceversion", "id", ["as_of"], list(left.items()))
    gone = [v for v in version_ids if v not in left]
    bulk.update_many("customers_sourceversion", "id", ["withdrawn_at"], [(v, at) for v in gone])
    records = {
        r
        for (r,) in bulk.fetch_in(
            "SELECT source_record_id FROM customers_sourceversion WHERE id IN {values}", version_ids
        )
    }
    _drop_lookups(gone)
    derive_cards(_roots_of(records))
    return records


def _drop_lookups(gone: list[int]) -> None:
    """Remove lookups only the withdrawn versions fed."""
    dropped: set[tuple[int, bytes, int]] = set()
    for record_id, facts in bulk.fetch_in(
        "SELECT source_record_id, facts FROM customers_sourceversion WHERE id IN {values}", gone
    ):
        dropped |= {(kind, digest, record_id) for kind, digest in lookups_in(stored.parsed(facts))}
    sql = "SELECT source_record_id, facts FROM customers_sourceversion WHERE withdrawn_at IS NULL AND source_record_id IN {values}"
    for record_id, facts in bulk.fetch_in(sql, {record for _, _, record in dropped}):
        dropped -= {(kind, digest, record_id) for kind, digest in lookups_in(stored.parsed(facts))}
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM customers_lookup WHERE kind = %s AND digest = %s AND source_record_id = %s", sorted(dropped)
        )


def _roots_of(record_ids: set[int]) -> set[int]:
    sql = (
        "SELECT DISTINCT c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "WHERE r.id IN {values}"
    )
    return {root for (root,) in bulk.fetch_in(sql, sorted(record_ids))}


def derive_cards(root_ids: set[int]) -> None:
    """Derive the cards of the given roots from their live versions, inside the caller's transaction.

    A file without any live version is archived, unless staff noted contacts on it; one that has again is taken out. Customers
    who were merged meanwhile are derived on the file they are on now.
    """
    root_ids = set(hold_roots(root_ids).values())
    files = cards.open_files(root_ids)
    spoken_with = _with_contacts(root_ids)
    seq, at = changes.next_seq(), clock.now()
    changed = []
    for root_id, file in files.items():
        columns = cards.columns_of(file.versions, file.card["kind"])
        archived = None if file.versions or root_id in spoken_with else at
        first = min(file.versions, key=lambda v: v.id).source_id if file.versions else None
        changed.append((root_id, *(columns[c] for c in cards.COLUMNS), first, archived, at, seq))
    names = [*cards.COLUMNS, "first_source_id", "archived_at", "updated_at", "change_seq"]
    bulk.update_many("customers_customercard", "customer_id", names, changed)
    bulk.update_many(
        "customers_customer", "id", ["archived_at", "change_seq"], [(row[0], row[-3], seq) for row in changed]
    )


def _with_contacts(root_ids: set[int]) -> set[int]:
    """Of the given roots, those with facts of our own that no undoing takes away: contacts noted, files attached."""
    sql = (
        "SELECT DISTINCT c.root_id FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id "
        "JOIN {table} k ON k.source_record_id = r.id WHERE c.root_id IN {{values}}"
    )
    found = bulk.fetch_in(sql.format(table="customers_contactrecord"), sorted(root_ids))
    attached = bulk.fetch_in(sql.format(table="customers_attachment"), sorted(root_ids))
    return {root for (root,) in (*found, *attached)}
