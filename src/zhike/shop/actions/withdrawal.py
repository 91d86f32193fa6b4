"""Undo of a run's orders: each order shows the version which the live run that began latest still says, or none."""

from collections.abc import Iterator

from django.db import connection, transaction

from zhike.kit import bulk, changes, clock
from zhike.shop.actions import takings
from zhike.shop.actions.batch import STATED
from zhike.shop.actions.figures import recount

_BATCH = 500


def withdraw_run(run_id: int, *, batch: int = _BATCH) -> Iterator[int]:
    """Withdraw what a run said of orders, batch by batch, yielding the sightings taken back; may be called again."""
    while version_ids := _sighted(run_id, batch):
        with transaction.atomic():
            # Counted in the same transaction: once the sightings are gone nothing would tell whom to count.
            orders = _orders_of(version_ids)
            with takings.kept(orders):
                recount(_take_back(run_id, version_ids, orders))
        yield len(version_ids)


def _sighted(run_id: int, batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version_id FROM shop_ordersighting WHERE run_id = %s ORDER BY version_id LIMIT %s", [run_id, batch]
        )
        return [row[0] for row in cursor.fetchall()]


def _orders_of(version_ids: list[int]) -> list[int]:
    sql = "SELECT order_id FROM shop_orderversion WHERE id IN {values}"
    return [order for (order,) in bulk.fetch_in(sql, version_ids)]


def _take_back(run_id: int, version_ids: list[int], orders: list[int]) -> set[int]:
    marks = ", ".join(["%s"] * len(version_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM shop_ordersighting WHERE run_id = %s AND version_id IN ({marks})", [run_id, *version_ids]
        )
    left: dict[int, int] = {}
    for version_id, rank in bulk.fetch_in(
        "SELECT s.version_id, r.id FROM shop_ordersighting s JOIN shop_runstart r ON r.run_id = s.run_id "
        "WHERE s.version_id IN {values}",
        version_ids,
    ):
        left[version_id] = max(rank, left.get(version_id, 0))
    bulk.update_many("shop_orderversion", "id", ["seen_rank"], list(left.items()))
    at = clock.now()
    bulk.update_many("shop_orderversion", "id", ["withdrawn_at"], [(v, at) for v in version_ids if v not in left])
    return _show_newest(orders)


def _show_newest(order_ids: list[int]) -> set[int]:
    """Point orders at their newest live version; returns the records whose customers must be recounted."""
    import json

    sql = "SELECT order_id, id, seen_rank, header, source_record_id, withdrawn_at FROM shop_orderversion WHERE order_id IN {values}"
    newest: dict[int, tuple[int, int, object]] = {}
    records: set[int] = set()
    for order_id, version_id, rank, header, record_id, withdrawn in bulk.fetch_in(sql, sorted(set(order_ids))):
        records.update([record_id] if record_id else [])
        if withdrawn is None and (rank, version_id) > newest.get(order_id, (0, 0))[:2]:
            newest[order_id] = (rank, version_id, json.loads(header) if isinstance(header, str) else header)
    seq = changes.next_seq()
    rows = [(o, v, *(_stated(header, name) for name in STATED), seq) for o, (_, v, header) in newest.items()]
    bulk.update_many("shop_order", "id", ["current_version_id", *STATED, "change_seq"], rows)
    bulk.update_many(
        "shop_order", "id", ["current_version_id", "change_seq"], [(o, None, seq) for o in set(order_ids) - set(newest)]
    )
    return records


def _stated(header: object, name: str) -> object:
    import datetime as dt

    value = header[name]  # type: ignore[index]
    return dt.datetime.fromisoformat(value) if name in ("ordered_at", "paid_at") and value else value
