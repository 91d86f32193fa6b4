"""The builder: a form that is its own state, drawn again after each change of its shape, counted after each change of a value."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.analyze.segments import counting, drafting, pages
from zhike.analyze.segments.builder_page import Drawing
from zhike.customers.actions import segments as acts
from zhike.customers.queries import segments as asked
from zhike.kit.installation import installation
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer

_ACTS = ("add", "group", "remove")


@needs("segments.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Build a segment and keep it."""
    if request.method == "POST":
        return _kept(request, None)
    return _page(request, None, drafting.asked_for(request.GET))


@needs("segments.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a segment."""
    facts = _editable(request, public_id)
    if request.method == "POST":
        return _kept(request, facts)
    assert facts.rule is not None
    return _page(request, facts, drafting.top_of(facts.rule))


@needs("segments.edit")
@require_POST
def shape(request: HttpRequest) -> HttpResponse:
    """The tree drawn anew after a part came, went or asks something else; nothing is kept."""
    top = drafting.read_form(request.POST)
    focus = drafting.change(top, request.POST.get("do", ""))
    own = request.POST.get("own", "")[:24]
    if not getattr(request, "htmx", False):
        return _page(request, _editable(request, own) if own else None, top)
    drawn = Drawing(request.viewer, own=own).draw(top)  # type: ignore[attr-defined]
    context = {"branch": drawn, "currency": installation().currency, "focus": focus}
    return render(request, "analyze/segment_tree.html", context)


@needs("segments.edit")
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Ask how many the draft selects; the answer is fetched when it is there. Nothing of the draft is kept as a segment."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    top = drafting.read_form(request.POST)
    try:
        node = asked.read_rule({"version": 1, "rule": drafting.stored(top)})
        number = counting.ask(
            node, by=viewer, own=request.POST.get("own", "")[:24], is_fresh=request.POST.get("do") == "fresh"
        )
    except asked.RuleRefused as refusal:
        return render(request, "analyze/segment_count.html", {"wrong": asked.words.refusal(refusal)})
    return render(request, "analyze/segment_count.html", {"number": number})


@needs("segments.edit")
@require_GET
def counted(request: HttpRequest, number: int) -> HttpResponse:
    """The answer to a count, or the fragment that goes on waiting."""
    answer = counting.answer_to(request.viewer, number)  # type: ignore[attr-defined]
    return render(request, "analyze/segment_count.html", pages.answer(number, answer))


def _kept(request: HttpRequest, facts: asked.SegmentFacts | None) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    top = drafting.read_form(request.POST)
    act = request.POST.get("do", "")
    if act.partition(":")[0] in _ACTS:  # a button of the tree, pressed without scripts
        drafting.change(top, act)
        return _page(request, facts, top)
    said = {name: request.POST.get(name, "")[:500] for name in ("name", "note", "sharing")}
    rule = {"version": 1, "rule": drafting.stored(top)}
    try:
        if facts is None:
            public_id, _ = acts.make_segment(rule=rule, by=viewer, **said)
        else:
            revision = request.POST.get("revision", "")
            public_id = facts.public_id
            acts.change_segment(public_id, int(revision) if revision.isdecimal() else 0, rule=rule, by=viewer, **said)
    except asked.RuleRefused as refusal:
        return _page(request, facts, top, wrong=(refusal.path, asked.words.refusal(refusal)), status=422)
    except acts.SegmentRefused as refusal:
        return _page(request, facts, top, refused=pages.refusal(refusal), status=422)
    return redirect("analyze:segment", public_id)


def _page(
    request: HttpRequest,
    facts: asked.SegmentFacts | None,
    top: drafting.Part,
    *,
    wrong: tuple[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed: dict[str, Any] = {name: request.POST.get(name) for name in ("name", "note", "sharing", "revision")}
    if facts is not None:
        typed = {name: getattr(facts, name) if value is None else value for name, value in typed.items()}
    own = facts.public_id if facts else ""
    context = {
        "segment": facts,
        "typed": typed,
        "own": own,
        "branch": Drawing(viewer, own=own, wrong=wrong).draw(top),
        "wrong": wrong[1] if wrong else "",
        "refused": refused,
        "sharings": pages.SHARINGS,
        "currency": installation().currency,
        "may_share": facts is None or facts.by_staff_id == viewer.staff_id,
    }
    return render(request, "analyze/segment_form.html", context, status=status)


def _editable(request: HttpRequest, public_id: str) -> asked.SegmentFacts:
    facts = asked.segment(request.viewer, public_id)  # type: ignore[attr-defined]
    if facts is None:
        raise Http404
    if not facts.may_edit or facts.rule is None:
        raise Forbidden("segments.edit")
    return facts
