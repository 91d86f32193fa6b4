"""The lists to act on today: who, why, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze import queries, words
from zhike.analyze.records import LIST_KINDS
from zhike.customers import actions as customer_actions
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.work import queries as work
from zhike.work.records import TaskFacts

_PAGE = 25
_REFUSALS = {
    "closed_already": _("A colleague has already noted this one."),
    "note_too_long": _("The note is too long: 4,000 characters at most."),
}


@needs("worklist.view")
@require_GET
def lists(request: HttpRequest, kind: str = LIST_KINDS[0]) -> HttpResponse:
    """One of the three lists, in the viewer's scope."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if kind not in LIST_KINDS:
        raise Http404
    page = work.open_tasks(
        viewer, kind, after=request.GET.get("after", ""), before=request.GET.get("before", ""), limit=_PAGE
    )
    counts = work.open_counts(viewer, LIST_KINDS)
    context = {
        "kind": kind,
        "lead": words.LIST_LEADS[kind],
        "tabs": [
            {
                "label": words.LISTS[code],
                "url": reverse("analyze:list", args=[code]),
                "count": counts.get(code, 0),
                "current": code == kind,
            }
            for code in LIST_KINDS
        ],
        "entries": entries(viewer, page.tasks),
        "page": page,
        "run": queries.latest_lists(),
        "may_note": viewer.can("worklist.note"),
        "may_run": viewer.can("analyze.run"),
    }
    return render(request, "analyze/lists.html", context)


@needs("worklist.note")
@require_POST
def outcome(request: HttpRequest, kind: str, task_id: str) -> HttpResponse:
    """Note done, not now or wrong, with a few words; the entry leaves the list."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    task = work.task(viewer, task_id)
    if task is None or task.kind != kind:
        raise Http404
    said = request.POST.get("outcome", "")
    refused = ""
    try:
        customer_actions.note_outcome(task.id, said, request.POST.get("note", ""), by=viewer)
    except ValueError as refusal:
        refused = str(_REFUSALS.get(getattr(refusal, "code", ""), gettext("This cannot be noted.")))
    if not getattr(request, "htmx", False):
        (messages.error if refused else messages.success)(request, refused or gettext("Noted."))
        return redirect("analyze:list", kind)
    noted = work.task(viewer, task_id)
    shown = entries(viewer, [noted or task])
    context = {"entry": shown[0] if shown else None, "outcome": said, "refused": refused}
    return render(request, "analyze/noted.html", context)


def entries(viewer: Viewer, tasks: Any) -> list[dict[str, Any]]:
    """Tasks with their customers as the viewer may see them; a file outside the scope is not there."""
    rows = customers.lines(viewer, [task.about_id for task in tasks])
    with_money = secure.sight(viewer, "net_amount") == "shown"
    with_goods = secure.sight(viewer, "order_lines") == "shown"
    return [_entry(task, rows[task.about_id], with_money, with_goods) for task in tasks if task.about_id in rows]


def _entry(task: TaskFacts, row: Any, with_money: bool, with_goods: bool) -> dict[str, Any]:
    return {
        "task": task,
        "row": row,
        "reason": words.reason(task.why_code, task.why_params, with_money=with_money, with_goods=with_goods),
        "class_label": words.CLASSES.get(row.rfm_class, ""),
        "currency": task.why_params.get("currency", ""),
        "url": reverse("desk:file", args=[row.public_id]),
    }
