"""Jobs for the reader: state, share done, remaining time, and the words for notes and error codes."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.kit import clock
from zhike.kit.jobs.registry import QUICK
from zhike.kit.models import Job

_LABELS: dict[str, Promise | str] = {
    "kit.sweep": _("Remove old finished jobs"),
}
_ERRORS: dict[str, Promise | str] = {
    "job_gave_up": _("It did not end after %(attempts)s starts and was given up."),
    "job_process_died": _("The process that ran it ended unexpectedly."),
    "job_unexpected": _("An unexpected error (%(error)s). The place is in the log."),
    "job_superseded": _("A newer job of the same kind took its place."),
}


def label(name: str, text: Promise | str) -> None:
    """Give a job name, or a progress note, its words (modules at start-up)."""
    _LABELS[name] = text


def error_text(code: str, text: Promise | str) -> None:
    """Give an error code its words; `%(name)s` is filled from the job's `error_params`."""
    _ERRORS[code] = text


@dataclass(frozen=True)
class JobView:
    """A job as shown: no arguments, no traceback."""

    id: int
    name: str
    lane: str
    state: str
    done: int
    total: int | None
    note: str
    enqueued_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    remaining_s: int | None
    error_code: str
    error_params: dict[str, Any]
    by_staff_id: int | None
    is_stopping: bool

    @property
    def label(self) -> str:
        """The job in words."""
        return str(_LABELS.get(self.name, self.name))

    @property
    def note_text(self) -> str:
        """What it does now, in words."""
        return str(_LABELS.get(self.note, self.note))

    @property
    def now(self) -> str:
        """What it does now, or else what it is."""
        return self.note_text or self.label

    @property
    def error(self) -> str:
        """Why it failed, in words."""
        text = str(_ERRORS.get(self.error_code, self.error_code))
        try:
            return text % self.error_params
        except (KeyError, ValueError, TypeError):
            return text

    @property
    def share_text(self) -> str:
        """`1,200 / 5,000`, or the count alone while the total is unknown."""
        if self.total is None:
            return f"{self.done:,}" if self.done else ""
        return f"{self.done:,} / {self.total:,}"

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def newest(*, state: str | None = None, limit: int = 50, before_id: int | None = None) -> list[JobView]:
    """The newest jobs, newest first, without answered small questions; `before_id` continues a list."""
    found = (
        Job.objects.exclude(lane=QUICK, state=Job.DONE).defer("args", "cursor", "result", "error_trace").order_by("-id")
    )
    if state:
        found = found.filter(state=state)
    if before_id:
        found = found.filter(id__lt=before_id)
    return [_view(job) for job in found[:limit]]


def at_work(name: str) -> JobView | None:
    """The newest job of a name that waits or is at work."""
    alive = [Job.QUEUED, Job.RUNNING, Job.PAUSED]
    found = Job.objects.filter(name=name, state__in=alive).defer("args", "cursor", "result", "error_trace")
    job = found.order_by("-id").first()
    return _view(job) if job else None


def one(job_id: int | None) -> JobView | None:
    """A job by its id; None when there is none (any more)."""
    if job_id is None:
        return None
    found = Job.objects.filter(id=job_id).defer("args", "cursor", "result", "error_trace").first()
    return _view(found) if found else None


def running() -> list[JobView]:
    """What runs now, oldest first, for the top bar."""
    found = (
        Job.objects.filter(state=Job.RUNNING)
        .exclude(lane=QUICK)
        .defer("args", "cursor", "result", "error_trace")
        .order_by("id")
    )
    return [_view(job) for job in found[:20]]


def waiting_count() -> int:
    """How many jobs are due and wait for their lane."""
    return Job.objects.filter(state=Job.QUEUED, run_after__lte=clock.now()).count()


def _view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        name=job.name,
        lane=job.lane,
        state=job.state,
        done=job.done_count,
        total=job.total_count,
        note=job.note,
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        remaining_s=_remaining_s(job),
        error_code=job.error_code,
        error_params=job.error_params,
        by_staff_id=job.by_staff_id,
        is_stopping=job.state == Job.RUNNING and bool(job.wanted),
    )


def _remaining_s(job: Job) -> int | None:
    """Seconds left at the pace so far; None while that cannot be known."""
    if job.state != Job.RUNNING or not job.total_count or not job.done_count or job.started_at is None:
        return None
    spent_s = (clock.now() - job.started_at).total_seconds()
    return max(round(spent_s * (job.total_count - job.done_count) / job.done_count), 0)
