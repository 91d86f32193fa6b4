"""Taking the demo shop away: everything its sources said and what was noted about its customers, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from zhike.analyze import actions as analyze
from zhike.clean.actions import forgetting_pairs as clean
from zhike.clean.actions import forgetting_staff, quality, truth
from zhike.collect import actions as collect
from zhike.credit import actions as credit
from zhike.customers import actions as customers
from zhike.desk.demo import consents
from zhike.desk.demo.filling import sources
from zhike.reach import actions as reach
from zhike.secure import actions as secure
from zhike.secure.consents import forget_notices
from zhike.secure.records import Viewer
from zhike.shop import actions as shop
from zhike.survey import actions as surveys
from zhike.work import actions as work


class RealFilesInside(Exception):
    """Real files were imported under a demo source: undo those imports first. `run_ids` names them."""

    def __init__(self, run_ids: list[int]) -> None:
        super().__init__(", ".join(map(str, run_ids)))
        self.run_ids = run_ids


@dataclass(slots=True)
class Removed:
    """What went."""

    customers: int = 0
    orders: int = 0
    runs: int = 0
    customers_kept: int = 0  # whom a real source knows too


def remove(*, by: Viewer, is_alone: bool, tell: Callable[[str, int], None] = lambda phase, done: None) -> Removed:
    """Remove the demo shop. `is_alone`: there are no other customers, so the history of analyses goes too.

    Safe to call again after an interruption. Raises RealFilesInside.
    """
    source_ids = [source.id for source in sources()]
    if real := collect.files_given_to(source_ids):
        raise RealFilesInside(real)
    removed = Removed()
    for count in shop.forget_orders(source_ids, by=by):
        removed.orders += count
        tell("orders", removed.orders)
    for batch in customers.forget_demo(by=by):
        work.forget_tasks("customer", batch.customer_ids, by=by)
        clean.forget_pairs(batch.customer_ids)
        forgetting_staff.forget_moves(batch.customer_ids)
        truth.forget_checks(batch.customer_ids, with_draws=True)
        shop.recount(batch.records_left)
        removed.customers += len(batch.customer_ids)
        removed.customers_kept += len(batch.records_left)
        tell("customers", removed.customers)
    with transaction.atomic():
        forget_notices(consents.notice_digests())
    surveys.forget_demo(by=by)
    shop.forget_lost_contracts(by=by)
    credit.forget_lost_credit(by=by)
    reach.forget_lost_messages(by=by)
    collect.forget_tracked(source_ids, by=by)
    removed.runs = collect.forget_generated(source_ids, by=by)
    analyze.start_over(forget_runs=is_alone, by=by)
    if is_alone:
        clean.forget_searches()
        quality.forget_measurings()
    detail = {"customers": removed.customers, "orders": removed.orders, "removed": True}
    secure.record_audit("demo.changed", by=by, detail=detail)
    return removed
