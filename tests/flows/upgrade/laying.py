"""Lay the old installation into the empty databases the environment names: `python -m tests.flows.upgrade.laying`."""

import os
from pathlib import Path
from typing import Any

from tests.flows.upgrade.packed import unpacked
from tests.postgresql import cell_turn


def main() -> None:
    """Files, then each database: brought to the migrations of that time, its rows laid in as they lay."""
    given = unpacked()
    for name, content in given["files"].items():
        place = Path(os.environ["ZHIKE_HOME"]) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o600)
    import django

    django.setup()
    from django.db import connections

    for alias, told in given["databases"].items():
        _migrate(connections[alias], told["migrations"])
        _lay(connections[alias], told["tables"])


def _migrate(connection: Any, wanted: list[list[str]]) -> None:
    """To the state of that time: what the installation had applied, and nothing since."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = executor.loader.graph.nodes
    gone = [one for one in map(tuple, wanted) if one not in known]
    assert not gone, f"migrations an installation may stand at are no more: {gone}"
    executor.migrate([tuple(one) for one in wanted])


def _lay(connection: Any, tables: dict[str, Any]) -> None:
    from django.core.management.color import no_style
    from django.db import transaction

    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in reversed(tables):
            if not table.startswith("secure_audit"):  # it only grows, and is empty
                cursor.execute(f'DELETE FROM "{table}"')
        for table, told in tables.items():
            turns = _turns(connection, cursor, table, told["columns"])
            names, marks = ", ".join(f'"{c}"' for c in told["columns"]), ", ".join(["%s"] * len(turns))
            rows = [
                [v if turn is None or v is None else turn(v) for v, turn in zip(row, turns, strict=True)]
                for row in told["rows"]
            ]
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(no_style(), _models(tables)):
                cursor.execute(statement)


def _turns(connection: Any, cursor: Any, table: str, columns: list[str]) -> list[Any]:
    if connection.vendor == "sqlite":
        return [None] * len(columns)
    cursor.execute("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table])
    types = dict(cursor.fetchall())
    return [cell_turn(column, types[column]) for column in columns]


def _models(tables: dict[str, Any]) -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models() if model._meta.db_table in tables]


if __name__ == "__main__":
    main()
