"""Paths and abandonment: the report, and the customers behind its figures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import measure_words, path_words, paths_page, results
from zhike.analyze.portrait_consent import still_profiled
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike_analytics.path_steps import MOST


@needs("analyze.view")
@require_GET
def paths(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Where visitors come from and go, where they give up, and what help changed. Figures of all; no person among them."""
    viewer, run, is_newest, context = opened(request, "paths", public_id)
    if run is None:
        return render(request, "analyze/paths_empty.html", context)
    sees = rights.sight(viewer, "visits") == "shown"
    shown = paths_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and sees,
        may_segment=viewer.can("segments.edit") and sees,
    )
    return render(request, "analyze/paths.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Known customers who came to a step, gave up at one, or left something; last seen first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("paths", public_id)
    if rights.sight(viewer, "visits") != "shown":
        raise Http404
    steps = run.counts["steps"]
    wanted, title = _wanted(request, steps)
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, wanted, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    told = still_profiled(seen)
    shown = [{"row": seen[row["customer_id"]], "figures": row} for row in found if row["customer_id"] in told]
    context = {
        "run": run,
        "title": title,
        "back_title": measure_words.TITLES["paths"],
        "entries": shown,
        "sources": path_words.ENTRIES,
        "step_labels": {row["step"]: path_words.step_label(row) for row in steps},
        "page": {"next_key": next_key, "previous_key": None},
    }
    return render(request, "analyze/paths_people.html", context)


def _wanted(request: HttpRequest, steps: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    """What the address asks of the rows, and its words; 404 for what there is not."""
    wanted: dict[str, Any] = {}
    heads = []
    for name, column in (("step", "step_min"), ("stopped", "stopped_at")):
        if code := request.GET.get(name, ""):
            if not code.isdecimal() or len(code) > 2 or not 0 < int(code) <= min(MOST, len(steps)):
                raise Http404
            wanted[column] = int(code)
            heads.append(path_words.step_label(steps[int(code) - 1]))
    if what := request.GET.get("left", ""):
        if what not in path_words.LEFT:
            raise Http404
        wanted["has"] = f"{what}_left"
        heads.append(str(path_words.LEFT[what]))
    return wanted, " · ".join(heads) or str(measure_words.TITLES["paths"])
