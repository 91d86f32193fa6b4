"""Undoing an import: its orders first, then what it said of customers, batch by batch."""

from zhike.collect.models import ImportRun
from zhike.customers import actions as customers
from zhike.kit import failpoints
from zhike.kit.jobs import JobRun
from zhike.shop import actions as shop

failpoints.declare("collect.inside_undo")

_BATCH = 500


def undo_run(run: ImportRun, job: JobRun) -> None:
    """Withdraw what the run said. Stopped anywhere, called again it goes on with what is left."""
    done = 0
    for withdraw in (shop.withdraw_run, customers.withdraw_run):
        for count in withdraw(run.id, batch=_BATCH):
            failpoints.hit("collect.inside_undo")
            done += count
            job.check()
            job.progress(done, None, "undoing")
