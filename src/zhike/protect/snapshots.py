"""Copies of a database at one moment: SQLite's backup in a single step, PostgreSQL's own dump."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from zhike.protect import digests, soundness
from zhike.protect.digests import Digests
from zhike.protect.faults import BackupFault

SET_ASIDE = "zhike_before_restore"  # the schema a restore replaced


def take(alias: str, target: Path) -> tuple[str, Digests]:
    """Copy a database into a file; what kind it is, and the digests of its tables at that moment."""
    if connections[alias].vendor == "sqlite":
        return "sqlite", _sqlite(alias, target)
    return "postgresql", _postgresql(alias, target)


def _sqlite(alias: str, target: Path) -> Digests:
    source = str(connections[alias].settings_dict["NAME"])
    # One step: with many small ones a busy writer makes the copy start over for ever.
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        if soundness.faults(copy):
            raise BackupFault("database_broken", file=source)
    target.chmod(0o600)
    return digests.of_sqlite(target)


def _postgresql(alias: str, target: Path) -> Digests:
    connection = connections[alias]
    is_nested = connection.in_atomic_block
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        if not is_nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        how = ["--no-owner", "--no-privileges", f"--exclude-schema={SET_ASIDE}", f"--snapshot={snapshot}"]
        run(["pg_dump", "-Fc", *how, f"--file={target}"], alias)
        return digests.of_postgresql(cursor)


def run(command: list[str], alias: str, *, database: str | None = None) -> None:
    """Run a program of PostgreSQL against a database of the settings. The password goes by the environment, never by arguments."""
    settings: dict[str, Any] = connections[alias].settings_dict
    address = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(settings[key]) for name, key in address.items() if settings.get(key)}
    environment |= {"PGDATABASE": database or str(settings["NAME"]), "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFault(
            "dump_failed",
            program=command[0],
            reason=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "?",
        )
