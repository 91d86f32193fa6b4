"""Counts and digests of tables, the same before a backup and after a restore."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

Digests = dict[str, dict[str, Any]]


def of_sqlite(file: Path) -> Digests:
    """Every table of a SQLite file: its rows, and SHA-256 over them in the order of the row id (or primary key)."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        names = [
            r[0]
            for r in connection.execute(
                "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
        ]
        return {name: _table(connection, name) for name in names}


def _table(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        rows = connection.execute(f"SELECT * FROM {quoted} ORDER BY rowid")
    except sqlite3.OperationalError:  # a table without row ids is kept in the order of its key
        rows = connection.execute(f"SELECT * FROM {quoted}")
    digest, count = hashlib.sha256(), 0
    while batch := rows.fetchmany(2000):
        count += len(batch)
        digest.update(repr(batch).encode())
    return {"rows": count, "digest": digest.hexdigest()}


def of_postgresql(cursor: Any) -> Digests:
    """Every table of the database the cursor reads: its rows, and the sum of a hash of each (order does not matter)."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    result = {}
    for (name,) in cursor.fetchall():
        quoted = '"' + name.replace('"', '""') + '"'
        cursor.execute(
            f"SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) FROM {quoted} t"
        )
        count, total = cursor.fetchone()
        result[name] = {"rows": count, "digest": str(total)}
    return result


def of_file(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
