"""Asking one customer about one value: what is stated, what to ask, what came of it; then the next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean import verification_words as words
from zhike.clean.actions import verification as do
from zhike.clean.queries import verification as asked
from zhike.customers import actions as customer_actions
from zhike.customers import queries as customers
from zhike.customers.queries import CheckedValue
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import queries as work

REACHED_BY = ("phone", "other_phone", "email", "wechat")


@needs("customers.verify")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, customer_id: str, field: str) -> HttpResponse:
    """The values of a field, each to be found right or wrong, and what the customer says is right."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    root_id = _root(viewer, customer_id, field)
    problem = ""
    if request.method == "POST":
        problem = _note(request, root_id, field)
        if not problem:
            return _onward(request, viewer)
    return render(request, "clean/verify.html", _context(request, viewer, root_id, field, problem))


@needs("customers.verify")
@require_GET
def of_task(request: HttpRequest, task_id: str) -> HttpResponse:
    """The page on which a task is done."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    task = work.task(viewer, task_id)
    if task is None or task.about_kind != "customer" or task.kind not in do.KINDS:
        raise Http404
    about = customers.abouts(viewer, [task.about_id]).get(task.about_id)
    if about is None:
        raise Http404
    return redirect(reverse("clean:verify", args=[about.public_id, task.about_part]) + f"?task={task.public_id}")


@needs("customers.verify")
@require_GET
def next_one(request: HttpRequest) -> HttpResponse:
    """The next value to ask about; back to the overview when nothing waits."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    task = asked.next_task(viewer)
    return redirect("clean:verify_task", task.public_id) if task else redirect("clean:verification")


@needs("customers.verify")
@require_POST
def withdraw(request: HttpRequest, verification_id: int) -> HttpResponse:
    """Take a finding back."""
    back = request.POST.get("back", "")
    try:
        customer_actions.withdraw_verification(verification_id, by=request.viewer)  # type: ignore[attr-defined]
    except (customer_actions.VerifyRefused, customer_actions.CustomerUnknown):
        messages.error(request, str(words.REFUSALS["unknown"]))
    else:
        messages.success(request, _("Taken back; it weighs nothing any more."))
    customer, _sep, field = back.partition("|")
    known = fields.known(field) and customers.root_of(request.viewer, customer) is not None  # type: ignore[attr-defined]
    return redirect("clean:verify", customer, field) if known else redirect("clean:verification")


def _root(viewer: Viewer, customer_id: str, field: str) -> int:
    root_id = customers.root_of(viewer, customer_id)
    if root_id is None or not fields.known(field) or secure.sight(viewer, field) == "hidden":
        raise Http404
    if not fields.field(field).is_stated:
        raise Http404
    return root_id


def _note(request: HttpRequest, root_id: int, field: str) -> str:
    """Keep what the form says; the sentence why not, or nothing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given, task = request.POST, request.POST.get("task", "")[:24]
    try:
        if given.get("act") == "not_reached":
            do.note_not_reached(root_id, field, given.get("note", ""), by=viewer, task=task)
            messages.success(request, _("Noted: not reached. It comes back tomorrow."))
            return ""
        held = work.task(viewer, task) if task else None
        do.note_result(
            root_id, field, _found(given), by=viewer, way=given.get("way", ""), note=given.get("note", ""),
            new_text=given.get("value", ""), seen=given.get("seen", ""), task_id=held.id if held else None,
        )  # fmt: skip
    except customer_actions.EditRefused as refusal:
        return str(
            words.REFUSALS.get(refusal.code)
            or _("This is not a value of the field (%(code)s).") % {"code": refusal.code}
        )
    except ValueError as refusal:
        return str(words.REFUSALS.get(getattr(refusal, "code", ""), _("This cannot be noted.")))
    messages.success(request, _("Noted on the file."))
    return ""


def _found(given: Any) -> dict[int, bool]:
    """{version: right or wrong} of the values something was said about."""
    said = {name.removeprefix("found-"): given[name] for name in given if name.startswith("found-")}
    return {
        int(v): text == "right"
        for v, text in said.items()
        if v.isdecimal() and len(v) < 19 and text in ("right", "wrong")
    }


def _onward(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """To the next task where one was being done, else back to the file."""
    task = request.POST.get("task", "")[:24]
    if not task:
        return redirect("desk:file", request.resolver_match.kwargs["customer_id"])  # type: ignore[union-attr]
    following = asked.next_task(viewer, but=task)
    return redirect("clean:verify_task", following.public_id) if following else redirect("clean:verification")


def _context(request: HttpRequest, viewer: Viewer, root_id: int, field: str, problem: str) -> dict[str, Any]:
    values, mark = customers.checked_values(viewer, root_id, field)
    head = customers.header(viewer, root_id)
    if head is None:
        raise Http404
    acts = customers.verification_acts(viewer, root_id, field)
    task_id = (request.POST.get("task") or request.GET.get("task", ""))[:24]
    task = work.task(viewer, task_id) if task_id else None
    reach = [v for name in REACHED_BY if (v := customers.field_value(viewer, root_id, name)) and v.is_known]
    return {
        "row": head.row,
        "field": fields.field(field),
        "values": values,
        "seen": mark,
        "question": question(str(fields.field(field).label), values),
        "reach": reach,
        "acts": acts,
        "task": task,
        "has_next": asked.next_task(viewer, but=task_id) is not None,
        "problem": problem,
        "typed": request.POST.get("value", ""),
        "note": request.POST.get("note", ""),
        "may_enter": secure.may_edit(viewer, field) and viewer.can("customers.edit"),
        "may_note": viewer.can("customers.edit"),
        "staff": secure.staff_names([a.by_staff_id for a in acts if a.by_staff_id]),
        "states": words.STATES,
        "tones": words.TONES,
        "state_icons": words.STATE_ICONS,
        "ways": words.WAYS,
    }


def question(label: str, values: list[CheckedValue]) -> str:
    """What to ask, in one sentence; the values as this viewer sees them, those found wrong left out."""
    standing = [v for v in values if v.state != "refuted"]
    texts = [v.text for v in standing if v.text]
    if not standing:
        return _("Nothing is known of “%(field)s”: ask for it.") % {"field": label}
    if len(standing) > 1 and len(texts) == len(standing):
        listed = _(" or ").join(texts)
        return _("Sources state different values of “%(field)s”: %(values)s. Which one is in use?") % {
            "field": label,
            "values": listed,
        }
    if len(standing) > 1:
        return _("Sources state %(n)s different values of “%(field)s”. Which one is in use?") % {
            "field": label,
            "n": len(standing),
        }
    if texts:
        return _("Does “%(field)s” %(value)s still hold?") % {"field": label, "value": texts[0]}
    return _("Does “%(field)s” still hold?") % {"field": label}
