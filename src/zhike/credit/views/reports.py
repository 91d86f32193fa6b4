"""Credit reports: lists, one whole, writing one, deciding on one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.credit import actions, queries, refusals, report_page
from zhike.credit.records import ReportFacts
from zhike.credit.report_form import ReportForm, first_values, initial_of
from zhike.credit.telling import cents_of, labels, terms_text
from zhike.credit.views.party import head_of, parties
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.kit.paging import BadPageKey
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_VIEWS = {
    "waiting": gettext_lazy("To decide"),
    "force": gettext_lazy("In force"),
    "ending": gettext_lazy("Ending within 30 days"),
    "draft": gettext_lazy("Drafts"),
    "over": gettext_lazy("Refused or withdrawn"),
}


@needs("credit.view")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Credit reports by what is to be done with them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else "waiting" if queries.waiting_count(viewer) else "force"
    try:
        page = queries.reports(viewer, view, after=request.GET.get("after", ""))
    except BadPageKey:
        return redirect("credit:reports")
    known = parties(viewer, [r.source_record_id for r in page.rows])
    staff = secure.staff_names([r.author_staff_id for r in page.rows if r.author_staff_id])
    context = {
        "page": page,
        "rows": [(r, known.get(r.source_record_id), terms_text(r.terms_days)) for r in page.rows],
        "view": view,
        "views": _VIEWS,
        "staff": staff,
        "shown": secure.sight(viewer, "credit") == "shown",
        "may_rule": viewer.can("credit.rules"),
        **labels(),
    }
    return render(request, "credit/reports.html", context)


@needs("credit.view")
@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """A report whole, with what may be done with it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    report = _report(viewer, public_id)
    may_edit = viewer.can("credit.edit") and secure.may_edit(viewer, "credit")
    may_decide = viewer.can("credit.approve") and secure.may_edit(viewer, "credit")
    who = [i for i in (report.author_staff_id, report.decided_by_staff_id) if i]
    context = {
        **report_page.page(report),
        "party": parties(viewer, [report.source_record_id]).get(report.source_record_id),
        "staff": secure.staff_names(who),
        "may_edit": may_edit and report.state == "draft",
        "may_withdraw": (may_edit and report.state in ("draft", "waiting")) or (may_decide and report.state == "approved"),
        "may_decide": may_decide and report.state == "waiting" and viewer.staff_id != report.author_staff_id,
        "is_own": may_decide and report.state == "waiting" and viewer.staff_id == report.author_staff_id,
        "may_print": viewer.can("customers.export") and secure.may_export(viewer, "credit"),
        **labels(),
    }  # fmt: skip
    return render(request, "credit/report.html", context)


@needs("credit.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, customer: str) -> HttpResponse:
    """Begin a report."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, customer)
    if not secure.may_edit(viewer, "credit"):
        raise Http404
    today = clock.today(installation().time_zone)
    form = ReportForm(request.POST or None, initial=first_values(queries.limits().review_days, today))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_report(head.row.customer_id, form.draft(), by=viewer)
        except actions.ReportRefused as refusal:
            form.add_error(None, refusals.report(refusal.code))
        else:
            return redirect("credit:report", made)
    context = {"form": form, "row": head.row, "report": None, "is_person": head.row.kind != "organisation"}
    return render(request, "credit/report_form.html", context)


@needs("credit.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write a draft anew."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    report = _report(viewer, public_id)
    if report.state != "draft" or not secure.may_edit(viewer, "credit"):
        raise Http404
    form = ReportForm(request.POST or None, initial=initial_of(report))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_report(public_id, form.draft(), by=viewer)
        except actions.ReportRefused as refusal:
            form.add_error(None, refusals.report(refusal.code))
        else:
            return redirect("credit:report", public_id)
    party = parties(viewer, [report.source_record_id]).get(report.source_record_id)
    context = {"form": form, "row": party, "report": report, "is_person": report.is_person}
    return render(request, "credit/report_form.html", context)


@needs("credit.view")
@require_POST
def act(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """Submit, approve, refuse or withdraw; each asks its own right."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    doing = _ACTS.get(what)
    if doing is None:
        raise Http404
    try:
        said = doing(public_id, request.POST, viewer)
    except actions.ReportRefused as refusal:
        if refusal.code == "unknown":
            raise Http404 from None
        messages.error(request, refusals.report(refusal.code))
    else:
        messages.success(request, said)
    return redirect("credit:report", public_id)


def _submit(public_id: str, given: Any, by: Viewer) -> str:
    actions.submit_report(public_id, by=by)
    return _("Submitted: somebody else decides now.")


def _approve(public_id: str, given: Any, by: Viewer) -> str:
    text = given.get("limit", "").strip()
    limit = cents_of(text)
    if text and limit is None:
        raise actions.ReportRefused("amount")
    actions.decide_report(public_id, "approved", given.get("note", ""), by=by, limit_cents=limit)
    return _("Approved: limit and terms are in force.")


def _refuse(public_id: str, given: Any, by: Viewer) -> str:
    actions.decide_report(public_id, "refused", given.get("note", ""), by=by)
    return _("Refused, with your reasons.")


def _withdraw(public_id: str, given: Any, by: Viewer) -> str:
    actions.withdraw_report(public_id, by=by)
    return _("Withdrawn.")


_ACTS: dict[str, Callable[[str, Any, Viewer], str]] = {
    "submit": _submit,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
}


def _report(viewer: Viewer, public_id: str) -> ReportFacts:
    found = queries.report(viewer, public_id)
    if found is None:
        raise Http404
    return found
