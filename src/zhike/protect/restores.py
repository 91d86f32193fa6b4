"""Bringing a backup back: data of any age, today's keyring, then the tombstones, so that the erased stay erased."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from zhike.protect import backups, digests, drills, envelope, snapshots
from zhike.protect.faults import BackupFault
from zhike.secure.vault import roots


def restore(source: Path, into: Path, *, identity: str = "", replace: bool = False) -> dict[str, Any]:
    """Put a backup of SQLite into a data folder whose keyring is already there. The old file is moved aside, never deleted.

    The caller runs with ZHIKE_HOME set to `into`, then migrates and replays the tombstones (`zhike restore` does).
    """
    target = into / "zhike.sqlite3"
    if target.exists() and not replace:
        raise BackupFault("home_in_use", home=str(into))
    _keyring_is_there(into)
    with backups.scratch(into) as work:
        copy = work / "data"
        manifest = envelope.read(source, identity or roots.backup_identity(), copy)
        if manifest.get("keys_needed", {}).get("installation") != roots.installation():
            raise BackupFault("keyring_other", home=str(into), file=source.name)
        drills.check_manifest(manifest, source, copy)
        if manifest["database"] != "sqlite":
            return _postgresql(manifest, copy, source)
        tables, opened = drills._look_sqlite(copy, source)
        drills.compare(manifest["tables"], tables, source)
        _keyring_is_young_enough(opened, into, source)
        _swap(copy, target)
    return {
        "created_at": manifest["created_at"],
        "tables": len(tables),
        "rows": sum(t["rows"] for t in tables.values()),
        **opened,
    }


def _keyring_is_there(into: Path) -> None:
    has_store = bool(os.environ.get("ZHIKE_KEYRING")) or (into / "keyring.sqlite3").exists()
    if not has_store or not (into / "keys" / "lookup.key").exists():
        raise BackupFault("keyring_missing", home=str(into))


def _keyring_is_young_enough(opened: dict[str, int], into: Path, source: Path) -> None:
    if opened["missing"]:
        raise BackupFault("keyring_old", home=str(into), count=opened["missing"])
    if opened["refused"] or not opened["opened"]:
        raise BackupFault("canary_silent", file=source.name)


def _swap(copy: Path, target: Path) -> None:
    if target.exists():
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.replace(target.with_name("zhike.before-restore.sqlite3"))
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    shutil.move(copy, target)
    target.chmod(0o600)


def _postgresql(manifest: dict[str, Any], copy: Path, source: Path) -> dict[str, Any]:
    """Into the database of the settings, which must be empty or is replaced table by table."""
    from django.db import connections

    if connections["default"].vendor != "postgresql":
        raise BackupFault("other_database", file=source.name, kind="PostgreSQL")
    connections["default"].close()
    snapshots.run(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
         f"--dbname={connections['default'].settings_dict['NAME']}", str(copy)],
        "default",
    )  # fmt: skip
    with connections["default"].cursor() as cursor:
        tables = digests.of_postgresql(cursor)
    drills.compare(manifest["tables"], tables, source)
    return {
        "created_at": manifest["created_at"],
        "tables": len(tables),
        "rows": sum(t["rows"] for t in tables.values()),
    }
