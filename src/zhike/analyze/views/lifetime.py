"""Lifetime value: the report, and the customers behind its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import lifetime_page, measure_words, results
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def lifetime(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Who is still there, what is to come, and how far the model is to be believed."""
    viewer, run, is_newest, context = opened(request, "lifetime", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    shown = lifetime_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and rights.sight(viewer, "metrics") == "shown",
        with_money=rights.sight(viewer, "net_amount") == "shown",
        may_segment=viewer.can("segments.edit") and rights.sight(viewer, "metrics") == "shown",
    )
    return render(request, "analyze/lifetime.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customers of a band, greatest value to come first; who sees only some customers is shown those among them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("lifetime", public_id)
    band = request.GET.get("band", "")
    if rights.sight(viewer, "metrics") != "shown" or (band and band not in measure_words.BANDS):
        raise Http404
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, {"band": band} if band else {}, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    with_money = rights.sight(viewer, "net_amount") == "shown"
    hidden = {} if with_money else dict.fromkeys(("value_ahead_cents", "historic_cents"))
    entries = [
        {"row": seen[row["customer_id"]], "figures": {**row, **hidden}} for row in found if row["customer_id"] in seen
    ]
    context = {
        "run": run,
        "title": measure_words.BANDS[band] if band else measure_words.TITLES["lifetime"],
        "back_title": measure_words.TITLES["lifetime"],
        "entries": entries,
        "bands": measure_words.BANDS,
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
    }
    return render(request, "analyze/lifetime_people.html", context)
