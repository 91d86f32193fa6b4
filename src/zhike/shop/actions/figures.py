"""Order counters of customers: computed here over all their records, laid down on their cards."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from zhike.customers import actions as customers
from zhike.customers.records import OrderFigures
from zhike.kit import bulk
from zhike.kit.events import publish
from zhike.kit.rows import moment
from zhike.shop.events import OrdersRecorded

_CHUNK = 2_000
_ATTEMPTS = 5


def finish_run(run_id: int, *, after: int = 0) -> Iterator[tuple[int, int]]:
    """Recount the customers whose orders a run said, then announce the run's orders.

    Yields (records done, last record id) so that it can resume. A run is a backfill: nothing leaves the house for it.
    """
    records = _records_of_run(run_id, after)
    for start in range(0, len(records), _CHUNK):
        some = records[start : start + _CHUNK]
        recount(some)
        yield len(some), some[-1]
    with transaction.atomic():
        publish(OrdersRecorded(run_id=run_id, is_backfill=True))


def _records_of_run(run_id: int, after: int) -> "array[int]":
    """Asked once: asked anew for every chunk, each chunk would read all sightings of the run again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT v.source_record_id FROM shop_ordersighting s JOIN shop_orderversion v ON v.id = s.version_id "
            "WHERE s.run_id = %s AND v.source_record_id > %s",
            [run_id, after],
        )
        found = array("q")
        while rows := cursor.fetchmany(_CHUNK):
            found.extend(row[0] for row in rows)
    return array("q", sorted(found))


def recount(record_ids: Iterable[int]) -> int:
    """Recount the customers behind these records; returns cards changed.

    Orders counted, and the first and last of them: sales that brought money. Net: every live order, cancellations and refunds included.
    """
    from zhike.customers.queries import regroupings

    wanted, changed = list(record_ids), 0
    for _ in range(_ATTEMPTS):
        before = regroupings()
        root_of = _records_of_roots(wanted)
        changed += count_files(root_of, set(root_of.values()))
        if regroupings() == before:
            break  # else files were merged or taken apart while they were counted: what was laid down may be of the old ones
    return changed


def count_files(root_of: Mapping[int, int], roots: Collection[int]) -> int:
    """Count these files anew, {record: root} being all their records; returns cards changed."""
    figures: dict[int, list[Any]] = {root: [0, 0, None, None] for root in roots}
    sql = (
        "SELECT source_record_id, count(CASE WHEN kind = 'sale' AND net_cents > 0 THEN 1 END), sum(net_cents), "
        "min(CASE WHEN kind = 'sale' AND net_cents > 0 THEN ordered_at END), "
        "max(CASE WHEN kind = 'sale' AND net_cents > 0 THEN ordered_at END) "
        "FROM shop_order WHERE current_version_id IS NOT NULL AND source_record_id IN {values} GROUP BY source_record_id"
    )
    for record_id, count, net, first, last in bulk.fetch_in(sql, root_of):
        held = figures[root_of[record_id]]
        held[0] += count
        held[1] += int(net)
        held[2] = min(filter(None, (held[2], first and moment(first))), default=None)
        held[3] = max(filter(None, (held[3], last and moment(last))), default=None)
    return customers.set_order_figures(OrderFigures(root, *held) for root, held in figures.items())


def _records_of_roots(record_ids: Iterable[int]) -> dict[int, int]:
    """Every record of the files these records stand on, with its root."""
    from zhike.customers.queries import records_beside

    return records_beside(record_ids)
