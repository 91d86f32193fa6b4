"""What a running job holds in its hand: arguments, cursor, progress, and the duty to stop when told."""

import threading
import time
from typing import Any, NoReturn

from django.db.models import F

from zhike.kit import clock
from zhike.kit.models import Job

_CHECK_EVERY_S = 0.5
_REPORT_EVERY_S = 0.5

shutting_down = threading.Event()  # set once per process, when it is told to stop


class Stopped(Exception):
    """The job must not go on; nothing of it is broken."""


class Paused(Stopped):
    """Somebody asked for a pause."""


class ShuttingDown(Stopped):
    """This process ends in good order; the job goes back and runs elsewhere or later."""


class Cancelled(Stopped):
    """Somebody gave the job up."""


class LeaseLost(Stopped):
    """Another worker holds this job now; whatever is uncommitted here must be rolled back."""


class JobFailed(Exception):
    """A failure with a code for the reader, which trying again would not cure."""

    def __init__(self, code: str, params: dict[str, Any]) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def fail(code: str, **params: Any) -> NoReturn:
    """End the job as failed. `params` are counts, ids and codes for the message, never personal values."""
    raise JobFailed(code, params)


class JobRun:
    """One run of a job under a lease. Every write is refused (LeaseLost) once the lease belongs to someone else."""

    def __init__(self, job: Job) -> None:
        self.id, self.name, self.lane = job.id, job.name, job.lane
        self.args: dict[str, Any] = job.args
        self.cursor: dict[str, Any] = dict(job.cursor)
        self.by_staff_id = job.by_staff_id
        self.owner = job.leased_by
        self.attempt = job.attempts
        self.lost = False
        self._checked = self._reported = 0.0

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Tell how far the work is (counts) and what it does (`note`, a code); written at most twice a second."""
        moment = time.monotonic()
        if moment - self._reported < _REPORT_EVERY_S and done != total:
            return
        self._reported = moment
        self._write(done_count=done, total_count=total, note=note)

    def save_cursor(self, cursor: dict[str, Any]) -> None:
        """Keep where to go on after a stop. Call it inside the transaction of the batch it speaks of.

        A job that moves on has not failed: its count of attempts starts again.
        """
        self._write(cursor=cursor, attempts=1)
        self.cursor = dict(cursor)

    def check(self) -> None:
        """Raise Paused, Cancelled, ShuttingDown or LeaseLost when the job must stop; cheap enough for every batch."""
        moment = time.monotonic()
        if shutting_down.is_set():
            raise ShuttingDown(self.name)
        if self.lost:
            raise LeaseLost(self.name)
        if moment - self._checked < _CHECK_EVERY_S:
            return
        self._checked = moment
        wanted = self._mine().values_list("wanted", flat=True).first()
        if wanted is None:
            raise LeaseLost(self.name)
        if wanted == "pause":
            raise Paused(self.name)
        if wanted == "cancel":
            raise Cancelled(self.name)

    def renew(self, seconds: float) -> bool:
        """Hold the lease for `seconds` from now; False when it is no longer ours."""
        held = self._mine().update(lease_until=clock.after(seconds))
        self.lost = self.lost or not held
        return bool(held)

    def end(self, state: str, **fields: Any) -> bool:
        """Close the run in the given state; False when the lease was lost meanwhile."""
        finished_at = None if state in (Job.QUEUED, Job.PAUSED) else clock.now()
        return bool(
            self._mine().update(
                state=state, lease_until=None, leased_by="", wanted="", finished_at=finished_at, **fields
            )
        )

    def give_back(self) -> bool:
        """Return the job unfinished, without counting this start (a worker that stops in good order)."""
        return self.end(Job.QUEUED, attempts=F("attempts") - 1)

    def _write(self, **fields: Any) -> None:
        if not self._mine().update(**fields):
            self.lost = True
            raise LeaseLost(self.name)

    def _mine(self) -> Any:
        return Job.objects.filter(id=self.id, leased_by=self.owner, state=Job.RUNNING)
