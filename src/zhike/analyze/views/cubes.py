"""The cube: its page, the fragment that waits for an answer, the customers of a cell, what is kept and taken away."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze.cubes import asking, page, reckoning, shelf, words
from zhike.analyze.cubes.fields import DIMENSIONS, KINDS, MEASURES
from zhike.analyze.cubes.question import (
    MOST_COLUMNS,
    MOST_MEASURES,
    MOST_ROWS,
    Question,
    QuestionRefused,
    check_sight,
    sees,
)
from zhike.customers import queries as customers
from zhike.kit.formulas import harmless
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def cube(request: HttpRequest) -> HttpResponse:
    """Any measure by any dimensions. The question stands in the address; the answer comes when it is counted."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        question = Question.asked(request.GET)
        told = asking.answer_to(viewer, question)
    except QuestionRefused as problem:
        context = _form(viewer, Question()) | {"wrong": words.refusal(problem)}
        return render(request, "analyze/cube.html", context, status=422)
    return render(request, "analyze/cube.html", _form(viewer, question) | _answered(viewer, question, told))


@needs("analyze.view")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Have a question counted; the page's fragment waits for it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        question = Question.asked(request.POST)
        asking.ask(question, by=viewer, is_fresh=request.POST.get("do") == "fresh")
    except QuestionRefused as problem:
        return render(request, "analyze/cube_answer.html", {"wrong": words.refusal(problem)}, status=422)
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('analyze:cube')}?{question.address()}")
    return render(request, "analyze/cube_answer.html", _answered(viewer, question, None) | {"was_asked": True})


@needs("analyze.view")
@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """The answer, or the fragment that goes on waiting."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    question, told = _question(request)
    return render(request, "analyze/cube_answer.html", _answered(viewer, question, told) | {"was_asked": True})


@needs("customers.view")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The customers behind a cell, by its measure downwards."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    question, at, after = _cell(request, request.GET)
    told = asking.answer_to(viewer, question, at=at, after=after)
    context: dict[str, Any] = {"question": question, "title": _title(question, at, told), "told": told}
    context["back"] = f"{reverse('analyze:cube')}?{_asked_for(request.GET).address()}"
    context["again"] = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    if told is not None and "people" in told:
        context |= _listed(viewer, question, told)
    template = "analyze/cube_people_answer.html" if getattr(request, "htmx", False) else "analyze/cube_people.html"
    return render(request, template, context)


@needs("customers.view")
@require_POST
def ask_people(request: HttpRequest) -> HttpResponse:
    """Have the customers of a cell looked up."""
    question, at, after = _cell(request, request.POST)
    asking.ask(question, by=request.viewer, at=at, after=after)  # type: ignore[attr-defined]
    context = {"again": [(n, v) for n in request.POST for v in request.POST.getlist(n) if n != "csrfmiddlewaretoken"]}
    return render(request, "analyze/cube_people_answer.html", context | {"was_asked": True})


@needs("analyze.view")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a question under a name."""
    try:
        question = Question.asked(request.POST)
        is_shared = request.POST.get("sharing") == "all"
        shelf.keep(question, request.POST.get("name", ""), is_shared=is_shared, by=request.viewer)  # type: ignore[attr-defined]
    except QuestionRefused as problem:
        context = _form(request.viewer, Question()) | {"wrong": words.refusal(problem)}  # type: ignore[attr-defined]
        return render(request, "analyze/cube.html", context, status=422)
    return redirect(f"{reverse('analyze:cube')}?{question.address()}")


@needs("analyze.view")
@require_POST
def forget(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a kept question away."""
    shelf.forget(public_id, by=request.viewer)  # type: ignore[attr-defined]
    return redirect("analyze:cube")


@needs("customers.export")
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """The cells of an answer as CSV. Audited."""
    import csv

    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not rights.may_export(viewer, "net_amount"):
        raise Forbidden("customers.export")
    question, told = _question(request)
    if told is None or "cells" not in told:
        raise Http404
    lines = page.csv_rows(page.read(question, told))
    asking.note_download(question, len(lines) - 1, by=viewer)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="cube.csv"'
    answer.write("\ufeff")
    csv.writer(answer).writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in lines)
    return answer


def _asked_for(given: Any) -> Question:
    try:
        return Question.asked(given)
    except QuestionRefused:
        raise Http404 from None


def _question(request: HttpRequest) -> tuple[Question, dict[str, Any] | None]:
    """The question asked and its answer, if it is there; 404 for one that cannot be asked."""
    question = _asked_for(request.POST if request.method == "POST" else request.GET)
    try:
        return question, asking.answer_to(request.viewer, question)  # type: ignore[attr-defined]
    except QuestionRefused:
        raise Http404 from None


def _cell(request: HttpRequest, given: Any) -> tuple[Question, list[tuple[str, str]], tuple[int, int] | None]:
    """The question of one measure, the cell, and the place the page begins beyond."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    question, by = _asked_for(given), given.get("by", "")
    at = [(name, value) for name, _found, value in (str(one).partition("~") for one in given.getlist("at"))]
    if by not in question.measures or any(name not in question.rows + question.columns for name, _value in at):
        raise Http404
    narrowed = Question.from_json({**question.as_json(), "measures": [by]})
    try:
        check_sight(viewer, narrowed)
    except QuestionRefused:
        raise Http404 from None
    value, _mark, customer = given.get("after", "").partition(".")
    is_place = value.lstrip("-").isdecimal() and customer.isdecimal() and len(value) < 18 and len(customer) < 18
    return narrowed, at, (int(value), int(customer)) if is_place else None


def _title(question: Question, at: list[tuple[str, str]], told: dict[str, Any] | None) -> str:
    names = (told or {}).get("names", {})
    parts = [words.group(name, value, words.groups(name, names)) for name, value in at]
    return " · ".join([*parts, str(MEASURES[question.measures[0]].label)])


def _listed(viewer: Viewer, question: Question, told: dict[str, Any]) -> dict[str, Any]:
    found = told["people"][: reckoning.PEOPLE]
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    code = reckoning.base_measures(question)[0]
    entries = [
        {"row": seen[row["customer_id"]], "text": page.text(row["value"], code, told["currency"])}
        for row in found
        if row["customer_id"] in seen
    ]
    more = len(told["people"]) > reckoning.PEOPLE
    last = f"{found[-1]['value']}.{found[-1]['customer_id']}" if more else None
    return {
        "entries": entries,
        "measure": MEASURES[code].label,
        "page": {"next_key": last, "previous_key": None},
    }


def _form(viewer: Viewer, question: Question) -> dict[str, Any]:
    """The choices of the page: what the viewer may be told by, filled in with the question."""
    dimensions = [
        (label, [(d.code, d.label) for d in DIMENSIONS.values() if d.kind == kind and sees(viewer, d)])
        for kind, label in KINDS.items()
    ]
    turned = question.turned()
    return {
        "question": question,
        "dimensions": dimensions,
        "measures": [(m.code, m.label) for m in MEASURES.values() if sees(viewer, m)],
        "row_places": _places(question.rows, MOST_ROWS),
        "column_places": _places(question.columns, MOST_COLUMNS),
        "measure_places": _places(question.measures, MOST_MEASURES),
        "spans": words.SPANS,
        "kept": shelf.kept(viewer),
        "turned": f"?{turned.address()}" if turned else "",
        "may_share": viewer.can("analyze.run"),
        "asked_for": page.pairs(question),
    }


def _places(chosen: tuple[str, ...], most: int) -> list[str]:
    """The choices made, and one more to make."""
    return [*chosen, ""][:most]


def _answered(viewer: Viewer, question: Question, told: dict[str, Any] | None) -> dict[str, Any]:
    context: dict[str, Any] = {"question": question, "told": told, "asked_for": page.pairs(question)}
    names = {name: words.groups(name, (told or {}).get("names", {})) for name, _values in question.where}
    context["chips"] = page.chips(question, names)
    if told is None or "cells" not in told:
        return context
    read = page.read(question, told)
    may_export = viewer.can("customers.export") and rights.may_export(viewer, "net_amount")
    shortened = [str(DIMENSIONS[name].label) for name in told["shortened"]]
    return context | {
        "table": page.table(read, may_open=viewer.can("customers.view")),
        "chart": page.chart(read),
        "choices": page.choices(read),
        "shortened": shortened,
        "may_download": may_export,
        "read_at": dt.datetime.fromisoformat(told["read_at"]),
    }
