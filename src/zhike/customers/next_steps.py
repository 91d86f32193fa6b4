"""The next step agreed with a customer is a task of whoever agreed it, until they speak with the customer again."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from zhike.customers.models import ContactRecord
from zhike.customers.queries.abouts import group_ids
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure.records import Viewer

NEXT_STEP = "next_step"


def announce() -> None:
    """The kind of task."""
    from zhike.work import kinds

    kinds.register(
        NEXT_STEP, _("Next step agreed"), icon="calendar-event", queue="archive",
        why={"agreed": _("Agreed at the contact of %(day)s.")},
    )  # fmt: skip


def follow(root_id: int, record: ContactRecord, *, by: Viewer) -> None:
    """After a contact: what was due by its day is done, what was agreed in it becomes a task.

    Inside the transaction of the contact. A list's entry is no talk; a day already gone asks nothing of anybody.
    """
    from zhike.work import actions as work

    if by.staff_id is None or record.way == "list":
        return
    zone = installation().time_zone
    on = record.at.astimezone(ZoneInfo(zone)).date()
    work.settle_tasks(
        NEXT_STEP, "customer", group_ids(root_id), by=by, owner_staff_id=by.staff_id, due_by=on, outcome="done"
    )
    if record.next_step_on is not None and record.next_step_on >= clock.today(zone):
        work.open_task(
            NEXT_STEP,
            about_kind="customer",
            about_id=root_id,
            about_part=str(record.id),
            why_code="agreed",
            why_params={"day": on.isoformat()},
            owner_staff_id=by.staff_id,
            due_on=record.next_step_on,
        )
