"""The way out in every advertising message: its reader stops them, without signing in and without saying who they are."""

from django.db import transaction

from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.reach.actions.sending import end
from zhike.reach.actions.suppressing import put
from zhike.reach.models import Message
from zhike.reach.records import WAITING
from zhike.reach.wording import message_of_token
from zhike.secure import actions as secure
from zhike.secure.records import SYSTEM


def stop_by_link(token: str) -> str | None:
    """Withdraw for the purpose of the message behind a token, suppress its address, stop what waits; the purpose's code.

    None for a token that was not made here. Asked again it changes nothing.
    """
    message = message_behind(token)
    if message is None:
        return None
    with transaction.atomic():
        customer = asked.customer_of_record(message.source_record_id)
        if customer is not None and asked.consent_for(customer, message.purpose).state != "withdrawn":
            customers.withdraw_by_link(customer, message.purpose)
        if message.address_digest:
            made = put(bytes(message.address_digest), message.purpose, "unsubscribed", message.pk, SYSTEM)
            if made is not None:
                detail = {"reason": "unsubscribed", "message": message.pk}
                secure.record_audit("suppression.added", by=SYSTEM, about=("suppression", made), detail=detail)
        if customer is not None:
            _stop_waiting(customer, message.purpose)
    return message.purpose


def message_behind(token: str) -> Message | None:
    """The message a token was made for."""
    public_id = message_of_token(token)
    return Message.objects.filter(public_id=public_id).first() if public_id else None


def _stop_waiting(customer_id: int, purpose: str) -> None:
    of_group = Message.objects.filter(source_record_id__in=asked.record_ids_of(customer_id), purpose=purpose)
    for waiting in of_group.filter(state__in=WAITING).select_for_update():
        end(waiting, "refused", "withdrawn")
