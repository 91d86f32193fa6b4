"""Needs 主动服务: who will need what again soon."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import actions, replenishment_page, results
from zhike.analyze.views.measures import opened, page_of_rows
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.shop import queries as shop


@needs("analyze.view")
@require_GET
def replenishment(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Who will need what, soonest first; the names only of customers in the viewer's scope."""
    viewer, run, is_newest, context = opened(request, "replenishment", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees = viewer.can("customers.view") and rights.sight(viewer, "order_lines") == "shown"
    asked = request.GET.get("product", "")
    wanted: dict[str, object] = {"product_id": int(asked)} if asked.isdecimal() and len(asked) < 19 else {}
    path = actions.result_file(run.public_id, "replenishment") if sees else None
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, wanted, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    entries = [{"row": seen[r["customer_id"]], "figures": r} for r in found if r["customer_id"] in seen]
    title = shop.product_titles([int(asked)]).get(int(asked), "") if wanted else ""
    shown = replenishment_page.page(run, entries, product=title, may_list=viewer.can("worklist.view"))
    context |= {"page": {"next_key": next_key, "previous_key": None}, "is_newest": is_newest, "sees": sees}
    return render(request, "analyze/replenishment.html", {**context, **shown})
