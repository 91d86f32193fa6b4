"""Searching for duplicates, and what people decide on a pair."""

from collections.abc import Mapping

from django.db import transaction

from zhike.clean.actions.pair_tasks import settle_pair
from zhike.clean.models import CandidatePair, KnownPair, MatchRun
from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.kit import chance, clock, jobs
from zhike.kit.jobs import reading
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

NOT_SAME, SAME_HOUSEHOLD, SKIP, MERGE = "not_same", "same_household", "skip", "merge"
DECISIONS = (MERGE, NOT_SAME, SAME_HOUSEHOLD, SKIP)
_STATE = {NOT_SAME: CandidatePair.NOT_SAME, SAME_HOUSEHOLD: CandidatePair.SAME_HOUSEHOLD, SKIP: CandidatePair.SKIPPED}
WAITING = (CandidatePair.OPEN, CandidatePair.SKIPPED)


class PairRefused(ValueError):
    """A pair cannot be decided so; `code` says why, `params` who and what.

    `decided`: a colleague was faster (`state`, `by_staff_id`). `gone`: it is no pair any more (merged, archived or
    erased meanwhile). `unknown_decision`, `not_a_side`: nonsense. `not_decided`: there is nothing to take back. Whatever
    `customers` refuses a merge for, by its own code.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def start_search(*, by: Viewer, learn: bool = False) -> int:
    """Ask for a search over the whole base; `learn` lets it learn its parameters anew. Returns the job's id."""
    check(by, "clean.run")
    with transaction.atomic():
        secure.record_audit("duplicates.searched", by=by, detail={"learn": learn})
        return jobs.enqueue("clean.find_duplicates", unique_key="find-duplicates", by=by, learn=learn)


def decide(
    public_id: str,
    decision: str,
    *,
    by: Viewer,
    survivor_id: int | None = None,
    keep: Mapping[str, int] | None = None,
    by_machine: bool = False,
) -> str:
    """Decide on a pair that waits; returns its new state.

    `merge`: `survivor_id` is the side that stays (the one that came first when not said), `keep` {field: version} are
    values chosen against the rules; `by_machine` where a program says so and nobody looked. `not_same` and
    `same_household` are knowledge that outlives every merge. Raises PairRefused, Forbidden, CustomerUnknown.
    """
    check(by, "clean.decide")
    if decision not in DECISIONS:
        raise PairRefused("unknown_decision")
    with transaction.atomic():
        pair = _waiting(public_id, by)
        if decision == MERGE:
            pair.merge_id = _merge(pair, survivor_id, keep or {}, by, by_machine)
            pair.state = CandidatePair.MERGED
        else:
            pair.state = _STATE[decision]
            if decision != SKIP:
                _know(pair, decision, by)
        if decision != SKIP:
            settle_pair(pair, decision, by=by)
        _sign(pair, by)
        _note("duplicates.decided", pair, decision, by)
    return str(pair.state)


def take_back(public_id: str, *, by: Viewer) -> None:
    """Take a decision back: the merge is taken apart, the knowledge withdrawn, the pair waits again.

    Raises PairRefused, Forbidden.
    """
    check(by, "clean.decide")
    with transaction.atomic():
        pair = CandidatePair.objects.select_for_update().filter(public_id=public_id).first()
        if pair is None or pair.state == CandidatePair.OPEN:
            raise PairRefused("not_decided")
        before = pair.state
        if before == CandidatePair.MERGED and pair.merge_id is not None:
            unmerge(pair.merge_id, by=by)
        elif before in (CandidatePair.NOT_SAME, CandidatePair.SAME_HOUSEHOLD):
            KnownPair.objects.filter(low_id=pair.low_id, high_id=pair.high_id, withdrawn_at=None).update(
                withdrawn_at=clock.now()
            )
        pair.state, pair.merge_id, pair.bulk_id = CandidatePair.OPEN, None, None
        pair.decided_at = pair.decided_by_staff_id = None
        pair.save()
        _note("duplicates.taken_back", pair, before, by)


def unmerge(merge_id: int, *, by: Viewer) -> None:
    """Take a merge apart; one that was taken apart elsewhere already is as good. Raises PairRefused."""
    try:
        customers_do.unmerge(merge_id, by=by)
    except customers_do.MergeRefused as refused:
        if refused.code != "undone":
            raise PairRefused(refused.code) from None


def _waiting(public_id: str, by: Viewer) -> CandidatePair:
    """The pair under a lock, if it waits and both its files are there for this viewer."""
    pair = CandidatePair.objects.select_for_update().filter(public_id=public_id).first()
    if pair is None:
        raise PairRefused("gone")
    if pair.state not in WAITING:
        raise PairRefused("decided", state=pair.state, by_staff_id=pair.decided_by_staff_id)
    if len(customers.lines(by, [pair.low_id, pair.high_id])) < 2 or not _both_roots(pair):
        raise PairRefused("gone")
    return pair


def _both_roots(pair: CandidatePair) -> bool:
    return customers.living_roots([pair.low_id, pair.high_id]) == {pair.low_id: pair.low_id, pair.high_id: pair.high_id}


def _merge(pair: CandidatePair, survivor_id: int | None, keep: Mapping[str, int], by: Viewer, by_machine: bool) -> int:
    survivor = survivor_id if survivor_id is not None else pair.low_id
    if survivor not in (pair.low_id, pair.high_id):
        raise PairRefused("not_a_side")
    absorbed = pair.high_id if survivor == pair.low_id else pair.low_id
    try:
        merged = customers_do.merge_customers(
            absorbed_id=absorbed,
            survivor_id=survivor,
            why="reviewed",
            evidence=evidence(pair),
            by=by,
            by_machine=by_machine,
        )
    except customers_do.MergeRefused as refused:
        raise PairRefused(refused.code) from None
    if keep:
        customers_do.keep_values(survivor, keep, by=by)
    return merged.merge_id


def evidence(pair: CandidatePair) -> dict[str, object]:
    """What a merge keeps of why: weight and levels, no value."""
    return {"pair": pair.public_id, "weight": round(pair.weight, 2), "model": pair.model_id, "parts": pair.parts}


def _know(pair: CandidatePair, says: str, by: Viewer) -> None:
    KnownPair.objects.update_or_create(
        low_id=pair.low_id,
        high_id=pair.high_id,
        defaults={"says": says, "by_staff_id": by.staff_id, "at": clock.now(), "withdrawn_at": None},
    )


def _sign(pair: CandidatePair, by: Viewer) -> None:
    pair.decided_by_staff_id, pair.decided_at = by.staff_id, clock.now()
    pair.save()


def _note(action: str, pair: CandidatePair, what: str, by: Viewer) -> None:
    for customer_id in (pair.low_id, pair.high_id):
        secure.record_audit(
            action, by=by, about=("customer", customer_id), detail={"pair": pair.public_id, "what": what}
        )


def begin_run(kind: str, *, job_id: int, by_staff_id: int | None = None, import_run_id: int | None = None) -> int:
    """Note that a search has begun; a job that starts again goes on with the same note. Returns its id."""
    found = MatchRun.objects.filter(job_id=job_id, kind=kind).first()
    if found is not None:
        MatchRun.objects.filter(pk=found.pk).update(state=MatchRun.RUNNING)
        return int(found.pk)
    _end_those_nobody_carries_on()
    made = MatchRun.objects.create(
        public_id=chance.public_id(),
        kind=kind,
        job_id=job_id,
        by_staff_id=by_staff_id,
        import_run_id=import_run_id,
        started_at=clock.now(),
    )
    return int(made.pk)


def _end_those_nobody_carries_on() -> None:
    """A search whose process died until its job gave up stands as running for ever, unless the next one says that it is not."""
    for left in MatchRun.objects.filter(state=MatchRun.RUNNING).exclude(job_id=None):
        facts = reading.one(left.job_id)
        if facts is None or facts.state in ("done", "failed", "cancelled"):
            MatchRun.objects.filter(pk=left.pk).update(
                state=MatchRun.FAILED, error_code="stopped", finished_at=clock.now()
            )


__all__ = [
    "DECISIONS",
    "PairRefused",
    "begin_run",
    "decide",
    "evidence",
    "start_search",
    "take_back",
    "unmerge",
]
