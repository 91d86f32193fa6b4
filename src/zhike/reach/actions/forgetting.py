"""Erasing a person: what their messages said is gone; that they were sent, and to which digest, stays as proof."""

from zhike.customers import queries as customers
from zhike.reach.actions.sending import end
from zhike.reach.models import Message
from zhike.reach.records import WAITING


def forget_messages_of(customer_id: int) -> None:
    """Blank the facts of a customer's messages and stop those that wait; repeatable. Call inside a transaction."""
    mine = Message.objects.filter(source_record_id__in=customers.record_ids_of(customer_id))
    for waiting in mine.filter(state__in=WAITING):
        end(waiting, "refused", "archived")
    mine.update(facts={})
