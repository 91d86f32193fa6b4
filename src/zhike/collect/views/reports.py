"""What sources brought; and the hours worked for one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.collect import actions
from zhike.collect.forms import WorkForm
from zhike.collect.report import report as sources_report
from zhike.collect.source_kinds import kind_label
from zhike.collect.views.sources import source_or_404
from zhike.kit.installation import installation
from zhike.secure.permissions import needs


@needs("collect.view")
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Every source with what it brought; each figure opens what stands behind it."""
    rows, counted_at = sources_report()
    context = {
        "rows": [(row, kind_label(row.facts.channel_kind)) for row in rows],
        "counted_at": counted_at,
        "currency": installation().currency,
    }
    return render(request, "collect/report.html", context)


@needs("collect.view")
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Count anew, in the background."""
    actions.start_count(by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("The sources are being counted; the figures stand here in a moment."))
    return redirect("collect:report")


@needs("sources.manage")
@require_POST
def work(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note time spent on a source."""
    source, form = source_or_404(public_id), WorkForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        minutes = round(given["hours"] * 60)
        actions.note_work(source.id, worked_on=given["worked_on"], minutes=minutes, note=given["work_note"], by=request.viewer)  # type: ignore[attr-defined]  # fmt: skip
        messages.success(request, _("The time is noted."))
    else:
        messages.error(request, _("Write the day and the hours, for example 1.5."))
    return redirect("collect:source", public_id)
