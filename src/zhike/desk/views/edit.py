"""Changing one file in place: values, tags, owner, contacts, outcomes of tasks."""

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.actions.contacts import Contact, ContactRefused
from zhike.customers.records import FieldValue
from zhike.desk import problems, words
from zhike.desk.actions import BulkRefused, start_bulk
from zhike.desk.views.bulk import REFUSALS
from zhike.desk.views.file import head_of
from zhike.kit import clock
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import actions as work_do
from zhike.work import queries as work
from zhike_analytics.values import amounts
from zhike_analytics.values.problem import ValueProblem


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """A value's row as a form, and what was typed into it. The answer is the row again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, value = _value(viewer, public_id, field)
    if not value.can_edit:
        raise Http404
    context: dict[str, Any] = {
        "row": head.row,
        "value": value,
        "typed": value.typed,
        "typed_codes": value.typed.split("|"),
    }
    if request.method == "GET":
        return render(request, "desk/value_form.html", context)
    typed = "|".join(request.POST.getlist("value"))
    try:
        version_id = do.edit_field(head.row.customer_id, field, typed, by=viewer)
    except do.EditRefused as refusal:
        context |= {
            "typed": typed,
            "typed_codes": typed.split("|"),
            "problem": problems.words(refusal.code, refusal.params),
        }
        return render(request, "desk/value_form.html", context, status=200)
    context |= {"value": customers.field_value(viewer, head.row.customer_id, field), "undo_version": version_id}
    answer = render(request, "desk/value_row.html", context)
    answer["HX-Trigger"] = json.dumps({"toast": {"text": _("Saved. The file shows what you entered."), "tone": "good"}})
    return answer


@needs("customers.view")
@require_GET
def row(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """A value's row as it stands (an edit given up)."""
    head, value = _value(request.viewer, public_id, field)  # type: ignore[attr-defined]
    return render(request, "desk/value_row.html", {"row": head.row, "value": value})


@needs("customers.edit")
@require_POST
def undo(request: HttpRequest, public_id: str, version_id: int) -> HttpResponse:
    """Take one's own edit back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    name = request.POST.get("field", "")
    try:
        do.undo_edit(version_id, by=viewer)
    except do.EditRefused:
        messages.error(request, _("This edit was taken back already, or is not yours."))
    if request.htmx and (value := customers.field_value(viewer, head.row.customer_id, name)):  # type: ignore[attr-defined]
        return render(request, "desk/value_row.html", {"row": head.row, "value": value})
    return redirect("desk:file", head.row.public_id)


@needs("customers.edit")
@require_POST
def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note a contact with the customer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    try:
        do.record_contact(head.row.customer_id, _contact(request), by=viewer)
    except ContactRefused as refusal:
        messages.error(request, problems.words(f"contact.{refusal.code}", {}))
    except ValueProblem as problem:
        messages.error(request, problems.words(problem.code, problem.params))
    else:
        messages.success(request, _("The contact is on the file."))
    if request.POST.get("purpose") == words.WIN_BACK:
        return redirect("desk:card", head.row.public_id, "former")
    return redirect("desk:file", head.row.public_id)


@needs("customers.tag")
@require_POST
def tag(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a tag on the customer, or take one off."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    act = "untag" if "remove" in request.GET else "tag"
    name = request.GET.get("remove") or request.POST.get("tag", "")
    return _bulk(request, act, head.row.customer_id, head.row.public_id, tag=name)


@needs("customers.edit")
@require_POST
def owner(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the customer an owner."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    chosen = request.POST.get("owner", "")
    number = int(chosen) if chosen.isdigit() else None
    return _bulk(request, "owner", head.row.customer_id, head.row.public_id, owner_staff_id=number)


@needs("work.view")
@require_POST
def outcome(request: HttpRequest, public_id: str, task_id: str) -> HttpResponse:
    """Note what came of a task about this customer; the rights of its kind decide who may."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    task = work.task(viewer, task_id)
    if task is None or task.about_id not in customers.group_ids(head.row.customer_id):
        raise Http404
    try:
        work_do.finish_task(task.public_id, request.POST.get("outcome", ""), request.POST.get("note", ""), by=viewer)
    except ValueError as refusal:
        messages.error(request, problems.words(getattr(refusal, "code", "unknown"), {}))
    else:
        messages.success(request, _("Noted."))
    return redirect("desk:file", head.row.public_id)


def _bulk(request: HttpRequest, act: str, customer_id: int, public_id: str, **given: Any) -> HttpResponse:
    try:
        start_bulk(act, by=request.viewer, ids=[customer_id], **given)  # type: ignore[attr-defined]
    except BulkRefused as refusal:
        messages.error(request, REFUSALS.get(refusal.code, REFUSALS["unknown_act"])())
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse("")
    if customers.root_of(request.viewer, public_id) is None:  # type: ignore[attr-defined]
        messages.success(request, _("The customer has another owner now and is out of your sight."))
        return redirect("desk:register")
    return redirect("desk:file", public_id)


def _value(viewer: Viewer, public_id: str, name: str) -> tuple[Any, FieldValue]:
    head = head_of(viewer, public_id)
    value = customers.field_value(viewer, head.row.customer_id, name)
    if value is None:
        raise Http404
    return head, value


def day_typed(text: str) -> dt.date | None:
    """A day as a form sends it; None where none was typed. Raises ValueError."""
    return dt.date.fromisoformat(text) if text else None


def _contact(request: HttpRequest) -> Any:
    given = request.POST
    stated = given.get("at", "")
    try:
        at = timezone.make_aware(dt.datetime.fromisoformat(stated)) if stated else clock.now()
        next_on = dt.date.fromisoformat(given["next_step_on"]) if given.get("next_step_on") else None
    except (ValueError, OverflowError):
        raise ValueProblem("contact.date") from None
    cost = given.get("cost", "").strip()
    minutes = given.get("minutes", "").strip()
    return Contact(
        at=at,
        way=given.get("way", ""),
        outcome=given.get("outcome", ""),
        place=given.get("place", ""),
        purpose=given.get("purpose", ""),
        offer=given.get("offer", ""),
        note=given.get("note", ""),
        cost_cents=amounts.parse_amount(cost) if cost else 0,
        minutes=int(minutes) if minutes.isdigit() and len(minutes) < 6 else None,
        next_step_on=next_on,
        step=given.get("step", ""),
    )
