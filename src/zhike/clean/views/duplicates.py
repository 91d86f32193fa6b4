"""The queue of pairs that may be one customer, and the review of one pair."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.clean import words_of_pairs as words
from zhike.clean.actions import duplicates as do
from zhike.clean.match.sentences import likelihood, sentences
from zhike.clean.match.standing import both_verified
from zhike.clean.queries import duplicates as asked
from zhike.clean.queries.duplicates import PairFacts
from zhike.customers import queries as customers
from zhike.customers.queries import SideBySide
from zhike.kit.installation import installation
from zhike.kit.jobs import reading
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_TABS = ("open", "skipped", "decided")


@needs("clean.view")
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that wait for a decision, the likeliest first; those put aside; the history of decisions."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "open")
    if tab not in _TABS:
        raise Http404
    page = asked.queue(viewer, tab, after=request.GET.get("after", ""))
    counts = asked.counts()
    people = secure.staff_names([p.decided_by_staff_id for p in page.pairs if p.decided_by_staff_id])
    context = {
        "tab": tab,
        "tabs": [
            {"label": words.TABS[code], "url": f"?tab={code}", "count": counts.get(code, 0), "current": code == tab}
            for code in _TABS
        ],
        "rows": [_row(viewer, one, people) for one in page.pairs],
        "page": {"next_key": page.next_key or None, "previous_key": None},
        "run": asked.latest_run(),
        "job": reading.at_work("clean.find_duplicates"),
        "capped": words.capped(asked.latest_run("full")),
        "has_customers": customers.count_files() > 0,
        "may_decide": viewer.can("clean.decide") and viewer.can("customers.merge"),
        "may_run": viewer.can("clean.run"),
        "may_import": viewer.can("collect.import"),
    }
    return render(request, "clean/duplicates.html", context)


@needs("clean.decide")
@require_GET
def review_next(request: HttpRequest) -> HttpResponse:
    """The likeliest pair that waits; the queue itself when none does."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = asked.next_open(viewer)
    return redirect("clean:review", found) if found else redirect("clean:duplicates")


@needs("clean.view")
@require_GET
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Two files beside each other: what agrees, what differs, why they may be one, what one file would show."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = asked.pair(viewer, public_id)
    if one is None:
        raise Http404
    last = asked.pair(viewer, request.GET.get("last", ""))
    before, after = asked.beside(viewer, one) if one.state == "open" else ("", "")
    group = asked.neighbors(viewer, one) if one.state in do.WAITING else asked.Group()
    sides = [one.low, one.high, *group.rows]
    fields = customers.side_by_side(viewer, [s.customer_id for s in sides]) if one.low != one.high else []
    survivor = _survivor(one)
    told = sentences(viewer, one.parts)
    said, tone = likelihood(one.probability)
    context = {
        "pair": one,
        "sides": [_side(viewer, side, at, survivor) for at, side in enumerate(sides)],
        "fields": [_field(field) for field in fields if field.is_known],
        "group": group,
        "likelihood": said,
        "tone": tone,
        "sentences": told,
        "is_verified": one.state in do.WAITING and bool(both_verified([(one.low.customer_id, one.high.customer_id)])),
        "longest": max((s.size for s in told), default=1),
        "waits": one.state in do.WAITING,
        "state_words": words.STATES.get(one.state, ""),
        "decided_by": secure.staff_names([one.decided_by_staff_id]).get(one.decided_by_staff_id, "")
        if one.decided_by_staff_id
        else "",
        "place": asked.place_of(one),
        "before": before,
        "after": after,
        "may_decide": viewer.can("clean.decide"),
        "may_merge": viewer.can("clean.decide") and viewer.can("customers.merge"),
        "last": last if last and last.state != "open" and last.public_id != public_id else None,
        "last_words": words.STATES.get(last.state, "") if last else "",
        "currency": installation().currency,
    }
    return render(request, "clean/review.html", context)


@needs("clean.decide")
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note the decision and go on with the next pair; a refusal stays on this one and says why."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = asked.pair(viewer, public_id)
    if one is None:
        raise Http404
    decision = request.POST.get("decision", "")
    try:
        do.decide(public_id, decision, by=viewer, **(_chosen(request, viewer, one) if decision == do.MERGE else {}))
    except do.PairRefused as refused:
        messages.error(request, words.refusal(refused))
        return redirect("clean:review", public_id)
    following = asked.next_open(viewer, besides=public_id)
    if not following:
        messages.success(request, _("That was the last one."))
    address = reverse("clean:review", args=[following]) if following else reverse("clean:review", args=[public_id])
    return redirect(f"{address}?last={public_id}" if following else address)


@needs("clean.decide")
@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a decision back; the pair waits again, and is shown."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if asked.pair(viewer, public_id) is None:
        raise Http404
    try:
        do.take_back(public_id, by=viewer)
        messages.success(request, _("Taken back: both files lie as before."))
    except do.PairRefused as refused:
        messages.error(request, words.refusal(refused))
    return redirect("clean:review", public_id)


def _row(viewer: Viewer, one: PairFacts, people: dict[int, str]) -> dict[str, Any]:
    said, tone = likelihood(one.probability)
    return {
        "pair": one,
        "url": reverse("clean:review", args=[one.public_id]),
        "likelihood": said,
        "tone": tone,
        "why": sentences(viewer, one.parts)[:3],
        "state": words.STATES.get(one.state, ""),
        "by": people.get(one.decided_by_staff_id or 0, ""),
    }


def _survivor(one: PairFacts) -> int:
    """The file that stays when nobody says otherwise: with more orders, else the older one."""

    def weight(row: Any) -> tuple[int, float]:
        return (row.order_count or 0, -row.created_at.timestamp())

    return one.low.customer_id if weight(one.low) >= weight(one.high) else one.high.customer_id


def _side(viewer: Viewer, row: Any, at: int, survivor: int) -> dict[str, Any]:
    return {
        "row": row,
        "letter": "ABCD"[at],
        "url": reverse("desk:file", args=[row.public_id]),
        "is_survivor": row.customer_id == survivor,
        "beside": at > 1,
    }


def _field(field: SideBySide) -> dict[str, Any]:
    """A row of the comparison; it may be chosen from where both know it, differ, and the viewer may edit it."""
    first, second = field.values[:2]
    known = [value for value in (first, second) if value is not None and value.is_known]
    differs = field.agrees is False
    choosable = differs and len(known) == 2 and all(value.can_edit for value in known)
    cells = [
        {"value": value, "stands": field.stands == at, "side": ("low", "high")[at] if at < 2 else ""}
        for at, value in enumerate(field.values)
    ]
    return {"field": field, "cells": cells, "differs": differs, "choosable": choosable, "agrees": field.agrees}


def _chosen(request: HttpRequest, viewer: Viewer, one: PairFacts) -> dict[str, Any]:
    """What the form says of a merge: which file stays, and the values chosen against the rules."""
    sides = {"low": 0, "high": 1}
    survivor = one.high.customer_id if request.POST.get("survivor") == "high" else one.low.customer_id
    keep: dict[str, int] = {}
    for field in customers.side_by_side(viewer, [one.low.customer_id, one.high.customer_id]):
        side = sides.get(request.POST.get(f"keep-{field.name}", ""))
        if side is None or field.agrees is not False or side == field.stands:
            continue
        value = field.values[side]
        if value is not None and value.version_id is not None:
            keep[field.name] = value.version_id
    return {"survivor_id": survivor, "keep": keep}
