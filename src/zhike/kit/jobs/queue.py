"""Asking for jobs, and steering them: enqueue, pause, resume, cancel, retry."""

import datetime as dt
import json
from typing import Any

from django.db import connection, transaction

from zhike.kit import clock
from zhike.kit.jobs.registry import kind_of
from zhike.kit.models import Job

_INSERT = """
    INSERT INTO kit_job (name, lane, state, args, unique_key, by_staff_id, enqueued_at, run_after, attempts, leased_by,
        wanted, done_count, note, cursor, error_code, error_params, error_trace)
    VALUES (%s, %s, 'queued', %s, %s, %s, %s, %s, 0, '', '', 0, '', '{}', '', '{}', '')
    ON CONFLICT DO NOTHING RETURNING id
"""


def enqueue(
    name: str,
    *,
    lane: str | None = None,
    unique_key: str | None = None,
    run_after: dt.datetime | None = None,
    by: Any = None,
    **args: Any,
) -> int:
    """Ask for a job in the open transaction and return its id.

    `unique_key`: while one with this key is queued, that one is returned; while one is running, the new one waits for
    it. `by`: a viewer or staff id. `args`: ids, codes and dates as JSON values, never personal values. Raises
    LookupError for a name no module declares.
    """
    kind = kind_of(name)
    staff_id = getattr(by, "staff_id", by)
    now = clock.now()
    values = [name, lane or kind.lane, json.dumps(args), unique_key, staff_id, _stored(now), _stored(run_after or now)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        row = cursor.fetchone()
    if row is None:
        return int(Job.objects.values_list("id", flat=True).get(unique_key=unique_key, state=Job.QUEUED))
    _wake(lane or kind.lane)
    return int(row[0])


def pause(job_id: int) -> bool:
    """Hold a job back: at once when queued, at its next `run.check()` when running. False when it is over already."""
    if Job.objects.filter(id=job_id, state=Job.QUEUED).update(state=Job.PAUSED):
        return True
    return bool(Job.objects.filter(id=job_id, state=Job.RUNNING).update(wanted="pause"))


def cancel(job_id: int) -> bool:
    """Give a job up, at once or at its next `run.check()`. False when it is over already."""
    waiting = Job.objects.filter(id=job_id, state__in=[Job.QUEUED, Job.PAUSED])
    if waiting.update(state=Job.CANCELLED, finished_at=clock.now()):
        return True
    return bool(Job.objects.filter(id=job_id, state=Job.RUNNING).update(wanted="cancel"))


def resume(job_id: int) -> bool:
    """Let a paused job go on from its cursor. False when it is not paused."""
    return _requeue(job_id, [Job.PAUSED])


def retry(job_id: int) -> bool:
    """Start a failed or cancelled job again, from its cursor. False when it is neither."""
    return _requeue(job_id, [Job.FAILED, Job.CANCELLED])


def _requeue(job_id: int, states: list[str]) -> bool:
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(id=job_id, state__in=states).first()
        if job is None or has_queued_twin(job):
            return False
        Job.objects.filter(id=job_id).update(
            state=Job.QUEUED,
            run_after=clock.now(),
            attempts=0,
            wanted="",
            finished_at=None,
            error_code="",
            error_params={},
            error_trace="",
        )
        _wake(job.lane)
    return True


def has_queued_twin(job: Job) -> bool:
    """Whether another job with the same unique key already waits in its place."""
    if job.unique_key is None:
        return False
    return Job.objects.filter(unique_key=job.unique_key, state=Job.QUEUED).exclude(id=job.id).exists()


def _stored(moment: dt.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _wake(lane: str) -> None:
    from zhike.kit import bus, events

    events.when_committed(lambda: bus.send("jobs", lane))
