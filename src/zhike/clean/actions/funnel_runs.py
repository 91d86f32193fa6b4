"""Rules applied: found out first, carried out when somebody says so (or by night), and taken back."""

from collections.abc import Iterator

from django.db import transaction

from zhike.clean.actions.funnel_rules import MANAGE, FunnelRefused
from zhike.clean.models import ProposedMove, QualificationRule, QualificationRun
from zhike.customers import actions as customers
from zhike.customers import queries as told
from zhike.customers.queries import segments
from zhike.kit import bulk, chance, clock, ids, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

CHUNK = 500
_COLUMNS = ("run_id", "customer_id", "rule_id", "from_stage", "to_stage", "state")


def ask_run(*, by: Viewer, rule_public_id: str = "") -> str:
    """Find out whom the rules in use (or one of them) would move; nobody is moved yet. Returns the run's public id."""
    check(by, MANAGE)
    rules = QualificationRule.objects.filter(archived_at=None)
    if rule_public_id:
        rules = rules.filter(public_id=rule_public_id)
    chosen = list(rules.values_list("id", flat=True))
    if not chosen:
        raise FunnelRefused("unknown")
    with transaction.atomic():
        run = _new_run(by, rule_ids=chosen if rule_public_id else [])
        run.job_id = jobs.enqueue("clean.qualify", unique_key=f"clean.qualify:{run.id}", by=by, run_id=run.id)
        run.save(update_fields=["job_id"])
    return run.public_id


def begin_nightly(*, by: Viewer) -> int | None:
    """A run of all rules by night; None while there are none."""
    if not QualificationRule.objects.filter(archived_at=None).exists():
        return None
    with transaction.atomic():
        return _new_run(by, rule_ids=[], is_nightly=True).id


def _new_run(by: Viewer, *, rule_ids: list[int], is_nightly: bool = False) -> QualificationRun:
    return QualificationRun.objects.create(
        id=ids.take("qualification_run")[0],
        public_id=chance.public_id(),
        rule_ids=rule_ids,
        is_nightly=is_nightly,
        by_staff_id=by.staff_id,
        created_at=clock.now(),
    )


def find(run_id: int, *, by: Viewer) -> Iterator[int]:
    """Note whom a run would move, chunk by chunk, yielding how many so far. Repeatable: what is noted stays.

    A customer two rules speak of is moved by the first of them. For jobs.
    """
    run, found = QualificationRun.objects.get(id=run_id), 0
    for rule in rules_of(run):
        if segments.segment(by, rule.segment) is None:
            continue
        for chunk in segments.members(by, rule.segment, chunk=CHUNK):
            standing = told.standing_at(by, chunk)
            rows = [
                (run_id, c, rule.id, rule.from_stage, rule.to_stage, ProposedMove.PROPOSED)
                for c in chunk
                if standing.get(c) == rule.from_stage
            ]
            found += bulk.insert_many("clean_proposed_move", _COLUMNS, rows, on_conflict="ignore")
            yield found
    run.state, run.found_count = QualificationRun.FOUND, ProposedMove.objects.filter(run_id=run_id).count()
    run.finished_at = clock.now()
    run.save(update_fields=["state", "found_count", "finished_at"])


def rules_of(run: QualificationRun) -> list[QualificationRule]:
    """The rules a run applies, in their order."""
    rules = QualificationRule.objects.filter(archived_at=None).order_by("rank", "id")
    return list(rules.filter(id__in=run.rule_ids) if run.rule_ids else rules)


def leave_out(public_id: str, customer_id: int, *, is_left_out: bool, by: Viewer) -> None:
    """Leave a customer out of a run that is not carried out yet, or take them in again. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    with transaction.atomic():
        run = _run(public_id, QualificationRun.FOUND)
        state = ProposedMove.LEFT_OUT if is_left_out else ProposedMove.PROPOSED
        ProposedMove.objects.filter(run_id=run.id, customer_id=customer_id).update(state=state)


def carry_out(public_id: str, *, by: Viewer) -> int:
    """Move whom a run found, by a job; returns its id. Raises FunnelRefused, Forbidden."""
    check(by, MANAGE)
    check(by, "customers.edit")
    with transaction.atomic():
        run = _run(public_id, QualificationRun.FOUND)
        run.state = QualificationRun.MOVING
        run.job_id = jobs.enqueue("clean.move", unique_key=f"clean.move:{run.id}", by=by, run_id=run.id)
        run.save(update_fields=["state", "job_id"])
        secure.record_audit("funnel.run", by=by, about=("funnel_run", run.id), detail={"count": run.found_count})
        return run.job_id


def undo_run(public_id: str, *, by: Viewer) -> int:
    """Take a run back, by a job: whoever still stands where it put them stands where they stood before."""
    check(by, MANAGE)
    check(by, "customers.edit")
    with transaction.atomic():
        run = _run(public_id, QualificationRun.DONE)
        run.state = QualificationRun.UNDOING
        run.job_id = jobs.enqueue("clean.unmove", unique_key=f"clean.unmove:{run.id}", by=by, run_id=run.id)
        run.save(update_fields=["state", "job_id"])
        secure.record_audit("funnel.run", by=by, about=("funnel_run", run.id), detail={"act": "undone"})
        return run.job_id


def move_found(run_id: int, *, by: Viewer, only_own_mode: bool = False) -> Iterator[int]:
    """Carry out a run chunk by chunk, yielding how many moved; killed anywhere, it goes on. For jobs.

    Whoever has moved since the finding stays; `only_own_mode`: by night only rules that move by themselves do.
    """
    run = QualificationRun.objects.get(id=run_id)
    moved = ProposedMove.objects.filter(run_id=run_id, state=ProposedMove.MOVED).count()
    for rule in rules_of(run):
        if only_own_mode and rule.mode != QualificationRule.MOVE:
            continue
        while chunk := _waiting(run_id, rule.id):
            with transaction.atomic():
                standing = told.standing_at(by, chunk)
                ready = [c for c in chunk if standing.get(c) == rule.from_stage]
                because = customers.Because("rule", rule.reason, rule_id=rule.id, run_id=run_id)
                done = {c for c, _ in customers.set_stage(ready, rule.to_stage, by=by, because=because)}
                mine = ProposedMove.objects.filter(run_id=run_id)
                mine.filter(customer_id__in=done).update(state=ProposedMove.MOVED)
                mine.filter(customer_id__in=set(chunk) - done).update(state=ProposedMove.LEFT_OUT)
            moved += len(done)
            yield moved
    is_over = not (only_own_mode and ProposedMove.objects.filter(run_id=run_id, state=ProposedMove.PROPOSED).exists())
    run.state = QualificationRun.DONE if is_over else QualificationRun.FOUND
    run.moved_count, run.finished_at = moved, clock.now()
    run.save(update_fields=["state", "moved_count", "finished_at"])


def _waiting(run_id: int, rule_id: int) -> list[int]:
    waiting = ProposedMove.objects.filter(run_id=run_id, rule_id=rule_id, state=ProposedMove.PROPOSED)
    return list(waiting.order_by("customer_id").values_list("customer_id", flat=True)[:CHUNK])


def move_back(run_id: int, *, by: Viewer) -> Iterator[int]:
    """Take a run back chunk by chunk, yielding how many were looked at. For jobs."""
    run, last, back = QualificationRun.objects.get(id=run_id), 0, 0
    moved = ProposedMove.objects.filter(run_id=run_id, state=ProposedMove.MOVED).order_by("customer_id")
    looked = 0
    while rows := list(moved.filter(customer_id__gt=last).values_list("customer_id", "from_stage", "to_stage")[:CHUNK]):
        with transaction.atomic():
            for stage in sorted({to for _, _, to in rows}):
                befores = [(c, before) for c, before, to in rows if to == stage]
                back += customers.take_back_moves(befores, left=stage, by=by)
        last, looked = rows[-1][0], looked + len(rows)
        yield looked
    run.state, run.kept_count, run.finished_at = QualificationRun.UNDONE, run.moved_count - back, clock.now()
    run.save(update_fields=["state", "kept_count", "finished_at"])


def note_failure(run_id: int) -> None:
    """A run that stopped is said to have failed; what it moved can be taken back."""
    QualificationRun.objects.filter(id=run_id).update(state=QualificationRun.FAILED, finished_at=clock.now())


def _run(public_id: str, *states: str) -> QualificationRun:
    run = QualificationRun.objects.select_for_update().filter(public_id=public_id).first()
    if run is None:
        raise FunnelRefused("unknown")
    if run.state not in states:
        raise FunnelRefused("not_ready")
    return run
