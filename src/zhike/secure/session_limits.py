"""How many sessions a person may have, how long one may lie idle, and how long one lives at all; by role."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.http import HttpRequest

from zhike.kit import clock
from zhike.secure import auditing, policy, sessions
from zhike.secure.models import Staff
from zhike.secure.records import Viewer

LONGEST_SECONDS = 12 * 3600
_BEGAN, _SEEN = "zhike_began", "zhike_seen"
_NOTE_EVERY_SECONDS = 60


class SessionLimits:
    """Middleware: ends a session that is too old or was idle too long, before anything looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        # Without our cookie there is no session to look at, and nothing to ask the database.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, Staff):
            _look(request, request.user)
        return self.get_response(request)


def begin(request: HttpRequest, staff: Staff) -> None:
    """A session has begun: remember when, and end the person's oldest ones beyond what their roles allow."""
    request.session[_BEGAN] = request.session[_SEEN] = _now()
    most = policy.viewer_of(staff).sessions_at_most
    keys = list(
        UserSession.objects.filter(user=staff).order_by("-created_at", "-pk").values_list("session_key", flat=True)
    )
    others = [key for key in keys if key != request.session.session_key]
    if surplus := others[max(most - 1, 0) :]:
        sessions.end_keys(staff, surplus)
        _note(request, staff, "too_many", len(surplus))


def _look(request: HttpRequest, staff: Staff) -> None:
    now, session = _now(), request.session
    began, stored = session.get(_BEGAN), session.get(_SEEN)
    if began is None or stored is None:  # begun before there were limits: such a session ends with its cookie
        return
    key = f"seen:{session.session_key}"
    seen = max(stored, caches["memory"].get(key, 0.0))
    idle_seconds = policy.viewer_of(staff).idle_minutes * 60
    if now - began >= LONGEST_SECONDS:
        _end(request, staff, "too_old")
    elif idle_seconds and now - seen >= idle_seconds:
        _end(request, staff, "idle")
    elif _is_a_person(request):
        _note_seen(request, key, now, stored)


def _note_seen(request: HttpRequest, key: str, now: float, stored: float) -> None:
    """Reading notes the sign of life in this process's memory, as a GET writes nothing; sending keeps it for a restart."""
    caches["memory"].set(key, now, LONGEST_SECONDS)
    if request.method != "GET" and now - stored >= _NOTE_EVERY_SECONDS:
        request.session[_SEEN] = now


def _is_a_person(request: HttpRequest) -> bool:
    # Open pages ask for progress by themselves, for hours: only a page opened or something sent is a sign of life.
    return request.method != "GET" or "HX-Request" not in request.headers


def _end(request: HttpRequest, staff: Staff, code: str) -> None:
    if request.session.session_key:
        sessions.end_keys(staff, [request.session.session_key])
    request.session.flush()
    request.user = AnonymousUser()
    _note(request, staff, code, 1)


def _note(request: HttpRequest, staff: Staff, code: str, count: int) -> None:
    with auditing.acting(request):
        by, detail = Viewer(staff.pk, staff.display_name), {"code": code, "count": count}
        auditing.write("session_ended", by=by, about=("staff", staff.pk), detail=detail)


def _now() -> float:
    return clock.now().timestamp()
