"""Methods of one's own: which there are, what each says, the customers behind it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze import actions, measure_words, methods, queries, results
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.methods import Column, Method, said
from zhike.analyze.records import RunFacts
from zhike.analyze.views.measures import page_of_rows
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text


@needs("analyze.view")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The methods of this installation, with the day of their newest run."""
    rows = [
        {"code": code, "title": said(method.title), "about": said(method.about), "run": queries.latest_run(method.kind)}
        for code, method in methods.methods().items()
    ]
    may_manage = request.viewer.can("analyze.run")  # type: ignore[attr-defined]
    context = {"rows": rows, "faults": methods.faults() if may_manage else {}, "setting": methods.SETTING}
    return render(request, "analyze/methods.html", context)


@needs("analyze.view")
@require_GET
def shown(request: HttpRequest, method: str) -> HttpResponse:
    """What a method said in its newest run, column by column."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    own = _method(method)
    run = queries.latest_run(own.kind)
    columns = [c for c in own.columns if rights.sight(viewer, c.field) == "shown"]
    people = reverse("analyze:method_people", args=[own.code]) if viewer.can("customers.view") else ""
    may_segment = viewer.can("segments.edit")
    context = {
        "method": own,
        "title": said(own.title),
        "about": said(own.about),
        "run": run,
        "running": queries.running(),
        "may_run": viewer.can("analyze.run"),
        "may_download": run is not None and _may_download(viewer, own),
        "people": people,
        "parts": [_part(run, own, c, people, may_segment=may_segment) for c in columns] if run else [],
        "settings": measure_words.SPANS[MeasureParameters.from_json(dict(run.parameters)).span] if run else "",
    }
    return render(request, "analyze/method.html", context)


@needs("analyze.run")
@require_POST
def run_now(request: HttpRequest, method: str) -> HttpResponse:
    """Run a method, with the settings of its last run."""
    own = _method(method)
    last = queries.latest_run(own.kind)
    parameters = MeasureParameters.from_json(dict(last.parameters) if last else {})
    actions.request_measure(own.kind, parameters, by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("The method runs; its figures come as soon as they are there."))
    return redirect("analyze:method", own.code)


@needs("customers.view")
@require_GET
def people(request: HttpRequest, method: str) -> HttpResponse:
    """The customers a method speaks of, in its order; of one choice where the address names it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    own = _method(method)
    run = queries.latest_run(own.kind)
    path = actions.result_file(run.public_id, own.kind) if run else None
    columns = [c for c in own.columns if rights.sight(viewer, c.field) == "shown"]
    if run is None or path is None or not columns:
        raise Http404
    wanted, title = _wanted(request, own, columns)
    limit = results.rows_to_read(viewer.scope)
    own_columns = tuple(column.name for column in columns if column.name not in results.SHOWN)
    found, next_key = page_of_rows(request, path, wanted, limit, more=own_columns)
    lines = customers.lines(viewer, [row["customer_id"] for row in found])
    entries = [
        {
            "row": lines[row["customer_id"]],
            "cells": [(_cell(c, row[c.name], run.counts["currency"]), c.kind != "choice") for c in columns],
        }
        for row in found
        if row["customer_id"] in lines
    ]
    context = {
        "method": own,
        "title": title,
        "back_title": said(own.title),
        "run": run,
        "heads": [(said(c.title), c.kind != "choice") for c in columns],
        "entries": entries,
        "page": {"next_key": next_key, "previous_key": None},
    }
    return render(request, "analyze/method_people.html", context)


@needs("customers.export")
@require_POST
def download(request: HttpRequest, method: str) -> Any:
    """The rows of the newest run as CSV: file numbers and figures. Audited; for those who may see all customers."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    own = _method(method)
    run = queries.latest_run(own.kind)
    path = actions.result_file(run.public_id, own.kind) if run else None
    if run is None or path is None:
        raise Http404
    if not _may_download(viewer, own):
        raise Forbidden("customers.export")
    actions.note_download(run, "csv", by=viewer)
    headers = {"Content-Disposition": f'attachment; filename="{own.code}-{run.as_of.isoformat()}.csv"'}
    lines = results.csv_lines(path, own.kind)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _method(code: str) -> Method:
    found = methods.methods().get(code)
    if found is None:
        raise Http404
    return found


def _may_download(viewer: Viewer, method: Method) -> bool:
    fields = {column.field for column in method.columns}
    may = all(rights.may_export(viewer, field) for field in fields)
    return may and viewer.can("customers.export") and viewer.scope == "all"


def _part(run: RunFacts, method: Method, column: Column, people: str, *, may_segment: bool) -> dict[str, Any]:
    """A column as the page shows it: its choices with their customers, or how its figures lie."""
    told = run.counts["columns"].get(column.name, {})
    part: dict[str, Any] = {"title": said(column.title), "choices": [], "figures": []}
    if column.kind == "choice":
        counts = told.get("choices", {})
        whole, facet = sum(counts.values()) or 1, f"{method.kind}_{column.name}"
        for code, words in column.choices.items():
            count = counts.get(code, 0)
            query = urlencode({"column": column.name, "is": code})
            part["choices"].append({
                "label": said(words), "customers": count, "share": count / whole,
                "url": f"{people}?{query}" if people and count else "",
                "segment_url": f"{reverse('analyze:segment_new')}?{urlencode({facet: code})}" if may_segment else "",
            })  # fmt: skip
        return part
    named = {
        "least": _("Least"), "quarter": _("A quarter lies below"), "median": _("Half lies below"),
        "three_quarters": _("Three quarters lie below"), "most": _("Most"), "mean": _("Mean"),
    }  # fmt: skip
    currency = run.counts["currency"]
    part["figures"] = [
        {"label": said_, "value": _cell(column, told.get(name), currency)} for name, said_ in named.items()
    ]
    return part


def _cell(column: Column, value: Any, currency: str) -> str:
    if value is None:
        return "–"
    if column.kind == "choice":
        return said(column.choices[value]) if value in column.choices else str(value)
    if column.kind == "cents":
        return money_text(round(value), currency)
    return share_text(value) if column.kind == "share" else number(value, 0 if float(value).is_integer() else 2)


def _wanted(request: HttpRequest, method: Method, columns: list[Column]) -> tuple[dict[str, Any], str]:
    name = request.GET.get("column", "")
    if not name:
        return {}, said(method.title)
    column = next((c for c in columns if c.name == name and c.kind == "choice"), None)
    code = request.GET.get("is", "")
    if column is None or code not in column.choices:
        raise Http404
    return {name: code}, f"{said(column.title)}: {said(column.choices[code])}"
