"""Taking a job: claim the next one of a lane under a lease, and keep the lease alive."""

import contextlib
import datetime as dt
import logging
import os
import socket
import threading
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from zhike.kit import chance, clock
from zhike.kit.jobs.registry import SERIAL_LANES
from zhike.kit.jobs.run import JobRun
from zhike.kit.models import Job

log = logging.getLogger(__name__)


def lease_seconds() -> float:
    """How long a lease lasts without renewal: 60 s, or ZHIKE_LEASE_SECONDS."""
    return float(os.environ.get("ZHIKE_LEASE_SECONDS") or 60)


def owner_name() -> str:
    """Who holds a lease: host and process space, process id, and a word of chance against reuse."""
    return f"{_place()}:{os.getpid()}:{chance.public_id()}"


def claim(lane: str, owner: str) -> Job | None:
    """Take the next due job of a lane: queued and due, or running under an expired lease. None when there is none."""
    if not _claimable(lane).exists():  # a read first: looking for work must not take SQLite's write lock
        return None
    with transaction.atomic():
        if connection.vendor == "postgresql" and lane in SERIAL_LANES:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"zhike lane {lane}".encode())])
        job = _claimable(lane).order_by("run_after", "id").select_for_update(skip_locked=True, of=("self",)).first()
        if job is None:
            return None
        Job.objects.filter(id=job.id).update(
            state=Job.RUNNING,
            lease_until=clock.after(lease_seconds()),
            leased_by=owner,
            started_at=clock.now(),
            attempts=F("attempts") + 1,
            wanted=F("wanted") if job.state == Job.RUNNING else "",
        )
        job.refresh_from_db()
        return job


def claim_one(job_id: int, owner: str) -> Job | None:
    """Take one named job if it is queued, whatever its lane (tests and tools)."""
    taken = Job.objects.filter(id=job_id, state=Job.QUEUED).update(
        state=Job.RUNNING,
        lease_until=clock.after(lease_seconds()),
        leased_by=owner,
        started_at=clock.now(),
        attempts=F("attempts") + 1,
    )
    return Job.objects.get(id=job_id) if taken else None


def free_leases_of_the_dead(lanes: Sequence[str]) -> int:
    """Expire at once the leases of processes of this machine that no longer live; returns how many."""
    freed = 0
    for job in Job.objects.filter(state=Job.RUNNING, lane__in=lanes).only("id", "leased_by"):
        place, _, rest = job.leased_by.rpartition(":")[0].rpartition(":")
        if place == _place() and rest.isdigit() and not _is_alive(int(rest)):
            mine = Job.objects.filter(id=job.id, leased_by=job.leased_by, state=Job.RUNNING)
            freed += mine.update(lease_until=clock.now())
    return freed


@contextlib.contextmanager
def heartbeat(run: JobRun) -> Iterator[None]:
    """Renew the lease from a thread while the block runs."""
    stop = threading.Event()

    def beat() -> None:
        seconds = lease_seconds()
        while not stop.wait(seconds / 4):
            try:
                if not run.renew(seconds):
                    return
            except DatabaseError:
                log.warning("lease of job %s could not be renewed now", run.id)
        connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{run.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _claimable(lane: str) -> QuerySet[Job]:
    now = clock.now()
    expired = Q(state=Job.RUNNING, lease_until__lte=now)
    due = Q(lane=lane) & (Q(state=Job.QUEUED, run_after__lte=now) | expired)
    alive = Job.objects.filter(state=Job.RUNNING, lease_until__gt=now)
    jobs = Job.objects.filter(due).exclude(Exists(alive.filter(unique_key=OuterRef("unique_key"))))
    return jobs.exclude(Exists(alive.filter(lane=lane))) if lane in SERIAL_LANES else jobs


def _place() -> str:
    try:
        space = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()[:40]}/{space}"


def _is_alive(pid: int) -> bool:
    if not Path("/proc").is_dir():
        return True
    return Path(f"/proc/{pid}").exists()


def due_at(lane: str) -> dt.datetime | None:
    """When the next queued job of a lane falls due; None when the lane is empty."""
    return (
        Job.objects.filter(lane=lane, state=Job.QUEUED)
        .order_by("run_after")
        .values_list("run_after", flat=True)
        .first()
    )
