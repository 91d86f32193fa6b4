"""Retention: the report, and the customers behind its figures."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import lifetime_page, measure_words, results, retention_page
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def retention(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Cohorts, how long customers stay, and who is likely to stay away."""
    viewer, run, is_newest, context = opened(request, "retention", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees = rights.sight(viewer, "metrics") == "shown"
    shown = retention_page.page(
        run,
        by=request.GET.get("by", ""),
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and sees,
        with_money=rights.sight(viewer, "net_amount") == "shown",
        may_segment=viewer.can("segments.edit") and sees,
    )
    return render(request, "analyze/retention.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Customers of a cohort or a level of risk, most money at risk first, each with reasons in words."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("retention", public_id)
    level, cohort = request.GET.get("level", ""), request.GET.get("cohort", "")
    if rights.sight(viewer, "metrics") != "shown" or (level and level not in measure_words.RISKS):
        raise Http404
    if cohort and not re.fullmatch(r"\d{4}-\d{2}", cohort):
        raise Http404
    wanted = {"risk_level": level} if level else {"cohort": cohort} if cohort else {}
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, dict(wanted), limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    with_money = rights.sight(viewer, "net_amount") == "shown"
    hidden = {} if with_money else {"historic_cents": None}
    entries = [
        {"row": seen[row["customer_id"]], "figures": {**row, **hidden}, "why": lifetime_page.why(row)}
        for row in found
        if row["customer_id"] in seen
    ]
    context = {
        "run": run,
        "title": measure_words.RISKS[level] if level else cohort or measure_words.TITLES["retention"],
        "back_title": measure_words.TITLES["retention"],
        "entries": entries,
        "risks": measure_words.RISKS,
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
    }
    return render(request, "analyze/retention_people.html", context)
