"""Whether people are at work now: the web process leaves the time of the last page in a file, never in the database.

Bulk work in another process asks, and holds the database more shortly while somebody might wait for it.
"""

import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.utils.decorators import sync_and_async_middleware

from zhike.kit import home

_HERE_FOR_S = 60.0
_NOTE_EVERY_S = 5.0
_MACHINES = ("/health/", "/static/", "/metrics")

_noted = 0.0


def note() -> None:
    """Somebody is here; written at most every five seconds."""
    global _noted
    moment = time.monotonic()
    if moment - _noted < _NOTE_EVERY_S:
        return
    _noted = moment
    place = _place()
    place.touch(mode=0o600)
    os.utime(place)


def people_are_here() -> bool:
    """Whether a page was asked for in the last minute."""
    try:
        return time.time() - _place().stat().st_mtime < _HERE_FOR_S
    except FileNotFoundError:
        return False


@sync_and_async_middleware
def middleware(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Note every page a person asks for; health checks and files of pages do not count."""
    if iscoroutinefunction(get_response):

        async def noting_async(request: Any) -> Any:
            if not request.path.startswith(_MACHINES):
                note()
            answer: Awaitable[Any] = get_response(request)
            return await answer

        return noting_async

    def noting(request: Any) -> Any:
        if not request.path.startswith(_MACHINES):
            note()
        return get_response(request)

    return noting


def _place() -> Path:
    return home.path("run") / "people"
