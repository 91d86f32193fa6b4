"""Asking for a message: judged at once, stored once by its key, delivered by the worker after it was judged again."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.kit import chance, clock, ids, jobs
from zhike.kit.events import Event, publish
from zhike.reach import rendering
from zhike.reach.deciding import decide
from zhike.reach.events import MessageEnded
from zhike.reach.models import Message, Template, TemplateVersion
from zhike.reach.records import WAITING, Verdict
from zhike.reach.wording import language_for
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

LONGEST_KEY = 120
MOST_FACTS = 40


class SendRefused(ValueError):
    """A message cannot be asked for so; `code`: template, purpose, key, facts, backfill, state, customer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class KeyTaken(SendRefused):
    """The key stands for another message already."""

    def __init__(self) -> None:
        super().__init__("key_taken")


def send(
    *,
    to: int,
    purpose: str,
    template: str,
    key: str,
    by: Viewer,
    facts: Mapping[str, object] | None = None,
    because: Event | None = None,
) -> str:
    """Ask for one message to a customer; returns its public id. Asked twice with one key it is one message.

    `to` is a customer of the viewer's scope, `template` a public id. Whether it leaves is judged now and again at the call
    of the gateway; a message that must not leave is kept with the reason. `because` names the event that made the caller
    send: nothing leaves because of a backfilled one. Raises SendRefused, KeyTaken, CustomerUnknown, Forbidden.
    """
    check(by, "reach.send")
    if because is not None and because.is_backfill:
        raise SendRefused("backfill")
    if not 0 < len(key) <= LONGEST_KEY:
        raise SendRefused("key")
    version = _version(template, purpose)
    given = _checked_facts(facts or {})
    with transaction.atomic():
        record_id = customers.house_record(to, by=by)
        found = asked.addressee(to)
        if found is None:
            raise SendRefused("customer")
        language = language_for(version.texts, found.language)
        digest = _digest([found.customer_id, purpose, template, given])
        known = Message.objects.filter(key=key).first() or _store(
            record_id, purpose, version.pk, language, given, key, digest, by
        )
    if known.digest != digest and not _same_after_merge(known, found.customer_id, purpose, template, given):
        raise KeyTaken
    return known.public_id


def send_again(public_id: str, *, by: Viewer) -> str:
    """A person decides that a message shall go once more: a new message with a key of its own, judged like any other."""
    check(by, "reach.send")
    old = _message(public_id, by)
    if old.state in (*WAITING, "sending"):
        raise SendRefused("state")
    customer = asked.customer_of_record(old.source_record_id)
    if customer is None:
        raise SendRefused("customer")
    again = Message.objects.filter(key__startswith=f"{old.key[:LONGEST_KEY]}/again-").count() + 1
    with transaction.atomic():
        made = _store(
            old.source_record_id, old.purpose, _version_of(old), old.language, old.facts,
            f"{old.key[:LONGEST_KEY]}/again-{again}", old.digest, by,
        )  # fmt: skip
    return made.public_id


def cancel(public_id: str, *, by: Viewer) -> None:
    """Stop a message that still waits. Raises SendRefused `state` for one that is on its way or over."""
    check(by, "reach.send")
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=_message(public_id, by).pk)
        if message.state not in WAITING:
            raise SendRefused("state")
        end(message, "cancelled", "by_hand")
        secure.record_audit("message.cancelled", by=by, about=("message", message.id), purpose=message.purpose)


def end(message: Message, state: str, why: str = "") -> None:
    """Close a message; call inside a transaction."""
    at = clock.now()
    sent = {"sent_at": at} if state == "sent" else {}
    Message.objects.filter(pk=message.pk).update(state=state, why=why, ended_at=at, **sent)
    publish(MessageEnded(message_id=message.pk, state=state, why=why))


def judged(message: Message, verdict: Verdict) -> None:
    """Write down what was asked and answered; call inside a transaction."""
    checks = [[c.code, c.passed, c.why] for c in verdict.checks]
    Message.objects.filter(pk=message.pk).update(checks=checks, checked_at=clock.now())


def put_off(message: Message, state: str, why: str, due_at: dt.datetime) -> None:
    """Let a message wait until a moment; call inside a transaction."""
    Message.objects.filter(pk=message.pk).update(state=state, why=why, due_at=due_at)
    jobs.enqueue("reach.deliver", run_after=due_at, message_id=message.pk)


def _store(
    record_id: int,
    purpose: str,
    version_id: int,
    language: str,
    facts: Mapping[str, object],
    key: str,
    digest: str,
    by: Viewer,
) -> Message:
    at = clock.now()
    made = Message(
        id=ids.take("message")[0], public_id=chance.public_id(), key=key, digest=digest, source_record_id=record_id,
        purpose=purpose, version_id=version_id, language=language, facts=dict(facts), state="queued", created_at=at,
        due_at=at, by_staff_id=by.staff_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)  # somebody asked at the same moment
    verdict = decide(made).verdict
    judged(made, verdict)
    if verdict.is_refused:
        end(made, "refused", verdict.why)
    elif verdict.not_before is not None:
        put_off(made, "held", verdict.why, verdict.not_before)
    else:
        put_off(made, "queued", "", at)
    detail = {"template": version_id, "why": verdict.why}
    secure.record_audit("message.asked", by=by, about=("message", made.id), purpose=purpose, detail=detail)
    return made


def _version(template: str, purpose: str) -> TemplateVersion:
    found = Template.objects.filter(public_id=template, archived_at=None).first()
    if found is None:
        raise SendRefused("template")
    if found.purpose != purpose:
        raise SendRefused("purpose")
    return found.versions.order_by("-number")[0]


def _version_of(old: Message) -> int:
    newest = old.version.template.versions.order_by("-number").first()
    return int(newest.pk if newest else old.version_id)


def _message(public_id: str, by: Viewer) -> Message:
    from zhike.reach.queries.outbox import visible

    found = visible(by).filter(public_id=public_id).select_related("version__template").first()
    if found is None:
        raise SendRefused("message")
    return found


def _checked_facts(facts: Mapping[str, object]) -> dict[str, str]:
    given = {str(name): str(value) for name, value in facts.items() if name not in rendering.BUILT_IN}
    if len(given) > MOST_FACTS or any(len(v) > rendering.LONGEST_FACT for v in given.values()):
        raise SendRefused("facts")
    return given


def _same_after_merge(
    known: Message, customer_id: int, purpose: str, template: str, facts: Mapping[str, object]
) -> bool:
    """Whether a message asked before a merge is the one asked now: its file is today's, everything else is equal."""
    same_file = asked.customer_of_record(known.source_record_id) == customer_id
    of = known.version.template
    return same_file and (known.purpose, of.public_id, known.facts) == (purpose, template, dict(facts))


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
