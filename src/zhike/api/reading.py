"""Reading what callers send: JSON that cannot surprise what lies behind, and addresses without hidden characters."""

import json
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.request import RawPostDataException
from ninja.parser import Parser

from zhike.api.problems import Fault, Problem, fault_words

_DEEPEST = 20
_LARGEST = 2**63


class StrictParser(Parser):
    """JSON in UTF-8: no NUL, no lone surrogate, no NaN, no name twice, no number beyond 64 bits, not too deep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as values."""
        try:
            given = json.loads(
                request.body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once, parse_int=_whole
            )
        except (ValueError, RecursionError, RawPostDataException):
            raise Problem("body_unreadable") from None
        _walk(given, 0)
        return given


def check_address(request: HttpRequest, path: dict[str, Any], known: frozenset[str]) -> None:
    """Refuse parameters nobody knows, and characters no name has."""
    query: QueryDict = request.GET
    for name in query:
        if name not in known:
            words = fault_words("parameter_unknown")
            raise Problem("request_invalid", faults=[Fault(f"query.{name[:40]}", "parameter_unknown", words)])
    texts = [v for values in query.lists() for v in values[1]]
    if not all(_is_plain(text) for text in texts):
        raise Problem("request_invalid", faults=[Fault("query", "characters", fault_words("characters"))])
    if not all(_is_plain(str(value)) for value in path.values()):
        raise Problem("not_found")


def _walk(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise Problem("body_unreadable")
    if isinstance(value, str):
        if not _is_plain(value):
            raise Problem("body_unreadable")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _walk(name, depth + 1)
            _walk(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, depth + 1)


def _is_plain(text: str) -> bool:
    """No NUL, which PostgreSQL cannot hold, and no half of a surrogate pair, which nothing can."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _whole(text: str) -> int:
    number = int(text)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError("beyond 64 bits")
    return number
