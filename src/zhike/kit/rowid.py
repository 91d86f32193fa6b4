"""Primary keys that cost one tree, not two."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class RowId(models.BigIntegerField):
    """A 64-bit id handed out before the insert (`kit.ids`), as a primary key.

    SQLite keeps rows in a tree by rowid; only a column declared exactly INTEGER PRIMARY KEY *is* that rowid, any other
    primary key is a second tree beside it. On PostgreSQL it is a plain bigint.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """`integer` on SQLite (64 bits there), `bigint` elsewhere."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


def without_rowid(*tables: str) -> Any:
    """A migration step: on SQLite, lay tables with composite keys in the tree of their key alone (WITHOUT ROWID)."""

    def lay(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        with schema_editor.connection.cursor() as cursor:
            for table in tables:
                _lay_again(cursor, table)

    return lay


def _lay_again(cursor: Any, table: str) -> None:
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
    (created,) = cursor.fetchone()
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL", [table])
    indexes = [sql for (sql,) in cursor.fetchall()]
    cursor.execute(created.replace(f'"{table}"', f'"{table}_anew"', 1) + " WITHOUT ROWID")
    cursor.execute(f'INSERT INTO "{table}_anew" SELECT * FROM "{table}"')
    cursor.execute(f'DROP TABLE "{table}"')
    cursor.execute(f'ALTER TABLE "{table}_anew" RENAME TO "{table}"')
    for sql in indexes:
        cursor.execute(sql)


def without_pattern_indexes(*tables: str) -> Any:
    """A migration step: on PostgreSQL, drop the indexes by which Django lets texts be sought by how they begin.

    It lays one beside every unique text. Whoever needs such a search later lays an index of their own.
    """

    def drop(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(%s) "
                "AND indexname LIKE '%%\\_like' AND indexdef LIKE '%%pattern_ops%%'",
                [list(tables)],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    return drop
