"""Whom the undoing of a run would leave, and whom it would archive."""

from dataclasses import dataclass

from django.db import connection

_TOUCHED = (
    "SELECT DISTINCT c.root_id AS root FROM customers_sighting s JOIN customers_sourceversion v ON v.id = s.version_id "
    "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
    "WHERE s.run_id = %s"
)
# A noted contact outlives any undoing. A version outlives it when it is live and somebody else said it: staff (no
# sighting at all) or another run.
_OUTLIVES = (
    "(EXISTS (SELECT 1 FROM customers_customer c3 JOIN customers_sourcerecord r3 ON r3.customer_id = c3.id "
    "JOIN customers_contactrecord k ON k.source_record_id = r3.id WHERE c3.root_id = t.root) "
    "OR EXISTS (SELECT 1 FROM customers_customer c2 JOIN customers_sourcerecord r2 ON r2.customer_id = c2.id "
    "JOIN customers_sourceversion v2 ON v2.source_record_id = r2.id "
    "WHERE c2.root_id = t.root AND v2.withdrawn_at IS NULL AND ("
    "NOT EXISTS (SELECT 1 FROM customers_sighting a WHERE a.version_id = v2.id AND a.run_id = %s) "
    "OR EXISTS (SELECT 1 FROM customers_sighting b WHERE b.version_id = v2.id AND b.run_id <> %s))))"
)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Of the customers a run spoke of: how many stay and how many are archived, and the first ids of each."""

    stay_count: int
    stay_ids: tuple[int, ...]
    archived_count: int
    archived_ids: tuple[int, ...]


def leaving(run_id: int, *, most: int = 50) -> Leaving:
    """What the undoing of a run means for the customers it spoke of; asked before the undoing begins."""
    sql = f"SELECT t.root, {_OUTLIVES} FROM ({_TOUCHED}) t ORDER BY t.root"
    counts = {True: 0, False: 0}
    first: dict[bool, list[int]] = {True: [], False: []}
    with connection.cursor() as cursor:
        cursor.execute(sql, [run_id, run_id, run_id])
        while rows := cursor.fetchmany(5_000):
            for root, outlives in rows:
                stays = bool(outlives)
                counts[stays] += 1
                if counts[stays] <= most:
                    first[stays].append(root)
    return Leaving(counts[True], tuple(first[True]), counts[False], tuple(first[False]))
