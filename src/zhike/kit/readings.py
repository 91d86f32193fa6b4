"""The kit's own gauges: jobs, the worker, the disk, the databases."""

import importlib.metadata
import shutil
from pathlib import Path

from django.db import connections
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.kit import clock
from zhike.kit.gauges import Values, gauge
from zhike.kit.home import home
from zhike.kit.jobs.registry import LANES
from zhike.kit.models import Job, ScheduleMark
from zhike.kit.signs import WORKER_ALIVE


@gauge("zhike_build", _("1, with the version that runs."), labels=("version",))
def build() -> Values:
    """The version of the program."""
    return {(importlib.metadata.version("zhike"),): 1}


@gauge(
    "zhike_jobs",
    _("Background jobs by lane and state; finished ones are swept after some weeks."),
    labels=("lane", "state"),
)
def jobs() -> Values:
    """Jobs by lane and state."""
    rows = Job.objects.values_list("lane", "state").annotate(count=Count("id")).order_by()
    return {(lane, state): count for lane, state, count in rows}


@gauge(
    "zhike_jobs_due", _("Jobs that could run now and wait for their lane: the depth of the queue."), labels=("lane",)
)
def due() -> Values:
    """Jobs due by lane."""
    rows = _due().values_list("lane").annotate(count=Count("id")).order_by()
    return {(lane,): 0 for lane in LANES} | {(lane,): count for lane, count in rows}


@gauge("zhike_job_wait_seconds", _("How long the oldest due job of a lane has waited."), labels=("lane",))
def waiting() -> Values:
    """The longest wait by lane; 0 where nothing waits."""
    now = clock.now()
    rows = _due().values_list("lane").annotate(since=Min("run_after")).order_by()
    return {(lane,): 0 for lane in LANES} | {(lane,): (now - since).total_seconds() for lane, since in rows}


@gauge("zhike_job_running_seconds", _("How long the longest running job of a lane has run."), labels=("lane",))
def running() -> Values:
    """The longest run by lane; 0 where nothing runs."""
    now = clock.now()
    found = Job.objects.filter(state=Job.RUNNING, started_at__isnull=False)
    rows = found.values_list("lane").annotate(since=Min("started_at")).order_by()
    return {(lane,): 0 for lane in LANES} | {(lane,): (now - since).total_seconds() for lane, since in rows}


@gauge("zhike_worker_silent_seconds", _("Since the worker's last sign of life."))
def worker() -> Values:
    """The age of the worker's mark."""
    mark = ScheduleMark.objects.filter(name=WORKER_ALIVE).first()
    return None if mark is None else (clock.now() - mark.last_due_at).total_seconds()


@gauge("zhike_disk_free_bytes", _("Room left where the data folder lies."))
def disk() -> Values:
    """Free bytes."""
    return shutil.disk_usage(home()).free


@gauge("zhike_database_bytes", _("Size of the data and of the keyring."), labels=("store",))
def databases() -> Values:
    """Bytes by store."""
    return {("data",): _size("default"), ("keyring",): _size("keyring")}


@gauge("zhike_database_log_bytes", _("Size of the write-ahead log beside a SQLite file."), labels=("store",))
def logs() -> Values:
    """Bytes of the write-ahead logs; nothing on PostgreSQL, which watches its own."""
    return {
        (store,): _bytes(Path(f"{connections[alias].settings_dict['NAME']}-wal"))
        for store, alias in (("data", "default"), ("keyring", "keyring"))
        if connections[alias].vendor == "sqlite"
    }


def _due() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.QUEUED, run_after__lte=clock.now())


def _size(alias: str) -> float:
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(pages if connection.vendor == "sqlite" else "SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0])


def _bytes(file: Path) -> float:
    return file.stat().st_size if file.exists() else 0
