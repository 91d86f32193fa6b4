"""`zhike jobs`: look at background jobs and steer them."""

import click

from zhike.cli.command import Conflict, NotFound, command, group
from zhike.cli.output import Output

jobs = group("jobs", "List background jobs; pause, resume, cancel or retry one.")


@command("list", into=jobs)
@click.option(
    "--state", type=click.Choice(["queued", "running", "paused", "done", "failed", "cancelled"]), help="Only these."
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_jobs(out: Output, state: str | None, limit: int) -> None:
    """List the newest jobs."""
    from django.utils.translation import gettext as _

    from zhike.kit.jobs.reading import newest

    found = newest(state=state, limit=limit)
    rows = [
        [j.id, j.name, j.lane, j.state, j.share_text, j.enqueued_at.isoformat(timespec="seconds"), j.error_code]
        for j in found
    ]
    out.table(["id", _("job"), _("lane"), _("state"), _("progress"), _("since"), _("error")], rows)
    out.result({"ok": True, "jobs": [j.as_json() for j in found]})


def _steering(name: str, text: str) -> None:
    @command(name, into=jobs)
    @click.argument("job_id", type=int)
    def steer(out: Output, job_id: int) -> None:
        from django.utils.translation import gettext as _

        from zhike.kit.jobs import queue
        from zhike.kit.models import Job

        if not Job.objects.filter(id=job_id).exists():
            raise NotFound(_("There is no job %(id)d.") % {"id": job_id}, "no_such_job")
        if not getattr(queue, name)(job_id):
            raise Conflict(_("Job %(id)d is not in a state for this.") % {"id": job_id}, "wrong_state")
        out.result({"ok": True, "job": job_id})

    steer.help = text


_steering("pause", "Hold a job back.")
_steering("resume", "Let a paused job go on.")
_steering("cancel", "Give a job up.")
_steering("retry", "Start a failed or cancelled job again, from where it was.")
