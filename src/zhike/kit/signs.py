"""The kit's own checks: databases, migrations, worker, disk, stuck lanes."""

import datetime as dt
import os
import platform
import shutil
import sqlite3
import sys

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from zhike.kit import clock
from zhike.kit.checks import OK, Finding, State, check
from zhike.kit.home import home
from zhike.kit.models import Job, ScheduleMark

WORKER_ALIVE = "worker alive"
_WORKER_SILENT_AFTER_S = 60
_DISK_LOW_BYTES = 1 << 30
_DISK_FULL_BYTES = 100 << 20
_STUCK_AFTER = dt.timedelta(hours=1)


def waiting_migrations() -> list[str]:
    """Migrations not yet applied, over both databases, as `database: app.name`."""
    waiting = []
    for alias in ("default", "keyring"):
        executor = MigrationExecutor(connections[alias])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        waiting += [f"{alias}: {migration.app_label}.{migration.name}" for migration, _backwards in plan]
    return waiting


@check("python")
def look_at_python() -> Finding:
    """Python 3.11 or newer."""
    text = platform.python_version()
    return (
        Finding("ok", text)
        if sys.version_info >= (3, 11)
        else Finding("failed", text, _("Install Python 3.11 or newer."))
    )


@check("sqlite")
def look_at_sqlite() -> Finding:
    """SQLite 3.40 or newer, where SQLite is used."""
    if connections["default"].vendor != "sqlite":
        return Finding("ok", "PostgreSQL")
    if sqlite3.sqlite_version_info < (3, 40):
        return Finding("failed", sqlite3.sqlite_version, _("SQLite 3.40 or newer is needed."))
    return Finding("ok", sqlite3.sqlite_version)


@check("database", is_vital=True)
def look_at_database() -> Finding:
    """The data answers a question."""
    return _answers("default")


@check("keyring", is_vital=True)
def look_at_keyring() -> Finding:
    """The keyring answers a question."""
    return _answers("keyring")


@check("migrations")
def look_at_migrations() -> Finding:
    """Both databases are at the version of the program."""
    waiting = waiting_migrations()
    return Finding("failed", ", ".join(waiting[:5]), _("Run `zhike upgrade`.")) if waiting else OK


@check("worker", is_vital=True)
def look_at_worker() -> Finding:
    """The worker gave a sign of life within the last minute."""
    mark = ScheduleMark.objects.filter(name=WORKER_ALIVE).first()
    silent_s = None if mark is None else (clock.now() - mark.last_due_at).total_seconds()
    if silent_s is None or silent_s > _WORKER_SILENT_AFTER_S:
        return Finding("failed", _("The worker is not running."), _("Run `zhike serve` or `zhike worker`."))
    return OK


@check("disk", is_vital=True)
def look_at_disk() -> Finding:
    """There is room left where the data lies."""
    free = shutil.disk_usage(home()).free
    if free < _DISK_LOW_BYTES:
        state: State = "failed" if free < _DISK_FULL_BYTES else "warning"
        return Finding(state, _("%(mb)d MB left on the disk.") % {"mb": free >> 20}, _("Make room on the disk."))
    return OK


@check("data folder")
def look_at_folder() -> Finding:
    """Nobody else can read the data folder."""
    if home().stat().st_mode & 0o077 and os.name == "posix":
        return Finding("warning", _("Others can read %(folder)s.") % {"folder": home()}, f"chmod 700 {home()}")
    return OK


@check("job lanes")
def look_at_lanes() -> Finding:
    """No job has waited for more than an hour past its time."""
    stuck = Job.objects.filter(state=Job.QUEUED, run_after__lt=clock.now() - _STUCK_AFTER)
    lanes = sorted(set(stuck.values_list("lane", flat=True)))
    if lanes:
        return Finding(
            "warning", _("Jobs wait in: %(lanes)s.") % {"lanes": ", ".join(lanes)}, _("Look at the jobs page.")
        )
    return OK


def _answers(alias: str) -> Finding:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK
