"""Erasing a person: what their messages said is gone; that they were sent, and to which digest, stays as proof."""

from django.db import transaction

from zhike.customers import queries as customers
from zhike.reach.actions.sending import end
from zhike.reach.models import Attempt, Message, Suppression
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


def forget_messages_of(customer_id: int) -> None:
    """Blank the facts of a customer's messages and stop those that wait; repeatable. Call inside a transaction."""
    mine = Message.objects.filter(source_record_id__in=customers.record_ids_of(customer_id))
    for waiting in mine.filter(state__in=WAITING):
        end(waiting, "refused", "archived")
    mine.update(facts={})
