"""Background work with leases: what a dead worker held runs again.

Declare a job in `<module>/jobs.py`::

    @job("collect.run_import", lane="import")
    def run_import(run: JobRun, *, run_id: int) -> dict | None: ...

and ask for it, in the transaction that needs it, with `enqueue("collect.run_import", run_id=7)`.
"""

from zhike.kit.jobs.queue import cancel, enqueue, pause, resume, retry
from zhike.kit.jobs.registry import job
from zhike.kit.jobs.run import Cancelled, JobFailed, JobRun, LeaseLost, Paused, Stopped, fail
from zhike.kit.jobs.runner import run_pending
from zhike.kit.jobs.schedule import every
from zhike.kit.jobs.sweep import sweep

__all__ = [
    "Cancelled",
    "JobFailed",
    "JobRun",
    "LeaseLost",
    "Paused",
    "Stopped",
    "cancel",
    "enqueue",
    "every",
    "fail",
    "job",
    "pause",
    "resume",
    "retry",
    "run_pending",
    "sweep",
]
