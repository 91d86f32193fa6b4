"""Segments: made, changed, removed by people; their members written down by the job that counts."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from zhike.customers.events import SegmentChanged, SegmentDefined
from zhike.customers.models import Segment, SegmentMember, SegmentRun, SegmentUse, SegmentVersion
from zhike.customers.segments.nesting import expanded
from zhike.customers.segments.rights import check_rule, readable_rule, visible
from zhike.customers.segments.rule import Node, read_rule, used_segments, write_rule
from zhike.kit import bulk, chance, clock, ids
from zhike.kit.events import publish
from zhike.secure import actions as secure
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

SHARINGS = ("own", "team", "all")
MOST_SEGMENTS = 500
LONGEST_NAME = 60
_BATCH = 2000


class SegmentRefused(ValueError):
    """A segment cannot be kept: name_missing, name_long, name_taken, too_many, sharing, changed_meanwhile, in_use, unknown."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def make_segment(
    name: str, rule: dict[str, Any], *, by: Viewer, note: str = "", sharing: str = "own"
) -> tuple[str, int]:
    """Keep a new rule; its count is asked for. Returns (public id, id). Raises SegmentRefused, RuleRefused, Forbidden."""
    check(by, "segments.edit")
    node, calm = read_rule(rule), _name(name)
    check_rule(by, node)
    with transaction.atomic():
        _hold_all()
        _check_place(by, calm, sharing, None)
        expanded(node)
        row = Segment(
            id=ids.take("segment")[0],
            public_id=chance.public_id(),
            name=calm,
            note=note.strip()[:400],
            sharing=sharing,
            by_staff_id=by.staff_id,
            rule=write_rule(node),
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        row.save(force_insert=True)
        _note_rule(row, node, by)
        secure.record_audit("segment.made", by=by, about=("segment", row.id), detail={"sharing": sharing})
        publish(SegmentDefined(segment_id=row.id))
    return row.public_id, row.id


def change_segment(
    public_id: str, revision: int, *, by: Viewer, name: str, rule: dict[str, Any], note: str = "", sharing: str = "own"
) -> int:
    """Change a segment as the viewer saw it at `revision`; returns the new revision.

    Raises SegmentRefused (`changed_meanwhile` when somebody was quicker), RuleRefused, Forbidden.
    """
    check(by, "segments.edit")
    node, calm = read_rule(rule), _name(name)
    check_rule(by, node)
    with transaction.atomic():
        _hold_all()
        row = _mine(public_id, by)
        if row.revision != revision:
            raise SegmentRefused("changed_meanwhile")
        if not by.is_machine and row.by_staff_id != by.staff_id:
            sharing = row.sharing  # whose it is decides who sees it
        _check_place(by, calm, sharing, row)
        expanded(node, within=(row.public_id,))
        stored, before = write_rule(node), row.rule
        row.name, row.note, row.sharing = calm, note.strip()[:400], sharing
        row.revision, row.rule, row.updated_at = row.revision + 1, stored, clock.now()
        if stored == before:
            row.counted_revision = row.revision if row.counted_revision == revision else row.counted_revision
        row.save()
        _note_rule(row, node, by)
        detail = {"revision": row.revision, "sharing": sharing, "rule": stored != before}
        secure.record_audit("segment.changed", by=by, about=("segment", row.id), detail=detail)
        if stored != before:
            publish(SegmentDefined(segment_id=row.id))
    return row.revision


def remove_segment(public_id: str, *, by: Viewer) -> None:
    """Remove a segment nobody's rule stands on; its history of counts stays. Raises SegmentRefused, Forbidden."""
    check(by, "segments.edit")
    with transaction.atomic():
        _hold_all()
        row = _mine(public_id, by)
        users = Segment.objects.filter(id__in=SegmentUse.objects.filter(used_id=row.id).values("segment_id"))
        names = users.filter(visible(by)).order_by("name").values_list("name", flat=True)
        if users.exists():
            raise SegmentRefused("in_use", names=", ".join(names[:5]))
        row.archived_at = clock.now()
        row.save(update_fields=["archived_at"])
        SegmentUse.objects.filter(segment_id=row.id).delete()
        secure.record_audit("segment.removed", by=by, about=("segment", row.id))
        publish(SegmentDefined(segment_id=row.id))


def forget_segments_of(staff_ids: Sequence[int], *, by: Viewer, keep: Collection[str] = ()) -> int:
    """Delete the segments of staff who never were (demo accounts), save those others build on; returns how many.

    `keep`: public ids of segments that something in another module stands on.
    """
    check(by, "demo.manage")
    with transaction.atomic():
        _hold_all()
        theirs = Segment.objects.filter(by_staff_id__in=staff_ids).exclude(public_id__in=keep)
        gone = set(theirs.values_list("id", flat=True))
        # Again and again: what a kept one stands on is kept too.
        while kept := set(
            SegmentUse.objects.filter(used_id__in=gone).exclude(segment_id__in=gone).values_list("used_id", flat=True)
        ):
            gone -= kept
        for model in (SegmentVersion, SegmentMember, SegmentRun):
            model.objects.filter(segment_id__in=gone).delete()
        SegmentUse.objects.filter(segment_id__in=gone).delete()
        return Segment.objects.filter(id__in=gone).delete()[0]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count found: the members ascending by id, among how many customers, as of when."""

    member_ids: Sequence[int]
    base_count: int
    as_of: dt.date
    data_at: dt.datetime
    revision: int
    currency: str = ""


def set_members(segment_id: int, found: Counted, *, run_public_id: str) -> tuple[int, int]:
    """Bring the noted members in line with a count, by the difference alone; returns (came, left).

    In short transactions; killed in between, the next count finishes. The last one writes the figures and announces.
    """
    import numpy as np

    new = np.asarray(found.member_ids, dtype=np.int64)
    old = np.asarray(list(_present(segment_id)), dtype=np.int64)
    came, left = np.setdiff1d(new, old, assume_unique=True), np.setdiff1d(old, new, assume_unique=True)
    for start in range(0, len(came), _BATCH):
        rows = [(segment_id, int(i)) for i in came[start : start + _BATCH]]
        bulk.insert_many("customers_segmentmember", ("segment_id", "customer_id"), rows, on_conflict="ignore")
    for start in range(0, len(left), _BATCH):
        _take_out(segment_id, [int(i) for i in left[start : start + _BATCH]])
    with transaction.atomic():
        _write_run(segment_id, found, run_public_id, (len(came), len(left)))
    return len(came), len(left)


def note_members_written(segment_id: int, count: int, *, by: Viewer) -> None:
    """Audit that the file numbers of a segment's members leave the house, before they do. Raises Forbidden."""
    check(by, "customers.export")
    with transaction.atomic():
        detail = {"what": "segment", "rows": count}
        secure.record_audit("export", by=by, about=("segment", segment_id), detail=detail)


def forget_members(segment_id: int) -> int:
    """Empty a removed segment's members, in short transactions."""
    gone = 0
    while some := list(
        SegmentMember.objects.filter(segment_id=segment_id).values_list("customer_id", flat=True)[:_BATCH]
    ):
        _take_out(segment_id, some)
        gone += len(some)
    return gone


def _present(segment_id: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM customers_segmentmember WHERE segment_id = %s", [segment_id])
        return [row[0] for row in cursor.fetchall()]


def _take_out(segment_id: int, customer_ids: list[int]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(customer_ids))
        sql = f"DELETE FROM customers_segmentmember WHERE segment_id = %s AND customer_id IN ({marks})"
        cursor.execute(sql, [segment_id, *customer_ids])


def _write_run(segment_id: int, found: Counted, public_id: str, moved: tuple[int, int]) -> None:
    figures: dict[str, Any] = {
        "member_count": len(found.member_ids),
        "base_count": found.base_count,
        "data_at": found.data_at,
    }
    run = SegmentRun.objects.create(
        id=ids.take("segment_run")[0],
        public_id=public_id,
        segment_id=segment_id,
        revision=found.revision,
        as_of=found.as_of,
        came_count=moved[0],
        left_count=moved[1],
        currency=found.currency,
        made_at=clock.now(),
        **figures,
    )
    Segment.objects.filter(id=segment_id).update(counted_revision=found.revision, run_id=run.id, **figures)
    publish(SegmentChanged(segment_id=segment_id, run_id=run.id, came_count=moved[0], left_count=moved[1]))


def _note_rule(row: Segment, node: Node, by: Viewer) -> None:
    SegmentVersion.objects.create(
        segment_id=row.id, revision=row.revision, rule=row.rule, by_staff_id=by.staff_id, at=clock.now()
    )
    SegmentUse.objects.filter(segment_id=row.id).delete()
    used = Segment.objects.filter(public_id__in=used_segments(node)).values_list("id", flat=True)
    SegmentUse.objects.bulk_create([SegmentUse(segment_id=row.id, used_id=i) for i in used])


def _hold_all() -> None:
    """Hold every live segment until the end of the transaction: two changes at once could close a circle."""
    list(Segment.objects.select_for_update().filter(archived_at=None).order_by("id").values_list("id"))


def _mine(public_id: str, by: Viewer) -> Segment:
    row = Segment.objects.filter(visible(by), public_id=public_id, archived_at=None).first()
    if row is None:
        raise SegmentRefused("unknown")
    if readable_rule(by, row) is None:
        raise Forbidden("segments.facet")
    return row


def _name(text: str) -> str:
    calm = " ".join(text.split())
    if not calm:
        raise SegmentRefused("name_missing")
    if len(calm) > LONGEST_NAME:
        raise SegmentRefused("name_long")
    return calm


def _check_place(by: Viewer, name: str, sharing: str, row: Segment | None) -> None:
    if sharing not in SHARINGS:
        raise SegmentRefused("sharing")
    live = Segment.objects.filter(archived_at=None)
    others = live.exclude(id=row.id) if row else live
    if row is None and live.count() >= MOST_SEGMENTS:
        raise SegmentRefused("too_many")
    if others.filter(visible(by), name=name).exists():
        raise SegmentRefused("name_taken")
