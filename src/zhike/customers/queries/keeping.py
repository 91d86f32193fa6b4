"""Which files nobody has had a reason to keep since a moment; for the keeping periods, never for a page."""

import datetime as dt

from django.db import connection

# Said, noted or bought since the moment: any of them is a reason to keep.
_GROUP = "(SELECT c.id FROM customers_customer c WHERE c.root_id = k.customer_id)"
_RECORDS = f"(SELECT r.id FROM customers_sourcerecord r WHERE r.customer_id IN {_GROUP})"
_SILENT = (
    f"NOT EXISTS (SELECT 1 FROM customers_sourceversion v WHERE v.source_record_id IN {_RECORDS} AND v.as_of >= %s) "
    f"AND NOT EXISTS (SELECT 1 FROM customers_contactrecord n WHERE n.source_record_id IN {_RECORDS} AND n.at >= %s)"
)
_DUE = {
    "never_bought": ("k.archived_at IS NULL AND k.order_count = 0 AND k.created_at < %s", True),
    "bought": ("k.archived_at IS NULL AND k.order_count > 0 AND k.last_order_at < %s", True),
    "archived": (
        "k.archived_at < %s AND EXISTS (SELECT 1 FROM customers_sourcerecord e WHERE e.erased_at IS NULL "
        f"AND e.customer_id IN {_GROUP})",
        False,
    ),
}
KEPT_CLASSES = tuple(_DUE)


def due_to_go(kept_class: str, *, before: dt.datetime, after: int = 0, limit: int = 500) -> list[tuple[int, str]]:
    """(root, file number) of the files of a class whose keeping period ended, by id, from beyond one on.

    `never_bought`: no order ever; `bought`: the last order lies before the moment; both only where nothing was stated or
    noted since. `archived`: put away before the moment and not erased yet.
    """
    condition, asks_silence = _DUE[kept_class]
    moment = str(before.replace(tzinfo=None)) if connection.vendor == "sqlite" else before
    silent = f" AND {_SILENT}" if asks_silence else ""
    sql = (
        f"SELECT k.customer_id, k.number FROM customers_customercard k WHERE {condition} AND k.customer_id > %s{silent} "
        "ORDER BY k.customer_id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, after, *([moment, moment] if asks_silence else []), limit])
        return [(int(c), str(number)) for c, number in cursor.fetchall()]
