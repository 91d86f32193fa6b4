"""Questions about duplicates: the queue, one pair, groups, searches, models, and how right the weights have proved."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from zhike.clean.match.sentences import likelihood as likelihood
from zhike.clean.models import BulkMerge, CandidatePair, MatchModel, MatchRun
from zhike.customers import queries as customers
from zhike.customers.records import RegisterRow
from zhike.secure.records import Viewer

PAGE = 25
BANDS = (0.0, 3.0, 6.0, 10.0, 15.0)
MOST_SIDES = 4  # files beside each other
DECIDED = (CandidatePair.MERGED, CandidatePair.NOT_SAME, CandidatePair.SAME_HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class PairFacts:
    """A pair as one viewer may know of it: both files are in their scope. `parts`: (comparison, level, weight)."""

    public_id: str
    low: RegisterRow
    high: RegisterRow
    weight: float
    probability: float
    parts: tuple[tuple[str, str, float], ...]
    origin: str
    state: str
    model_id: int | None
    found_at: dt.datetime
    decided_by_staff_id: int | None
    decided_at: dt.datetime | None
    merge_id: int | None
    is_bulk: bool
    key: str


@dataclass(frozen=True, slots=True)
class PairPage:
    """A page of the queue; `next_key` is empty at its end."""

    pairs: tuple[PairFacts, ...]
    next_key: str


@dataclass(frozen=True, slots=True)
class Band:
    """What people decided on pairs from `lowest` weight on (to the next band): `same` of `decided` were one customer."""

    lowest: float
    decided: int
    same: int

    @property
    def share(self) -> float | None:
        """How often it was one customer."""
        return self.same / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Group:
    """Files beside a pair that are alike too: the pairs that tie them, and the weakest link of all."""

    rows: tuple[RegisterRow, ...] = ()
    weakest: float = 0.0
    is_whole: bool = True
    pairs: tuple[PairFacts, ...] = field(default=())


def queue(viewer: Viewer, state: str = CandidatePair.OPEN, *, after: str = "", limit: int = PAGE) -> PairPage:
    """Pairs of a state: waiting ones by weight, decided ones newest first. `state` "decided" means all three decisions."""
    decided = state == "decided"
    states = DECIDED if decided else (state,)
    found: list[PairFacts] = []
    place = _place(after, decided=decided)
    while len(found) <= limit:
        rows = _rows(states, place, decided=decided, limit=limit + 1)
        found += _facts(viewer, rows)
        if len(rows) <= limit:
            break
        place = _key(rows[-1], decided=decided)
    shown = tuple(found[:limit])
    return PairPage(shown, shown[-1].key if len(found) > limit else "")


def pair(viewer: Viewer, public_id: str) -> PairFacts | None:
    """One pair, or None where the viewer may not know of both files. A merged pair shows the file they are in now."""
    row = CandidatePair.objects.filter(public_id=public_id).first()
    found = _facts(viewer, [row]) if row is not None else []
    return found[0] if found else None


def next_open(viewer: Viewer, *, besides: str = "") -> str:
    """The id of the pair that waits longest up in the queue, other than `besides`; empty when none waits."""
    page = queue(viewer, limit=2)
    return next((p.public_id for p in page.pairs if p.public_id != besides), "")


def neighbors(viewer: Viewer, one: PairFacts) -> Group:
    """Other files that wait beside either side of a pair, at most two; with the weakest link of the group."""
    ids = {one.low.customer_id, one.high.customer_id}
    waiting = Q(state=CandidatePair.OPEN) & (Q(low_id__in=ids) | Q(high_id__in=ids))
    rows = list(CandidatePair.objects.filter(waiting).exclude(public_id=one.public_id).order_by("-weight", "id")[:8])
    others: list[int] = []
    for row in rows:
        others += [i for i in (row.low_id, row.high_id) if i not in ids and i not in others]
    others = others[: MOST_SIDES - 2]
    if not others:
        return Group()
    every = [*ids, *others]
    between = list(
        CandidatePair.objects.filter(state=CandidatePair.OPEN, low_id__in=every, high_id__in=every).order_by(
            "-weight", "id"
        )
    )
    from zhike_analytics.linkage.clusters import clusters

    group = next(
        (g for g in clusters((r.low_id, r.high_id, r.weight) for r in between) if one.low.customer_id in g.members),
        None,
    )
    lines = customers.lines(viewer, others)
    return Group(
        rows=tuple(lines[i] for i in others if i in lines),
        weakest=group.weakest if group else one.weight,
        is_whole=group.is_whole if group else True,
        pairs=tuple(_facts(viewer, between)),
    )


def counts() -> dict[str, int]:
    """How many pairs are in each state, "decided" all decisions together."""
    told = dict(CandidatePair.objects.values_list("state").annotate(n=Count("id")).order_by())
    return {**told, "decided": sum(told.get(state, 0) for state in DECIDED)}


def open_count() -> int | None:
    """For the rail: what waits, or None."""
    return CandidatePair.objects.filter(state=CandidatePair.OPEN).count() or None


def of_customer(viewer: Viewer, member_ids: Sequence[int], *, limit: int = 20) -> list[PairFacts]:
    """Waiting pairs of a file (all customers of its merged group), the likeliest first."""
    mine = Q(low_id__in=list(member_ids)) | Q(high_id__in=list(member_ids))
    rows = list(CandidatePair.objects.filter(mine, state=CandidatePair.OPEN).order_by("-weight", "id")[:limit])
    return [one for one in _facts(viewer, rows) if one.low.customer_id != one.high.customer_id] if rows else []


def reviewed_by_weight() -> list[Band]:
    """How right the weights proved: of the pairs people decided one by one, how many were one customer, by weight."""
    rows = CandidatePair.objects.filter(state__in=DECIDED, bulk_id=None).values_list("weight", "state")
    told = [(weight, state == CandidatePair.MERGED) for weight, state in rows.iterator()]
    bands = []
    for at, lowest in enumerate(BANDS):
        highest = BANDS[at + 1] if at + 1 < len(BANDS) else float("inf")
        own = [same for weight, same in told if lowest <= weight < highest]
        bands.append(Band(lowest, len(own), sum(own)))
    return bands


def latest_run(kind: str = "") -> MatchRun | None:
    """The newest search, or the newest of a kind."""
    runs = MatchRun.objects.order_by("-id")
    return (runs.filter(kind=kind) if kind else runs).first()


def runs(*, limit: int = 20) -> list[MatchRun]:
    """The newest searches."""
    return list(MatchRun.objects.order_by("-id")[:limit])


def latest_model() -> MatchModel | None:
    """The newest model."""
    return MatchModel.objects.order_by("-id").first()


def bulks(*, limit: int = 10) -> list[BulkMerge]:
    """The newest bulk merges."""
    return list(BulkMerge.objects.order_by("-id")[:limit])


def bulk(public_id: str) -> BulkMerge | None:
    """One bulk merge."""
    return BulkMerge.objects.filter(public_id=public_id).first()


def place_of(one: PairFacts) -> tuple[int, int]:
    """Where a waiting pair stands in the queue, from 1, and how many wait."""
    waiting = CandidatePair.objects.filter(state=CandidatePair.OPEN)
    return waiting.filter(weight__gt=one.weight).count() + 1, waiting.count()


def beside(viewer: Viewer, one: PairFacts) -> tuple[str, str]:
    """The waiting pairs before and after one in the queue; empty texts at its ends and beyond the viewer's scope."""
    waiting = CandidatePair.objects.filter(state=CandidatePair.OPEN).exclude(public_id=one.public_id)
    row_id = int(one.key.rpartition("~")[2])
    heavier = waiting.filter(Q(weight__gt=one.weight) | Q(weight=one.weight, id__lt=row_id)).order_by("weight", "-id")[
        :5
    ]
    lighter = waiting.filter(Q(weight__lt=one.weight) | Q(weight=one.weight, id__gt=row_id)).order_by("-weight", "id")[
        :5
    ]
    found = [_facts(viewer, list(rows)) for rows in (heavier, lighter)]
    before, after = (told[0].public_id if told else "" for told in found)
    return before, after


def _rows(
    states: Sequence[str], place: tuple[float | dt.datetime, int] | None, *, decided: bool, limit: int
) -> list[CandidatePair]:
    by = "decided_at" if decided else "weight"
    rows = CandidatePair.objects.filter(state__in=states)
    if place is not None:
        value, row_id = place
        rows = rows.filter(Q(**{f"{by}__lt": value}) | Q(**{by: value, "id__gt": row_id}))
    return list(rows.order_by(f"-{by}", "id")[:limit])


def _key(row: CandidatePair, *, decided: bool) -> tuple[Any, int]:
    return (row.decided_at if decided else row.weight), int(row.pk)


def _place(after: str, *, decided: bool) -> tuple[Any, int] | None:
    value, _, row_id = after.partition("~")
    try:
        return (dt.datetime.fromisoformat(value) if decided else float(value)), int(row_id)
    except ValueError:
        return None


def _facts(viewer: Viewer, rows: Sequence[CandidatePair]) -> list[PairFacts]:
    roots = customers.living_roots({i for row in rows for i in (row.low_id, row.high_id)})
    lines = customers.lines(viewer, sorted(set(roots.values())))
    told = []
    for row in rows:
        low, high = lines.get(roots.get(row.low_id, 0)), lines.get(roots.get(row.high_id, 0))
        if low is None or high is None:
            continue
        decided = row.state in DECIDED
        value, row_id = _key(row, decided=decided)
        told.append(
            PairFacts(
                public_id=row.public_id,
                low=low,
                high=high,
                weight=row.weight,
                probability=row.probability,
                parts=tuple((c, level, weight) for c, level, weight in row.parts),
                origin=row.origin,
                state=row.state,
                model_id=row.model_id,
                found_at=row.found_at,
                decided_by_staff_id=row.decided_by_staff_id,
                decided_at=row.decided_at,
                merge_id=row.merge_id,
                is_bulk=row.bulk_id is not None,
                key=f"{value.isoformat() if decided else repr(value)}~{row_id}",
            )
        )
    return told
