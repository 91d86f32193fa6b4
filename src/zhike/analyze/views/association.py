"""Products together: the report, and the customers behind each rule."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import actions, association_page, measure_words, results
from zhike.analyze.views.measures import opened, place_of, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_PAGE = results.PAGE_ROWS


@needs("analyze.view")
@require_GET
def association(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """What is bought together: bundles, the net, rules with their measures."""
    viewer, run, is_newest, context = opened(request, "association", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    asked, beyond = request.GET.get("q", "").strip()[:80], place_of(request)
    path = actions.result_file(run.public_id, "association")
    found: list[dict[str, Any]] = []
    if "refused" not in run.counts:
        if not asked and not beyond:
            found = list(run.counts["head"])
        elif path is not None:
            found = association_page.sought(path, asked, beyond_rank=beyond, limit=_PAGE + 1)
    sees_lines = rights.sight(viewer, "order_lines") == "shown"
    shown = association_page.page(
        run,
        found[:_PAGE],
        asked=asked,
        may_open=viewer.can("customers.view") and sees_lines and is_newest,
        with_money=rights.sight(viewer, "net_amount") == "shown",
        may_segment=viewer.can("segments.edit") and sees_lines,
    )
    next_key = found[_PAGE - 1]["rank"] if len(found) > _PAGE else None
    context |= {"page": {"next_key": next_key, "previous_key": None}, "is_newest": is_newest}
    return render(request, "analyze/association.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str, rank: int) -> HttpResponse:
    """Who bought what a rule says: with what is on its right side, or (`who=lacking`) still without it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("association", public_id)
    buyers = results.result_path("association_buyers", public_id)
    rule = association_page.rule_at(path, rank) if buyers.exists() else None
    if rule is None or rights.sight(viewer, "order_lines") != "shown":
        raise Http404
    lacking = request.GET.get("who") == "lacking"
    limit = results.rows_to_read(viewer.scope)
    found = association_page.behind(buyers, rule, lacking=lacking, beyond_rank=place_of(request), limit=limit + 1)
    seen = customers.lines(viewer, [row["customer_id"] for row in found[:limit]])
    context = {
        "run": run,
        "rule": rule,
        "lacking": lacking,
        "back_title": measure_words.TITLES["association"],
        "entries": [seen[row["customer_id"]] for row in found[:limit] if row["customer_id"] in seen],
        "page": {"next_key": found[limit - 1]["rank"] if len(found) > limit else None, "previous_key": None},
        "currency": run.counts["currency"],
        "with_money": rights.sight(viewer, "net_amount") == "shown",
    }
    return render(request, "analyze/association_people.html", context)
