"""The register of sources: where data comes from, on what basis, how far it is trusted, what it cost and brought."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.collect import actions as do
from zhike.collect.forms import CostForm, IncentiveForm, SourceForm, WorkForm
from zhike.collect.models import Incentive
from zhike.collect.report import report
from zhike.collect.source_kinds import LEGAL_BASES, kind_label
from zhike.customers import actions, queries
from zhike.customers.records import SourceFacts
from zhike.kit import chance
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs

INCENTIVE_REFUSALS: dict[str, Promise] = {
    "incomplete": gettext_lazy("Choose the collector, both days and the amount for each record."),
    "nobody": gettext_lazy("There is no such member of staff."),
    "period": gettext_lazy("The period ends before it begins, or in the future."),
    "overlap": gettext_lazy("Days of this period are booked already for this person and source."),
    "rate": gettext_lazy("Give an amount for each record above 0, at most 100,000."),
    "records": gettext_lazy("Nothing was entered by this person in this period that counts."),
    "gone": gettext_lazy("This entry was taken back already."),
}


@needs("collect.view")
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """All sources in use, with records, customers, cost and the cost of a customer."""
    rows = [
        {
            "line": line,
            "kind": kind_label(line.facts.channel_kind),
            "basis": LEGAL_BASES.get(line.facts.legal_basis, line.facts.legal_basis),
            "cost_each_cents": line.cost_cents // line.customers if line.cost_cents and line.customers else None,
        }
        for line in report()[0]
    ]
    may = request.viewer.can("sources.manage")  # type: ignore[attr-defined]
    return render(
        request, "collect/sources.html", {"rows": rows, "currency": installation().currency, "may_manage": may}
    )


@needs("sources.manage")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a source."""
    form = SourceForm(request.POST or None, staff=_staff(), initial={"trust_grade": 3, "channel_kind": "shop_platform"})
    if request.method == "POST" and form.is_valid():
        code = slugify(form.cleaned_data["name"]) or "source"
        if any(known.code == code for known in queries.sources(archived=True)):
            code = f"{code}-{chance.public_id()[:6].lower().replace('_', 'x')}"
        made = actions.add_source(code=code[:60], by=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("The source is registered."))
        return redirect("collect:source", made.public_id)
    return render(request, "collect/source.html", {"form": form, "source": None})


@needs("sources.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a source; its costs beside it."""
    source = source_or_404(public_id)
    details = queries.source_details(source.id)
    form = SourceForm(request.POST or None, staff=_staff(), initial=details)
    if request.method == "POST" and form.is_valid():
        actions.change_source(source.id, by=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("The source is kept."))
        return redirect("collect:source", public_id)
    return render(request, "collect/source.html", _context(source, form, CostForm(), details))


@needs("sources.manage")
@require_POST
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a source to new data; what it said stays."""
    actions.archive_source(source_or_404(public_id).id, by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("The source is archived; what it said stays."))
    return redirect("collect:sources")


@needs("sources.manage")
@require_POST
def cost(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note money spent on a source."""
    source = source_or_404(public_id)
    form = CostForm(request.POST)
    if not form.is_valid():
        details = queries.source_details(source.id)
        return render(
            request, "collect/source.html", _context(source, SourceForm(staff=_staff(), initial=details), form, details)
        )
    given = form.cleaned_data
    actions.add_source_cost(
        source.id,
        spent_on=given["spent_on"],
        kind=given["kind"],
        amount_cents=int(given["amount"] * 100),
        by=request.viewer,  # type: ignore[attr-defined]
    )
    return redirect("collect:source", public_id)


@needs("sources.manage")
@require_POST
def incentive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book what a collector earned, or take an entry back."""
    source, viewer = source_or_404(public_id), request.viewer  # type: ignore[attr-defined]
    try:
        if (entry := request.POST.get("take_back", "")).isdecimal() and len(entry) < 19:
            do.take_incentive_back(int(entry), by=viewer)
            messages.success(request, _("Taken back; the cost is taken off the source."))
            return redirect("collect:source", public_id)
        form = IncentiveForm(request.POST, staff=_staff())
        if not form.is_valid():
            raise do.IncentiveRefused("incomplete")
        given = form.cleaned_data
        made = do.book_incentive(
            source.id, given["staff"], since=given["since"], until=given["until"], rate_cents=int(given["rate"] * 100),
            record_count=given["records"], note=given["incentive_note"], by=viewer,
        )  # fmt: skip
        messages.success(request, _("Booked for %(count)s records.") % {"count": made.record_count})
    except do.IncentiveRefused as refusal:
        messages.error(request, str(INCENTIVE_REFUSALS[refusal.code]))
    return redirect("collect:source", public_id)


def _context(source: SourceFacts, form: SourceForm, cost_form: CostForm, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": source,
        "form": form,
        "cost_form": cost_form,
        "work_form": WorkForm(),
        "incentive_form": IncentiveForm(staff=_staff()),
        "incentives": list(Incentive.objects.filter(source_id=source.id).order_by("-id")[:100]),
        "names": secure.staff_names(),
        "costs": details["costs"],
        "currency": installation().currency,
    }


def source_or_404(public_id: str) -> SourceFacts:
    """A source that pages may change; the house itself is none."""
    found = next((s for s in queries.sources(archived=True) if s.public_id == public_id), None)
    if found is None or found.is_house:
        raise Http404
    return found


def _staff() -> list[tuple[int, str]]:
    return list(secure.staff_names().items())
