"""Proving backups: the newest is restored into a scratch place, compared with its manifest, and opened with today's keys."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections

from zhike.kit import chance, clock
from zhike.protect import backups, canaries, digests, envelope, snapshots, soundness
from zhike.protect.digests import Digests
from zhike.protect.faults import BackupFault
from zhike.protect.models import BackupRun
from zhike.secure import actions
from zhike.secure.records import Viewer
from zhike.secure.vault import roots


def drill(*, by: Viewer, file: Path | None = None, identity: str | None = None) -> BackupRun:
    """Restore the newest backup (or one named) for trial. The outcome is kept whether it is good or not, then raised if not."""
    started = time.monotonic()
    run = BackupRun(kind="drill", at=clock.now(), by_staff_id=by.staff_id)
    fault: BackupFault | None = None
    try:
        source = file or backups.newest()
        run.file, run.size_bytes = str(source), source.stat().st_size
        run.detail = prove(source, identity or roots.backup_identity())
    except BackupFault as problem:
        fault, run.is_ok, run.code, run.detail = (
            problem,
            False,
            problem.code,
            {k: str(v) for k, v in problem.values.items()},
        )
    run.seconds = time.monotonic() - started
    run.save()
    outcome = "ok" if fault is None else "failed"
    actions.record_audit("backup.drill", by=by, about=("backup", run.pk), outcome=outcome, detail={"code": run.code})
    if fault is not None:
        raise fault
    return run


def prove(source: Path, identity: str) -> dict[str, Any]:
    """Everything a restore would need, checked on a scratch copy: manifest, content, digests, sealed values."""
    with backups.scratch(backups.folder()) as work:
        copy = work / "data"
        manifest = envelope.read(source, identity, copy)
        check_manifest(manifest, source, copy)
        tables, opened = look(manifest["database"], copy, source)
        compare(manifest["tables"], tables, source)
    if opened["refused"] or opened["missing"] or not opened["opened"]:
        raise BackupFault("canary_silent", file=source.name)
    return {
        "created_at": manifest["created_at"],
        "tables": len(tables),
        "rows": sum(t["rows"] for t in tables.values()),
        **opened,
    }


def check_manifest(manifest: dict[str, Any], source: Path, copy: Path) -> None:
    """The manifest is ours and the content is what it says."""
    if not envelope.is_ours(manifest):
        raise BackupFault("manifest_forged", file=source.name)
    if digests.of_file(copy) != manifest["content_sha256"]:
        raise BackupFault("content_damaged", file=source.name)


def compare(wanted: Digests, found: Digests, source: Path) -> None:
    """Every table has the rows and the digest of the manifest."""
    for table in sorted(set(wanted) | set(found)):
        if wanted.get(table) != found.get(table):
            raise BackupFault("digest_differs", table=table, file=source.name)


def look(kind: str, copy: Path, source: Path) -> tuple[Digests, dict[str, int]]:
    """The digests of a copy's tables, and how many of its sealed values today's keyring opens."""
    return _look_sqlite(copy, source) if kind == "sqlite" else _look_postgresql(copy)


def _look_sqlite(copy: Path, source: Path) -> tuple[Digests, dict[str, int]]:
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        if soundness.faults(connection):
            raise BackupFault("database_broken", file=source.name)
        return digests.of_sqlite(copy), canaries.problems(canaries.fetcher(connection))


def _look_postgresql(copy: Path) -> tuple[Digests, dict[str, int]]:
    """Restore into a database of its own on the same server, look, and drop it."""
    import psycopg

    name = f"zhike_drill_{chance.token(6).lower().replace('-', '').replace('_', '')}"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        snapshots.run(
            ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(copy)], "default", database=name
        )
        settings = connections["default"].settings_dict
        address = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        given: dict[str, Any] = {k: str(settings[s]) for k, s in address.items() if settings.get(s)}
        with psycopg.connect(dbname=name, autocommit=True, **given) as connection, connection.cursor() as looking:

            def fetch(sql: str) -> list[tuple[Any, ...]]:
                try:
                    return looking.execute(sql).fetchall()
                except psycopg.errors.UndefinedTable:
                    return []

            return digests.of_postgresql(looking), canaries.problems(fetch)
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
