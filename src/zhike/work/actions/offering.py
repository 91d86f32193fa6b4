"""Tasks come into being: a ranked list all at once, or one by one."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import add
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from zhike.kit import bulk, chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import queries as staff
from zhike.work import kinds
from zhike.work.actions.closing import REST_DAYS
from zhike.work.models import Task
from zhike.work.queries import facts_of
from zhike.work.records import NORMAL, OUTCOMES, OfferTally, TaskFacts, TaskOffer

_BATCH = 200
_COLUMNS = [
    *["id", "public_id", "kind", "about_kind", "about_id", "about_part", "owner_staff_id", "queue", "priority"],
    *["due_on", "rank", "why_code", "why_params", "fact_at", "state", "outcome", "note", "run_id", "created_at"],
    "updated_at",
]
_Key = tuple[int, str]
_Judged = dict[_Key, list[tuple[str, dt.datetime | None]]]


def offer_tasks(
    kind: str, offers: Iterable[TaskOffer], *, run_id: int, about_kind: str = "customer", limit: int | None = None
) -> OfferTally:
    """Make these offers, best first, the open tasks of a kind; the same offers again change nothing.

    Held back: what somebody put off until later, what was done in the last 30 days, and what was judged wrong, unless
    there is a newer fact than the one it was judged by (put off stays put off). Open ones no longer offered expire. With
    `limit` only that many stay open. An owner who left is nobody; one given by hand stays. Written in short transactions.
    """
    today = clock.today(installation().time_zone)
    wanted = list(offers)
    open_now = {(task.about_id, task.about_part): task for task in _open(kind, about_kind)}
    resting = _resting(kind, about_kind, [offer.about_id for offer in wanted], today)
    willing = [offer for offer in wanted if not _is_held_back(offer, resting)]
    chosen = willing if limit is None else willing[:limit]
    kept = [offer for offer in chosen if _key(offer) in open_now]
    new = [offer for offer in chosen if _key(offer) not in open_now]
    gone = set(open_now) - {_key(offer) for offer in chosen}
    left = _who_left(offer.owner_staff_id for offer in chosen)
    _refresh(kept, open_now, run_id, left)
    _expire(sorted(open_now[key].id for key in gone))
    _add(kind, about_kind, new, run_id, left)
    return OfferTally(len(new), len(kept), len(wanted) - len(willing), len(willing) - len(chosen), len(gone))


def open_task(
    kind: str,
    *,
    about_kind: str,
    about_id: int,
    why_code: str,
    why_params: Mapping[str, Any] | None = None,
    about_part: str = "",
    owner_staff_id: int | None = None,
    queue: str = "",
    due_on: dt.date | None = None,
    priority: int = NORMAL,
    rank: int = 0,
    fact_at: dt.datetime | None = None,
) -> TaskFacts | None:
    """Open one task, or give the open one of this kind about this thing (and part); None where it is held back.

    Held back as in `offer_tasks`: judged wrong, or done less than 30 days ago, and no newer fact. Safe to repeat, and safe
    inside the transaction of whatever made it necessary. Asks for no permission: the caller's act has.
    """
    offer = TaskOffer(
        about_id, rank, why_code, why_params or {}, owner_staff_id, queue, due_on, fact_at, about_part, priority
    )
    today = clock.today(installation().time_zone)
    if _is_held_back(offer, _resting(kind, about_kind, [about_id], today)):
        return None
    one = {"kind": kind, "about_kind": about_kind, "about_id": about_id, "about_part": about_part, "state": Task.OPEN}
    found = Task.objects.filter(**one).first()
    if found is None:
        _add(kind, about_kind, [offer], None, _who_left([owner_staff_id]))
        found = Task.objects.get(**one)
    return facts_of(found)


def _key(offer: TaskOffer) -> _Key:
    return offer.about_id, offer.about_part


def _open(kind: str, about_kind: str) -> QuerySet[Task]:
    found = Task.objects.filter(kind=kind, about_kind=about_kind, state=Task.OPEN)
    return found.only("id", "about_id", "about_part", "owner_staff_id", "assigned_by_staff_id", "queue", "priority")


def _who_left(owners: Iterable[int | None]) -> Collection[int]:
    """Of these owners, those who may no longer act: their tasks are nobody's."""
    asked = {owner for owner in owners if owner is not None}
    return set(staff.staff_names(sorted(asked))) - set(staff.staff_names()) if asked else ()


def _resting(kind: str, about_kind: str, about_ids: Sequence[int], today: dt.date) -> _Judged:
    """Of each thing, the judgements that still hold: (state, newest fact they rested on)."""
    rested = dt.datetime.combine(today - dt.timedelta(days=REST_DAYS), dt.time(), tzinfo=dt.UTC)
    found: _Judged = {}
    for start in range(0, len(about_ids), 500):
        closed = Task.objects.filter(kind=kind, about_kind=about_kind, about_id__in=about_ids[start : start + 500])
        closed = closed.filter(state__in=OUTCOMES)
        for task in closed.only("about_id", "about_part", "state", "snooze_until", "closed_at", "fact_at"):
            if task.state == Task.NOT_NOW and (task.snooze_until is None or task.snooze_until <= today):
                continue
            if task.state == Task.DONE and (task.closed_at is None or task.closed_at < rested):
                continue
            found.setdefault((task.about_id, task.about_part), []).append((task.state, task.fact_at))
    return found


def _is_held_back(offer: TaskOffer, resting: _Judged) -> bool:
    for state, fact_at in resting.get(_key(offer), ()):
        is_newer = offer.fact_at is not None and fact_at is not None and offer.fact_at > fact_at
        if state == Task.NOT_NOW or not is_newer:
            return True
    return False


def _refresh(offers: Sequence[TaskOffer], open_now: Mapping[_Key, Task], run_id: int, left: Collection[int]) -> None:
    columns = ["owner_staff_id", "queue", "due_on", "rank", "why_code", "why_params", "fact_at", "run_id", "updated_at"]
    now, rows = clock.now(), []
    for o in offers:
        held = open_now[_key(o)]
        by_hand = held.assigned_by_staff_id is not None and held.owner_staff_id is not None
        owner = held.owner_staff_id if by_hand else _owner(o, left)
        queue = o.queue or held.queue
        rows.append((held.id, owner, queue, o.due_on, o.rank, o.why_code, dict(o.why_params), o.fact_at, run_id, now))
    for start in range(0, len(rows), _BATCH):
        with transaction.atomic():
            bulk.update_many("work_task", "id", columns, rows[start : start + _BATCH])


def _expire(task_ids: Sequence[int]) -> None:
    now = clock.now()
    for start in range(0, len(task_ids), _BATCH):
        part = task_ids[start : start + _BATCH]
        Task.objects.filter(id__in=part, state=Task.OPEN).update(state=Task.EXPIRED, closed_at=now, updated_at=now)


def _add(kind: str, about_kind: str, offers: Sequence[TaskOffer], run_id: int | None, left: Collection[int]) -> None:
    now, usual = clock.now(), kinds.kind(kind).queue
    for start in range(0, len(offers), _BATCH):
        part = offers[start : start + _BATCH]
        taken = ids.take("task", len(part))
        rows = [
            (number, chance.public_id(), kind, about_kind, o.about_id, o.about_part, _owner(o, left), o.queue or usual)
            for number, o in zip(taken, part, strict=True)
        ]
        whys = [
            (
                o.priority,
                o.due_on,
                o.rank,
                o.why_code,
                dict(o.why_params),
                o.fact_at,
                Task.OPEN,
                "",
                "",
                run_id,
                now,
                now,
            )
            for o in part
        ]
        # Another run may offer the same at the same time; one open task of a kind is enough.
        with transaction.atomic():
            bulk.insert_many("work_task", _COLUMNS, map(add, rows, whys), on_conflict="ignore")


def _owner(offer: TaskOffer, left: Collection[int]) -> int | None:
    return None if offer.owner_staff_id in left else offer.owner_staff_id
