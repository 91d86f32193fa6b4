"""One's own page: profile, language, password, second factor, sessions."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from zhike.secure import actions, sessions, single_sign_on, watermarks
from zhike.secure.models import Staff
from zhike.secure.permissions import signed_in


def _person(request: HttpRequest) -> Staff:
    assert isinstance(request.user, Staff)  # @signed_in has seen to it
    return request.user


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    factors = Authenticator.objects.filter(user=_person(request))
    context = {
        "person": _person(request),
        "roles": _person(request).roles.order_by("id"),
        "languages": settings.LANGUAGES,
        "sessions": sessions.of(_person(request), current_key=request.session.session_key),
        "totp": factors.filter(type=Authenticator.Type.TOTP).first(),
        "sign_on": single_sign_on.link_of(_person(request)),
        "sign_on_name": single_sign_on.name(),
        "codes": factors.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
    }
    return render(request, "secure/me.html", context)


@require_POST
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Keep the name and language chosen."""
    name = request.POST.get("display_name", "").strip()[:80] or _person(request).display_name
    locale = request.POST.get("locale", "")
    if locale not in dict(settings.LANGUAGES):
        locale = _person(request).locale
    Staff.objects.filter(pk=_person(request).pk).update(display_name=name, locale=locale)
    response = redirect("secure:me")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, locale, samesite="Lax", secure=request.is_secure())
    return response


@require_POST
@signed_in
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions."""
    number = request.POST.get("session", "")
    if number.isdecimal() and sessions.end(_person(request), int(number)):
        _note(request, 1)
    return redirect("secure:me")


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """End all own sessions but this one."""
    _note(request, sessions.end_all(_person(request), keep_key=request.session.session_key))
    return redirect("secure:me")


@require_POST
@signed_in
def unlink(request: HttpRequest) -> HttpResponse:
    """Take the link to the identity provider away."""
    single_sign_on.unlink(_person(request), by=request.viewer)  # type: ignore[attr-defined]
    return redirect("secure:me")


@require_GET
@signed_in
def watermark(request: HttpRequest) -> HttpResponse:
    """Who looks at the screen, as a picture that lies faintly over pages with personal data."""
    lines = watermarks.lines(_person(request))
    return render(request, "secure/watermark.svg", {"lines": lines}, content_type="image/svg+xml")


def _note(request: HttpRequest, count: int) -> None:
    viewer = request.viewer  # type: ignore[attr-defined]
    actions.record_audit("session_ended", by=viewer, about=("staff", _person(request).pk), detail={"count": count})
