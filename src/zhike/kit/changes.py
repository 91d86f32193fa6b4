"""The change sequence of snapshotted tables: what the lake has not read yet."""

from django.db import connections


def next_seq(using: str = "default") -> int:
    """The change number of the transaction now open; write it to `change_seq` of every row the transaction touches.

    SQLite counts in a row under the write lock. PostgreSQL gives its transaction id, which is not commit order:
    readers stop at `horizon()`. Raises RuntimeError outside a transaction.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("a change number belongs to a transaction: open one first")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        else:
            cursor.execute(
                "INSERT INTO kit_change_counter (id, value) VALUES (1, 1) "
                "ON CONFLICT (id) DO UPDATE SET value = kit_change_counter.value + 1 RETURNING value"
            )
        return int(cursor.fetchone()[0])


def horizon(using: str = "default") -> int:
    """The highest change number below which no transaction can still commit: read `change_seq <= horizon()`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
        else:
            cursor.execute("SELECT coalesce(max(value), 0) FROM kit_change_counter")
        return int(cursor.fetchone()[0])
