"""Cells of the register edited in place: with htmx where they stand, without scripts on a page of their own.

A form carries the change number of what was read. When somebody was faster, both values are shown and the person decides.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.records import RegisterRow
from zhike.desk import asking, problems, words
from zhike.desk import columns as column_choice
from zhike.desk.columns import Column
from zhike.desk.views.file import head_of
from zhike.desk.views.register import look_of
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """A cell as a form, what was typed into it, and the cell as it stands (`?as=cell`, an edit given up)."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = head_of(viewer, public_id).row
    column = _column(viewer, code)
    if request.method == "GET":
        given_up = request.GET.get("as") == "cell"
        return _cell(request, viewer, row, column) if given_up else _form(request, viewer, row, column)
    typed = request.POST.get("value", "").strip()[:400]
    try:
        do.edit_seen(row.customer_id, column.edits, typed, seen=request.POST.get("seen", ""), by=viewer)
    except do.EditConflict as conflict:
        return _form(request, viewer, row, column, typed=typed, seen=conflict.seen, is_conflict=True)
    except do.EditRefused as refusal:
        return _form(request, viewer, row, column, typed=typed, problem=problems.words(refusal.code, refusal.params))
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Saved. The file shows what you entered."))
        return redirect(f"{reverse('desk:register')}?{_back(request)}")
    fresh = customers.lines(viewer, [row.customer_id]).get(row.customer_id)
    # Who gave the customer to somebody else may not see them any more.
    return _cell(request, viewer, fresh, column) if fresh else HttpResponse("<td></td>")


def _column(viewer: Viewer, code: str) -> Column:
    column = {c.code: c for c in column_choice.offered(viewer)}.get(code)
    if column is None or not column.edits:
        raise Http404
    if not secure.may_edit(viewer, column.edits) or secure.sight(viewer, column.edits) != "shown":
        raise Http404
    return column


def _form(
    request: HttpRequest,
    viewer: Viewer,
    row: RegisterRow,
    column: Column,
    *,
    typed: str | None = None,
    seen: str | None = None,
    problem: str = "",
    is_conflict: bool = False,
) -> HttpResponse:
    stands, number = customers.standing(viewer, row.customer_id, column.edits)
    choices = _choices(column)
    context: dict[str, Any] = {
        "row": row,
        "column": column,
        "choices": choices,
        "typed": stands if typed is None else typed,
        "typed_words": _worded(choices, typed or ""),
        "stands": _worded(choices, stands),
        "seen": number if seen is None and not problem else (seen or request.POST.get("seen", "")),
        "is_conflict": is_conflict,
        "problem": problem,
        "back": _back(request),
    }
    return render(request, "desk/cell_form.html" if request.htmx else "desk/cell_page.html", context)  # type: ignore[attr-defined]


def _cell(request: HttpRequest, viewer: Viewer, row: RegisterRow, column: Column) -> HttpResponse:
    look = look_of(viewer, [row], [column], _back(request), editable={column.code})
    return HttpResponse(look.cell(row, column))


def _choices(column: Column) -> list[tuple[str, str]]:
    """What a cell can hold, where that is a short list."""
    if column.edits == "owner":
        return [("", _("Nobody")), *((str(i), name) for i, name in secure.staff_names().items())]
    if column.edits == "stage":
        return [(code, str(label)) for code, label in words.STAGES.items()]
    held = [(code, str(label)) for code, label in fields.choices_of(fields.field(column.edits))]
    return [("", "–"), *held] if held and fields.field(column.edits).kind != "many" else []


def _worded(choices: list[tuple[str, str]], text: str) -> str:
    return dict(choices).get(text, text)


def _back(request: HttpRequest) -> str:
    stated = request.POST.get("query", "") or request.GET.get("query", "")
    return asking.canonical(QueryDict(stated[:2000]))
