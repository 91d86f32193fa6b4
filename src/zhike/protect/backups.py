"""Making backups: snapshot, check, manifest, encryption, history, and the ladder of what is kept."""

import datetime as dt
import importlib.metadata
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from django.db import connections

from zhike.kit import clock
from zhike.kit.home import path
from zhike.protect import attached, canaries, digests, envelope, snapshots
from zhike.protect.faults import BackupFault
from zhike.protect.models import BackupRun
from zhike.secure import actions
from zhike.secure.records import Viewer
from zhike.secure.vault import roots
from zhike.secure.vault.keyring import keys_held

HOURLY_KEPT = 24
DAYS_KEPT = 35
SUFFIX = ".zhike-backup.age"


def folder() -> Path:
    """Where backups of this installation go unless told otherwise."""
    return path("backups")


def own_recipient() -> str:
    """The age recipient backups are encrypted for by default; its identity is keys/backup.key."""
    return str(pyrage.x25519.Identity.from_str(roots.backup_identity()).to_public())


def make(*, by: Viewer, to: Path | None = None, recipients: Sequence[str] = ()) -> BackupRun:
    """Back the data up, while others write. Never contains the keyring or a key. Raises BackupFault; nothing half remains."""
    started, now = time.monotonic(), clock.now()
    target_folder = to or folder()
    target_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = target_folder / f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z{SUFFIX}"
    canaries.renew()
    with scratch(target_folder) as work:
        copy = work / "data"
        kind, tables = snapshots.take("default", copy)
        envelope.write(target, manifest(kind, tables, copy, now), copy, [*recipients] or [own_recipient()])
    files = attached.copy_new(target_folder)
    run = BackupRun.objects.create(
        kind="data", at=now, file=str(target), size_bytes=target.stat().st_size, seconds=time.monotonic() - started,
        detail={"tables": len(tables), "rows": sum(t["rows"] for t in tables.values()), "mark": change_mark(), "files": files}, by_staff_id=by.staff_id,
    )  # fmt: skip
    actions.record_audit("backup.made", by=by, about=("backup", run.pk), detail={"bytes": run.size_bytes})
    return run


def manifest(kind: str, tables: digests.Digests, copy: Path, at: dt.datetime) -> dict[str, Any]:
    """What a backup says of itself: versions, tables with rows and digests, and which keys its values need."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
        schema = dict(cursor.fetchall())
    return {
        "format": 1,
        "app_version": importlib.metadata.version("zhike"),
        "created_at": at.isoformat(),
        "database": kind,
        "schema": schema,
        "tables": tables,
        "content_sha256": digests.of_file(copy),
        "keys_needed": {
            "installation": roots.installation(),
            **keys_held(),
        },
    }


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A private folder for clear copies, gone afterwards; needs about as much room as the database."""
    work = Path(tempfile.mkdtemp(prefix=".work-", dir=beside))
    try:
        yield work
    except OSError as problem:
        if problem.errno == 28:  # ENOSPC
            raise BackupFault("disk_full", folder=str(beside)) from None
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def newest() -> Path:
    """The newest backup in the folder. Raises BackupFault when there is none."""
    files = sorted(folder().glob(f"*{SUFFIX}"))
    if not files:
        raise BackupFault("no_backup", folder=str(folder()))
    return files[-1]


def prune() -> int:
    """Keep the last 24 backups and one a day for 35 days; how many files were removed from the folder."""
    files = sorted(folder().glob(f"*{SUFFIX}"), reverse=True)
    kept, days, oldest = set(files[:HOURLY_KEPT]), set(), f"{clock.now() - dt.timedelta(days=DAYS_KEPT):%Y%m%dT%H%M%S}"
    for file in files[HOURLY_KEPT:]:
        if file.name[:8] not in days and file.name >= oldest:
            days.add(file.name[:8])
            kept.add(file)
    for file in set(files) - kept:
        file.unlink()
    attached.forget_old(folder(), DAYS_KEPT)
    return len(files) - len(kept)


def change_mark() -> str:
    """A text that differs once the data has changed: the SQLite files' times, or PostgreSQL's write position."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()::text")
            return str(cursor.fetchone()[0])
    file = Path(str(connection.settings_dict["NAME"]))
    files = [file, file.with_name(file.name + "-wal")]
    return ",".join(str(f.stat().st_mtime_ns) for f in files if f.exists())


def make_when_changed(*, by: Viewer) -> BackupRun | None:
    """A backup, unless nothing was written since the last one."""
    last = BackupRun.objects.filter(kind="data", is_ok=True).order_by("-at").first()
    if last is not None and last.detail.get("mark") == change_mark():
        return None
    made = make(by=by)
    prune()
    return made
