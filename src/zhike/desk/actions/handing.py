"""Handing files over: one, a selection, or all of somebody; with a checklist, by a job, taken back exactly."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.desk.actions.bulk import WITH_TASKS, BulkRefused, start_bulk
from zhike.desk.models import BulkAct, HandOver
from zhike.kit import chance, clock
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

CHECKLIST: Mapping[str, Promise] = {
    "tasks": _("Open tasks have been gone through"),
    "contracts": _("Contracts and disputes have been explained"),
    "promises": _("Promises made to customers are noted on the files"),
    "introduced": _("Customers know their new contact"),
    "material": _("Paper files and samples have been given over"),
}
MOST_NOTE = 400


def hand_over(
    to_staff_id: int, *, by: Viewer, ids: Sequence[int] = (), from_staff_id: int | None = None,
    checklist: Mapping[str, bool] | None = None, note: str = "",
) -> tuple[HandOver, BulkAct]:  # fmt: skip
    """Give files to a new owner: those of `ids`, or all of `from_staff_id` within the viewer's scope.

    Open tasks about these files that their owner before had go along. What is not ticked on the checklist stays visible with the hand-over. The act is taken back like any other on many
    customers. Raises BulkRefused, Forbidden.
    """
    check(by, "charge.manage")
    if not ids and from_staff_id is None:
        raise BulkRefused("nobody_selected")
    if from_staff_id == to_staff_id:
        raise BulkRefused("owner_unknown")
    query = None if ids else urlencode({"owner": from_staff_id})
    ticked = {code: bool((checklist or {}).get(code)) for code in CHECKLIST}
    act = start_bulk("owner", by=by, ids=ids, query=query, owner_staff_id=to_staff_id, value=WITH_TASKS)
    with transaction.atomic():
        row = HandOver.objects.create(
            public_id=chance.public_id(), act_public_id=act.public_id, from_staff_id=from_staff_id, to_staff_id=to_staff_id,
            checklist=ticked, note=cutting.cut(note.strip()[:MOST_NOTE])[0], by_staff_id=by.staff_id, at=clock.now(),
        )  # fmt: skip
        detail = {
            "from": from_staff_id,
            "to": to_staff_id,
            "files": len(ids) or None,
            "open": sum(not v for v in ticked.values()),
        }
        secure.record_audit("charge.handed_over", by=by, about=("hand_over", row.pk), detail=detail)
    return row, act
