"""A job in a process of its own: `python -m zhike.kit.job_process JOB_ID OWNER`, spawned by the worker."""

import os
import sys
import time
from typing import TYPE_CHECKING

from zhike.kit import processes

if TYPE_CHECKING:  # the model can be imported only after Django is set up
    from zhike.kit.models import Job


def run_in_child(job: "Job") -> None:
    """Run a claimed job in a spawned process and wait; its death counts as a failed start."""
    from zhike.kit.jobs.run import shutting_down
    from zhike.kit.jobs.runner import record_death
    from zhike.kit.models import Job

    process = processes.spawn(["-m", "zhike.kit.job_process", str(job.id), job.leased_by])
    while process.poll() is None:
        if shutting_down.is_set():
            processes.stop(process)
        else:
            time.sleep(0.1)
    if process.stdin:
        process.stdin.close()
    left = Job.objects.filter(id=job.id, leased_by=job.leased_by, state=Job.RUNNING).first()
    if left is not None:
        record_death(left)


def main(job_id: int, owner: str) -> int:
    """Set up Django, take over the lease, run. Exit code 0 when the job ended well or was no longer ours."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    import django
    from django.conf import settings
    from django.utils.module_loading import import_string

    django.setup()
    import_string(settings.ZHIKE_LOGGING)("child")

    from zhike.kit.jobs.run import shutting_down
    from zhike.kit.jobs.runner import run_claimed
    from zhike.kit.models import Job

    processes.on_stop_signals(shutting_down.set)
    processes.end_with_parent()
    job = Job.objects.filter(id=job_id, leased_by=owner, state=Job.RUNNING).first()
    if job is None:
        return 0
    return 1 if run_claimed(job) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
