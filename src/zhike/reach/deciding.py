"""May this message leave, now? Every question in order, each with its answer: once when it is asked for, and again at the call.

Nothing is kept from one time to the next: a consent withdrawn, an address suppressed, a file merged in between counts.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from zhike.customers import queries as customers
from zhike.customers.queries import Addressee, MailAddress
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.reach import rendering
from zhike.reach.hours import quiet_until
from zhike.reach.models import MailSettings, Message, Suppression
from zhike.reach.records import MAY_HAVE_ARRIVED, WAITING, Check, Verdict
from zhike.reach.settings_of_mail import cap_of, settings
from zhike.secure import consents
from zhike.secure.consents import Purpose

TOO_LATE = dt.timedelta(hours=72)  # a message that waited longer says nothing its reader wants to know
_OFF_AGAIN = dt.timedelta(minutes=15)
_NOT_GIVEN = {"withdrawn": "withdrawn", "lapsed": "lapsed", "unknown": "not_asked"}


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and what the call needs when it is good: whom, and which of their addresses."""

    verdict: Verdict
    to: Addressee | None
    address: MailAddress | None


def decide(message: Message) -> Decision:
    """Ask everything about a message as it stands now. The first no decides; what was not asked after it is not listed."""
    kept, now = settings(), clock.now()
    found = customers.customer_of_record(message.source_record_id)
    to = customers.addressee(found) if found is not None else None
    purpose = consents.purpose(message.purpose)
    if to is None or purpose is None:
        why = "gone" if to is None else "purpose"
        return Decision(Verdict((Check("file", False, why),), why), None, None)
    chosen, why_none = choose(to, message.purpose)
    checks: list[Check] = []
    for check in _checks(message, to, purpose, kept, why_none, now):
        checks.append(check)
        if not check.passed:
            return Decision(Verdict(tuple(checks), check.why), to, None)
    until, why = _waits(kept, purpose, now)
    checks.append(Check("hours", until is None, why))
    return Decision(Verdict(tuple(checks), why, until), to, chosen)


def may_still(message: Message) -> str:
    """Asked once more with the address open in hand: why not, or nothing. Consent, do-not-contact and suppression alone."""
    found = customers.customer_of_record(message.source_record_id)
    if found is None:
        return "gone"
    standing = customers.consent_for(found, message.purpose)
    if not standing.is_allowed:
        return _NOT_GIVEN[standing.state]
    if customers.is_blocked(found):
        return "do_not_contact"
    return "suppressed" if _suppressed([bytes(message.address_digest or b"")], message.purpose) else ""


def choose(to: Addressee, purpose: str) -> tuple[MailAddress | None, str]:
    """The best address nothing stands against, and why there is none.

    An address that bounced is passed over for another one. One that was suppressed for any other reason stops the message:
    whoever asked not to be written to did not mean the address alone.
    """
    held = _suppressed([a.digest for a in to.addresses], purpose)
    if set(held.values()) - {"hard_bounce"}:
        return None, "suppressed"
    free = [a for a in to.addresses if a.digest not in held]
    return (free[0], "") if free else (None, "bounced_before" if held else "no_address")


def _checks(
    message: Message, to: Addressee, purpose: Purpose, kept: MailSettings, why_none: str, now: dt.datetime
) -> Iterator[Check]:
    yield Check(
        "on_time", now < message.created_at + TOO_LATE, "" if now < message.created_at + TOO_LATE else "too_late"
    )
    yield _check("file", not to.is_archived, "archived")
    yield _check("contact", not customers.is_blocked(to.customer_id), "do_not_contact")
    standing = customers.consent_for(to.customer_id, purpose.code)
    yield _check("consent", standing.is_allowed, _NOT_GIVEN.get(standing.state, "not_asked"))
    yield _check("address", why_none != "no_address", "no_address")
    yield _check("suppression", not why_none, why_none)
    yield _check("words", _has_all_facts(message), "facts_missing")
    has_way_out = not purpose.is_advertising or bool(kept.public_url)
    yield _check("way_out", has_way_out, "no_way_out")
    yield _check("cap", not _is_capped(message, to, purpose, kept, now), "capped")


def _check(code: str, passed: bool, why: str) -> Check:
    return Check(code, passed, "" if passed else why)


def _waits(kept: MailSettings, purpose: Purpose, now: dt.datetime) -> tuple[dt.datetime | None, str]:
    if not kept.is_on:
        return now + _OFF_AGAIN, "off"
    if purpose.is_advertising or kept.quiet_for_service:
        until = quiet_until(now, kept.quiet_from, kept.quiet_until, installation().time_zone)
        if until is not None:
            return until, "quiet_hours"
    return None, ""


def _suppressed(digests: list[bytes], purpose: str) -> dict[bytes, str]:
    rows = Suppression.objects.filter(digest__in=digests, purpose__in=("", purpose), lifted_at=None)
    found: dict[bytes, str] = {}
    for digest, reason in rows.order_by("id").values_list("digest", "reason"):
        known = found.get(bytes(digest), "hard_bounce")
        found[bytes(digest)] = reason if known == "hard_bounce" else known
    return found


def _has_all_facts(message: Message) -> bool:
    needed = rendering.facts_of(message.version.texts.values())
    return all(name in message.facts for name in needed)


def _is_capped(message: Message, to: Addressee, purpose: Purpose, kept: MailSettings, now: dt.datetime) -> bool:
    """Whether the merged group has had, or is about to have, as many messages as it may. Of those that wait the earlier go first."""
    cap = cap_of(kept, purpose.code, purpose.is_advertising)
    if cap is None:
        return False
    most, days = cap
    since = now - dt.timedelta(days=days)
    of_group = Message.objects.filter(
        source_record_id__in=customers.record_ids_of(to.customer_id), purpose=purpose.code
    )
    arrived = Q(state__in=MAY_HAVE_ARRIVED) & (Q(sent_at__gt=since) | Q(sent_at=None, created_at__gt=since))
    ahead = Q(state__in=WAITING, id__lt=message.id)
    return of_group.filter(arrived | ahead).exclude(pk=message.id).count() >= most
