"""Keeping the settings of sending. The password goes in and never comes out on a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import transaction

from zhike.kit import clock
from zhike.reach.channels import channels
from zhike.reach.hours import is_time
from zhike.reach.models import MailSettings
from zhike.reach.server import PASSWORD_PLACE
from zhike.secure import actions as secure
from zhike.secure import consents
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

SECURITIES = ("starttls", "tls", "none")
MOST_MESSAGES, MOST_DAYS = 1000, 365


class SettingsRefused(ValueError):
    """Settings cannot be kept so; `code` names what: channel, host, port, security, sender, reply_to, url, hours, caps, clear_password."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the shop shall send. `password`: None leaves it as it is, an empty text removes it."""

    is_on: bool = False
    channel: str = "simulator"
    host: str = ""
    port: int = 587
    security: str = "starttls"
    username: str = ""
    password: str | None = field(default=None, repr=False)
    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""
    public_url: str = ""
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    quiet_for_service: bool = False
    caps: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def change_settings(wanted: Wanted, *, by: Viewer) -> None:
    """Keep the settings; in force for the next message. Raises SettingsRefused, Forbidden."""
    check(by, "reach.manage")
    _refuse_bad(wanted)
    names = (
        "is_on", "channel", "host", "port", "security", "username", "sender_name", "sender_address", "reply_to", "public_url",
        "quiet_from", "quiet_until", "quiet_for_service",
    )  # fmt: skip
    kept = {name: getattr(wanted, name) for name in names}
    kept |= {
        "caps": {p: list(c) for p, c in wanted.caps.items()},
        "changed_at": clock.now(),
        "by_staff_id": by.staff_id,
    }
    with transaction.atomic():
        before = MailSettings.objects.select_for_update().filter(pk=1).first()
        if wanted.password is not None:
            kept["password"] = _sealed(wanted.password, by) if wanted.password else None
        elif before is not None and (before.host, before.username) != (wanted.host, wanted.username):
            kept["password"] = None  # a password is told to the server it was entered for and to no other
        MailSettings.objects.update_or_create(pk=1, defaults=kept)
        detail = {"on": wanted.is_on, "channel": wanted.channel, "password": wanted.password is not None}
        secure.record_audit("reach.settings", by=by, detail=detail)


def _sealed(password: str, by: Viewer) -> bytes:
    return secure.seal_secret(PASSWORD_PLACE, password, permission="reach.manage", by=by)


def _refuse_bad(wanted: Wanted) -> None:
    known = {p.code for p in consents.purposes(archived=True)}
    caps_fit = all(
        p in known and 0 <= n <= MOST_MESSAGES and 1 <= days <= MOST_DAYS for p, (n, days) in wanted.caps.items()
    )
    needs_server = wanted.channel == "smtp"
    for code, is_right in (
        ("channel", wanted.channel in channels()),
        ("host", not needs_server or _is_host(wanted.host)),
        ("port", 1 <= wanted.port <= 65535),
        ("security", wanted.security in SECURITIES),
        # In the clear a password would be anybody's who listens.
        ("clear_password", wanted.security != "none" or not (wanted.username or wanted.password)),
        ("sender", _is_address(wanted.sender_address) if needs_server else not wanted.sender_address or _is_address(wanted.sender_address)),
        ("sender_name", _is_line(wanted.sender_name, 80)),
        ("reply_to", not wanted.reply_to or _is_address(wanted.reply_to)),
        ("url", not wanted.public_url or _is_url(wanted.public_url)),
        ("hours", is_time(wanted.quiet_from) and is_time(wanted.quiet_until)),
        ("caps", caps_fit),
    ):  # fmt: skip
        if not is_right:
            raise SettingsRefused(code)


def _is_host(text: str) -> bool:
    return bool(text) and len(text) <= 253 and all(c.isalnum() or c in ".-:[]" for c in text)


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    has_odd_signs = any(c.isspace() or c in "<>,;:\"'\\()[]" for c in text)
    return (
        bool(local and at and domain)
        and text.isascii()
        and text.isprintable()
        and len(text) <= 200
        and not has_odd_signs
    )


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = not (parts.username or parts.query or parts.fragment)
    return (
        parts.scheme in ("https", "http")
        and bool(parts.hostname)
        and is_plain
        and text.isprintable()
        and " " not in text
    )
