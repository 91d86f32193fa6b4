"""Consent on a customer's file: the pane, the page with every answer, noting and withdrawing."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.collect import queries as collect
from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader
from zhike.desk import problems
from zhike.desk.views.file import head_of
from zhike.kit import clock
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.consents import ConsentRefused
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

TONES = {"given": "good", "withdrawn": "bad", "lapsed": "warn", "unknown": "neutral"}
WAYS_BY_HAND = ("form", "paper", "phone", "staff")


@needs("consents.view")
@require_GET
def pane(request: HttpRequest, public_id: str) -> HttpResponse:
    """How each purpose stands, for the file's right pane."""
    viewer, head = _file(request, public_id)
    return render(request, "desk/consents_pane.html", _context(viewer, head))


@needs("consents.view")
@require_GET
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every purpose and every answer of a customer, with what proves it."""
    viewer, head = _file(request, public_id)
    told = _context(viewer, head)
    staff_ids = [a.by_staff_id for a in told["file"].history if a.by_staff_id]
    texts = {p.code: consents.current_notice(p.code) for p in consents.purposes()}
    context = told | {
        "staff": secure.staff_names(staff_ids),
        "imports": collect.runs_by_id(a.proof_id for a in told["file"].history if a.proof_kind == "import"),
        "may_see_imports": viewer.can("collect.view"),
        "ways": consents.WAYS,
        "hand_ways": [(code, consents.WAYS[code]) for code in WAYS_BY_HAND],
        "answers": consents.ANSWERS,
        "notices": texts,
        "attached": customers.attachments(viewer, head.record_ids, limit=20),
        "can_reveal": secure.may_reveal(viewer, "consent_evidence"),
        "sees_evidence": secure.sight(viewer, "consent_evidence") != "hidden",
        "today": timezone.localtime(clock.now()).date(),
        "labels": {p.code: p.label for p in consents.purposes(archived=True)},
    }
    return render(request, "desk/consents.html", context)


@needs("consents.edit")
@require_POST
def give(request: HttpRequest, public_id: str, purpose: str) -> HttpResponse:
    """Note that the customer agreed."""
    viewer, head = _file(request, public_id)
    shown = consents.current_notice(purpose)
    given = request.POST
    try:
        members = [int(m) for m in given.getlist("also") if m.isdigit() and len(m) < 19]
        language = given.get("language", "")
        do.give_consent(
            head.row.customer_id, purpose, way=given.get("way", ""), at=_moment(given.get("on", ""), is_given=True),
            until=_until(given.get("until", "")), notice_id=shown.id if shown else None, language=language,
            proof=_proof(request), also=members, by=viewer,
        )  # fmt: skip
    except ConsentRefused as refusal:
        messages.error(request, problems.words(f"consent.{refusal.code}", {}))
    else:
        messages.success(request, _("Noted. It holds at once."))
    return redirect("desk:consents", head.row.public_id)


@needs("consents.edit")
@require_POST
def withdraw(request: HttpRequest, public_id: str, purpose: str) -> HttpResponse:
    """Note that the customer withdrew, or objects."""
    viewer, head = _file(request, public_id)
    try:
        at = _moment(request.POST.get("on", ""), is_given=False)
        way = request.POST.get("way", "")
        do.withdraw_consent(head.row.customer_id, purpose, way=way, at=at, proof=_proof(request), by=viewer)
    except ConsentRefused as refusal:
        messages.error(request, problems.words(f"consent.{refusal.code}", {}))
    else:
        messages.success(request, _("Withdrawn. Nothing leaves for this purpose any more, from now on."))
    return redirect("desk:consents", head.row.public_id)


def _file(request: HttpRequest, public_id: str) -> tuple[Viewer, CustomerHeader]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.can("customers.view"):
        raise Http404
    return viewer, head_of(viewer, public_id)


def _context(viewer: Viewer, head: CustomerHeader) -> dict[str, Any]:
    return {
        "head": head,
        "row": head.row,
        "file": customers.consents_of(viewer, head.row.customer_id),
        "states": consents.STATES,
        "tones": TONES,
        "may_note": viewer.can("consents.edit"),
    }


def _proof(request: HttpRequest) -> do.Proof:
    return do.Proof(words=request.POST.get("evidence", ""), attachment=request.POST.get("attachment", "")[:24])


def _moment(text: str, *, is_given: bool) -> dt.datetime | None:
    """The moment an answer of a day counts from: of a day in the past the one that restricts more.

    A consent counts from the beginning of its day and a withdrawal from its end, so that of two answers of one day the
    withdrawal stands. Today means now.
    """
    day = _day(text)
    now = timezone.localtime(clock.now())
    if day is None or day == now.date():
        return None
    start = dt.datetime.combine(day, dt.time(), tzinfo=now.tzinfo)
    return start if is_given else start + dt.timedelta(hours=23, minutes=59, seconds=59)


def _until(text: str) -> dt.datetime | None:
    """The end of the last day on which a consent counts."""
    day = _day(text)
    zone = timezone.localtime(clock.now()).tzinfo
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone) if day else None


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ConsentRefused("day") from None
    if day is not None and not 1900 < day.year < 2200:
        raise ConsentRefused("day")
    return day
