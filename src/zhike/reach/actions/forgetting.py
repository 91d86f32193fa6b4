"""Erasing a person: what their messages said is gone; that they were sent, and to which digest, stays as proof."""

from collections.abc import Sequence

from django.db import transaction

from zhike.customers import queries as customers
from zhike.reach.actions.sending import end
from zhike.reach.models import Attempt, Message, Suppression, Template, TemplateVersion
from zhike.reach.records import WAITING
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_BATCH = 500


def forget_lost_messages(*, by: Viewer) -> int:
    """Delete messages whose customer is no more, with what they put on the suppression list: the demo shop's, once it was taken out."""
    check(by, "demo.manage")
    gone, last = 0, 0
    while rows := list(
        Message.objects.filter(id__gt=last).order_by("id").values_list("id", "source_record_id")[:_BATCH]
    ):
        last = rows[-1][0]
        known = customers.customers_holding({record for _, record in rows})
        lost = [message for message, record in rows if record not in known]
        with transaction.atomic():
            Suppression.objects.filter(message_id__in=lost).delete()
            Attempt.objects.filter(message_id__in=lost).delete()
            gone += Message.objects.filter(id__in=lost).delete()[0]
    return gone


def forget_templates_of(staff_ids: Sequence[int], *, by: Viewer) -> int:
    """Delete the templates of staff who never were (demo accounts); returns how many.

    One that somebody else wrote on, or in whose words a message stands, stays: what was sent can be read as it was. So the
    messages of the demo shop go first. Raises Forbidden.
    """
    check(by, "demo.manage")
    with transaction.atomic():
        versions = TemplateVersion.objects.filter(template__by_staff_id__in=staff_ids)
        sent = Message.objects.filter(version__in=versions).values_list("version__template_id", flat=True)
        written = versions.exclude(by_staff_id__in=staff_ids).values_list("template_id", flat=True)
        kept = {*sent, *written}
        gone = Template.objects.select_for_update().filter(by_staff_id__in=staff_ids).exclude(id__in=kept)
        gone_ids = list(gone.values_list("id", flat=True))
        TemplateVersion.objects.filter(template_id__in=gone_ids).delete()
        return Template.objects.filter(id__in=gone_ids).delete()[0]


def forget_messages_of(customer_id: int) -> None:
    """Blank the facts of a customer's messages and stop those that wait; repeatable. Call inside a transaction."""
    mine = Message.objects.filter(source_record_id__in=customers.record_ids_of(customer_id))
    for waiting in mine.filter(state__in=WAITING):
        end(waiting, "refused", "archived")
    mine.update(facts={})
