"""Pages of products and of after-sale cases."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhike.customers import queries as customers
from zhike.kit.installation import installation
from zhike.kit.paging import BadPageKey
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries
from zhike.shop.queries import words


@needs("orders.view")
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """After-sale cases, newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = queries.CaseFilter(
        status=_one_of(request, "state", words.CASE_STATES),
        kind=_one_of(request, "kind", words.CASE_KINDS),
        source_id=_number(request, "source"),
    )
    try:
        page = queries.cases(viewer, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    except BadPageKey:
        return redirect(request.path)
    context = {
        "page": page,
        "asked": request.GET,
        **words.OF_CASES,
        "query": _query(request),
        **_sources(),
    }
    return render(request, "shop/cases.html", context)


@needs("orders.view")
@require_GET
def products(request: HttpRequest) -> HttpResponse:
    """The catalogue: products as catalogues and orders name them."""
    try:
        page = queries.products(
            source_id=_number(request, "source"),
            category=request.GET.get("category", "")[:200],
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )
    except BadPageKey:
        return redirect(request.path)
    context = {
        "page": page,
        "asked": request.GET,
        "currency": installation().currency,
        "query": _query(request),
        **_sources(),
    }
    return render(request, "shop/products.html", context)


def _one_of(request: HttpRequest, name: str, allowed: Any) -> str:
    text = request.GET.get(name, "")
    return text if text in allowed else ""


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()


def _sources() -> dict[str, Any]:
    known = customers.sources(archived=True)
    return {"sources": [s for s in known if not s.is_house], "source_names": {s.id: s.name for s in known}}
