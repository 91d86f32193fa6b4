"""The overview of the insight pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import overview_page, queries
from zhike.analyze.records import ORDER_LISTS
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import queries as work


@needs("analyze.view")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Customers, money, movement, classes, lists and provinces at a glance, as of the newest runs."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = {kind: queries.latest_run(kind) for kind in overview_page.KINDS}
    runs = {kind: run for kind, run in found.items() if run is not None}
    context = {
        "running": queries.running(),
        "may_run": viewer.can("analyze.run"),
        "may_import": viewer.can("collect.import"),
        "runs": runs,
    }
    if not runs:
        return render(request, "analyze/overview.html", {**context, "last": next(iter(queries.runs(limit=1)), None)})
    composed = runs.get("composition")
    shown = overview_page.page(
        runs,
        viewer,
        shade=request.GET.get("shade", ""),
        before=queries.on_file_before(composed.id, "composition") if composed else None,
        open_counts=work.open_counts(viewer, ORDER_LISTS) if viewer.can("worklist.view") else {},
    )
    return render(request, "analyze/overview.html", {**context, **shown})
