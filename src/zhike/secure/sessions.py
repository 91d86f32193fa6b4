"""The sessions of staff: listed to their owner, ended by their owner, by a new password, or by disabling the person."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from zhike.kit.events import publish
from zhike.secure.events import SessionsEnded
from zhike.secure.models import Staff

# The first mark found names it: most browsers also carry the marks of those below them.
_BROWSERS = (("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("QQBrowser", "QQ"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as its owner sees it."""

    id: int
    ip: str
    user_agent: str
    created_at: dt.datetime
    last_seen_at: dt.datetime
    current: bool

    @property
    def device(self) -> str:
        """Browser and system, as somebody would say them; what no mark names stands as it was sent, cut short."""
        told = [next((name for mark, name in marks if mark in self.user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
        return " · ".join(filter(None, told)) or self.user_agent[:80] or "–"


def of(staff: Staff, *, current_key: str | None) -> list[SessionRow]:
    """The living sessions of a person, newest first."""
    alive = set(Session.objects.filter(session_key__in=_keys(staff)).values_list("session_key", flat=True))
    rows = UserSession.objects.filter(user=staff, session_key__in=alive).order_by("-created_at")
    return [
        SessionRow(r.pk, r.ip, r.user_agent, r.created_at, r.last_seen_at, r.session_key == current_key) for r in rows
    ]


def end(staff: Staff, session_id: int) -> bool:
    """End one session of the person; whether there was one of theirs."""
    row = UserSession.objects.filter(user=staff, pk=session_id).first()
    if row is None:
        return False
    end_keys(staff, [row.session_key])
    return True


def end_all(staff: Staff, *, keep_key: str | None = None) -> int:
    """End every session of the person, save one if told; how many."""
    keys = [key for key in _keys(staff) if key != keep_key]
    end_keys(staff, keys)
    return len(keys)


def digest(session_key: str) -> str:
    """A short name of a session for the audit and for sockets; the key cannot be had from it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]


def _keys(staff: Staff) -> list[str]:
    return list(UserSession.objects.filter(user=staff).values_list("session_key", flat=True))


def end_keys(staff: Staff, keys: list[str]) -> None:
    """End the sessions of these keys, and say so to those who hold sockets open under them."""
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=staff, session_key__in=keys).delete()
    publish(SessionsEnded(staff_id=staff.pk, session_digests=tuple(digest(k) for k in keys)))
