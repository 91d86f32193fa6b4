"""Global search: a page of results, and suggestions under the box.

What is typed may be a phone or a name, so it is posted, and the page of results carries it as a slip (`secure.slips`):
neither the browser's history nor a proxy's log ever holds the words.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhike.customers import queries as customers
from zhike.customers.records import RegisterRow, SearchAnswer
from zhike.desk import words
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter, OrderRow

SUGGESTED = 6


@needs("")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Everybody and everything a text finds. One exact hit opens at once.

    A POST brings the words and leads to their slip's address, which can be reloaded and come back to while the slip lives.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        return _asked(request, viewer, request.POST.get("q", "").strip()[:100])
    slip, typed, is_gone = request.GET.get("slip", ""), "", False
    try:
        typed = secure.words_on(viewer, slip) if slip else ""
    except secure.SlipGone:
        is_gone = True
    found = _found(viewer, typed, limit=50)
    return _straight(found) or render(request, "desk/search.html", {**found, "slip": slip, "is_gone": is_gone})


def _asked(request: HttpRequest, viewer: Viewer, typed: str) -> HttpResponse:
    if not typed:
        return redirect("desk:search")
    if customers.is_exact(typed):  # counted here, on the way in, so that the address writes nothing
        found = _found(viewer, typed, limit=50)
        if found["answer"].refused:
            return render(request, "desk/search.html", found)
        if straight := _straight(found):
            return straight
    return redirect(f"{reverse('desk:search')}?slip={secure.slip_of(viewer, typed)}")


def _straight(found: dict[str, Any]) -> HttpResponse | None:
    """The one file or order that was plainly meant."""
    rows, orders = found["rows"], found["orders"]
    if len(rows) == 1 and not orders and found["answer"].kind in ("number", "paper", "phone", "email"):
        return redirect("desk:file", rows[0].public_id)
    if len(orders) == 1 and not rows:
        return redirect("shop:order", orders[0].public_id)
    return None


@needs("")
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """A few hits for the box; nothing for a single letter. Exact phones and addresses wait for Enter."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = request.POST.get("q", "").strip()[:100]
    if len(typed) < 2 and typed.isascii():
        return HttpResponse("")
    # While somebody types a phone number each key would count as a question about another person's number.
    if customers.is_exact(typed):
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
