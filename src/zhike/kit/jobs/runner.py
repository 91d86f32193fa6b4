"""Running one claimed job to its end, and running everything that waits in this process."""

import datetime as dt
import json
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from zhike.kit import clock
from zhike.kit.jobs.lease import claim, heartbeat, owner_name
from zhike.kit.jobs.queue import has_queued_twin
from zhike.kit.jobs.registry import LANES, kind_of
from zhike.kit.jobs.run import Cancelled, JobFailed, JobRun, LeaseLost, Paused, ShuttingDown
from zhike.kit.models import Job
from zhike.kit.traces import trace

log = logging.getLogger(__name__)

_BACK_OFF_S = (5, 30, 120, 600)


def run_pending(*, lanes: Sequence[str] = LANES, reraise: bool = True) -> int:
    """Run in this process everything queued and due, what it enqueues included; returns how many jobs ran.

    For tests and the command line. With `reraise` the first failure is recorded and then raised.
    """
    count = 0
    while True:
        job = next((job for lane in lanes if (job := claim(lane, owner_name()))), None)
        if job is None:
            return count
        error = run_claimed(job)
        count += 1
        if error is not None and reraise:
            raise error


def run_claimed(job: Job) -> Exception | None:
    """Run a job whose lease this process holds, record how it ended, and return the error if it did not end well."""
    run = JobRun(job)
    # Inside a caller's open transaction (tests) nobody else can see the job, so nobody could take it either.
    with nullcontext() if connection.in_atomic_block else heartbeat(run):
        try:
            kind = kind_of(job.name)
            if job.attempts > kind.attempts:
                raise JobFailed("job_gave_up", {"attempts": kind.attempts})
            result = kind.call(run, **job.args)
        except Paused:
            _requeue_or_drop(job, run, Job.PAUSED)
        except Cancelled:
            run.end(Job.CANCELLED)
        except ShuttingDown:
            run.give_back()
        except LeaseLost:
            log.warning("job %s lost its lease", job.id)
        except JobFailed as error:
            run.end(Job.FAILED, error_code=error.code, error_params=_jsonable(error.params), error_trace=trace(error))
            log.warning("job %s %s failed: %s", job.id, job.name, error.code)
            return error
        except Exception as error:  # noqa: BLE001  (whatever a job raises is recorded on its row)
            _record_failure(job, run, error)
            return error
        else:
            run.end(Job.DONE, result=_jsonable(result), error_code="", error_params={}, error_trace="")
    return None


def record_death(job: Job) -> None:
    """The process that ran this job is gone: try again later, or give up."""
    _fail_or_retry(job, JobRun(job), code="job_process_died", params={}, text="")


def _record_failure(job: Job, run: JobRun, error: Exception) -> None:
    text = trace(error)
    log.error("job %s %s raised %s", job.id, job.name, type(error).__name__, extra={"trace": text})
    _fail_or_retry(job, run, code="job_unexpected", params={"error": type(error).__name__}, text=text)


def _fail_or_retry(job: Job, run: JobRun, *, code: str, params: dict[str, Any], text: str) -> None:
    fields = {"error_code": code, "error_params": params, "error_trace": text}
    attempts = Job.objects.values_list("attempts", flat=True).filter(id=job.id).first() or job.attempts
    try:
        most = kind_of(job.name).attempts
    except LookupError:
        most = 0
    if attempts >= most:
        run.end(Job.FAILED, **fields)
        return
    wait = _BACK_OFF_S[min(attempts, len(_BACK_OFF_S)) - 1]
    _requeue_or_drop(job, run, Job.QUEUED, run_after=clock.now() + dt.timedelta(seconds=wait), **fields)


def _requeue_or_drop(job: Job, run: JobRun, state: str, **fields: Any) -> None:
    """A queued twin with the same key will do this job's work: then this one steps aside."""
    if state == Job.QUEUED and has_queued_twin(job):
        run.end(Job.CANCELLED, error_code="job_superseded")
    else:
        run.end(state, **fields)


def _jsonable(value: Any) -> Any:
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
