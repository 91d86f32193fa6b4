"""Segments: the list, one of them, what changed between two counts, why somebody is in or out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze.segments import differences, pages, reasons
from zhike.customers import queries as customers
from zhike.customers.actions import segments as acts
from zhike.customers.queries import segments as asked
from zhike.kit import jobs
from zhike.secure import queries as secure
from zhike.secure.permissions import check, needs
from zhike.secure.records import Viewer

_PAGE = 50


@needs("segments.view")
@require_GET
def segments(request: HttpRequest) -> HttpResponse:
    """All segments the viewer may know of, with their sizes and growth."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = asked.segments(viewer)
    context = {
        "rows": pages.lines(viewer, rows),
        "staff": secure.staff_names([s.by_staff_id for s in rows if s.by_staff_id]),
        "sharings": pages.SHARINGS,
        "may_edit": viewer.can("segments.edit"),
    }
    return render(request, "analyze/segments.html", context)


@needs("segments.view")
@require_GET
def segment(request: HttpRequest, public_id: str) -> HttpResponse:
    """One segment: its rule in words, its size, growth, and what changed from count to count."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    facts = _found(viewer, public_id)
    names = {s.public_id: s.name for s in asked.segments(viewer)}
    runs = asked.segment_runs(viewer, public_id, limit=60)
    context = {
        "segment": facts,
        "rule": asked.words.told(facts.rule, viewer, names) if facts.rule else None,
        "runs": pages.runs(facts, runs),
        "growth": pages.growth(runs),
        "share": facts.member_count / facts.base_count if facts.base_count else None,
        "members_url": f"{reverse('desk:register')}?segment={public_id}",
        "owner": secure.staff_names([facts.by_staff_id]).get(facts.by_staff_id) if facts.by_staff_id else "",
        "sharings": pages.SHARINGS,
        "may_open": viewer.can("customers.view"),
        "may_run": viewer.can("analyze.run"),
        "is_waiting": not facts.is_counted,
    }
    return render(request, "analyze/segment.html", context)


@needs("segments.view")
@require_GET
def state(request: HttpRequest, public_id: str) -> HttpResponse:
    """The fragment that waits for a first count; once there is one the page loads anew."""
    facts = _found(request.viewer, public_id)  # type: ignore[attr-defined]
    if facts.is_counted:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "analyze/segment_waiting.html", {"segment": facts})


@needs("segments.edit")
@require_POST
def recount(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for a count from what changed until now."""
    facts = _found(request.viewer, public_id)  # type: ignore[attr-defined]
    jobs.enqueue(
        "analyze.refresh_segments",
        unique_key=f"segment:{facts.id}",
        by=request.viewer,  # type: ignore[attr-defined]
        segment_id=facts.id,
    )
    messages.success(request, _("The count runs; its figures appear here when it is done."))
    return redirect("analyze:segment", public_id)


@needs("segments.edit")
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a segment; no customer is touched."""
    try:
        acts.remove_segment(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except acts.SegmentRefused as refusal:
        if refusal.code == "unknown":
            raise Http404 from None
        messages.error(request, pages.refusal(refusal))
        return redirect("analyze:segment", public_id)
    messages.success(request, _("The segment is removed; no customer was."))
    return redirect("analyze:segments")


@needs("customers.view")
@require_GET
def difference(request: HttpRequest, public_id: str, before: str, after: str, which: str) -> HttpResponse:
    """Who came to a segment, or left it, between two of its counts."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    check(viewer, "segments.view")
    facts = _found(viewer, public_id)
    runs = {r.public_id: r for r in asked.segment_runs(viewer, public_id)}
    found = differences.difference(public_id, before, after) if {before, after} <= set(runs) else None
    if found is None or which not in ("came", "left"):
        raise Http404
    place = request.GET.get("after", "")
    chosen = found[0] if which == "came" else found[1]
    ids = differences.page(chosen, beyond=int(place) if place.isdecimal() and len(place) < 19 else 0, limit=_PAGE + 1)
    more, ids = len(ids) > _PAGE, ids[:_PAGE]
    rows = customers.lines(viewer, ids)
    context = {
        "segment": facts,
        "which": which,
        "before": runs[before],
        "now": runs[after],
        "count": len(chosen),
        "rows": [rows[i] for i in ids if i in rows],
        "page": {"next_key": ids[-1] if more else None, "previous_key": None},
        **pages.labels(),
    }
    return render(request, "analyze/segment_difference.html", context)


@needs("segments.view")
@require_GET
def of_customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """A fragment for a customer's file: the segments the customer is in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    root_id = _customer(viewer, customer_id)
    inside = asked.segments_of(viewer, root_id)
    context = {"inside": inside, "all": asked.segments(viewer), "customer_id": customer_id}
    return render(request, "analyze/segments_of_customer.html", context)


@needs("segments.view")
@require_GET
def why(request: HttpRequest, customer_id: str) -> HttpResponse:
    """A fragment: why a customer is in the segment asked for, or out of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    root_id = _customer(viewer, customer_id)
    facts = _found(viewer, request.GET.get("segment", ""))
    context: dict[str, Any] = {"segment": facts, "told": None, "waits": False}
    try:
        context["told"] = reasons.explain(viewer, facts, root_id)
    except reasons.NotCompiled:
        context["waits"] = True
    return render(request, "analyze/segment_why.html", context)


def _found(viewer: Viewer, public_id: str) -> asked.SegmentFacts:
    facts = asked.segment(viewer, public_id)
    if facts is None:
        raise Http404
    return facts


def _customer(viewer: Viewer, public_id: str) -> int:
    check(viewer, "customers.view")
    root_id = customers.root_of(viewer, public_id)
    if root_id is None:
        raise Http404
    return root_id
