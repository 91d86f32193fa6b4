"""The page behind the way out in a message: open to whoever has the message, and telling nothing about them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zhike.kit.installation import installation
from zhike.reach import actions
from zhike.reach.actions.stopping import message_behind
from zhike.secure import consents
from zhike.secure.permissions import public


@public
@csrf_exempt  # mail programs post without a cookie (RFC 8058); the token is the right, and all it can do is stop
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks once, POST stops. A token that was not made here is told like one whose message is gone."""
    message = message_behind(token[:200])
    if message is None:
        return _page(request, {"is_unknown": True}, 404)
    purpose = consents.purpose(message.purpose)
    context = {"shop": installation().name, "purpose": purpose.label if purpose else message.purpose, "is_done": False}
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(translation.get_language() if chosen else message.language):
        if request.method == "POST":
            actions.stop_by_link(token)
            context["is_done"] = True
        return _page(request, context, 200)


def _page(request: HttpRequest, context: Mapping[str, Any], status: int) -> HttpResponse:
    page = render(request, "reach/stop.html", dict(context), status=status)
    page["Referrer-Policy"] = "no-referrer"
    page["X-Robots-Tag"] = "noindex"
    return page
