"""Putting the API together: the modules' routes behind the gate, and the one document that describes them."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, path, re_path
from ninja import NinjaAPI
from ninja.utils import normalize_path, replace_path_param_notation

from zhike.api import about
from zhike.api.document import finished
from zhike.api.gate import Gate, nothing_here
from zhike.api.reading import StrictParser
from zhike.api.routes import Right, Routes

PREFIX = "/api/v1"


class _Api(NinjaAPI):
    """Ninja parses, validates and describes; what goes wrong is the gate's business."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        raise exc


_assembled: list[_Api] = []
_document: dict[str, Any] = {}


def assemble(routes: Iterable[Routes]) -> list[URLPattern]:
    """The addresses below /api/; called once, from where all modules are known."""
    api = _Api(title="Zhike", version="1", urls_namespace="api", docs_url=None, openapi_url=None, parser=StrictParser())
    for one in [*routes, about.routes]:
        api.add_router("", one)
    _assembled[:] = [api]
    _document.clear()
    parameters = _parameters()
    # Names before holes, so that /customers/search is not the customer called "search".
    found = sorted(_by_address().items(), key=lambda pair: [part.startswith("{") for part in pair[0].split("/")])
    patterns = [pattern for address, own in found for pattern in _patterns(address, own, parameters)]
    return [*patterns, re_path(r"^api/", _nowhere, name="nothing_here")]


def _together() -> _Api:
    """The API, put together with the other addresses when nobody asked for one yet."""
    if not _assembled:
        assert get_resolver().url_patterns
    return _assembled[0]


def document() -> dict[str, Any]:
    """The OpenAPI document."""
    if not _document:
        _document.update(finished(_together().get_openapi_schema(path_prefix=PREFIX)))
    return _document


def operations() -> list[tuple[str, str, Right]]:
    """(method, address as the document writes it, what it asks) of every operation."""
    return [
        (m, PREFIX + re.sub(r"\{\w+:", "{", a), op.auth_callbacks[0])
        for a, found in _by_address().items()
        for m, op in found.items()
    ]


def _by_address() -> dict[str, dict[str, Any]]:
    """The operations of each address by method, whichever modules they come from."""
    found: dict[str, dict[str, Any]] = {}
    for bound in _together()._get_bound_routers():
        for address, view in bound.path_operations.items():
            found.setdefault(address, {}).update({op.methods[0]: op for op in view.operations})
    return found


def _nowhere(request: HttpRequest) -> HttpResponse:
    return nothing_here(request)


_nowhere.csrf_exempt = True  # type: ignore[attr-defined]
_nowhere.zhike_operations = {}  # type: ignore[attr-defined]


def _patterns(address: str, found: dict[str, Any], parameters: dict[str, frozenset[str]]) -> Iterable[URLPattern]:
    route = normalize_path(replace_path_param_notation(f"{PREFIX}/{address}")).lstrip("/")
    gate = Gate(
        {method: op.run for method, op in found.items()},
        {method: op.auth_callbacks[0] for method, op in found.items()},
        {method: parameters[op.operation_id] for method, op in found.items()},
    )
    for op in found.values():
        yield path(route, gate, name=f"api_{op.url_name}")


def _parameters() -> dict[str, frozenset[str]]:
    """The names of the query parameters of each operation."""
    told = (op for methods in document()["paths"].values() for op in methods.values())
    return {
        op["operationId"]: frozenset(p["name"] for p in op.get("parameters", []) if p.get("in") == "query")
        for op in told
    }
