"""The one way in: every request to the API passes here, and every answer leaves here.

In this order: language, token, network, pace, method, size and kind of the body, address, receipt; then the operation
with its scope and right; then ETag, receipt and headers. Nothing here looks at a cookie.
"""

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import HttpError, ValidationError

from zhike.api import pace, problems, queries, reading, receipts, usage
from zhike.api.models import Receipt
from zhike.api.problems import Fault, Problem, fault_words
from zhike.api.records import Caller
from zhike.api.routes import FILE, ApiRequest, Right
from zhike.secure.permissions import Forbidden, by_token

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
_TOO_MANY_LOOKUPS_S = "3600"


class Gate:
    """One address of the API: its operations by method, behind everything they have in common."""

    csrf_exempt = True  # no cookie is looked at, so none can be misused

    def __init__(
        self, views: Mapping[str, View], rights: Mapping[str, Right], parameters: Mapping[str, frozenset[str]]
    ) -> None:
        self.views, self.rights, self.parameters = views, rights, parameters
        self.zhike_operations = dict(rights)

    def __call__(self, request: HttpRequest, **path: Any) -> HttpResponse:
        """Answer a request, whatever comes."""
        asked = cast(ApiRequest, request)
        standing: dict[str, str] = {}
        with _spoken(request) as language:
            try:
                answer = self._answer(asked, path, standing)
            except Exception as error:  # noqa: BLE001  (whatever breaks is answered as a problem, and logged)
                answer = problems.answer(_problem(error))
            _note_use(asked, answer)
        for name, value in ({"Content-Language": language, "Cache-Control": "no-store"} | standing).items():
            answer.headers.setdefault(name, value)
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer

    def _answer(self, request: ApiRequest, path: dict[str, Any], standing: dict[str, str]) -> HttpResponse:
        caller = request.caller = _caller(request)
        request.viewer, request.body_digest, request.etag = caller.viewer, "", ""
        with by_token(request, caller.token.public_id) as address:
            if not queries.may_come_from(caller.token, address):
                raise Problem("network_refused")
            now = pace.take(caller.token.id, caller.token.requests_a_minute)
            standing.update(now.headers())
            if now.retry_in_s:
                raise Problem("too_many_requests", headers=now.headers())
            method = request.method or ""
            right = self.rights.get(method)
            if right is None:
                raise Problem("method_not_allowed", headers={"Allow": ", ".join(sorted(self.rights))})
            _check_body(request, right)
            reading.check_address(request, path, self.parameters[method])
            if right.if_match and "If-Match" not in request.headers:
                right(request)
                raise Problem("if_match_missing")
            if right.is_write:
                return _written(request, right, lambda: self.views[method](request, **path))
            return _conditional(request, self.views[method](request, **path))


def _note_use(request: ApiRequest, answer: HttpResponse) -> None:
    try:
        if caller := getattr(request, "caller", None):
            usage.note(caller, refused=answer.status_code >= 400)
    except DatabaseError:
        log.exception("the use of a token could not be noted")  # the answer stands all the same


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Below /api/ where no operation is."""
    with _spoken(request) as language:
        answer = problems.answer(Problem("not_found"))
    answer.headers["Content-Language"] = language
    return answer


@contextlib.contextmanager
def _spoken(request: HttpRequest) -> Iterator[str]:
    """The language of the header alone: a cookie that came along says nothing here."""
    offered, chosen = dict(settings.LANGUAGES), settings.LANGUAGE_CODE
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:200]):
        if wanted == "*":
            break
        with contextlib.suppress(LookupError):
            found = translation.get_supported_language_variant(wanted)
            if found in offered:
                chosen = found
                break
    with translation.override(chosen):
        yield chosen


def _caller(request: HttpRequest) -> Caller:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise Problem("token_missing", headers={"WWW-Authenticate": 'Bearer realm="zhike"'})
    caller = queries.caller(text.strip())
    if caller is None:
        raise Problem("token_invalid", headers={"WWW-Authenticate": 'Bearer realm="zhike", error="invalid_token"'})
    return caller


def _check_body(request: HttpRequest, right: Right) -> None:
    stated = request.headers.get("Content-Length", "")
    if "Transfer-Encoding" in request.headers and right.takes is not FILE:
        raise Problem("length_missing")
    length = int(stated) if stated.isdecimal() else 0
    if not right.takes:
        if length:
            raise Problem("body_too_large", {"bytes": 0})
        return
    if right.takes is not FILE and length > right.most_bytes:
        raise Problem("body_too_large", {"bytes": right.most_bytes})
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in right.takes:
        raise Problem("content_type_refused", {"wanted": ", ".join(right.takes)})
    if right.takes is not FILE and len(request.body) > right.most_bytes:
        raise Problem("body_too_large", {"bytes": right.most_bytes})


def _conditional(request: ApiRequest, answer: HttpResponse) -> HttpResponse:
    """The ETag of what was read, or 304 when the caller has it already."""
    if answer.status_code == 200 and request.method == "GET":
        etag = request.etag or f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
        known = [e.strip().removeprefix("W/") for e in request.headers.get("If-None-Match", "").split(",")]
        if etag in known or "*" in known:
            answer = HttpResponse(status=304)
        answer["ETag"] = etag
    return answer


def _written(request: ApiRequest, right: Right, write: Callable[[], HttpResponse]) -> HttpResponse:
    """A write: once per Idempotency-Key where one came."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _preferred(request, write())
    right(request)
    is_file = right.takes is FILE
    body = b"" if is_file else request.body
    asked = receipts.digest((request.method or "").encode(), request.get_full_path().encode(), body)
    receipt = receipts.claim(request.caller.token.id, key, asked)
    if receipt.status != Receipt.RUNNING:
        return _preferred(request, _repeated(request, receipt, is_file))
    try:
        answer = write()
    except BaseException:
        receipts.drop(receipt)
        raise
    told = json.loads(answer.content) if answer.content else None
    location = answer.headers.get("Location", "")
    receipts.finish(receipt, status=answer.status_code, location=location, answer=told, body_digest=request.body_digest)
    return _preferred(request, answer)


def _repeated(request: ApiRequest, receipt: Receipt, is_file: bool) -> HttpResponse:
    if is_file:
        made = hashlib.sha256()
        while chunk := request.read(1 << 20):
            made.update(chunk)
        if made.hexdigest() != receipt.body_digest:
            raise Problem("idempotency_key_reused")
    content = b"" if receipt.answer is None else json.dumps(receipt.answer, ensure_ascii=False).encode()
    answer = HttpResponse(content, status=receipt.status, content_type="application/json; charset=utf-8")
    answer["Idempotent-Replayed"] = "true"
    if receipt.location:
        answer["Location"] = receipt.location
    return answer


def _preferred(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """`Prefer: return=minimal` leaves the body out."""
    if "return=minimal" in request.headers.get("Prefer", "").replace(" ", "").lower() and answer.status_code < 300:
        answer.content = b""
        answer["Preference-Applied"] = "return=minimal"
    return answer


def _problem(error: Exception) -> Problem:
    known = problems.problem_of(error)
    if known is not None:
        return known
    if isinstance(error, ValidationError):
        return Problem("request_invalid", faults=[_fault(e) for e in error.errors[:50]])
    if isinstance(error, Forbidden):
        return _forbidden(error)
    if isinstance(error, RequestDataTooBig):
        return Problem("body_too_large", {"bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    if isinstance(error, SuspiciousOperation) or (isinstance(error, HttpError) and error.status_code == 400):
        return Problem("body_unreadable")
    if isinstance(error, Http404):
        return Problem("not_found")
    if isinstance(error, PermissionDenied):
        return Problem("permission_missing", {"permission": ""})
    log.exception("an API request broke")
    return Problem("unexpected")


def _forbidden(error: Forbidden) -> Problem:
    if error.code == "lookup.quota":
        return Problem("too_many_lookups", headers={"Retry-After": _TOO_MANY_LOOKUPS_S})
    if error.code.startswith("edit."):
        return Problem("field_forbidden", {"field": error.code.removeprefix("edit.")})
    return Problem("permission_missing", {"permission": error.code})


def _fault(error: Mapping[str, Any]) -> Fault:
    """A validation error without the value that came: its place, its code, its words."""
    place = [str(part)[:80] for part in error["loc"]]
    if place[0] == "body":
        place = ["body", *place[2:]]  # the name of the function's argument is nobody's business
    return Fault(".".join(place), error["type"], fault_words(error["type"]))
