"""Statements from a file: look first, then record what was looked at."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhike.credit import actions, queries, refusals, words
from zhike.credit.actions.imports import MOST_BYTES
from zhike.credit.records import ImportTally
from zhike.credit.statement_columns import HEADINGS
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("credit.edit")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what it would do, record it. What is recorded is the text that was looked at."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context: dict[str, Any] = {"headings": _headings(), "tally": None, "refused": "", "done": False}
    if request.method == "POST":
        file, text = request.FILES.get("file"), request.POST.get("text", "")
        if file is not None and (file.size or 0) > MOST_BYTES:
            context["refused"] = refusals.file("too_large")
        elif file is not None or text:
            context |= _done(viewer, b"" if file is None else file.read(), text)
        else:
            context["refused"] = _("Choose a CSV or XLSX file first.")
    return render(request, "credit/import.html", context)


@needs("credit.edit")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with all columns and one example."""
    headers = {"Content-Disposition": 'attachment; filename="statements.csv"'}
    return HttpResponse(queries.template(), content_type="text/csv; charset=utf-8", headers=headers)


def _done(viewer: Viewer, content: bytes, text: str) -> dict[str, Any]:
    try:
        if content:
            tally = actions.check_statements(content, by=viewer)
        else:
            tally = actions.record_statements(text.encode(), by=viewer)
    except actions.StatementFileRefused as refusal:
        return {"refused": refusal.words or refusals.file(refusal.code)}
    return {"tally": tally, "done": not content, "problems": _problems(tally)}


def _problems(tally: ImportTally) -> list[tuple[int, str]]:
    return [(row, refusals.statement(code, part)) for row, code, part in tally.problems]


def _headings() -> list[tuple[str, str]]:
    told = {
        "customer": _("file number or full name"),
        "ends_on": "2025-12-31",
        "period": _("年报, 半年报, 季报 or 月报; empty: year"),
        "unit": _("元, 千元, 万元 …; empty: 元"),
        "is_audited": "是 / 否",
        "is_consolidated": "是 / 否",
        "origin": _("where it comes from"),
    }
    return [(names[0], str(told.get(part) or words.AMOUNTS.get(part, ""))) for part, names in HEADINGS.items()]
