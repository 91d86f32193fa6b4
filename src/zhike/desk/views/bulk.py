"""Acts on many customers."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.customers import queries as customers
from zhike.desk import asking, words
from zhike.desk.actions import BulkRefused, start_bulk, undo_bulk
from zhike.desk.models import BulkAct
from zhike.desk.queries import bulk_act
from zhike.desk.views.book import book_form, book_options
from zhike.desk.views.exports import begin
from zhike.kit.jobs import reading
from zhike.secure import fields
from zhike.secure.permissions import needs


@needs("customers.view")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Tag, untag, give an owner or export; the actions ask for the rights."""
    act = request.POST.get("act", "")
    query = asking.canonical(QueryDict(request.POST.get("query", "")[:2000]))
    ids = [int(i) for i in request.POST.getlist("selected") if i.isascii() and i.isdigit() and len(i) < 19]
    everybody = request.POST.get("all_matching") == "1"
    if act == "export":
        columns = request.POST.getlist("column")
        return begin(request, "customers", query=query, ids=() if everybody else ids, columns=columns)
    if act == "merge":
        return _side_by_side(request, () if everybody else ids, query)
    if act == "book":
        return begin(
            request,
            "book",
            query=query,
            ids=() if everybody else ids,
            form=book_form(request),
            options=book_options(request),
        )
    try:
        made = start_bulk(
            act,
            by=request.viewer,  # type: ignore[attr-defined]
            ids=() if everybody else ids,
            query=query if everybody else None,
            **_given(act, request.POST),
        )
    except BulkRefused as refusal:
        messages.error(request, REFUSALS.get(refusal.code, REFUSALS["unknown_act"])())
        return redirect(f"{reverse('desk:register')}?{query}")
    return redirect("desk:bulk_progress", made.public_id)


def _side_by_side(request: HttpRequest, ids: Sequence[int], query: str) -> HttpResponse:
    """Two ticked files are shown side by side; a merge is never done unseen."""
    rows = list(customers.lines(request.viewer, ids).values()) if len(ids) == 2 else []  # type: ignore[attr-defined]
    if len(rows) != 2:
        messages.info(request, _("Tick exactly two files to merge them."))
        return redirect(f"{reverse('desk:register')}?{query}")
    return redirect(f"{reverse('desk:merge')}?one={rows[0].public_id}&other={rows[1].public_id}")


@needs("customers.view")
@require_GET
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far an act is; htmx asks for the fragment while it moves."""
    act = bulk_act(request.viewer, public_id)  # type: ignore[attr-defined]
    if act is None:
        raise Http404
    job = reading.one(act.job_id) if act.job_id else None
    context = {
        "act": act,
        "job": job,
        "words": words_of(act),
        "moving": job is not None and job.state in ("queued", "running"),
        "back": f"{reverse('desk:register')}?{act.query}",
    }
    return render(request, "desk/bulk.html#state" if request.htmx else "desk/bulk.html", context)  # type: ignore[attr-defined]


@needs("customers.view")
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own act back."""
    try:
        undo_bulk(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except BulkRefused:
        messages.error(request, _("This was taken back already, or is not yours."))
    return redirect("desk:bulk_progress", public_id)


def _given(act: str, posted: QueryDict) -> dict[str, Any]:
    """What a form says about its act."""
    owner = posted.get("owner", "")
    return {
        "tag": posted.get("tag", ""),
        "owner_staff_id": int(owner) if owner.isdigit() else None,
        "field": posted.get("field", "") if act == "field" else "",
        "value": posted.get("stage" if act == "stage" else "value", ""),
    }


def words_of(act: BulkAct) -> str:
    """What an act did, in one sentence."""
    facts: dict[str, Any] = {"n": act.changed_count, "tag": act.tag}
    if act.act == "stage":
        facts["stage"] = words.STAGES.get(act.value, act.value)
    if act.act == "field":
        held = fields.field(act.field) if fields.known(act.field) else None
        facts["field"] = held.label if held else act.field
        facts["value"] = (fields.words(held, act.value) if held else act.value) or gettext("nothing")
    return str(_SAID[act.act] % facts)


_SAID = {
    "tag": ngettext_lazy("%(n)d customer tagged “%(tag)s”", "%(n)d customers tagged “%(tag)s”", "n"),
    "untag": ngettext_lazy("“%(tag)s” taken off %(n)d customer", "“%(tag)s” taken off %(n)d customers", "n"),
    "owner": ngettext_lazy("%(n)d customer given an owner", "%(n)d customers given an owner", "n"),
    "stage": ngettext_lazy("%(n)d customer put at “%(stage)s”", "%(n)d customers put at “%(stage)s”", "n"),
    "field": ngettext_lazy(
        "%(field)s of %(n)d customer is now %(value)s", "%(field)s of %(n)d customers is now %(value)s", "n"
    ),
}


REFUSALS = {
    "unknown_act": lambda: _("Choose what to do with the customers."),
    "nobody_selected": lambda: _("Select customers first."),
    "tag_missing": lambda: _("Name the tag."),
    "owner_unknown": lambda: _("There is no such colleague."),
    "stage_unknown": lambda: _("Choose a stage."),
    "field_unknown": lambda: _("Choose a field you may set on many customers."),
    "value_refused": lambda: _("This value does not fit the field."),
}
