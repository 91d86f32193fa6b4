"""How long requests take, by the name of their route: the one figure only the web process can tell."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.utils.decorators import sync_and_async_middleware

from zhike.kit.gauges import requests

_METHODS = frozenset({"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})


@sync_and_async_middleware
def middleware(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Measure every request; labels are route names, methods and classes of status, never addresses."""
    if iscoroutinefunction(get_response):

        async def timed_async(request: Any) -> Any:
            began = time.perf_counter()
            answer: Awaitable[Any] = get_response(request)
            response = await answer
            _note(request, response, time.perf_counter() - began)
            return response

        return timed_async

    def timed(request: Any) -> Any:
        began = time.perf_counter()
        response = get_response(request)
        _note(request, response, time.perf_counter() - began)
        return response

    return timed


def _note(request: Any, response: Any, seconds: float) -> None:
    method = request.method if request.method in _METHODS else "other"
    requests.labels(_route(request), method, f"{response.status_code // 100}xx").observe(seconds)


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return str(match.view_name or "unnamed")
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
