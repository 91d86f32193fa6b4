"""RFM: the newest run or an older one, the people who moved, the download."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze import actions, queries, results, rfm_page, words
from zhike.customers import queries as customers
from zhike.kit.installation import installation
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer
from zhike.ui.names import zone_name

_MOVED_PAGE = 50


@needs("analyze.view")
@require_GET
def rfm(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """The RFM report: of the newest run that ended well, or of the one asked for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    newest = queries.latest_run()
    run = queries.run(public_id) if public_id else newest
    context = {
        "running": queries.running(),
        "may_run": viewer.can("analyze.run"),
        "may_import": viewer.can("collect.import"),
        "may_download": _may_download(viewer),
        "zone": zone_name(installation().time_zone),
    }
    if public_id and (run is None or run.state != "done" or run.kind != "rfm"):
        raise Http404
    if run is None:
        return render(request, "analyze/rfm_empty.html", {**context, "last": next(iter(queries.runs(limit=1)), None)})
    plane = request.GET.get("plane", "rf")
    shown = rfm_page.page(
        run,
        plane if plane in rfm_page.PLANES else "rf",
        is_newest=newest is not None and run.id == newest.id,
        may_open=viewer.can("customers.view"),
        with_money=rights.sight(viewer, "net_amount") == "shown",
    )
    return render(request, "analyze/rfm.html", {**context, **shown})


@needs("customers.view")
@require_GET
def moved(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """The customers behind a cell of the movement table, greatest value first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run = queries.latest_run()
    known = {*words.CLASSES, *words.OTHERS}
    if run is None or before not in known or after not in known:
        raise Http404
    place = request.GET.get("after", "")
    found = queries.moved_customers(
        run.id, before, after, beyond_rank=int(place) if place.isdecimal() else 0, limit=_MOVED_PAGE + 1
    )
    more, found = len(found) > _MOVED_PAGE, found[:_MOVED_PAGE]
    rows = customers.lines(viewer, [customer for _rank, customer in found])
    context = {
        "run": run,
        "before": words.of_class(before),
        "now": words.of_class(after, after=True),
        "rows": [rows[customer] for _rank, customer in found if customer in rows],
        "page": {"next_key": found[-1][0] if more else None, "previous_key": None},
        "currency": run.counts["currency"],
        "classes": words.CLASSES,
    }
    return render(request, "analyze/moved.html", context)


@needs("customers.export")
@require_POST
def download(request: HttpRequest, public_id: str) -> Any:
    """A run's result: file numbers and scores, as CSV or Parquet. Audited; for those who may see all customers."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not _may_download(viewer):
        raise Forbidden("customers.export")
    run = queries.run(public_id)
    path = actions.result_file(public_id) if run else None
    if run is None or path is None:
        raise Http404
    form = "parquet" if request.POST.get("form") == "parquet" else "csv"
    actions.note_download(run, form, by=viewer)
    name = f"rfm-{run.as_of.isoformat()}.{form}"
    if form == "parquet":
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    return StreamingHttpResponse(
        results.csv_lines(path),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _may_download(viewer: Viewer) -> bool:
    may_export = viewer.can("customers.export") and rights.may_export(viewer, "net_amount")
    return may_export and viewer.scope == "all"
