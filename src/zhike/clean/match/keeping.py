"""What a search found becomes rows: new pairs, weights brought up to date, pairs that are none any more removed.

What people know of a pair outlives every search: who was said not to be one is never asked about again, nor are files
that hold such two among those merged into them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from zhike.clean.match.searching import Weighed
from zhike.clean.models import CandidatePair, KnownPair, MatchRun
from zhike.customers import queries as customers
from zhike.kit import chance, clock, failpoints

failpoints.declare("clean.inside_pairs", "clean.after_pairs")
_SLICE = 500
Pair = tuple[int, int]


def ordered(one: int, other: int) -> Pair:
    """A pair with the smaller id first."""
    return (one, other) if one < other else (other, one)


def known_apart(customer_ids: Iterable[int] = ()) -> set[Pair]:
    """Pairs of files people have settled: what was known of two customers holds for the files they are in now.

    With `customer_ids` only knowledge about those and whatever was merged with them.
    """
    known = KnownPair.objects.filter(withdrawn_at=None)
    wanted = list(customer_ids)
    if wanted:
        members = customers.members_of(wanted)
        known = known.filter(low_id__in=members) | known.filter(high_id__in=members)
    rows = list(known.values_list("low_id", "high_id"))
    roots = customers.living_roots({one for row in rows for one in row})
    return {ordered(roots[low], roots[high]) for low, high in rows if low in roots and high in roots}


def keep(found: Sequence[Weighed], run: MatchRun, *, model_id: int | None, whole_base: bool) -> dict[str, int]:
    """Write what a search found. Files merged or archived while it ran are told by their ids now, or left out.

    Safe to do again: a run killed half way writes the same rows. Returns counts: new, renewed, settled, gone.
    """
    roots = customers.living_roots({one for pair in found for one in (pair.low_id, pair.high_id)})
    apart = known_apart()
    counts = {"new": 0, "renewed": 0, "settled": 0, "gone": 0}
    wanted: dict[Pair, Weighed] = {}
    for pair in found:
        if pair.low_id not in roots or pair.high_id not in roots or roots[pair.low_id] == roots[pair.high_id]:
            continue
        place = ordered(roots[pair.low_id], roots[pair.high_id])
        if place in apart:
            counts["settled"] += 1
        else:
            wanted.setdefault(place, pair)
    places = list(wanted)
    for start in range(0, len(places), _SLICE):
        slice_of = {place: wanted[place] for place in places[start : start + _SLICE]}
        with transaction.atomic():
            for name, count in _write(slice_of, run.id, model_id).items():
                counts[name] += count
            failpoints.hit("clean.inside_pairs")
        failpoints.hit("clean.after_pairs")
    if whole_base:
        counts["gone"] = _drop_unseen(run.id)
    return counts


def _write(wanted: dict[Pair, Weighed], run_id: int, model_id: int | None) -> dict[str, int]:
    at = clock.now()
    highs = [high for _, high in wanted]
    lows = {low for low, _ in wanted}
    there = {
        (row.low_id, row.high_id): row
        for row in CandidatePair.objects.select_for_update().filter(high_id__in=highs, low_id__in=lows)
        if (row.low_id, row.high_id) in wanted
    }
    new, renewed = [], []
    for place, pair in wanted.items():
        told: dict[str, Any] = {
            "weight": pair.weight,
            "probability": pair.probability,
            "parts": [[p.comparison, p.level, round(p.weight, 3)] for p in pair.parts],
            "origin": CandidatePair.CONFLICT if pair.is_conflict else CandidatePair.SCORED,
            "model_id": model_id,
            "run_id": run_id,
            "updated_at": at,
        }
        row = there.get(place)
        if row is None:
            new.append(
                CandidatePair(public_id=chance.public_id(), low_id=place[0], high_id=place[1], found_at=at, **told)
            )
        elif row.state in (CandidatePair.OPEN, CandidatePair.SKIPPED):
            for name, value in told.items():
                setattr(row, name, value)
            renewed.append(row)
    CandidatePair.objects.bulk_create(new)
    if renewed:
        CandidatePair.objects.bulk_update(renewed, list(told))
    return {"new": len(new), "renewed": len(renewed)}


def _drop_unseen(run_id: int) -> int:
    """A search over the whole base did not find them again: values changed, or one of them is gone."""
    unseen = CandidatePair.objects.filter(state__in=[CandidatePair.OPEN, CandidatePair.SKIPPED]).exclude(run_id=run_id)
    return unseen.delete()[0]


def follow_merges(customer_ids: Sequence[int]) -> None:
    """Open pairs of files that were absorbed now speak of the file they are in; the heavier of two stays. In a transaction."""
    touched = list(
        CandidatePair.objects.select_for_update()
        .filter(state__in=[CandidatePair.OPEN, CandidatePair.SKIPPED])
        .filter(low_id__in=customer_ids)
    ) + list(
        CandidatePair.objects.select_for_update()
        .filter(state__in=[CandidatePair.OPEN, CandidatePair.SKIPPED])
        .filter(high_id__in=customer_ids)
    )
    roots = customers.living_roots({one for row in touched for one in (row.low_id, row.high_id)})
    apart = known_apart(roots.values()) if roots else set()
    for row in sorted({row.id: row for row in touched}.values(), key=lambda r: (-r.weight, r.id)):
        low, high = roots.get(row.low_id), roots.get(row.high_id)
        if low is None or high is None or low == high or ordered(low, high) in apart:
            row.delete()
            continue
        place = ordered(low, high)
        if place == (row.low_id, row.high_id):
            continue
        if CandidatePair.objects.filter(low_id=place[0], high_id=place[1]).exists():
            row.delete()
            continue
        row.low_id, row.high_id = place
        row.save(update_fields=["low_id", "high_id"])


def count_open() -> int:
    """Pairs that wait for a decision."""
    return CandidatePair.objects.filter(state=CandidatePair.OPEN).count()
