"""Merging at once what is surely one: from a weight on, never two who were verified apart, and each can be taken back."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import transaction

from zhike.clean.actions.duplicates import PairRefused, evidence, unmerge
from zhike.clean.actions.pair_tasks import ask_person
from zhike.clean.match.keeping import Pair
from zhike.clean.match.standing import both_verified
from zhike.clean.models import BulkMerge, CandidatePair
from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.kit import chance, clock, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike_analytics.linkage.clusters import clusters

LOWEST = 6.0  # 64 to 1: below it a person looks at each
_AGAINST = {"sex": ("other",), "birth_date": ("other", "year"), "name": ("other",)}


def waiting_from(at_least: float) -> list[CandidatePair]:
    """Pairs that wait from a weight on, heaviest first."""
    return list(CandidatePair.objects.filter(state=CandidatePair.OPEN, weight__gte=at_least).order_by("-weight", "id"))


def verified_among(waiting: Sequence[CandidatePair]) -> set[Pair]:
    """Of these pairs, those both of whose files somebody confirmed by contact: a person decides on them."""
    return both_verified((pair.low_id, pair.high_id) for pair in waiting)


def surely_one(
    at_least: float, waiting: Sequence[CandidatePair] | None = None, verified: set[Pair] | None = None
) -> tuple[list[CandidatePair], Counter[str]]:
    """Pairs that may be merged unseen from a weight on, heaviest first; and why others of that weight are left to people.

    `against`: something speaks against it (name, birth day or sex). `chain`: the group holds two that were not found alike
    by themselves from that weight on. `conflict`: an exact identifier several files share. `two_verified`: both were
    confirmed by contact (`verified` says which, where the caller asked already).
    """
    found = waiting_from(at_least) if waiting is None else [pair for pair in waiting if pair.weight >= at_least]
    verified = verified_among(found) if verified is None else verified
    left: Counter[str] = Counter()
    fitting = []
    for pair in found:
        reason = "two_verified" if (pair.low_id, pair.high_id) in verified else _left_to_people(pair)
        if reason:
            left[reason] += 1
        else:
            fitting.append(pair)
    whole = {
        member
        for group in clusters((p.low_id, p.high_id, p.weight) for p in fitting)
        if group.is_whole
        for member in group.members
    }
    sure = [pair for pair in fitting if pair.low_id in whole]
    left["chain"] += len(fitting) - len(sure)
    return sure, +left


def start_bulk_merge(at_least: float, *, by: Viewer) -> str:
    """Merge from a weight on, as a job. Returns the bulk's public id. Raises PairRefused `too_low`, `nothing`."""
    check(by, "clean.run")
    check(by, "customers.merge")
    if at_least < LOWEST:
        raise PairRefused("too_low", lowest=LOWEST)
    if not surely_one(at_least)[0]:
        raise PairRefused("nothing")
    with transaction.atomic():
        made = BulkMerge.objects.create(
            public_id=chance.public_id(), at_least=at_least, by_staff_id=by.staff_id, created_at=clock.now()
        )
        secure.record_audit(
            "duplicates.bulk_started", by=by, about=("bulk_merge", made.pk), detail={"at_least": at_least}
        )
        made.job_id = jobs.enqueue("clean.bulk_merge", by=by, bulk_id=made.pk)
        made.save(update_fields=["job_id"])
    return made.public_id


def merge_in_bulk(bulk_id: int, *, by: Viewer) -> Iterator[tuple[int, int]]:
    """Carry a bulk out, pair by pair, each a transaction of its own; yields (done, of). Interrupted, it goes on.

    A pair whose files are verified, merged, archived or decided meanwhile is left alone and counted.
    """
    check(by, "clean.run")
    made = BulkMerge.objects.get(pk=bulk_id)
    BulkMerge.objects.filter(pk=bulk_id).update(state=BulkMerge.RUNNING)
    waiting = waiting_from(made.at_least)
    verified = verified_among(waiting)
    sure, left = surely_one(made.at_least, waiting, verified)
    for pair in waiting:
        if (pair.low_id, pair.high_id) in verified:
            ask_person(pair)
    for done, pair in enumerate(sure, 1):
        if (refused := _merge_one(pair, bulk_id, by)) is not None:
            left[refused] += 1
        yield done, len(sure)
    merged = CandidatePair.objects.filter(bulk_id=bulk_id, state=CandidatePair.MERGED).count()
    counts = {"merged": merged, **{f"left_{reason}": count for reason, count in sorted(left.items())}}
    BulkMerge.objects.filter(pk=bulk_id).update(state=BulkMerge.DONE, counts=counts, finished_at=clock.now())


def _merge_one(pair: CandidatePair, bulk_id: int, by: Viewer) -> str | None:
    """Merge one pair; the reason it was left instead, if it was."""
    with transaction.atomic():
        row = CandidatePair.objects.select_for_update().filter(pk=pair.pk, state=CandidatePair.OPEN).first()
        if row is None:
            return "meanwhile"
        roots = customers.living_roots([row.low_id, row.high_id])
        low, high = roots.get(row.low_id), roots.get(row.high_id)
        if low is None or high is None:
            return "meanwhile"
        if low == high:  # the group of three came together by its other two pairs
            row.state, row.bulk_id, row.decided_at, row.decided_by_staff_id = (
                CandidatePair.MERGED,
                bulk_id,
                clock.now(),
                by.staff_id,
            )
            row.save()
            return None
        try:
            merged = customers_do.merge_customers(
                absorbed_id=max(low, high),
                survivor_id=min(low, high),
                why="above_threshold",
                evidence=evidence(row),
                by=by,
                by_machine=True,
            )
        except customers_do.MergeRefused as refused:
            if refused.code == "two_verified":
                ask_person(row)
            return refused.code
        row.state, row.merge_id, row.bulk_id = CandidatePair.MERGED, merged.merge_id, bulk_id
        row.decided_at, row.decided_by_staff_id = clock.now(), by.staff_id
        row.save()
    return None


def start_undo(public_id: str, *, by: Viewer) -> None:
    """Take a bulk back, as a job. Raises PairRefused `not_decided`."""
    check(by, "clean.run")
    with transaction.atomic():
        made = BulkMerge.objects.select_for_update().filter(public_id=public_id, state=BulkMerge.DONE).first()
        if made is None:
            raise PairRefused("not_decided")
        made.state = BulkMerge.UNDOING
        secure.record_audit("duplicates.bulk_undone", by=by, about=("bulk_merge", made.pk))
        made.job_id = jobs.enqueue("clean.undo_bulk_merge", by=by, bulk_id=made.pk)
        made.save(update_fields=["state", "job_id"])


def undo_in_bulk(bulk_id: int, *, by: Viewer) -> Iterator[tuple[int, int]]:
    """Take every merge of a bulk apart, the newest first; its pairs wait again. Yields (done, of)."""
    rows = list(CandidatePair.objects.filter(bulk_id=bulk_id, state=CandidatePair.MERGED).order_by("-merge_id", "-id"))
    for done, row in enumerate(rows, 1):
        with transaction.atomic():
            if row.merge_id is not None:
                unmerge(row.merge_id, by=by)
            CandidatePair.objects.filter(pk=row.pk).update(
                state=CandidatePair.OPEN, merge_id=None, bulk_id=None, decided_at=None, decided_by_staff_id=None
            )
        yield done, len(rows)
    made = BulkMerge.objects.get(pk=bulk_id)
    counts = made.counts | {"undone": made.counts.get("undone", 0) + len(rows)}
    BulkMerge.objects.filter(pk=bulk_id).update(state=BulkMerge.UNDONE, counts=counts, finished_at=clock.now())


def _left_to_people(pair: CandidatePair) -> str:
    if pair.origin == CandidatePair.CONFLICT:
        return "conflict"
    levels = {comparison: level for comparison, level, _ in pair.parts}
    if any(levels.get(comparison) in against for comparison, against in _AGAINST.items()):
        return "against"
    return ""
