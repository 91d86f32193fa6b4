"""Satisfaction: the report, and the customers behind its levels."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import measure_words, results, satisfaction_page
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def satisfaction(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Index, single measures, where to begin, drivers, model, reliability."""
    viewer, run, is_newest, context = opened(request, "satisfaction", public_id)
    if run is None or "questionnaire" not in run.counts:
        return render(request, "analyze/answers_empty.html", context)
    sees = rights.sight(viewer, "survey_answers") == "shown"
    shown = satisfaction_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and sees,
        may_segment=viewer.can("segments.edit") and sees,
    )
    return render(request, "analyze/satisfaction.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Known customers who answered, the unhappiest first; for those who may see answers of persons."""
    return behind(
        request, "satisfaction", public_id, ("level", measure_words.CONTENT), "analyze/satisfaction_people.html"
    )


def behind(
    request: HttpRequest, kind: str, public_id: str, asked: tuple[str, Any], template: str
) -> HttpResponse:  # fmt: skip
    """Customers of a group of a result of answers, with their figures."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result(kind, public_id)
    name, words = asked
    group = request.GET.get(name, "")
    if rights.sight(viewer, "survey_answers") != "shown" or (group and group not in words):
        raise Http404
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, {name: group} if group else {}, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    hidden = {} if rights.sight(viewer, "net_amount") == "shown" else {"historic_cents": None}
    entries = [
        {"row": seen[row["customer_id"]], "figures": {**row, **hidden}}
        for row in found
        if row["customer_id"] in seen
    ]  # fmt: skip
    context = {
        "run": run,
        "title": words[group] if group else measure_words.TITLES[kind],
        "back_title": measure_words.TITLES[kind],
        "entries": entries,
        "words": words,
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
    }
    return render(request, template, context)
