"""Undoing an import: tags, visits, products, cases and orders first, then what it said of customers, batch by batch."""

from functools import partial

from zhike.collect.models import ImportRun
from zhike.collect.running import consenting, tagging
from zhike.collect.tracking.recording import withdraw_tracked
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import failpoints
from zhike.kit.jobs import JobRun
from zhike.secure.records import SYSTEM
from zhike.shop import actions as shop

failpoints.declare("collect.inside_undo")

_BATCH = 500


def undo_run(run: ImportRun, job: JobRun) -> None:
    """Withdraw what the run said. Stopped anywhere, called again it goes on with what is left."""
    _tell_whom_it_leaves(run)
    done = 0
    back = partial(consenting.withdraw_run, by=SYSTEM)
    for withdraw in (
        back, tagging.withdraw_run, withdraw_tracked, shop.withdraw_stated, shop.withdraw_run, customers.withdraw_run
    ):  # fmt: skip
        for count in withdraw(run.id, batch=_BATCH):
            failpoints.hit("collect.inside_undo")
            done += count
            job.check()
            job.progress(done, None, "undoing")


def _tell_whom_it_leaves(run: ImportRun) -> None:
    """Asked once, before anything is withdrawn: afterwards nothing tells any more whom the run spoke of."""
    if run.undo_result:
        return
    found = customer_queries.leaving(run.id)
    told = {
        "stay": found.stay_count,
        "stay_ids": list(found.stay_ids),
        "archived": found.archived_count,
        "archived_ids": list(found.archived_ids),
    }
    ImportRun.objects.filter(id=run.id).update(undo_result=told)
