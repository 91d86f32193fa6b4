"""The funnel's figures, the customers behind each of them, and whose time goes where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhike.analyze import funnel_page, measure_words, queries, results
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def funnel(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """How many came how far, how long it took, why others were lost, and what is likely to come."""
    viewer, run, is_newest, context = opened(request, "funnel", public_id)
    if run is None or rights.sight(viewer, "stage") != "shown":
        return render(request, "analyze/measure_empty.html", context)
    shown = funnel_page.page(run, viewer, by=request.GET.get("by", ""), is_newest=is_newest)
    return render(request, "analyze/funnel.html", {**context, **shown})


@needs("funnel.view")
@require_GET
def time_use(request: HttpRequest) -> HttpResponse:
    """A fragment for the board: who gets whose time, as of the newest run."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run = queries.latest_run("funnel")
    shown = funnel_page.time_use(run, viewer) if run else {"time_rows": []}
    context = {"run": run, "currency": run.counts["currency"] if run else "", "may_open": viewer.can("analyze.view")}
    return render(request, "analyze/funnel_time.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customers behind a figure of the funnel."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.can("funnel.view") or rights.sight(viewer, "stage") != "shown":
        raise Http404
    run, path = with_result("funnel", public_id)
    wanted, heads, facets = _wanted(request, viewer)
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, wanted, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    with_money = rights.sight(viewer, "expected_amount") == "shown"
    with_reason = rights.sight(viewer, "loss_reason") == "shown"
    reasons = customers.loss_reason_names() if with_reason else {}
    context = {
        "run": run,
        "title": " · ".join(heads) or str(measure_words.TITLES["funnel"]),
        "entries": [
            {
                "row": seen[row["customer_id"]],
                "entered_on": row["entered_on"],
                "minutes": row["minutes"],
                "expected_cents": row["expected_cents"] if with_money else None,
                "reason": reasons.get(row["lost_reason"], ""),
            }
            for row in found
            if row["customer_id"] in seen
        ],
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
        "stages": measure_words.STAGES,
        "segment_url": _segment_url(viewer, facets),
    }
    return render(request, "analyze/funnel_people.html", context)


def _wanted(request: HttpRequest, viewer: Viewer) -> tuple[dict[str, Any], list[str], dict[str, str]]:
    """What an address asks of the result's rows, in words, and as facets of a segment where a rule can say it."""
    asked, heads = request.GET, []
    wanted: dict[str, Any] = {}
    facets: dict[str, str] = {}
    by, group = asked.get("by", ""), asked.get("group", "")
    if by:
        if by not in funnel_page.offered(viewer):
            raise Http404
        wanted |= {by: group, "in_cohort": True}
        heads.append(f"{measure_words.FUNNEL_BY[by]}: {measure_words.funnel_groups(by).get(group, group)}")
    for word, values in (
        ("came", {"came": True}),
        ("on", {"came": True, "on": True}),
        ("off", {"came": True, "on": False}),
    ):
        stage = asked.get(word, "")
        if stage:
            if stage not in funnel_page.STEP_STAGES:
                raise Http404
            wanted |= {"in_cohort": True, **{f"{name}_{stage}": value for name, value in values.items()}}
            heads.append(f"{measure_words.STAGES[stage]}: {measure_words.FUNNEL_WAYS[word]}")
    for word, column, facet in (("lost", "lost_reason", "loss_reason"), ("from", "lost_from", ""), ("open", "stage", "stage"),
                                ("time", "time_group", "")):  # fmt: skip
        text = asked.get(word, "")[:40]
        if text:
            if word == "lost" and rights.sight(viewer, "loss_reason") != "shown":
                raise Http404
            wanted[column] = text
            heads.append(measure_words.funnel_word(word, text))
            facets |= {facet: text} if facet else {}
            if word == "time" and text.startswith("class_") and len(text) == 7:
                facets["purchase_class"] = text[-1]
    return wanted, [str(head) for head in heads], facets


def _segment_url(viewer: Viewer, facets: dict[str, str]) -> str:
    if not facets or not viewer.can("segments.edit"):
        return ""
    from urllib.parse import urlencode

    return f"{reverse('analyze:segment_new')}?{urlencode(facets)}"
