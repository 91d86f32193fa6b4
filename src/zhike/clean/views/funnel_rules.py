"""Rules that qualify leads, and the runs that apply them: look first, carry out, take back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.actions import funnel_rules as keep
from zhike.clean.actions import funnel_runs as run_do
from zhike.clean.funnel import words
from zhike.clean.queries import funnel as told
from zhike.customers import queries as customers
from zhike.kit.jobs import reading
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("funnel.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in use, and the newest runs."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "rules": told.rules(),
        "runs": [(run, words.RUN_STATES[run.state], words.RUN_TONES[run.state]) for run in told.runs(10)],
        "segments": told.segment_names(viewer),
        "stages": words.STAGES,
        "modes": words.MODES,
        "reasons": customers.loss_reason_names(),
        "may_manage": viewer.can("funnel.manage"),
        "staff": secure.staff_names(),
    }
    return render(request, "clean/funnel_rules.html", context)


@needs("funnel.manage")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Make a rule or change one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held = told.rule(public_id) if public_id else None
    if public_id and held is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            keep.keep_rule(request.POST.dict(), by=viewer, public_id=public_id)
            return redirect("clean:funnel_rules")
        except keep.FunnelRefused as refused:
            problem = str(words.REFUSALS[refused.code])
    names = ("name", "segment", "from_stage", "to_stage", "reason", "mode")
    typed = {name: request.POST.get(name, getattr(held, name, "")) for name in names}
    context = {
        "rule": held, "typed": typed, "problem": problem, "segments": told.segment_names(viewer), "stages": words.STAGES,
        "modes": words.MODES, "reasons": customers.loss_reasons(archived=False),
    }  # fmt: skip
    return render(request, "clean/funnel_rule.html", context, status=422 if problem else 200)


@needs("funnel.manage")
@require_POST
def archive_rule(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a rule out of use."""
    return _done(request, keep.archive_rule, public_id)


@needs("funnel.manage")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Find out whom the rules would move."""
    try:
        public_id = run_do.ask_run(by=request.viewer, rule_public_id=request.POST.get("rule", ""))  # type: ignore[attr-defined]
    except keep.FunnelRefused as refused:
        messages.error(request, str(words.REFUSALS[refused.code]))
        return redirect("clean:funnel_rules")
    return redirect("clean:funnel_run", public_id)


@needs("funnel.view")
@require_GET
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a run found or did, customer by customer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = told.run(public_id)
    if row is None:
        raise Http404
    job = reading.one(row.job_id) if row.job_id else None
    context = {
        "run": row,
        "state": words.RUN_STATES[row.state],
        "tone": words.RUN_TONES[row.state],
        "job": job if job and job.state in ("queued", "running") else None,
        "page": told.finds(viewer, row.id, after=request.GET.get("after", "")),
        "stages": words.STAGES,
        "may_carry_out": viewer.can("funnel.manage") and viewer.can("customers.edit"),
        "staff": secure.staff_names(),
    }
    return render(request, "clean/funnel_run.html", context)


@needs("funnel.manage")
@require_POST
def leave_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave a customer out of a run, or take them in again."""
    text = request.POST.get("customer", "")
    is_out = request.POST.get("do") != "in"
    if text.isdecimal() and len(text) < 19:
        _tried(request, run_do.leave_out, public_id, int(text), is_left_out=is_out)
    return redirect("clean:funnel_run", public_id)


@needs("funnel.manage")
@require_POST
def carry_out(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move whom a run found."""
    _tried(request, run_do.carry_out, public_id)
    return redirect("clean:funnel_run", public_id)


@needs("funnel.manage")
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a run back."""
    _tried(request, run_do.undo_run, public_id)
    return redirect("clean:funnel_run", public_id)


def _tried(request: HttpRequest, act: Any, *given: Any, **named: Any) -> None:
    try:
        act(*given, **named, by=request.viewer)  # type: ignore[attr-defined]
    except keep.FunnelRefused as refused:
        messages.error(request, str(words.REFUSALS[refused.code]))


def _done(request: HttpRequest, act: Any, *given: Any) -> HttpResponse:
    _tried(request, act, *given)
    messages.success(request, _("Done."))
    return redirect("clean:funnel_rules")
