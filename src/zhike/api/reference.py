"""The reference page, out of the OpenAPI document: one group a subject, one entry an operation."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Property:
    """A parameter or property: what it is called, holds and means, and its class in the field catalogue."""

    name: str
    kind: str
    words: str
    cls: str = ""
    place: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    anchor: str
    method: str
    address: str
    title: str
    words: str
    scope: str
    permission: str
    parameters: tuple[Property, ...]
    body: tuple[Property, ...]
    takes: str
    answers: tuple[tuple[str, str, tuple[Property, ...]], ...]


def groups(document: dict[str, Any]) -> list[tuple[str, list[Entry]]]:
    """The operations by subject, in the order of the document."""
    found: dict[str, list[Entry]] = {}
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            entry = _entry(document, address, method, operation)
            found.setdefault(operation.get("tags", [""])[0], []).append(entry)
    return list(found.items())


def _entry(document: dict[str, Any], address: str, method: str, operation: dict[str, Any]) -> Entry:
    given = [_resolved(document, p) for p in operation.get("parameters", [])]
    content = operation.get("requestBody", {}).get("content", {})
    answers = []
    for status, answer in operation["responses"].items():
        shape = answer.get("content", {}).get("application/json", {}).get("schema")
        if status[0] == "2" or "Problem" not in answer.get("description", ""):
            answers.append((status, answer["description"], _properties(document, shape)))
    return Entry(
        anchor=operation["operationId"],
        method=method.upper(),
        address=address,
        title=operation["summary"],
        words=operation.get("description", ""),
        scope=operation["x-zhike-scope"],
        permission=operation["x-zhike-permission"],
        parameters=tuple(_property(document, p["name"], p, p.get("required", False)) for p in given),
        body=_properties(document, content.get("application/json", {}).get("schema")),
        takes=", ".join(content),
        answers=tuple(answers),
    )


def _properties(document: dict[str, Any], schema: dict[str, Any] | None) -> tuple[Property, ...]:
    shape = _resolved(document, schema or {})
    required = set(shape.get("required", []))
    return tuple(
        _property(document, name, {"schema": inner}, name in required)
        for name, inner in shape.get("properties", {}).items()
    )


def _property(document: dict[str, Any], name: str, told: dict[str, Any], required: bool) -> Property:
    schema = told.get("schema", {})
    words = told.get("description") or schema.get("description", "")
    return Property(name, _kind(schema), words, schema.get("x-zhike-class", ""), told.get("in", ""), required)


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " | ".join(_kind(s) for s in schema["anyOf"] if s.get("type") != "null")
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type", ""))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema
