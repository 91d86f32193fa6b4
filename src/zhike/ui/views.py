"""The frame's own pages: language, appearance, the living page of building blocks, and what is said when a page fails."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from zhike.ui import frame
from zhike.ui.showcase import showcase

_YEAR_SECONDS = 365 * 24 * 3600
_CHOICES = {"theme": (frame.THEME_COOKIE, frame.THEMES), "density": (frame.DENSITY_COOKIE, ("calm", "roomy"))}


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language: in this browser, and for a person signed in also with the person."""
    answer = HttpResponseRedirect(_back(request))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, code)
        frame.keep_language(request, code)
    return answer


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Change theme or density in this browser (the way without scripts)."""
    answer = HttpResponseRedirect(_back(request))
    for name, (cookie, allowed) in _CHOICES.items():
        if (value := request.POST.get(name)) in allowed:
            _remember(answer, cookie, value)
    return answer


def components(request: HttpRequest) -> HttpResponse:
    """The living page: each building block, how to write it, in both themes."""
    return render(request, "ui/components.html", showcase(request))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _fault(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: the page was open too long, or cookies are off."""
    return _fault(request, 403, "stale")


def broken(request: HttpRequest) -> HttpResponse:
    return _fault(request, 500)


def _open_to_anybody(*views: Any) -> None:
    """Mark views that ask for no right (`secure` keeps the list short, and tested)."""
    for view in views:
        view.zhike_public = True


_open_to_anybody(language, appearance, bad_request, forbidden, not_found, csrf_failed, broken)


def _fault(request: HttpRequest, status: int, kind: str = "") -> HttpResponse:
    """An error page in the frame; without it when even the frame cannot be drawn (no database)."""
    facts: dict[str, Any] = {"status": status, "kind": kind or str(status)}
    if status == 500:
        # Whatever broke may break the frame too: this page asks the database nothing.
        return render(request, "ui/fault_bare.html", facts, status=status)
    return render(request, "ui/fault.html", facts, status=status)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _remember(answer: HttpResponse, cookie: str, value: str) -> None:
    answer.set_cookie(cookie, value, max_age=_YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
