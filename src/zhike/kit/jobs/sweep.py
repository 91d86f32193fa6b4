"""Old finished jobs and notes of handled events are of no use to anybody."""

import datetime as dt

from zhike.kit import clock
from zhike.kit.jobs.registry import job
from zhike.kit.jobs.run import JobRun
from zhike.kit.models import HandledEvent, Job

KEEP_DAYS = 30
_BATCH = 2000


@job("kit.sweep")
def sweep(run: JobRun) -> dict[str, int]:
    """Delete finished jobs and event notes older than 30 days, in small transactions."""
    before = clock.now() - dt.timedelta(days=KEEP_DAYS)
    finished = Job.objects.filter(state__in=[Job.DONE, Job.FAILED, Job.CANCELLED], finished_at__lt=before)
    count = 0
    for rows, model in ((finished, Job), (HandledEvent.objects.filter(handled_at__lt=before), HandledEvent)):
        while ids := list(rows.values_list("id", flat=True)[:_BATCH]):
            run.check()
            count += model.objects.filter(id__in=ids).delete()[0]
    return {"deleted": count}
