"""The ground on SQLite carried over to PostgreSQL, table by table: a fifth of the time of bringing everything in again.

`python -m benchmarks.carrying FOLDER` reads the SQLite files of that data folder into the empty databases that ZHIKE_DATABASE
and ZHIKE_KEYRING name, and takes the keys and sealed files along into ZHIKE_HOME.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

from tests.postgresql import cell_turn

_CHUNK = 20_000


def main(folder: Path) -> None:
    """Carry both databases and whatever else lies in the folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    home = Path(os.environ["ZHIKE_HOME"])
    shutil.copytree(folder, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*", "lake", "tmp"))
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from zhike.kit.home import keyring_file

    for alias, file in (
        ("default", folder / "zhike.sqlite3"),
        ("keyring", folder / keyring_file(home).relative_to(home)),
    ):
        call_command("migrate", database=alias, verbosity=0)
        with sqlite3.connect(file) as given:
            _carry(given, connections[alias])
    print("  carried over", flush=True)


def _carry(given: sqlite3.Connection, taken: Any) -> None:
    from django.core.management.color import no_style

    held = {name for (name,) in given.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    with taken.cursor() as cursor:
        tables = [t for t in taken.introspection.table_names(cursor) if t in held and t != "django_migrations"]
        quoted = ", ".join(f'"{table}"' for table in tables)
        cursor.execute("SET session_replication_role = replica")  # rows come in any order of their references
        cursor.execute(f"TRUNCATE {quoted} CASCADE")
        for table in tables:
            later = _indexes(cursor, table)
            _copy(given, cursor, table)
            for statement in later:
                cursor.execute(statement)
        for statement in taken.ops.sequence_reset_sql(no_style(), _models(tables)):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _models(tables: list[str]) -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models() if model._meta.db_table in tables]


def _indexes(cursor: Any, table: str) -> list[str]:
    """Drop the plain indexes of a table; the statements that build them again."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = %s AND i.schemaname = 'public' AND NOT EXISTS "
        "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _copy(given: sqlite3.Connection, cursor: Any, table: str) -> None:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    )
    types = dict(cursor.fetchall())
    columns = ", ".join(f'"{name}"' for name in types)
    turns = [cell_turn(name, kind) for name, kind in types.items()]
    plain = all(turn is None for turn in turns)
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in _rows(given, f'SELECT {columns} FROM "{table}"'):
            copy.write_row(
                row if plain else [v if t is None or v is None else t(v) for v, t in zip(row, turns, strict=True)]
            )


def _rows(given: sqlite3.Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    found = given.execute(sql)
    found.arraysize = _CHUNK
    while rows := found.fetchmany():
        yield from rows


if __name__ == "__main__":
    main(Path(sys.argv[1]))
