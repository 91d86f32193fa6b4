"""Acts on many customers: started by a page, carried out by a job, taken back by another."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.http import QueryDict

from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.customers.records import RegisterFilter, Selection
from zhike.desk.asking import asked
from zhike.desk.models import BulkAct, BulkChange
from zhike.kit import bulk, chance, clock, jobs
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

PERMISSION = {"tag": "customers.tag", "untag": "customers.tag", "owner": "customers.edit"}
AT_ONCE = 50  # up to here an act is done while the page waits


class BulkRefused(ValueError):
    """The act cannot be done: `unknown_act`, `nobody_selected`, `tag_missing`, `owner_unknown` or `not_done`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def start_bulk(
    act: str,
    *,
    by: Viewer,
    ids: Sequence[int] = (),
    query: str | None = None,
    tag: str = "",
    owner_staff_id: int | None = None,
) -> BulkAct:
    """Tag, untag or give an owner to the ticked customers, or to all that a register's query matches.

    Small selections are done at once; larger ones by a job whose progress the page shows.
    """
    if act not in PERMISSION:
        raise BulkRefused("unknown_act")
    check(by, PERMISSION[act])
    if len(ids) != 1:
        check(by, "customers.bulk")
    if not ids and query is None:
        raise BulkRefused("nobody_selected")
    if act != "owner" and not tag.strip():
        raise BulkRefused("tag_missing")
    if act == "owner" and owner_staff_id is not None and owner_staff_id not in secure.staff_names():
        raise BulkRefused("owner_unknown")
    with transaction.atomic():
        made = BulkAct.objects.create(
            public_id=chance.public_id(),
            staff_id=by.staff_id or 0,
            act=act,
            tag=" ".join(tag.split())[:40],
            owner_staff_id=owner_staff_id,
            selected_ids=list(ids),
            query=query or "",
            created_at=clock.now(),
        )
        if not ids or len(ids) > AT_ONCE:
            made.job_id = jobs.enqueue("desk.bulk", by=by, act_id=made.pk)
            made.save(update_fields=["job_id"])
    if made.job_id is None:
        for chunk in chunks(made, by):
            do_chunk(made, chunk, by)
        finish(made, "done")
    return made


def undo_bulk(public_id: str, *, by: Viewer) -> BulkAct:
    """Take an act of one's own back, by a job. Raises BulkRefused `not_done` when it is not done or undone already."""
    with transaction.atomic():
        act = (
            BulkAct.objects.select_for_update()
            .filter(public_id=public_id, staff_id=by.staff_id or 0, state="done")
            .first()
        )
        if act is None:
            raise BulkRefused("not_done")
        act.state = "undoing"
        act.job_id = jobs.enqueue("desk.undo_bulk", by=by, act_id=act.pk)
        act.save(update_fields=["state", "job_id"])
    return act


def selection(act: BulkAct, viewer: Viewer) -> Selection:
    """Whom an act concerns, evaluated when it runs, within the viewer's scope."""
    if act.selected_ids:
        return Selection(ids=tuple(act.selected_ids))
    return Selection(matching=asked_filter(QueryDict(act.query), viewer, at=act.created_at))


def asked_filter(query: QueryDict, viewer: Viewer, *, at: dt.datetime) -> RegisterFilter:
    """The filter of a register's address as it was asked `at` a moment, the search words included."""
    return asked(query, viewer, installation().time_zone, at=at)[0]


def chunks(act: BulkAct, viewer: Viewer) -> Iterator[list[int]]:
    """The customers of an act, ascending, a few hundred at a time."""
    return customers.selected_ids(viewer, selection(act, viewer), chunk=500)


def do_chunk(act: BulkAct, ids: Sequence[int], by: Viewer) -> int:
    """Do the act on some customers and keep what it changed, in one transaction; how many changed."""
    with transaction.atomic():
        if act.act == "tag":
            changed: list[tuple[int, int | None]] = [(c, None) for c in customers_do.add_tag(ids, act.tag, by=by)]
        elif act.act == "untag":
            changed = [(c, None) for c in customers_do.remove_tag(ids, act.tag, by=by)]
        else:
            changed = customers_do.set_owner(ids, act.owner_staff_id, by=by)
        rows = [(act.pk, customer_id, before) for customer_id, before in changed]
        bulk.insert_many("desk_bulk_change", ("act_id", "customer_id", "before_id"), rows, on_conflict="ignore")
    return len(changed)


def undo_chunk(act: BulkAct, after: int, by: Viewer, *, size: int = 500) -> int:
    """Take back some of an act's changes, from the smallest id after `after`; the last id, or 0 when all are back."""
    found = BulkChange.objects.filter(act_id=act.pk, customer_id__gt=after).order_by("customer_id")
    changes = list(found.values_list("customer_id", "before_id")[:size])
    ids = [customer_id for customer_id, _ in changes]
    with transaction.atomic():
        if act.act == "tag":
            customers_do.remove_tag(ids, act.tag, by=by)
        elif act.act == "untag":
            customers_do.add_tag(ids, act.tag, by=by)
        else:
            for owner in {before for _, before in changes}:
                customers_do.set_owner([c for c, before in changes if before == owner], owner, by=by)
    return ids[-1] if len(ids) == size else 0


def finish(act: BulkAct, state: str) -> None:
    """Close an act, with the number it changed."""
    act.state = state
    act.changed_count = BulkChange.objects.filter(act_id=act.pk).count()
    act.save(update_fields=["state", "changed_count"])
