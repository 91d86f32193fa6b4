"""Sources over the API."""

from typing import Any

from ninja import Status

from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.collect.api import shapes
from zhike.customers import actions
from zhike.customers import queries as customers
from zhike.customers.records import SourceFacts

routes = Routes("Sources")
READ: dict[str, Any] = {"scope": "sources:read", "needs": "collect.view"}
WRITE: dict[str, Any] = {"scope": "sources:write", "needs": "sources.manage"}
_NAMES = {"trust": "trust_grade", "notice": "notice_text"}


@routes.get("/sources", answer=shapes.SourceList, **READ)
def list_sources(request: ApiRequest) -> dict[str, Any]:
    """Every source, archived ones too."""
    return {"items": [_told(source) for source in customers.sources(archived=True)]}


@routes.get("/sources/{code}", answer=shapes.SourceOut, **READ)
def get_source(request: ApiRequest, code: str) -> dict[str, Any]:
    """One source by its code."""
    return _told(_source(code))


@routes.write("POST", "/sources", answers={201: shapes.SourceKept}, **WRITE)
def add_source(request: ApiRequest, source: shapes.SourceIn) -> Status:
    """Register a source; its code is how programs name it."""
    given = {_NAMES.get(name, name): value for name, value in source.model_dump().items()}
    made = actions.add_source(**given, by=request.viewer)
    return Status(201, {"code": made.code})


@routes.write("PATCH", "/sources/{code}", answers={200: shapes.SourceKept}, **WRITE)
def change_source(request: ApiRequest, code: str, change: shapes.SourceChange) -> dict[str, Any]:
    """Change a source, or close it to new data with `archived`."""
    source = _source(code)
    given = change.model_dump(exclude_none=True)
    if given.pop("archived", False):
        actions.archive_source(source.id, by=request.viewer)
    if given:
        named = {_NAMES.get(name, name): value for name, value in given.items()}
        actions.change_source(source.id, by=request.viewer, **named)
    return {"code": source.code}


def _source(code: str) -> SourceFacts:
    for source in customers.sources(archived=True):
        if source.code == code:
            return source
    raise Problem("not_found")


def _told(source: SourceFacts) -> dict[str, Any]:
    return {
        "code": source.code,
        "name": source.name,
        "channel_kind": source.channel_kind,
        "platform": source.platform or None,
        "legal_basis": source.legal_basis,
        "trust": source.trust_grade,
        "house": source.is_house,
        "archived": source.archived,
    }
