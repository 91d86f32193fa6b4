"""Pages of the shop: orders, one order, orders without a customer."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhike.customers import queries as customers
from zhike.kit.installation import installation
from zhike.secure import actions as secure_do
from zhike.secure import fields
from zhike.secure.opened import Opened
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.secure.reveals import answer
from zhike.shop import queries
from zhike.shop.queries import words
from zhike.shop.records import OrderFilter, OrderRow
from zhike.ui.figures import number

PAGE_SIZE = 50


@needs("orders.view")
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """Orders, newest first; filters and place in the address."""
    if clean := _without_blanks(request):
        return redirect(clean)
    context = _listed(request, queries.read_filter(request.GET, installation().time_zone))
    return render(request, "shop/orders.html", context)


@needs("orders.view")
@require_GET
def without_customer(request: HttpRequest) -> HttpResponse:
    """Orders that name no buyer: why, from where, how many and how much; then the orders themselves."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.scope != "all":
        raise Http404
    wanted = replace(queries.read_filter(request.GET, installation().time_zone), without_customer=True)
    groups = queries.nobodys_orders()
    names = {s.id: s.name for s in customers.sources(archived=True)}
    context = {
        **_listed(request, wanted),
        "groups": [(g, names.get(g.source_id, ""), words.NOBODY_WHYS.get(g.why, g.why)) for g in groups],
        "total_count": sum(g.order_count for g in groups),
        "is_nobody": True,
    }
    return render(request, "shop/without_customer.html", context)


@needs("orders.view")
@require_GET
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """One order: lines, money, receiver (masked), and every statement made of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.order(viewer, public_id)
    if found is None:
        raise Http404
    buyer = _buyers(viewer, [found.row]).get(found.row.id)
    source = customers.source(found.row.source_id)
    cases = queries.cases_of_order(found.row.source_id, found.row.number)
    context = {
        "order": found,
        "row": found.row,
        "buyer": buyer,
        "source": source,
        "cases": cases,
        **words.OF_CASES,
        **_labels(),
    }
    return render(request, "shop/order.html", context)


@needs("orders.view")
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """A receiver's value, with purpose, quota and audit."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.sealed_ref(viewer, public_id)
    if found is None or not fields.known(field) or field not in queries.RECEIVER:
        raise Http404
    order_id, ref = found

    def opened(purpose: str, reason: str) -> Opened:
        return secure_do.open_sealed(viewer, ref, field, about=("order", order_id), purpose=purpose, reason=reason)

    return answer(request, field, opened, who=_("order"))


def _without_blanks(request: HttpRequest) -> str:
    """The address without the empty fields a form sends; empty when there are none."""
    kept = request.GET.copy()
    for name, values in request.GET.lists():
        if not any(v.strip() for v in values):
            del kept[name]
    return f"{request.path}?{kept.urlencode()}" if len(kept) < len(request.GET) else ""


def _listed(request: HttpRequest, wanted: OrderFilter) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = queries.orders(
        viewer, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""), limit=PAGE_SIZE
    )
    many, capped = queries.order_count(viewer, wanted)
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return {
        "page": page,
        "count": f"{number(many)}+" if capped else number(many),
        "asked": request.GET,
        "query": query.urlencode(),
        "chips": _chips(request),
        "sources": [s for s in customers.sources() if not s.is_house],
        "source_names": queries.sources_of(page.rows),
        "buyers": _buyers(viewer, page.rows),
        "is_narrowed": wanted != OrderFilter(),
        "may_export": viewer.can("customers.export"),
        "sees_all": viewer.scope == "all",
        **_labels(),
    }


def _buyers(viewer: Viewer, rows: Any) -> dict[int, Any]:
    """{order: its customer's line} for the customers the viewer may see."""
    held: list[OrderRow] = [r for r in rows if r.source_record_id is not None]
    roots = customers.customers_of_records(viewer, [r.source_record_id for r in held if r.source_record_id])
    lines = customers.lines(viewer, set(roots.values()))
    return {r.id: lines[roots[r.source_record_id]] for r in held if r.source_record_id in roots}


def _chips(request: HttpRequest) -> list[dict[str, str]]:
    named = {"state": words.ORDER_STATES, "kind": words.ORDER_KINDS, "why": words.NOBODY_WHYS}
    labels = {
        "state": _("State"),
        "kind": _("Kind"),
        "source": _("Source"),
        "from": _("Ordered from"),
        "to": _("Ordered until"),
        "number": _("Order number"),
        "why": _("Why without customer"),
    }
    sources = {str(s.id): s.name for s in customers.sources(archived=True)}
    chips = []
    for name, label in labels.items():
        text = request.GET.get(name, "").strip()
        if text:
            rest = request.GET.copy()
            for gone in (name, "after", "before"):
                rest.pop(gone, None)
            value = sources.get(text, text) if name == "source" else str(named.get(name, {}).get(text, text))
            chips.append({"label": label, "value": value, "remove_url": f"?{rest.urlencode()}"})
    return chips


def _labels() -> dict[str, Any]:
    return {
        "states": words.ORDER_STATES,
        "tones": words.ORDER_TONES,
        "kinds": words.ORDER_KINDS,
        "line_kinds": words.LINE_KINDS,
        "whys": words.NOBODY_WHYS,
    }
