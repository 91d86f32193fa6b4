"""Acts on many customers: started by a page, carried out by a job, taken back by another."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict

from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.customers.records import RegisterFilter, Selection
from zhike.desk.asking import asked
from zhike.desk.models import BulkAct, BulkChange, HandedTask
from zhike.kit import bulk, chance, clock, jobs
from zhike.kit.installation import installation
from zhike.kit.jobs import reading
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work import actions as work

PERMISSION = {
    "tag": "customers.tag",
    "untag": "customers.tag",
    "owner": "customers.edit",
    "stage": "customers.edit",
    "field": "customers.edit",
}
AT_ONCE = 50  # up to here an act is done while the page waits
CHUNK = 500
WITH_TASKS = "with_tasks"  # the value of an owner act that takes the open tasks along


class BulkRefused(ValueError):
    """The act cannot be done: `unknown_act`, `nobody_selected`, `tag_missing`, `owner_unknown`, `stage_unknown`,
    `field_unknown`, `value_refused` or `not_done`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an act does: `tag` for tag and untag, `owner_staff_id` (None: nobody), `value` a stage or what `field` gets."""

    act: str
    tag: str = ""
    owner_staff_id: int | None = None
    field: str = ""
    value: str = ""


def start_bulk(act: str, *, by: Viewer, ids: Sequence[int] = (), query: str | None = None, **given: Any) -> BulkAct:
    """Do an act to the ticked customers, or to all that a register's query matches; `given` is the rest of `Wanted`.

    Small selections are done at once; larger ones by a job whose progress the page shows. Raises BulkRefused, Forbidden.
    """
    wanted = Wanted(act, **given)
    _allowed(wanted, by)
    if len(ids) != 1:
        check(by, "customers.bulk")
    if not ids and query is None:
        raise BulkRefused("nobody_selected")
    with transaction.atomic():
        made = BulkAct.objects.create(
            public_id=chance.public_id(),
            staff_id=by.staff_id or 0,
            act=wanted.act,
            tag=" ".join(wanted.tag.split())[:40],
            owner_staff_id=wanted.owner_staff_id,
            field=wanted.field,
            value=wanted.value.strip()[:400],
            selected_ids=list(ids),
            query=query or "",
            created_at=clock.now(),
        )
        if not ids or len(ids) > AT_ONCE:
            made.job_id = jobs.enqueue("desk.bulk", by=by, act_id=made.pk)
            made.save(update_fields=["job_id"])
    if made.job_id is None:
        for chunk in chunks(made, by):
            with transaction.atomic():
                do_chunk(made, chunk, by)
        finish(made, "done")
    return made


def _allowed(wanted: Wanted, by: Viewer) -> None:
    """Raise BulkRefused or Forbidden where the act makes no sense or the person may not do it."""
    if wanted.act not in PERMISSION:
        raise BulkRefused("unknown_act")
    check(by, PERMISSION[wanted.act])
    if wanted.act == "owner" and wanted.value == WITH_TASKS:
        check(by, "charge.manage")
    if wanted.act in ("tag", "untag") and not wanted.tag.strip():
        raise BulkRefused("tag_missing")
    if (
        wanted.act == "owner"
        and wanted.owner_staff_id is not None
        and wanted.owner_staff_id not in secure.staff_names()
    ):
        raise BulkRefused("owner_unknown")
    if wanted.act == "stage" and wanted.value not in customers_do.STAGES:
        raise BulkRefused("stage_unknown")
    if wanted.act == "field":
        if wanted.field not in {f.name for f in settable(by)}:
            raise BulkRefused("field_unknown")
        try:
            customers_do.normalized(wanted.field, wanted.value)
        except customers_do.EditRefused:
            raise BulkRefused("value_refused") from None


def settable(viewer: Viewer) -> list[fields.Field]:
    """The fields a person may set on many files at once: open ones they see and may edit, but no name."""
    return [
        f
        for f in fields.catalogue()
        if f.is_stated
        and not f.sealed
        and not f.is_archived
        and f.name not in _ONE_BY_ONE
        and secure.may_edit(viewer, f.name)
        and secure.sight(viewer, f.name) == "shown"
    ]


_ONE_BY_ONE = frozenset({"name", "nickname", "company", "credit_code", "platform_id", "postcode"})


def undo_bulk(public_id: str, *, by: Viewer) -> BulkAct:
    """Take an act of one's own back, by a job; one that stopped before its end is taken back as far as it came.

    Raises BulkRefused `not_done` while it goes on, and when it is undone already.
    """
    with transaction.atomic():
        act = BulkAct.objects.select_for_update().filter(public_id=public_id, staff_id=by.staff_id or 0).first()
        if act is None or not (act.state == "done" or is_stopped(act)):
            raise BulkRefused("not_done")
        act.state = "undoing"
        act.changed_count = BulkChange.objects.filter(act_id=act.pk).count()
        act.job_id = jobs.enqueue("desk.undo_bulk", by=by, act_id=act.pk)
        act.save(update_fields=["state", "changed_count", "job_id"])
    return act


def is_stopped(act: BulkAct) -> bool:
    """Whether an act's job failed or was given up before its end."""
    job = reading.one(act.job_id) if act.state == "asked" else None
    return job is not None and job.state in ("failed", "cancelled")


def selection(act: BulkAct, viewer: Viewer) -> Selection:
    """Whom an act concerns, evaluated when it runs, within the viewer's scope."""
    if act.selected_ids:
        return Selection(ids=tuple(act.selected_ids))
    return Selection(matching=asked_filter(QueryDict(act.query), viewer, at=act.created_at))


def asked_filter(query: QueryDict, viewer: Viewer, *, at: dt.datetime) -> RegisterFilter:
    """The filter of a register's address as it was asked `at` a moment, the search words included."""
    return asked(query, viewer, installation().time_zone, at=at)[0]


def chunks(act: BulkAct, viewer: Viewer, *, after: int = 0) -> Iterator[list[int]]:
    """The customers of an act with ids above `after`, ascending, a few hundred at a time.

    What a chunk changes lies behind the next one, so an act that takes customers out of its own filter misses nobody.
    """
    return customers.selected_ids(viewer, selection(act, viewer), chunk=CHUNK, after=after)


def do_chunk(act: BulkAct, ids: Sequence[int], by: Viewer) -> int:
    """Do the act on some customers and keep what stood there before, in the caller's transaction; how many changed."""
    rows = [(act.pk, *change) for change in _changes(act, ids, by)]
    columns = ("act_id", "customer_id", "before_id", "before")
    bulk.insert_many("desk_bulk_change", columns, rows, on_conflict="ignore")
    return len(rows)


def _changes(act: BulkAct, ids: Sequence[int], by: Viewer) -> list[tuple[int, int | None, str]]:
    if act.act == "tag":
        return [(c, None, "") for c in customers_do.add_tag(ids, act.tag, by=by)]
    if act.act == "untag":
        held = customers_do.tags_held(ids, act.tag)
        return [(c, held[c][0], held[c][1].isoformat()) for c in customers_do.remove_tag(ids, act.tag, by=by)]
    if act.act == "owner":
        moved = list(customers_do.set_owner(ids, act.owner_staff_id, by=by))
        if act.value == WITH_TASKS:
            _tasks_follow(act, dict(moved), by)
        return [(c, before, "") for c, before in moved]
    if act.act == "stage":
        return [(c, None, before) for c, before in customers_do.set_stage(ids, act.value, by=by)]
    return [(c, version, "") for c, version in customers_do.set_field(ids, act.field, act.value, by=by)]


def undo_chunk(act: BulkAct, after: int, by: Viewer) -> tuple[int, int]:
    """Take back some of an act's changes, from the smallest id after `after`, in the caller's transaction.

    Returns (the last id, or 0 when all are back; how many were left because somebody changed them since).
    """
    found = BulkChange.objects.filter(act_id=act.pk, customer_id__gt=after).order_by("customer_id")
    changes = list(found.values_list("customer_id", "before_id", "before")[:CHUNK])
    back = _put_back(act, changes, by) if changes else 0
    return (changes[-1][0] if len(changes) == CHUNK else 0), len(changes) - back


def _put_back(act: BulkAct, changes: Sequence[tuple[int, int | None, str]], by: Viewer) -> int:
    """What stood before stands again; how many."""
    if act.act == "tag":
        return len(customers_do.remove_tag([c for c, _, _ in changes], act.tag, by=by))
    if act.act == "untag":
        held = [(c, staff_id, dt.datetime.fromisoformat(at)) for c, staff_id, at in changes]
        return customers_do.restore_tags(act.tag, held, by=by)
    if act.act == "owner":
        owners = [(c, before) for c, before, _ in changes]
        _tasks_return(act, [c for c, _ in owners], by)
        return customers_do.put_back("owner_staff_id", owners, left=act.owner_staff_id, by=by)
    if act.act == "stage":
        return customers_do.take_back_moves([(c, before) for c, _, before in changes], left=act.value, by=by)
    return customers_do.withdraw_entries([version for _, version, _ in changes if version], by=by)


def _tasks_follow(act: BulkAct, owners_before: dict[int, int | None], by: Viewer) -> None:
    """What is open about these files goes to their new owner, and is kept so that it can come back.

    A task laid about a file before it was merged names that file still: the whole group is asked.
    """
    file_of = {member: c for c, members in customers.groups_of(owners_before).items() for member in members}
    held_by = {member: owners_before[c] for member, c in file_of.items()}
    given = work.follow_owner("customer", held_by, act.owner_staff_id, by=by)
    HandedTask.objects.bulk_create(
        HandedTask(
            act_id=act.pk, task_id=one.task_id, customer_id=file_of[one.about_id], owner_staff_id=one.owner,
            assigned_by_staff_id=one.assigned_by,
        )
        for one in given
    )  # fmt: skip


def _tasks_return(act: BulkAct, customer_ids: Sequence[int], by: Viewer) -> None:
    held = HandedTask.objects.filter(act_id=act.pk, customer_id__in=list(customer_ids))
    given = [work.Given(one.task_id, one.customer_id, one.owner_staff_id, one.assigned_by_staff_id) for one in held]
    if given:
        work.give_back(given, left=act.owner_staff_id, by=by)


def finish(act: BulkAct, state: str) -> None:
    """Close an act, with the number it changed."""
    act.state = state
    act.changed_count = BulkChange.objects.filter(act_id=act.pk).count()
    act.save(update_fields=["state", "changed_count", "kept_count"])
