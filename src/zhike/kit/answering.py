"""What one page asks more than once is asked of the database once, as long as that page is being answered."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction
from django.utils.decorators import sync_and_async_middleware

Asked = TypeVar("Asked", bound=Callable[..., Any])

_READING = frozenset({"GET", "HEAD"})  # they write nothing, so that what was told at their beginning holds to their end
_told: ContextVar[dict[Any, Any] | None] = ContextVar("told", default=None)


def once_a_page(ask: Asked) -> Asked:
    """Keep the answer of a question for the rest of the page that asks it; elsewhere (acts, jobs, commands) ask each time.

    Arguments must be hashable, and nobody may change the answer: the next who asks is handed the same object.
    """

    @wraps(ask)
    def answered(*words: Any) -> Any:
        told = _told.get()
        if told is None:
            return ask(*words)
        key = (ask, words)
        if key not in told:
            told[key] = ask(*words)
        return told[key]

    return answered  # type: ignore[return-value]


@sync_and_async_middleware
def middleware(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Begin an empty memory with every page that only reads, and forget it with the answer."""
    if iscoroutinefunction(get_response):

        async def answering_async(request: Any) -> Any:
            held = _told.set({} if request.method in _READING else None)
            try:
                answer: Awaitable[Any] = get_response(request)
                return await answer
            finally:
                _told.reset(held)

        return answering_async

    def answering(request: Any) -> Any:
        held = _told.set({} if request.method in _READING else None)
        try:
            return get_response(request)
        finally:
            _told.reset(held)

    return answering
