"""Supervision: results by person, the rules, looks to judge, and the answer of who looked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.kit import typed
from zhike.kit.jobs import reading
from zhike.kit.paging import BadPageKey
from zhike.protect.supervision import actions, queries, words
from zhike.protect.supervision.actions import ReviewRefused
from zhike.protect.supervision.rules import Rules, rules
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_JOB = "protect.draw_disclosures"


@needs("supervision.review")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What came of the looks drawn of each person, the looks themselves, and the rules."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    of = request.GET.get("of", "")
    staff_id = int(of) if of.isdecimal() and len(of) < 19 else None
    try:
        page = queries.review_page(
            viewer, staff_id=staff_id, after=_key(request, "after"), before=_key(request, "before")
        )
    except BadPageKey:
        raise Http404 from None
    context = {
        "people": queries.people(viewer),
        "of": staff_id,
        "page": page,
        "names": secure.staff_names(sorted({row.staff_id for row in page.items})),
        "outcomes": words.OUTCOMES,
        "tones": words.TONES,
        "rules": rules(),
        "may_rule": viewer.can("supervision.rules"),
        "job": reading.at_work(_JOB),
    }
    return render(request, "protect/supervision.html", context)


@needs("supervision.rules")
@require_POST
def set_rules(request: HttpRequest) -> HttpResponse:
    """Change the rules of the draw."""
    given = request.POST
    try:
        asked = Rules(
            is_on=given.get("is_on") == "1",
            usual_share=typed.share(given.get("usual", "")),
            doubtful_share=typed.share(given.get("doubtful", "")),
            most_each=typed.whole(given.get("most_each", "")),
            period_days=typed.whole(given.get("period_days", "")),
        )
        actions.set_rules(asked, by=request.viewer)  # type: ignore[attr-defined]
        messages.success(request, _("The rules are set; they hold from the next draw on."))
    except ReviewRefused as refusal:
        messages.error(request, str(words.REFUSALS[refusal.code]))
    return redirect("protect:supervision")


@needs("supervision.rules")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw now; a job does it."""
    actions.request_draw(by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("Looks are being drawn; they stand below and among the tasks after that."))
    return redirect("protect:supervision")


@needs("supervision.review")
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_id: str) -> HttpResponse:
    """One look with what surrounds it: ask the person, or note what came of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    problem = ""
    if request.method == "POST":
        try:
            if "ask" in request.POST:
                actions.ask(review_id, request.POST.get("question", ""), by=viewer)
                messages.success(request, _("Asked. The answer will stand here."))
                return redirect("protect:supervision_review", review_id)
            actions.note(review_id, request.POST.get("outcome", ""), words=request.POST.get("note", ""), by=viewer)
            messages.success(request, _("Noted."))
            return redirect("protect:supervision")
        except ReviewRefused as refusal:
            problem = str(words.REFUSALS[refusal.code])
    case = queries.case(viewer, review_id)
    if case is None:
        raise Http404
    return render(request, "protect/supervision_review.html", _shown(request, case, problem))


@needs("work.view")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, review_id: str) -> HttpResponse:
    """Somebody says what their own look was for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    problem = ""
    if request.method == "POST":
        try:
            actions.answer(review_id, request.POST.get("answer", ""), by=viewer)
            messages.success(request, _("Thank you. Your answer is with who asked."))
            return redirect("work:tasks")
        except ReviewRefused as refusal:
            problem = str(words.REFUSALS[refusal.code])
    case = queries.own_case(viewer, review_id)
    if case is None:
        raise Http404
    return render(request, "protect/supervision_answer.html", _shown(request, case, problem))


def _shown(request: HttpRequest, case: queries.Case, problem: str) -> dict[str, Any]:
    return {
        "case": case,
        "problem": problem,
        "outcomes": words.OUTCOMES,
        "outcome": words.OUTCOMES.get(case.review.outcome, ""),
        "tone": words.TONES.get(case.review.outcome, ""),
        "given": request.POST,
    }


def _key(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "")
