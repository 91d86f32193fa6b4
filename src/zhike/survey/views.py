"""Pages of surveys: questionnaires, one of them with its steps and questions, files of answers."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.collect import queries as collect
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.survey import actions, classes, queries
from zhike.survey.forms import NewForm, StepsForm
from zhike.survey.records import QuestionnaireFacts
from zhike_analytics.satisfaction.sampling import sample_size

_MOST_BYTES = 16 << 20
_REFUSALS = {
    "title": gettext_lazy("A questionnaire needs a title."),
    "judgements": gettext_lazy("The comparison must be a square table in which each number faces its reverse."),
    "inconsistent": gettext_lazy("The comparisons contradict each other (CR ≥ 0.10): look at them again."),
    "pilot": gettext_lazy("Say why there is no pilot."),
    "answered": gettext_lazy("Answers count already: the words of a question stand as they were asked."),
    "no_question_column": gettext_lazy("No column of the file is called like a question: write its heading beside the question."),
    "too_many_rows": gettext_lazy("At most 100,000 rows and 16 MB at a time."),
    "same_file": gettext_lazy("This very file counts already."),
    "state": gettext_lazy("Somebody else was faster: the file has been decided on."),
}  # fmt: skip


@needs("analyze.view")
@require_GET
def questionnaires(request: HttpRequest) -> HttpResponse:
    """All questionnaires, newest first."""
    found = queries.questionnaires()
    context = {"rows": found, "methods": classes.METHODS, "pilots": classes.PILOTS, "may_edit": _may_edit(request)}
    return render(request, "survey/questionnaires.html", context)


@needs("collect.import")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a questionnaire."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.add_questionnaire(form.cleaned_data["title"], form.cleaned_data["method"], by=_viewer(request))
        return redirect("survey:questionnaire", made)
    return render(request, "survey/new.html", {"form": form}, status=422 if form.errors else 200)


@needs("analyze.view")
@require_http_methods(["GET", "POST"])
def questionnaire(request: HttpRequest, public_id: str) -> HttpResponse:
    """One questionnaire: its steps, its questions, the files of answers."""
    found = _found(public_id)
    form = StepsForm(request.POST or None, initial=StepsForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_steps(public_id, form.steps(), by=_viewer(request))
        except (ValueError, ZeroDivisionError) as problem:
            code = getattr(problem, "code", "judgements")
            form.add_error("pilot_note" if code == "pilot" else "judgements", str(_REFUSALS.get(code, code)))
        else:
            messages.success(request, _("Noted."))
            return redirect("survey:questionnaire", public_id)
    asked = queries.questions(found.id)
    context = {
        "found": found,
        "form": form,
        "asked": asked,
        "runs": queries.answer_runs(found.id),
        "texts": {q.code: q.text for q in asked},
        "wanted": sample_size(population=found.population_count),
        "may_edit": _may_edit(request),
        "is_settled": found.pilot_state != "open",
        **_words(),
    }
    return render(request, "survey/questionnaire.html", context, status=422 if form.errors else 200)


@needs("collect.import")
@require_POST
def question(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Change the words of a question, its heading and weight."""
    given = request.POST
    try:
        weight = float(given["weight"]) if given.get("weight") else None
        actions.change_question(
            public_id, code, text=given.get("text", ""), heading=given.get("heading", ""), weight=weight, by=_viewer(request)
        )  # fmt: skip
    except ValueError as problem:
        said = _REFUSALS.get(
            getattr(problem, "code", ""), _("A question needs words, and a weight is a number from 0 on.")
        )
        messages.error(request, str(said))
    return redirect("survey:questionnaire", public_id)


@needs("analyze.view")
@require_GET
def template(request: HttpRequest, public_id: str) -> HttpResponse:
    """An empty table with a column for every question, to be filled in."""
    found = _found(public_id)
    out = io.StringIO()
    heads = [q.heading or q.text for q in queries.questions(found.id)]
    csv.writer(out).writerow([_("File number"), _("Answered at"), *heads])
    headers = {"Content-Disposition": f'attachment; filename="answers-{public_id}.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@needs("collect.import")
@require_POST
def bring_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check a file of answers; what would count stands on the page until somebody decides."""
    _found(public_id)
    file = request.FILES.get("answers")
    if file is None or (file.size or 0) > _MOST_BYTES:
        messages.error(request, _("Choose a CSV or XLSX file of at most 16 MB."))
        return redirect("survey:questionnaire", public_id)
    try:
        actions.check_answers(public_id, file.read(), file.name or "", by=_viewer(request))
    except actions.SurveyRefused as refusal:
        messages.error(request, str(_REFUSALS.get(refusal.code, refusal.code)))
    except collect.FileProblem as problem:
        messages.error(request, collect.file_problem_text(problem))
    return redirect("survey:questionnaire", public_id)


@needs("collect.import")
@require_POST
def decide(request: HttpRequest, run: str, what: str) -> HttpResponse:
    """Let a checked file count, forget it, or take back one that counts."""
    verbs = {"record": actions.record_answers, "discard": actions.discard_answers, "undo": actions.undo_answers}
    facts = queries.answer_run(run)
    if facts is None or what not in verbs:
        raise Http404
    about = next((q for q in queries.questionnaires() if q.id == facts.questionnaire_id), None)
    try:
        verbs[what](run, by=_viewer(request))
    except actions.SurveyRefused as refusal:
        messages.error(request, str(_REFUSALS.get(refusal.code, refusal.code)))
    else:
        messages.success(request, _("Done. The figures follow with the next run of the analysis."))
    return redirect("survey:questionnaire", about.public_id) if about else redirect("survey:questionnaires")


def _found(public_id: str) -> QuestionnaireFacts:
    found = queries.questionnaire(public_id)
    if found is None:
        raise Http404
    return found


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]


def _may_edit(request: HttpRequest) -> bool:
    return _viewer(request).can("collect.import")


def _words() -> dict[str, Any]:
    return {
        "methods": classes.METHODS,
        "roles": classes.ROLES,
        "latents": classes.LATENTS,
        "needs_words": classes.NEEDS,
        "objects": classes.OBJECTS,
        "contents": classes.CONTENTS,
        "factors": classes.FACTORS,
        "pilots": classes.PILOTS,
        "run_states": classes.RUN_STATES,
    }
