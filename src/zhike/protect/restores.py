"""Bringing a backup back: data of any age, today's keyring, then the tombstones, so that the erased stay erased."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from zhike.kit.home import keyring_file
from zhike.protect import attached, backups, canaries, drills, envelope, snapshots
from zhike.protect.faults import BackupFault
from zhike.secure.vault import roots


def restore(source: Path, into: Path, *, identity: str = "", replace: bool = False) -> dict[str, Any]:
    """Put a backup into a data folder (or the database of the settings) whose keyring is already there. Old data is moved aside.

    The caller runs with ZHIKE_HOME set to `into`, then migrates and replays the tombstones (`zhike restore` does).
    """
    target = into / "zhike.sqlite3"
    if not replace and (_has_tables() if _on_postgresql() else target.exists()):
        raise BackupFault("home_in_use", home=str(into))
    _keyring_is_there(into)
    with backups.scratch(into) as work:
        copy = work / "data"
        manifest = envelope.read(source, identity or roots.backup_identity(), copy)
        if manifest.get("keys_needed", {}).get("installation") != roots.installation():
            raise BackupFault("keyring_other", home=str(into), file=source.name)
        drills.check_manifest(manifest, source, copy)
        if (manifest["database"] == "postgresql") != _on_postgresql():
            raise BackupFault("other_database", file=source.name, kind=manifest["database"])
        tables, opened = drills.look(manifest["database"], copy, source)
        drills.compare(manifest["tables"], tables, source)
        _keyring_is_young_enough(opened, into, source)
        if _on_postgresql():
            _into_postgresql(copy)
        else:
            _swap(copy, target)
    attached.bring_back(source, into)
    return {
        "created_at": manifest["created_at"],
        "tables": len(tables),
        "rows": sum(t["rows"] for t in tables.values()),
        **opened,
    }


def turned_back(into: Path) -> dict[str, int]:
    """Look at a database that was turned back to a moment by its own means (PostgreSQL's write-ahead archive, a snapshot
    of the disk): does the keyring fit? Returns how many sealed values opened, and were erased.

    The caller has migrated, and replays the tombstones after it. Raises BackupFault `keyring_missing` or `keyring_old`: the
    keyring must not be turned back with the data, or erased people would come back.
    """
    _keyring_is_there(into)
    opened = canaries.problems(_fetch)
    if opened["missing"] or opened["refused"]:
        raise BackupFault("keyring_old", home=str(into), count=opened["missing"] + opened["refused"])
    return {"opened": opened["opened"], "erased": opened["erased"]}


def _fetch(sql: str) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _keyring_is_there(into: Path) -> None:
    has_store = connections["keyring"].vendor != "sqlite" or keyring_file(into).exists()
    is_there = has_store and (into / "keys" / "lookup.key").exists()
    if not is_there or "keyring_record_key" not in connections["keyring"].introspection.table_names():
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


def _on_postgresql() -> bool:
    return connections["default"].vendor == "postgresql"


def _has_tables() -> bool:
    return bool(connections["default"].introspection.table_names())


def _into_postgresql(copy: Path) -> None:
    """Into an empty schema; the one before stays beside it, out of backups, until the next restore."""
    aside, is_used = snapshots.SET_ASIDE, _has_tables()
    if is_used:
        _run(f"DROP SCHEMA IF EXISTS {aside} CASCADE", f"ALTER SCHEMA public RENAME TO {aside}", "CREATE SCHEMA public")
    try:
        snapshots.run(
            ["pg_restore", "--no-owner", "--single-transaction", "--exit-on-error",
             f"--dbname={connections['default'].settings_dict['NAME']}", str(copy)],
            "default",
        )  # fmt: skip
    except BackupFault:
        if is_used:
            _run("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {aside} RENAME TO public")
        raise


def _run(*statements: str) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connections["default"].close()
