"""Exports: start one, see one's own, fetch the file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.desk import actions, words
from zhike.desk.actions import ExportRefused, open_export, start_export
from zhike.desk.queries import exports_of
from zhike.kit.jobs import reading
from zhike.secure import actions as secure_actions
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@needs("customers.export")
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, newest first; a POST starts one."""
    if request.method == "POST":
        query = QueryDict(request.POST.get("query", "")[:2000]).urlencode()
        return begin(request, request.POST.get("what", "orders"), query=query)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = exports_of(viewer)
    jobs = {e.job_id or 0: reading.one(e.job_id) for e in found[:10] if e.job_id and e.state == "asked"}
    context = {
        "exports": [(e, jobs.get(e.job_id or 0)) for e in found],
        "moving": bool(jobs),
        "whats": words.EXPORTED,
        "people": secure.staff_names([e.decided_by_id for e in found if e.decided_by_id]),
        "is_alone": any(e.state == "waiting" for e in found) and actions.is_alone(viewer),
        "has_factor": secure.has_second_factor(viewer),
        "waiting_count": len([e for e in actions.waiting(viewer) if e.staff_id != viewer.staff_id])
        if viewer.can("exports.approve")
        else 0,
    }
    return render(request, "desk/exports.html#list" if request.htmx else "desk/exports.html", context)  # type: ignore[attr-defined]


@needs("customers.export")
@require_GET
def download(request: HttpRequest, public_id: str) -> Any:
    """The file, once more written to the audit."""
    try:
        export, stream = open_export(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except ExportRefused:
        raise Http404 from None
    name = f"zhike-{export.what}-{export.created_at:%Y%m%d-%H%M}.{export.form}"
    answer = StreamingHttpResponse(iter(lambda: stream.read(65536), b""), content_type=_TYPES[export.form])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@needs("customers.export")
@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The only person who could let it go confirms with password and second factor."""
    given = request.POST
    if not secure_actions.confirm_person(request, given.get("password", ""), given.get("code", "")):
        messages.error(request, _("Password or code is not right, or was tried too often."))
        return redirect("desk:exports")
    try:
        actions.confirm_alone(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except actions.ApprovalRefused as refusal:
        messages.error(request, REFUSALS[refusal.code]())
    else:
        messages.success(request, _("Confirmed. The file is made in ten minutes."))
    return redirect("desk:exports")


@needs("customers.export")
@require_POST
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back one's own request."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if public_id not in {e.public_id for e in exports_of(viewer)}:
        raise Http404
    try:
        actions.refuse(public_id, "", by=viewer)
    except actions.ApprovalRefused as refusal:
        messages.error(request, REFUSALS[refusal.code]())
    return redirect("desk:exports")


@needs("exports.approve")
@require_http_methods(["GET", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """Exports that wait for a second person: what, how much, who, why; approve, or refuse with a reason."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        return _decide(request, viewer)
    found = actions.waiting(viewer)
    context = {
        "waiting": found,
        "people": secure.staff_names([e.staff_id for e in found if e.staff_id]),
        "me": viewer.staff_id,
        "whats": words.EXPORTED,
        "free_rows": actions.free_rows(),
        "may_set": viewer.can("settings.edit"),
        "labels": {e.pk: actions.column_labels(e) for e in found},
    }
    return render(request, "desk/approvals.html", context)


def _decide(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    public_id, act = request.POST.get("export", ""), request.POST.get("act", "")
    try:
        if act == "approve":
            actions.approve(public_id, by=viewer)
            messages.success(request, _("Approved. The file is made now, and its maker finds it under Exports."))
        else:
            actions.refuse(public_id, request.POST.get("reason", ""), by=viewer)
            messages.success(request, _("Refused. Its maker reads your reason."))
    except actions.ApprovalRefused as refusal:
        messages.error(request, REFUSALS[refusal.code]())
    return redirect("desk:approvals")


@needs("settings.edit")
@require_POST
def limit(request: HttpRequest) -> HttpResponse:
    """Set from how many rows on exports wait."""
    stated = request.POST.get("rows", "").strip()
    try:
        actions.set_free_rows(int(stated), by=request.viewer)  # type: ignore[attr-defined]
    except ValueError:
        messages.error(request, _("The limit is a number from 0 to 100,000."))
    else:
        messages.success(request, _("The limit is kept."))
    return redirect("desk:approvals")


REFUSALS = {
    "gone": lambda: _("This export was decided already."),
    "own": lambda: _("Your own export needs somebody else."),
    "reason_missing": lambda: _("Say why: its maker reads it."),
    "not_alone": lambda: _("A colleague can approve it; ask them."),
}


NOT_MADE = {
    "reason_missing": lambda: _("Say what the export is for; it is kept with the export."),
    "too_many": lambda: _("A book holds at most 20,000 customers. Narrow the list down first."),
    "too_many_for_word": lambda: _(
        "A register for Word holds at most 2,000 customers. Choose Excel or PDF, or narrow it down."
    ),
    "fonts_missing": lambda: _("The fonts for printing are not there. Whoever runs the machine builds them anew."),
    "too_slow": lambda: _("Printing took too long and was stopped. Nothing is kept of it."),
    "refused": lambda: _("This could not be printed. Nothing is kept of it."),
}


def begin(
    request: HttpRequest,
    what: str,
    *,
    query: str = "",
    ids: Sequence[int] = (),
    columns: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
    form: str = "",
) -> HttpResponse:
    """Start an export and show the page of exports; a card that is ready is handed out at once."""
    given = request.POST
    try:
        export = start_export(
            what,
            reason=given.get("reason", ""),
            by=request.viewer,  # type: ignore[attr-defined]
            query=query,
            ids=ids,
            form=form or given.get("form", "csv"),
            columns=columns,
            options=options,
        )
    except ExportRefused as refusal:
        if refusal.code not in NOT_MADE:
            raise Http404 from None
        messages.error(request, NOT_MADE[refusal.code]())
    else:
        if export.state == "waiting":
            messages.info(request, _("This export is large: it waits until a colleague approves it."))
        elif what in ("card", "credit") and export.state == "ready":
            return redirect("desk:download", export.public_id)
    return redirect("desk:exports")
