"""The board of the funnel: columns of customers, and moving them by drag, by keyboard or by button."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.funnel import board_page, words
from zhike.clean.funnel.board_page import Asked, Look
from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_LIST = 50
_LOSSES = {"target_market", "former"}


@needs("funnel.view")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Who stands where, and who gets whose time."""
    asked = Asked.read(request.GET)
    return render(request, "clean/funnel.html", board_page.page(request.viewer, asked))  # type: ignore[attr-defined]


@needs("funnel.view")
@require_GET
def column(request: HttpRequest) -> HttpResponse:
    """More cards of a column, as a fragment."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked, code = Asked.read(request.GET), _column(request)
    wanted = board_page.column_of(asked, code, asked.owner_id)
    found = customers.board_column(viewer, wanted, after=request.GET.get("after", ""), limit=board_page.CARDS)
    look = Look.of(viewer, found.rows)
    context = {
        "column": board_page.column(asked, code, found, asked.owner_id, look),
        "asked": asked,
        **board_page.choices(viewer, asked),
    }
    return render(request, "clean/funnel_cards.html", context)


@needs("funnel.view")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """A column as a list with the funnel's columns."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = Asked.read(request.GET)
    code = _column(request) if "column" in request.GET else board_page.codes(asked)[1 if asked.by == "stage" else 0]
    wanted = board_page.column_of(asked, code, asked.owner_id)
    found = customers.board_column(viewer, wanted, after=request.GET.get("after", ""), limit=_LIST)
    look = Look.of(viewer, found.rows)
    fields = ("intention", "demand_size", "expected_order_on", "expected_amount")
    stated = customers.stated_texts(viewer, [row.customer_id for row in found.rows], fields)
    context = {
        "asked": asked,
        "column": code or "unknown",
        "entries": [
            {**look.card(row), "stated": {name: texts.get(row.customer_id, "") for name, texts in stated.items()}}
            for row in found.rows
        ],
        "count": found.count,
        "page": {"next_key": found.next_key},
        **board_page.choices(viewer, asked),
    }
    return render(request, "clean/funnel_list.html", context)


@needs("customers.edit")
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Put a customer into another column. What sends somebody away asks for a reason first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = Asked.read(request.POST)
    row = row_of(viewer, request.POST.get("customer", ""))
    to = request.POST.get("to", "")
    if asked.by == "class":
        _put_into_class(request, row.customer_id, to)
    elif to not in customers.STAGES:
        messages.error(request, _("Choose a stage."))
    elif request.POST.get("seen", row.stage) != row.stage:
        messages.warning(request, _("Somebody moved this customer meanwhile; look where they stand now."))
    elif is_loss(row.stage, to):
        return _go(request, f"{reverse('clean:lead_lost', args=[row.public_id])}?to={to}")
    elif to != row.stage:
        do.set_stage([row.customer_id], to, by=viewer)
        messages.success(request, _("Moved to “%(stage)s”.") % {"stage": words.STAGES[to]})
    return _back(request, asked, row.public_id)


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, public_id: str) -> HttpResponse:
    """Why a customer was lost: a reason from the list, and words of one's own."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = row_of(viewer, public_id)
    reasons = customers.loss_reasons(archived=False)
    to = request.POST.get("to") or request.GET.get("to", "")
    to = to if to in _LOSSES and to != row.stage else _sent_to(row.stage)
    problem = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        if reason in {r.code for r in reasons}:
            because = do.Because(reason=reason, note=request.POST.get("note", ""))
            do.set_stage([row.customer_id], to, by=viewer, because=because)
            messages.success(request, _("Moved to “%(stage)s”.") % {"stage": words.STAGES[to]})
            return redirect("clean:funnel")
        problem = _("Choose a reason from the list.")
    context = {
        "row": row, "reasons": reasons, "to": to, "to_label": words.STAGES[to], "problem": problem, "typed": request.POST,
        "stage_label": words.STAGES.get(row.stage, ""),
    }  # fmt: skip
    return render(request, "clean/lead_lost.html", context, status=422 if problem else 200)


@needs("funnel.view")
@require_GET
def of_customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """A fragment for a customer's file: stage, step, next step, score with its reasons, moves."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    from zhike.clean.funnel.file_page import pane

    return render(request, "clean/funnel_of_customer.html", pane(viewer, row_of(viewer, public_id)))


def row_of(viewer: Viewer, public_id: str) -> Any:
    """A customer's line, or 404: out of scope looks as if there were none."""
    root_id = customers.root_of(viewer, public_id)
    row = customers.lines(viewer, [root_id]).get(root_id) if root_id is not None else None
    if row is None:
        raise Http404
    return row


def is_loss(stage: str, to: str) -> bool:
    """Whether a move sends a customer away: a lead back to the target market, or somebody who bought to the former ones."""
    return to == "former" or (to == "target_market" and stage in ("potential", "target", "current"))


def _sent_to(stage: str) -> str:
    return "former" if stage in ("current", "target_market") else "target_market"


def _put_into_class(request: HttpRequest, customer_id: int, to: str) -> None:
    values = {"purchasing_power": ""}
    if to in customers.POWER_OF_CLASS:
        values = {"purchasing_power": customers.POWER_OF_CLASS[to], "intention": "strong"}
    elif to != "unknown":
        messages.error(request, _("Choose a class."))
        return
    do.edit_fields(customer_id, values, by=request.viewer)  # type: ignore[attr-defined]
    named = words.CLASSES["" if to == "unknown" else to]
    messages.success(request, _("Now in “%(stage)s”; intention and means stand on the file.") % {"stage": named})


def _column(request: HttpRequest) -> str:
    code = request.GET.get("column", "")
    known = customers.STAGES if request.GET.get("by") != "class" else ("a", "b", "c", "unknown")
    if code not in known:
        raise Http404
    return "" if code == "unknown" else code


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _back(request: HttpRequest, asked: Asked, public_id: str) -> HttpResponse:
    """The board again, or the file where one came from."""
    if getattr(request, "htmx", False):
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return render(request, "clean/funnel_board.html", board_page.page(viewer, asked))
    if request.POST.get("from") == "file":
        return redirect("desk:file", public_id)
    return redirect(f"{reverse('clean:funnel')}?{asked.text()}".rstrip("?"))
