"""Global search: a page of results, and suggestions under the box."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from zhike.customers import queries as customers
from zhike.customers.records import RegisterRow, SearchAnswer
from zhike.desk import words
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter, OrderRow

SUGGESTED = 6


@needs("")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everybody and everything a text finds. One exact hit opens at once."""
    typed = request.GET.get("q", "").strip()[:100]
    context = _found(request.viewer, typed, limit=50)  # type: ignore[attr-defined]
    rows, orders = context["rows"], context["orders"]
    if len(rows) == 1 and not orders and context["answer"].kind in ("number", "phone", "email"):
        return redirect("desk:file", rows[0].public_id)
    if len(orders) == 1 and not rows:
        return redirect("shop:order", orders[0].public_id)
    return render(request, "desk/search.html", context)


@needs("")
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """A few hits for the box; nothing for a single letter. Exact phones and addresses wait for Enter."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = request.GET.get("q", "").strip()[:100]
    if len(typed) < 2 and typed.isascii():
        return HttpResponse("")
    # While somebody types a phone number each key would count as a question about another person's number.
    if customers.looks_like(typed) in ("phone", "email"):
        return render(request, "desk/suggest.html", {"typed": typed, "rows": [], "orders": [], "exact": True})
    return render(request, "desk/suggest.html", _found(viewer, typed, limit=SUGGESTED))


def _found(viewer: Viewer, typed: str, *, limit: int) -> dict[str, Any]:
    answer = customers.search(viewer, typed) if viewer.can("customers.view") else SearchAnswer("", ())
    lines = customers.lines(viewer, answer.ids[:limit]) if answer.ids else {}
    rows: list[RegisterRow] = sorted(lines.values(), key=lambda r: (-(r.order_count or 0), r.customer_id))
    orders: tuple[OrderRow, ...] = ()
    if typed and viewer.can("orders.view"):
        orders = shop.orders(viewer, OrderFilter(number=typed), limit=limit).rows
    return {
        "typed": typed,
        "answer": answer,
        "rows": rows,
        "orders": orders,
        "classes": words.RFM_CLASSES,
        "order_states": shop.words.ORDER_STATES,
        "order_tones": shop.words.ORDER_TONES,
        "more": len(answer.ids) > len(rows),
    }
