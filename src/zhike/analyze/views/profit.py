"""Profit contribution: the report, and the customers behind its figures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import measure_words, profit_page, results
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def profit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """What customers leave after goods and service. All of it is money: who may not see amounts is told so."""
    viewer, run, is_newest, context = opened(request, "profit", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees = _sees_money(viewer)
    if not sees:
        return render(request, "analyze/profit_hidden.html", {**context, "run": run})
    shown = profit_page.page(
        run,
        viewer,
        by=request.GET.get("by", ""),
        is_newest=is_newest,
        may_open=viewer.can("customers.view"),
        may_segment=viewer.can("segments.edit"),
    )
    return render(request, "analyze/profit.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Customers of a class, a kind or a group, most contribution first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("profit", public_id)
    if not _sees_money(viewer):
        raise Http404
    wanted, title = _wanted(request, viewer, run.counts["groups"])
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, wanted, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    context = {
        "run": run,
        "title": title,
        "back_title": measure_words.TITLES["profit"],
        "entries": [{"row": seen[row["customer_id"]], "figures": row} for row in found if row["customer_id"] in seen],
        "classes": measure_words.PROFIT_CLASSES,
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
    }
    return render(request, "analyze/profit_people.html", context)


def _wanted(request: HttpRequest, viewer: Viewer, groups: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What the address asks of the rows, and its words; 404 for what there is not or the viewer may not be told by."""
    wanted: dict[str, Any] = {}
    heads = []
    for name, named in (("profit_class", measure_words.PROFIT_CLASSES), ("service_kind", measure_words.SERVICE_KINDS)):
        if code := request.GET.get(name, ""):
            if code not in named:
                raise Http404
            wanted[name] = code
            heads.append(str(named[code]))
    if by := request.GET.get("by", ""):
        if by not in measure_words.offered(viewer, groups):
            raise Http404
        wanted[by] = group = request.GET.get("group", "")
        heads.append(f"{measure_words.ATTRIBUTES[by][0]}: {measure_words.group_names(by).get(group, group)}")
    return wanted, " · ".join(heads) or str(measure_words.TITLES["profit"])


def _sees_money(viewer: Viewer) -> bool:
    return rights.sight(viewer, "net_amount") == "shown" and rights.sight(viewer, "metrics") == "shown"
