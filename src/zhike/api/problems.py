"""What went wrong, told alike everywhere: `application/problem+json` (RFC 9457), in the caller's language.

Each problem has a code that never changes, a title, and a sentence that says what to do.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, its title, and what to do."""

    status: int
    title: Promise
    advice: Promise


KINDS: dict[str, Kind] = {
    "body_unreadable": Kind(400, _("The body cannot be read"), _("Send one JSON value in UTF-8, without NUL characters, lone surrogates or numbers beyond 64 bits.")),
    "token_missing": Kind(401, _("No token"), _("Send the header “Authorization: Bearer zk_…”. Cookies are not looked at.")),
    "token_invalid": Kind(401, _("This token is not valid"), _("It is unknown, expired or revoked. Make a new one on the page of API tokens.")),
    "network_refused": Kind(403, _("Not from this address"), _("The token is bound to other network addresses.")),
    "scope_missing": Kind(403, _("The token lacks a scope"), _("This needs a token with the scope %(scope)s.")),
    "permission_missing": Kind(403, _("The right is missing"), _("Whoever made the token does not hold the right %(permission)s.")),
    "field_forbidden": Kind(403, _("The field is not open to this token"), _("The field policy does not let the maker of the token use the field %(field)s in this way.")),
    "not_found": Kind(404, _("There is nothing here"), _("The address is wrong, or it lies outside what the maker of the token may see.")),
    "method_not_allowed": Kind(405, _("The address does not take this method"), _("The header Allow names the methods it takes.")),
    "state_conflict": Kind(409, _("The thing is not in a state for this"), _("Read it anew and decide again.")),
    "request_running": Kind(409, _("The same request is still at work"), _("Send it again with the same Idempotency-Key after the seconds in Retry-After.")),
    "length_missing": Kind(411, _("The length is missing"), _("Send the header Content-Length.")),
    "changed_meanwhile": Kind(412, _("It was changed meanwhile"), _("Read it anew, and send the change with its new ETag.")),
    "body_too_large": Kind(413, _("The body is too large"), _("At most %(bytes)s bytes. Split it, or send a file as an import.")),
    "content_type_refused": Kind(415, _("This kind of content is not taken"), _("Send the header Content-Type: %(wanted)s.")),
    "request_invalid": Kind(422, _("The request does not fit"), _("Correct what “errors” names and send it again.")),
    "value_refused": Kind(422, _("A value cannot be used"), _("Correct what “errors” names and send it again. Nothing was recorded.")),
    "idempotency_key_reused": Kind(422, _("The Idempotency-Key belongs to another request"), _("Use a new key for each new request; the same key only to repeat the same one.")),
    "if_match_missing": Kind(428, _("Say which state you change"), _("Send the ETag you read in the header If-Match.")),
    "too_many_requests": Kind(429, _("Too many requests"), _("Wait for the seconds in Retry-After.")),
    "too_many_lookups": Kind(429, _("Too many exact searches"), _("Fields the maker of the token sees only masked may be searched for 20 different values an hour.")),
    "unexpected": Kind(500, _("Something broke here"), _("The place is in the log. Send the request again with the same Idempotency-Key.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a request: where it stands, a code, and words."""

    where: str
    code: str
    message: str


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """Raised anywhere below the gate; answers the request. `params` fill the advice and never hold personal values."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Exception.__init__(self, self.code)


E = TypeVar("E", bound=Exception)
_TRANSLATIONS: dict[type[Exception], Callable[[Any], Problem]] = {}


def answers(kind: type[E]) -> Callable[[Callable[[E], Problem]], Callable[[E], Problem]]:
    """Say which problem an exception of a module means (beside that module's routes)."""

    def decorate(translate: Callable[[E], Problem]) -> Callable[[E], Problem]:
        _TRANSLATIONS[kind] = translate
        return translate

    return decorate


def problem_of(error: Exception) -> Problem | None:
    """The problem an exception means; None for what nobody foresaw."""
    if isinstance(error, Problem):
        return error
    for kind in type(error).__mro__:
        if kind in _TRANSLATIONS:
            return _TRANSLATIONS[kind](error)
    return None


def refused(where: str, code: str) -> Problem:
    """A value that cannot be used."""
    return Problem("value_refused", faults=[Fault(where, code, fault_words(code))])


def answer(problem: Problem) -> HttpResponse:
    """The problem as a response."""
    kind = KINDS[problem.code]
    told: dict[str, Any] = {
        "type": f"/security/api/reference/#problem-{problem.code}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(kind.advice) % dict(problem.params),
        "code": problem.code,
    }
    if problem.faults:
        told["errors"] = [{"where": f.where, "code": f.code, "message": f.message} for f in problem.faults]
    return HttpResponse(
        json.dumps(told, ensure_ascii=False), status=kind.status, content_type=MEDIA_TYPE, headers=dict(problem.headers)
    )


_WORDS: dict[str, Promise] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is no such property here."),
    "parameter_unknown": _("There is no such parameter here."),
    "string_too_long": _("The text is too long."),
    "string_too_short": _("The text is too short."),
    "too_long": _("There are too many entries."),
    "too_short": _("There are too few entries."),
    "literal_error": _("This is not one of the values offered."),
    "greater_than_equal": _("The number is too small."),
    "less_than_equal": _("The number is too large."),
    "empty": _("A name or a value is needed."),
    "cursor": _("This is not the place of a page; begin without it."),
    "source_unknown": _("There is no such source."),
    "source_archived": _("This source is closed to new data."),
    "several_sources": _("All items must name the same source."),
    "tag_unknown": _("There is no such tag."),
    "field.unknown": _("The catalogue has no such field."),
    "code_taken": _("This code is taken."),
    "basis_missing": _("A legal basis is needed."),
    "house": _("What staff enter is a source of its own, and is not changed."),
    "timezone_aware": _("The moment must name its offset from UTC."),
}
_FAMILIES: dict[str, Promise] = {
    "string": _("A text is expected."),
    "int": _("A whole number is expected."),
    "bool": _("true or false is expected."),
    "datetime": _("A moment is expected, as in 2026-01-31T08:00:00Z."),
    "date": _("A day is expected, as in 2026-01-31."),
    "list": _("A list is expected."),
    "dict": _("An object is expected."),
    "model": _("An object is expected."),
}


_SOURCES: list[Callable[[str], str]] = []


def words_from(source: Callable[[str], str]) -> None:
    """Say who knows the words of the codes of refused values."""
    _SOURCES[:] = [source]


def fault_words(code: str) -> str:
    """A code in words: of a shape that does not fit, or of a value that was refused."""
    words = _WORDS.get(code) or ("" if "." in code else _FAMILIES.get(code.partition("_")[0]))
    if words:
        return str(words)
    return _SOURCES[0](code) if _SOURCES else gettext("This value is not allowed here.")
