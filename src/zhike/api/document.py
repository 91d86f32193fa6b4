"""The OpenAPI 3.1 document: what ninja knows of the operations, and what the gate adds to every one of them."""

from typing import Any

from zhike.api import problems, scopes
from zhike.api.routes import FILE, Right

_ALWAYS = ("token_missing", "network_refused", "method_not_allowed", "request_invalid", "too_many_requests", "unexpected")  # fmt: skip
_HEADERS = {
    "RateLimit-Limit": "Requests a minute this token may make.",
    "RateLimit-Remaining": "Requests left now.",
    "RateLimit-Reset": "Seconds until the bucket is full again.",
}
_CLASSES = (
    "Fields of the catalogue carry `x-zhike-field`, `x-zhike-class` (who may see it: public, internal, personal, "
    "sensitive, financial, secret) and `x-zhike-form` (how it lies: open, sealed, apart, cut). A field that is hidden from the maker "
    "of the token is absent; a masked one holds its mask. Sealed values leave as masks alone: the API reveals nothing."
)


def finished(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what all operations share: problems, headers, scopes, the token."""
    schema["info"]["description"] = _CLASSES
    schema["servers"] = [{"url": "/"}]
    components = schema["components"]
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token: `Authorization: Bearer zk_…`."}
    }
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["headers"] = {n: {"description": d, "schema": {"type": "integer"}} for n, d in _HEADERS.items()}
    components["parameters"] = _PARAMETERS
    schema["x-zhike-scopes"] = {s.code: sorted(s.permissions) for s in scopes.scopes()}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            _finish(operation, method, address, operation["x-zhike-right"])
    return schema


def _finish(operation: dict[str, Any], method: str, address: str, right: Right) -> None:
    del operation["x-zhike-right"]
    operation["security"] = [{"token": [right.scope] if right.scope else []}]
    operation["x-zhike-scope"], operation["x-zhike-permission"] = right.scope, right.needs
    parameters = operation.setdefault("parameters", [])
    parameters.append({"$ref": "#/components/parameters/Accept-Language"})
    codes = [*_ALWAYS, "not_found"]
    if method == "get":
        parameters.append({"$ref": "#/components/parameters/If-None-Match"})
        operation["responses"]["304"] = {"description": "Unchanged since the ETag in If-None-Match."}
    if right.is_write:
        parameters += [{"$ref": f"#/components/parameters/{n}"} for n in ("Idempotency-Key", "Prefer")]
        codes += ["state_conflict", "value_refused"]
    if right.if_match:
        parameters.append({"$ref": "#/components/parameters/If-Match"})
        codes += ["changed_meanwhile", "if_match_missing"]
    if right.may_be_stale:
        codes.append("changed_meanwhile")
    if right.takes or right.is_write:
        codes += ["body_unreadable", "length_missing", "body_too_large", "content_type_refused"]
    if right.takes is FILE:
        content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILE}
        operation["requestBody"] = {"required": True, "content": content}
    for status, answer in list(operation["responses"].items()):
        if str(status)[0] in "23":
            answer["headers"] = {n: {"$ref": f"#/components/headers/{n}"} for n in _HEADERS}
    for status in sorted({problems.KINDS[code].status for code in codes}):
        operation["responses"].setdefault(str(status), _problem(status))
    operation["responses"] = {str(k): v for k, v in sorted(operation["responses"].items(), key=lambda r: str(r[0]))}


def _problem(status: int) -> dict[str, Any]:
    codes = [code for code, kind in problems.KINDS.items() if kind.status == status]
    return {
        "description": "Problem: " + ", ".join(codes),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _header(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": schema}


_TEXT = {"type": "string", "maxLength": 255, "pattern": "^[!-~]+$"}
_PARAMETERS = {
    "Accept-Language": _header("Accept-Language", "`zh-hans` or `en`, for the words of problems.", {"type": "string", "enum": ["zh-hans", "en"]}),
    "If-None-Match": _header("If-None-Match", "ETag of what the caller has: 304 when it still holds.", _TEXT),
    "If-Match": _header("If-Match", "ETag of the state that is changed; needed.", _TEXT),
    "Idempotency-Key": _header("Idempotency-Key", "Chosen by the caller; within 24 hours the same key repeats the answer, not the effect.", _TEXT),
    "Prefer": _header("Prefer", "`return=minimal` leaves the body out.", {"type": "string", "enum": ["return=minimal", "return=representation"]}),
}  # fmt: skip
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "code": {"type": "string", "enum": list(problems.KINDS)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["where", "code", "message"],
                "properties": {n: {"type": "string"} for n in ("where", "code", "message")},
            },
        },
    },
}
