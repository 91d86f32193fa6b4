"""Exports: start one, see one's own, fetch the file."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhike.desk.actions import ExportRefused, open_export, start_export
from zhike.desk.queries import exports_of
from zhike.kit.jobs import reading
from zhike.secure.permissions import needs


@needs("customers.export")
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, newest first; a POST starts one."""
    if request.method == "POST":
        query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
        return begin(request, request.POST.get("what", "orders"), query=query)
    found = exports_of(request.viewer)  # type: ignore[attr-defined]
    jobs = {e.job_id or 0: reading.one(e.job_id) for e in found[:10] if e.job_id and e.state == "asked"}
    context = {"exports": [(e, jobs.get(e.job_id or 0)) for e in found], "moving": bool(jobs)}
    return render(request, "desk/exports.html#list" if request.htmx else "desk/exports.html", context)  # type: ignore[attr-defined]


@needs("customers.export")
@require_GET
def download(request: HttpRequest, public_id: str) -> Any:
    """The file, once more written to the audit."""
    try:
        export, stream = open_export(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except ExportRefused:
        raise Http404 from None
    name = f"zhike-{export.what}-{export.created_at:%Y%m%d-%H%M}.csv"
    answer = StreamingHttpResponse(iter(lambda: stream.read(65536), b""), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def begin(request: HttpRequest, what: str, *, query: str = "", ids: Sequence[int] = ()) -> HttpResponse:
    """Start an export and show the page of exports."""
    try:
        start_export(what, reason=request.POST.get("reason", ""), by=request.viewer, query=query, ids=ids)  # type: ignore[attr-defined]
    except ExportRefused as refusal:
        if refusal.code != "reason_missing":
            raise Http404 from None
        messages.error(request, _("Say what the export is for; it is kept with the export."))
    return redirect("desk:exports")
