"""The call of the gateway, between two short transactions.

First the message is judged again and marked as `sending`, with an attempt that has no outcome yet; then, outside of any
transaction, its one address is opened and the gateway called; then the outcome is written. A process that dies in between
leaves a message in `sending`: whoever finds it so says `unknown`. It is never sent again by itself, because nobody knows
whether it arrived.
"""

import datetime as dt
import logging

from django.db import transaction

from zhike.kit import clock, failpoints, jobs
from zhike.reach.actions.sending import end, judged, put_off
from zhike.reach.actions.suppressing import note_bounce
from zhike.reach.channels import channels
from zhike.reach.deciding import Decision, decide, may_still
from zhike.reach.models import Attempt, Message
from zhike.reach.records import WAITING, Mail, Outcome
from zhike.reach.server import server_of
from zhike.reach.settings_of_mail import settings
from zhike.reach.wording import mail_of
from zhike.secure import actions as secure
from zhike.secure.records import SYSTEM
from zhike.secure.vault import VaultError

log = logging.getLogger(__name__)

BACK_OFF = tuple(dt.timedelta(minutes=m) for m in (1, 5, 30, 120, 480))
_OVERDUE = dt.timedelta(minutes=15)
failpoints.declare("reach.before_call", "reach.called")


def deliver(message_id: int) -> str:
    """Take one message as far as it goes now; its state afterwards. Harmless for one that is over or not yet due."""
    taken = _take(message_id)
    if taken is None:
        return str(Message.objects.values_list("state", flat=True).filter(pk=message_id).first() or "gone")
    message, decision, number = taken
    failpoints.hit("reach.before_call")
    outcome = _call(message, decision)
    failpoints.hit("reach.called")
    return _note(message_id, number, outcome)


def _take(message_id: int) -> tuple[Message, Decision, int] | None:
    """Judge and mark in one transaction: None when nothing is to be called now."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",)).select_related("version").filter(pk=message_id).first()
        )
        if message is None:
            return None
        if message.state == "sending":
            _found_sending(message)
            return None
        if message.state not in WAITING or message.due_at > clock.now():
            return None
        decision = decide(message)
        judged(message, decision.verdict)
        if decision.verdict.is_refused:
            end(message, "refused", decision.verdict.why)
            return None
        if decision.verdict.not_before is not None:
            put_off(message, "held", decision.verdict.why, decision.verdict.not_before)
            return None
        assert decision.address is not None
        number = message.attempt_count + 1
        message.address_digest = decision.address.digest
        changed = {"state": "sending", "why": "", "attempt_count": number, "address_digest": decision.address.digest}
        Message.objects.filter(pk=message_id).update(**changed)
        Attempt.objects.create(message_id=message_id, number=number, channel=settings().channel, at=clock.now())
        return message, decision, number


def _found_sending(message: Message) -> None:
    """Somebody called the gateway for it and never came back."""
    Attempt.objects.filter(message=message, outcome="").update(outcome="unknown", code="not_back", ended_at=clock.now())
    end(message, "unknown", "not_back")


def _call(message: Message, decision: Decision) -> Outcome:
    kept = settings()
    assert decision.to is not None and decision.address is not None
    mail: Mail = mail_of(message, decision.to.name, decision.to.number)
    channel = channels().get(kept.channel)
    if channel is None:
        return Outcome("later", "no_channel")
    try:
        address = secure.open_many([decision.address.ref], "email", purpose="sending", by=SYSTEM)[0]
    except VaultError as fault:
        return Outcome("refused", fault.code)
    if why := may_still(message):
        return Outcome("refused", why)
    try:
        return channel.deliver(mail, address, server_of(kept))
    except Exception as fault:  # noqa: BLE001  (a channel that breaks has said nothing about whether it delivered)
        log.error("channel %s broke with %s", kept.channel, type(fault).__name__)
        return Outcome("unknown", "channel_broke")


def _note(message_id: int, number: int, outcome: Outcome) -> str:
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None or message.state != "sending":
            return message.state if message else "gone"
        ended = {"outcome": outcome.kind, "code": outcome.code[:24], "ended_at": clock.now()}
        Attempt.objects.filter(message_id=message_id, number=number).update(**ended)
        if outcome.kind == "later":
            return _later(message, number, outcome.code)
        state = {"refused": "failed"}.get(outcome.kind, outcome.kind)
        if state == "failed" and outcome.code in _OURS:
            state = "refused"
        end(message, state, "" if state == "sent" else outcome.code[:24])
        if outcome.kind == "bounced" and message.address_digest:
            note_bounce(bytes(message.address_digest), message_id)
        return state


# Reasons of our own that came up between judging and calling: nothing failed, it was stopped in time.
_OURS = frozenset({"withdrawn", "lapsed", "not_asked", "do_not_contact", "suppressed", "gone"})


def _later(message: Message, number: int, code: str) -> str:
    if number > len(BACK_OFF):
        end(message, "failed", "gave_up")
        return "failed"
    put_off(message, "queued", code[:24], clock.now() + BACK_OFF[number - 1])
    return "queued"


def look_after(limit: int = 500) -> int:
    """Enqueue what is overdue by a quarter of an hour without anybody having taken it; how many. Nothing is sent twice by it."""
    late = clock.now() - _OVERDUE
    stuck = Message.objects.filter(state__in=(*WAITING, "sending"), due_at__lt=late).order_by("id")
    found = list(stuck.values_list("id", flat=True)[:limit])
    for message_id in found:
        if not Attempt.objects.filter(message_id=message_id, outcome="", at__gt=late).exists():
            jobs.enqueue("reach.deliver", unique_key=f"reach.deliver:{message_id}", message_id=message_id)
    return len(found)
