"""Truth checks: results by collector, the rules, one collector's signs and checks, and the call itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.actions import truth as do
from zhike.clean.queries import truth as asked
from zhike.clean.queries.truth import TruthCheck
from zhike.clean.truth import words
from zhike.clean.truth.rates import Rules
from zhike.clean.views.verification import REACHED_BY
from zhike.customers import queries as customers
from zhike.kit import typed
from zhike.kit.jobs import reading
from zhike.kit.paging import BadPageKey
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import share_text

_JOB = "clean.draw_truth_checks"


@needs("clean.rules")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How true the records of each collector proved, signs of invention, and the rules of the draw."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "lines": [(line, _borne(line.signs)) for line in asked.collectors()],
        "rules": asked.rules(),
        "job": reading.at_work(_JOB),
        "why": words.WHY,
        "may_rule": viewer.can("clean.rules"),
    }
    return render(request, "clean/truth.html", context)


@needs("clean.rules")
@require_POST
def set_rules(request: HttpRequest) -> HttpResponse:
    """Change the rules of the draw."""
    given = request.POST
    try:
        rules = Rules(
            is_on=given.get("is_on") == "1",
            usual_share=typed.share(given.get("usual", "")),
            doubtful_share=typed.share(given.get("doubtful", "")),
            doubtful_below_share=typed.share(given.get("below", "")),
            new_until=typed.whole(given.get("new_until", "")),
            period_days=typed.whole(given.get("period_days", "")),
        )
        do.set_rules(rules, by=request.viewer)  # type: ignore[attr-defined]
    except do.CheckRefused as refusal:
        messages.error(request, str(words.REFUSALS[refusal.code]))
    else:
        messages.success(request, _("The rules are set; they hold from the next draw on."))
    return redirect("clean:truth")


@needs("clean.rules")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw now; a job does it."""
    do.request_draw(by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("Records are being drawn; the calls to make stand among the tasks after that."))
    return redirect("clean:truth")


@needs("clean.rules")
@require_GET
def collector(request: HttpRequest, staff_id: int) -> HttpResponse:
    """One collector: what was drawn, the signs with their reasons, and what came of each call."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    line = asked.collector(staff_id)
    if line is None:
        raise Http404
    try:
        given = {name: request.GET.get(name, "") for name in ("after", "before")}
        page, shown = asked.check_page(viewer, staff_id, **given)
    except BadPageKey:
        raise Http404 from None
    draws = [
        (one, words.WHY.get(one.why, one.why), [(words.SIGNS.get(c, c), words.sign(viewer, c, p)) for c, p in one.signs])
        for one in asked.draws(staff_id)
    ]  # fmt: skip
    context = {
        "line": line,
        "share_text": "" if line.share is None else share_text(line.share, 0),
        "draws": draws,
        "checks": [_row(viewer, row, shown.get(row.id)) for row in page.items],
        "page": page,
        "tones": words.TONES,
        "why": words.WHY,
    }
    return render(request, "clean/truth_collector.html", context)


@needs("customers.verify")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, check_id: str) -> HttpResponse:
    """What one collector entered of one customer, what to ask, and what came of the call."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = asked.one(viewer, check_id)
    if found is None:
        raise Http404
    row, root_id = found
    problem = ""
    if request.method == "POST":
        problem = _note(request, row)
        if not problem:
            return redirect("work:tasks")
    return render(request, "clean/truth_check.html", _context(request, viewer, row, root_id, problem))


def _note(request: HttpRequest, row: TruthCheck) -> str:
    given = request.POST
    outcome = given.get("outcome", "")
    differing = given.getlist("differs") if outcome == "differs" else []
    try:
        stands = do.note_check(
            row.public_id, outcome, by=request.viewer, differing=differing, note=given.get("note", "")  # type: ignore[attr-defined]
        )  # fmt: skip
    except do.CheckRefused as refusal:
        return str(words.REFUSALS[refusal.code])
    messages.success(request, _("Noted.") if stands else _("Noted: not reached. It comes back tomorrow."))
    return ""


def _context(request: HttpRequest, viewer: Viewer, row: TruthCheck, root_id: int, problem: str) -> dict[str, Any]:
    head = customers.header(viewer, root_id)
    if head is None:
        raise Http404
    reach = [v for name in REACHED_BY if (v := customers.field_value(viewer, root_id, name)) and v.is_known]
    collectors = secure.staff_names([row.collector_staff_id])
    is_own = viewer.staff_id is not None and viewer.staff_id == row.collector_staff_id
    return {
        "check": row,
        "row": head.row,
        "entered": _entered(viewer, row, root_id),
        "reach": reach,
        "collector": collectors.get(row.collector_staff_id, ""),
        "signs": [words.SIGNS.get(code, code) for code in row.signs],
        "outcomes": words.OUTCOMES,
        "outcome": words.OUTCOMES.get(row.outcome, ""),
        "tone": words.TONES.get(row.outcome, ""),
        "problem": problem or (str(words.REFUSALS["own"]) if is_own and not row.outcome else ""),
        "may_note": not row.outcome and not is_own,
        "chosen": request.POST.get("outcome", ""),
        "ticked": request.POST.getlist("differs"),
        "note": request.POST.get("note", ""),
    }


def _entered(viewer: Viewer, row: TruthCheck, root_id: int) -> list[dict[str, Any]]:
    """What was entered, field by field as the viewer sees it, with the question to ask about each."""
    told = []
    for one in asked.entered(viewer, row, root_id):
        label = str(fields.field(one.name).label)
        question = (
            _("Does “%(field)s” %(value)s hold?") % {"field": label, "value": one.text}
            if one.text
            else _("Does “%(field)s” hold? Open the value to ask.") % {"field": label}
        )
        told.append({"name": one.name, "label": label, "text": one.text, "question": question})
    return told


def _borne(signs: Sequence[tuple[str, Any]]) -> list[tuple[Any, int]]:
    """Each sign once, with how often it was found."""
    return [(words.SIGNS.get(code, code), times) for code, times in Counter(code for code, _params in signs).items()]


def _row(viewer: Viewer, row: TruthCheck, line: Any) -> dict[str, Any]:
    names = words.visible(viewer, row.differing)
    return {
        "check": row,
        "line": line,
        "outcome": words.OUTCOMES.get(row.outcome, ""),
        "tone": words.TONES.get(row.outcome, ""),
        "differing": [fields.field(name).label for name in names],
        "signs": [words.SIGNS.get(code, code) for code in row.signs],
    }
