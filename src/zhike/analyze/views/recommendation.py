"""Recommendations: how the models did, and the customers for a product 目标客户群."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import measure_words, recommendation_page, results
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.shop import queries as shop


@needs("analyze.view")
@require_GET
def recommendation(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """How the models did on time they had not seen, and what is recommended to how many."""
    viewer, run, is_newest, context = opened(request, "recommendation", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees_lines = rights.sight(viewer, "order_lines") == "shown"
    shown = recommendation_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view"),
        may_segment=viewer.can("segments.edit"),
        sees_lines=sees_lines,
    )
    return render(request, "analyze/recommendation.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str, product_id: int) -> HttpResponse:
    """To whom a product is recommended, and because of what; who sees only some customers is shown those among them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, _path = with_result("recommendation", public_id)
    path = results.result_path("recommendation_people", public_id)
    title = shop.product_titles([product_id]).get(product_id)
    if rights.sight(viewer, "order_lines") != "shown" or title is None or not path.exists():
        raise Http404
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, {"product_id": product_id}, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    titles = shop.product_titles({row[name] for row in found for name in ("because_id", "because2_id")})
    entries = [
        {
            "row": seen[row["customer_id"]],
            "place": row["place"],
            "because": "、".join(titles[row[n]] for n in ("because_id", "because2_id") if row[n] in titles),
        }
        for row in found
        if row["customer_id"] in seen
    ]
    context = {
        "run": run,
        "title": title,
        "back_title": measure_words.TITLES["recommendation"],
        "entries": entries,
        "page": {"next_key": next_key, "previous_key": None},
    }
    return render(request, "analyze/recommendation_people.html", context)
