"""How many sessions a person may have, how long one may lie idle, and how long one lives at all; by role."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
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
    began, seen = session.get(_BEGAN), session.get(_SEEN)
    if began is None or seen is None:  # begun before there were limits
        session[_BEGAN] = session[_SEEN] = now
        return
    idle_seconds = policy.viewer_of(staff).idle_minutes * 60
    if now - began >= LONGEST_SECONDS:
        _end(request, staff, "too_old")
    elif idle_seconds and now - seen >= idle_seconds:
        _end(request, staff, "idle")
    elif now - seen >= _NOTE_EVERY_SECONDS and _is_a_person(request):
        session[_SEEN] = now


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
