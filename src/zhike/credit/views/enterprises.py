"""Enterprises by what their statements warn of, and the same as a file."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from zhike.credit import finance_page, queries, words
from zhike.credit.actions.taking_out import note_download
from zhike.credit.records import EnterpriseRow
from zhike.credit.views.party import parties
from zhike.customers import queries as customers
from zhike.kit.formulas import harmless
from zhike.kit.paging import BadPageKey
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer
from zhike_analytics.ratios import RULES

_SHOWN = ("current_ratio", "quick_ratio", "cash_to_current_liabilities", "debt_to_asset")


@needs("credit.view")
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """Enterprises with statements, the worst first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    view = _view(request.GET.get("view", ""))
    try:
        page = queries.enterprises(viewer, view, after=request.GET.get("after", ""))
    except BadPageKey:
        return redirect("credit:enterprises")
    known = parties(viewer, [row.source_record_id for row in page.rows])
    context = {
        "page": page,
        "rows": [_shown(row, known.get(row.source_record_id)) for row in page.rows],
        "view": view,
        "views": _views(),
        "heads": [words.RATIOS[key][0] for key in _SHOWN],
        "sees": queries.sees_statements(viewer),
        "may_edit": viewer.can("credit.edit") and secure.may_edit(viewer, "statements"),
        "may_download": _may_download(viewer),
    }
    return render(request, "credit/enterprises.html", context)


@needs("credit.view")
@require_POST
def download(request: HttpRequest) -> Any:
    """The ratios of all enterprises of a view as CSV; names in the form the viewer sees them, once more written to the audit."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not _may_download(viewer):
        raise Forbidden("customers.export")
    view = _view(request.POST.get("view", ""))
    rows = list(queries.enterprises_as_rows(viewer, view))
    note_download(len(rows), by=viewer)
    headers = {"Content-Disposition": 'attachment; filename="enterprises.csv"'}
    return StreamingHttpResponse(_lines(viewer, rows), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(viewer: Viewer, rows: list[EnterpriseRow]) -> Iterator[str]:
    lines = customers.lines(viewer, {row.customer_id for row in rows})
    with_name = secure.may_export(viewer, "name")
    heads = [_("File number"), pgettext("of a company", "Name"), _("End of the period"), _("Warnings")]
    # Of each ratio its formula too: the same name means two things.
    heads += [f"{words.RATIOS[rule.key][0]} = {words.RATIOS[rule.key][1]}" for rule in RULES]
    yield "\ufeff" + _csv(heads)
    for row in rows:
        line = lines.get(row.customer_id)
        told = "；".join(str(words.WARNINGS[code]) for code in row.warning_codes)
        cells = [line.number if line else "", line.name if line and with_name else ""]
        cells += [row.statement.ends_on.isoformat(), told]
        cells += ["" if r.value is None else f"{r.value:.4f}" for r in row.ratios.values()]
        yield _csv([harmless(cell) for cell in cells])


def _csv(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _shown(row: EnterpriseRow, party: Any) -> dict[str, Any]:
    return {
        "party": party,
        "statement": row.statement,
        "period": finance_page.period_text(row.statement),
        "tone": words.TONES[row.tone],
        "tone_word": words.TONE_WORDS[row.tone],
        "warnings": [words.WARNINGS[code] for code in row.warning_codes][:3],
        "more": max(0, len(row.warning_codes) - 3),
        "values": [finance_page.ratio_text(row.ratios[key]) for key in _SHOWN],
        "net_assets": row.statement.amounts.get("net_assets"),
    }


def _views() -> list[tuple[str, str]]:
    named = {"all": _("All"), "bad": words.TONE_WORDS["bad"], "watch": words.TONE_WORDS["watch"], "fine": words.TONE_WORDS["none"]}  # fmt: skip
    return [(code, str(named[code])) for code in queries.ENTERPRISE_VIEWS]


def _view(text: str) -> str:
    return text if text in queries.ENTERPRISE_VIEWS else "all"


def _may_download(viewer: Viewer) -> bool:
    return viewer.can("customers.export") and secure.may_export(viewer, "statements")
