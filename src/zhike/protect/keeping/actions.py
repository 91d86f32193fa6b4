"""Verbs of keeping: change a period, hold a file, preview a class, run it after a confirmation by name."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import transaction

from zhike.customers import queries as customers
from zhike.customers.queries.keeping import due_to_go
from zhike.kit import chance, clock, failpoints, jobs
from zhike.protect.keeping.classes import CLASSES, LONGEST_DAYS, periods
from zhike.protect.models import KeepingHold, KeepingRule, KeepingRun
from zhike.secure import actions as secure
from zhike.secure import cutting, subjects
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer
from zhike.shop.queries import records_under_contract
from zhike.work.queries import given_by_hand

PREVIEW_HOLDS = dt.timedelta(hours=24)  # an older preview is not what would happen now
MOST_SAMPLE, BATCH = 12, 200
failpoints.declare("keeping.after_batch")
Tell = Callable[[int, int | None], None]


class KeepingRefused(ValueError):
    """It may not be done so; `code`: unknown, days, reason, nobody, not_previewed, too_old, name or under_way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def change_period(code: str, days: int, *, is_nightly: bool, by: Viewer) -> None:
    """Change how long a class is kept, and whether it goes by itself. Raises Forbidden, KeepingRefused."""
    check(by, "keeping.manage")
    if code not in CLASSES:
        raise KeepingRefused("unknown")
    if not CLASSES[code].least_days <= days <= LONGEST_DAYS:
        raise KeepingRefused("days")
    with transaction.atomic():
        KeepingRule.objects.update_or_create(
            code=code,
            defaults={"days": days, "is_nightly": is_nightly, "by_staff_id": by.staff_id, "changed_at": clock.now()},
        )
        detail = {"class": code, "days": days, "nightly": is_nightly}
        secure.record_audit("keeping.rule_changed", by=by, detail=detail)


def hold(number: str, reason: str, *, by: Viewer) -> KeepingHold:
    """Keep a file, by its number, whatever its period. Raises Forbidden, KeepingRefused."""
    check(by, "keeping.manage")
    if not reason.strip():
        raise KeepingRefused("reason")
    customer_id = customers.root_of(SYSTEM, number.strip())
    if customer_id is None:
        raise KeepingRefused("nobody")
    with transaction.atomic():
        row = KeepingHold.objects.create(
            customer_id=customer_id, reason=cutting.cut(reason.strip()[:200])[0][:200], by_staff_id=by.staff_id, at=clock.now()
        )  # fmt: skip
        secure.record_audit("keeping.held", by=by, about=("customer", customer_id))
    return row


def end_hold(hold_id: int, *, by: Viewer) -> None:
    """Let a held file go the way of its class again. Raises Forbidden, KeepingRefused."""
    check(by, "keeping.manage")
    with transaction.atomic():
        row = KeepingHold.objects.select_for_update().filter(pk=hold_id, ended_at=None).first()
        if row is None:
            raise KeepingRefused("unknown")
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        secure.record_audit("keeping.hold_ended", by=by, about=("customer", row.customer_id))


def preview(code: str, *, by: Viewer) -> KeepingRun:
    """Ask what would go if a class were run now; a job counts, nothing happens to any file. Raises as above."""
    check(by, "keeping.manage")
    if code not in CLASSES:
        raise KeepingRefused("unknown")
    with transaction.atomic():
        run = _begin(code, by=by)
        run.job_id = jobs.enqueue("protect.preview_keeping", unique_key=f"keeping:{run.pk}", by=by, run_id=run.pk)
        run.save(update_fields=["job_id"])
        secure.record_audit("keeping.previewed", by=by, detail={"class": code})
    return run


def start(public_id: str, name: str, *, by: Viewer) -> KeepingRun:
    """Erase what a preview showed, after its class was typed by name. Raises Forbidden, KeepingRefused."""
    check(by, "keeping.manage")
    with transaction.atomic():
        run = KeepingRun.objects.select_for_update().filter(public_id=public_id).first()
        if run is None or run.state != KeepingRun.PREVIEWED:
            raise KeepingRefused("not_previewed")
        if clock.now() - run.at > PREVIEW_HOLDS:
            raise KeepingRefused("too_old")
        if name.strip() != str(CLASSES[run.code].label):
            raise KeepingRefused("name")
        run.state = KeepingRun.RUNNING
        run.job_id = jobs.enqueue("protect.run_keeping", unique_key=f"keeping.run:{run.pk}", by=by, run_id=run.pk)
        run.save(update_fields=["state", "job_id"])
        secure.record_audit("keeping.run", by=by, detail={"class": run.code, "due": run.due_count})
    return run


def count_due(run_id: int, *, tell: Tell = lambda done, of: None) -> KeepingRun:
    """Fill a preview: how many are due, what holds others, some file numbers. For the job; repeatable."""
    run, due, held = KeepingRun.objects.get(pk=run_id), 0, Counter[str]()
    sample: list[str] = []
    for batch in _batches(run.code, run.before):
        why = _held([c for c, _ in batch])
        free = [number for c, number in batch if c not in why]
        held.update(why.values())
        due += len(free)
        sample += free[: MOST_SAMPLE - len(sample)]
        tell(due, None)
    run.due_count, run.held, run.sample, run.state = due, dict(held), sample, KeepingRun.PREVIEWED
    run.save(update_fields=["due_count", "held", "sample", "state"])
    return run


def erase_due(run_id: int, *, tell: Tell = lambda done, of: None) -> KeepingRun:
    """Erase the files of a run one by one through the subject registry, holds asked again for each batch.

    Killed anywhere it goes on: what is erased is no longer due.
    """
    run = KeepingRun.objects.get(pk=run_id)
    for batch in _batches(run.code, run.before):
        why = _held([c for c, _ in batch])
        for customer_id, _number in batch:
            if customer_id not in why:
                subjects.bury("customer", customer_id, "keeping")
                run.erased_count += 1
        run.held = dict(Counter(run.held) | Counter(why.values()))
        run.save(update_fields=["erased_count", "held"])
        failpoints.hit("keeping.after_batch")
        tell(run.erased_count, run.due_count or None)
    run.state, run.finished_at = KeepingRun.DONE, clock.now()
    with transaction.atomic():
        run.save(update_fields=["state", "finished_at"])
        secure.record_audit("keeping.done", by=SYSTEM, detail={"class": run.code, "erased": run.erased_count})
    return run


def run_nightly() -> int:
    """Erase what is due in the classes that were switched on; how many files. Nothing is on as shipped."""
    erased = 0
    for code, period in periods().items():
        if period.is_nightly:
            run = _begin(code, by=SYSTEM, is_nightly=True)
            erased += erase_due(count_due(run.pk).pk).erased_count
    return erased


def _begin(code: str, *, by: Viewer, is_nightly: bool = False) -> KeepingRun:
    at = clock.now()
    return KeepingRun.objects.create(
        public_id=chance.public_id(), code=code, before=at - dt.timedelta(days=periods()[code].days), at=at,
        by_staff_id=by.staff_id, is_nightly=is_nightly,
    )  # fmt: skip


def _batches(code: str, before: dt.datetime) -> Iterable[list[tuple[int, str]]]:
    after = 0
    while batch := due_to_go(code, before=before, after=after, limit=BATCH):
        yield batch
        after = batch[-1][0]


def _held(customer_ids: list[int]) -> dict[int, str]:
    """Why some of these files stay: {customer: code}."""
    asked = set(customer_ids)
    found = dict.fromkeys(given_by_hand("customer", customer_ids), "task")
    contracted = customers.customers_of_records(SYSTEM, records_under_contract()).values()
    found |= dict.fromkeys(asked.intersection(contracted), "contract")
    by_hand = KeepingHold.objects.filter(ended_at=None, customer_id__in=customer_ids).values_list(
        "customer_id", flat=True
    )
    return found | dict.fromkeys(by_hand, "hold")
