"""What a message says to its reader: the template of their language, its variables filled, the way out below."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core import signing
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.reach import rendering
from zhike.reach.models import MailSettings, Message
from zhike.reach.records import Mail
from zhike.reach.settings_of_mail import domain_of, sender_name, settings
from zhike.secure import consents

FALLBACK = "zh-hans"
_SALT = "zhike.reach.stop"


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and both parts."""

    subject: str
    text: str
    html: SafeString


def language_for(texts: Mapping[str, object], wanted: str) -> str:
    """The language of a message: the customer's own where the template has it, else Chinese, else what there is."""
    codes = {
        "zh": "zh-hans",
        "zh-hans": "zh-hans",
        "chinese": "zh-hans",
        "中文": "zh-hans",
        "en": "en",
        "english": "en",
    }
    asked = wanted.strip().casefold()
    code = codes.get(asked) or codes.get(asked.split("-")[0], FALLBACK)
    return code if code in texts else FALLBACK if FALLBACK in texts else next(iter(texts))


def words(
    texts: Mapping[str, Mapping[str, str]], language: str, values: Mapping[str, str], *, purpose: str, stop_url: str
) -> Wording:
    """Fill a template. Raises TemplateFault `fact` where a variable has nothing to stand for."""
    said = texts[language]
    body = said["body"].strip()
    with translation.override(language):
        if stop_url:
            body += "\n\n" + _way_out(purpose)
    filled = {**values, "stop_url": stop_url}
    return Wording(
        rendering.subject(said["subject"], values),
        rendering.text(body, filled),
        _linked(rendering.html(body, filled), stop_url),
    )


def values_for(name: str, number: str, language: str, facts: Mapping[str, object]) -> dict[str, str]:
    """What the variables stand for: the facts given, and over them what every template may say."""
    shop = installation()
    today = clock.now().astimezone(ZoneInfo(shop.time_zone)).date().isoformat()
    with translation.override(language):
        called = name or gettext("customer")
    own = {"name": called, "number": number, "shop": shop.name or gettext("the shop"), "day": today}
    return {**{key: str(value) for key, value in facts.items()}, **own}


def mail_of(message: Message, name: str, number: str) -> Mail:
    """The message as it goes to the gateway."""
    kept = settings()
    url = stop_url(message, kept)
    said = words(
        message.version.texts, message.language, values_for(name, number, message.language, message.facts),
        purpose=message.purpose, stop_url=url,
    )  # fmt: skip
    return Mail(
        message_id=f"<{message.public_id}@{domain_of(kept)}>",
        sender_name=sender_name(kept),
        sender_address=kept.sender_address or "shop@localhost",
        reply_to=kept.reply_to,
        subject=said.subject,
        text=said.text,
        html=said.html,
        at=clock.now(),
        headers=_list_headers(url),
    )


def stop_url(message: Message, kept: MailSettings) -> str:
    """Where the reader stops messages for this purpose: in every message that is advertising."""
    purpose = consents.purpose(message.purpose)
    if purpose is None or not purpose.is_advertising or not kept.public_url:
        return ""
    return f"{kept.public_url.rstrip('/')}/stop/{stop_token(message.public_id)}/"


def stop_token(public_id: str) -> str:
    """A token that names a message and cannot be made up; it holds nothing of the address."""
    return signing.Signer(salt=_SALT, sep="~").sign(public_id)


def message_of_token(token: str) -> str | None:
    """The public id in a token made here, or None."""
    try:
        return signing.Signer(salt=_SALT, sep="~").unsign(token)
    except signing.BadSignature:
        return None


def _list_headers(url: str) -> tuple[tuple[str, str], ...]:
    # RFC 2369 and RFC 8058: the mail program shows a button of its own, and needs no page for it.
    if not url:
        return ()
    return (("List-Unsubscribe", f"<{url}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))


def _way_out(purpose: str) -> str:
    known = consents.purpose(purpose)
    about = str(known.label) if known else purpose
    text = gettext("You receive this because you agreed to “%(purpose)s”. Stop it here: ") % {"purpose": about}
    return text.replace("{", "(").replace("}", ")") + "{{ stop_url }}"


def _linked(html: SafeString, url: str) -> SafeString:
    """The address of the way out as a link."""
    from django.utils.html import escape
    from django.utils.safestring import mark_safe

    if not url:
        return html
    shown = escape(url)
    head, found, tail = html.rpartition(shown)
    link = f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>'
    return mark_safe(f"{head}{link}{tail}") if found else html
