"""New leads, the parts of the score, reasons for loss, the market sheet."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.actions import funnel_rules as keep
from zhike.clean.funnel import settings, words
from zhike.clean.funnel.file_page import part_label
from zhike.clean.queries import funnel as told
from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_NONE = [("", "–")]
_STATED = ("name", "phone", "email", "company", "intention", "purchasing_power", "demand_size", "expected_order_on",
           "expected_amount", "need")  # fmt: skip


class LeadForm(forms.Form):
    """What one knows of somebody who may become a customer; the rest is filled in on the file."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("person", gettext_lazy("Person")), ("organisation", gettext_lazy("Organization"))],
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=120, required=False)
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[(code, words.STAGES[code]) for code in customers.BEFORE_SALE],
        initial="potential",
    )
    intention = forms.ChoiceField(
        label=gettext_lazy("Intention to buy"), choices=[*_NONE, *words.INTENTIONS.items()], required=False
    )
    purchasing_power = forms.ChoiceField(
        label=gettext_lazy("Purchasing power"), choices=[*_NONE, *words.POWERS.items()], required=False
    )
    demand_size = forms.CharField(label=gettext_lazy("Size of demand"), max_length=20, required=False)
    expected_order_on = forms.CharField(
        label=gettext_lazy("Expected order on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    expected_amount = forms.CharField(label=gettext_lazy("Expected amount"), max_length=20, required=False)


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def new_lead(request: HttpRequest) -> HttpResponse:
    """Enter a lead."""
    form = LeadForm(request.POST or None)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        values = {name: given[name] for name in _STATED if given.get(name)}
        try:
            customer_id = do.add_customer(given["kind"], values, by=viewer, stage=given["stage"])
        except do.EditRefused:
            form.add_error(None, _("A value cannot stand in its field; numbers are plain, days read 2026-12-31."))
        except do.KnownAlready as known:
            said = _("There is a file with this phone or e-mail already: %(number)s.") % {"number": known.number}
            form.add_error(None, said)
        else:
            head = customers.header(viewer, customer_id)
            return redirect("desk:file", head.row.public_id) if head else redirect("clean:funnel")
    return render(request, "clean/lead_new.html", {"form": form}, status=422 if form.errors else 200)


@needs("funnel.view")
@require_http_methods(["GET", "POST"])
def score(request: HttpRequest) -> HttpResponse:
    """What a lead's score is made of, and the numbers behind it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    numbers = settings.as_json(told.numbers())
    problem = ""
    if request.method == "POST":
        try:
            keep.set_numbers(request.POST.dict(), by=viewer)
            messages.success(request, _("Kept; the next run of the funnel counts so."))
            return redirect("clean:funnel_score")
        except settings.SettingsRefused as refused:
            said = _("“%(what)s” lies outside what makes sense.")
            problem = said % {"what": words.NUMBERS[refused.name]}
    parts = [(p, part_label(viewer, p)) for p in told.score_parts()]
    context = {
        "fit": [pair for pair in parts if pair[0].part == "fit"],
        "behavior": [pair for pair in parts if pair[0].part == "behavior"],
        "numbers": [(name, words.NUMBERS[name], request.POST.get(name, value)) for name, value in numbers.items()],
        "problem": problem,
        "segments": told.segment_names(viewer),
        "ways": words.WAYS,
        "outcomes": words.OUTCOMES,
        "steps": words.STEPS,
        "may_manage": viewer.can("funnel.manage"),
    }
    return render(request, "clean/funnel_score.html", context, status=422 if problem else 200)


@needs("funnel.manage")
@require_POST
def score_part(request: HttpRequest) -> HttpResponse:
    """Give points for a trait or an act, or take them out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    gone = request.POST.get("archive", "")
    if gone:
        _tried(request, keep.archive_score_part, gone)
    else:
        _tried(request, keep.add_score_part, request.POST.dict(), viewer=viewer)
    return redirect("clean:funnel_score")


@needs("funnel.view")
@require_http_methods(["GET", "POST"])
def reasons(request: HttpRequest) -> HttpResponse:
    """Why customers are lost: the list people choose from."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        code = request.POST.get("code", "")
        try:
            if code:
                is_out = request.POST.get("do") != "in"
                do.archive_loss_reason(code, is_archived=is_out, by=viewer)
            else:
                do.add_loss_reason(request.POST.get("name", ""), by=viewer)
        except do.ReasonRefused as refused:
            messages.error(request, str(words.REFUSALS[refused.code]))
        return redirect("clean:funnel_reasons")
    context = {"reasons": customers.loss_reasons(), "may_manage": viewer.can("funnel.manage")}
    return render(request, "clean/funnel_reasons.html", context)


@needs("funnel.view")
@require_GET
def market(request: HttpRequest) -> HttpResponse:
    """The market sheet: segments of the target market, their needs and size, rivals, our position."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    lines = told.market_segments()
    whole = sum(m.demand or 0 for m in lines) or None
    context = {
        "lines": [(m, (m.demand or 0) / whole if whole and m.demand else None) for m in lines],
        "segments": told.segment_names(viewer),
        "may_manage": viewer.can("funnel.manage"),
        "staff": secure.staff_names(),
    }
    return render(request, "clean/funnel_market.html", context)


@needs("funnel.manage")
@require_http_methods(["GET", "POST"])
def market_line(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Make a line of the market sheet, change one, or take it off."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held = told.market_segment(public_id) if public_id else None
    if public_id and held is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        try:
            if request.POST.get("do") == "archive":
                keep.archive_market_segment(public_id, by=viewer)
            else:
                seen = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
                keep.keep_market_segment(request.POST.dict(), by=viewer, public_id=public_id, revision=seen)
            return redirect("clean:funnel_market")
        except keep.FunnelRefused as refused:
            problem = str(words.REFUSALS[refused.code])
    names = ("name", "who", "needs", "demand", "demand_unit", "rivals", "position", "offer", "segment", "revision")
    typed = {name: request.POST.get(name, getattr(held, name, None) or "") for name in names}
    context = {"line": held, "typed": typed, "problem": problem, "segments": told.segment_names(viewer)}
    return render(request, "clean/funnel_market_line.html", context, status=422 if problem else 200)


def _tried(request: HttpRequest, act: Any, given: Any, *, viewer: Viewer | None = None) -> None:
    try:
        act(given, by=viewer or request.viewer)  # type: ignore[attr-defined]
    except keep.FunnelRefused as refused:
        messages.error(request, str(words.REFUSALS[refused.code]))
