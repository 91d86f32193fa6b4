"""Saved views of the register: keep, change, share, order, remove and bring back; and one's columns."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.desk import actions, asking
from zhike.desk.actions import ViewRefused
from zhike.desk.queries import view_address, view_of
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("customers.view")
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns a person ticked."""
    actions.choose_columns(request.POST.getlist("column"), by=_viewer(request))
    return redirect(f"{reverse('desk:register')}?{_query(request)}")


@needs("customers.view")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name, with the columns it shows."""
    viewer, query = _viewer(request), _query(request, without=("q", "slip"))
    try:
        view = actions.save_view(
            request.POST.get("name", ""),
            query,
            by=viewer,
            shared_with=request.POST.get("shared_with", ""),
            column_codes=request.POST.getlist("column"),
        )
    except ViewRefused as refusal:
        messages.error(request, _REFUSALS[refusal.code]())
        return redirect(f"{reverse('desk:register')}?{query}")
    return redirect(view_address(viewer, view))


@needs("customers.view")
@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rename one's own view and say who else sees it."""
    given = request.POST
    return _done(
        request,
        public_id,
        lambda by: actions.change_view(
            public_id, by=by, name=given.get("name", ""), shared_with=given.get("shared_with", "")
        ),
    )


@needs("customers.view")
@require_POST
def duplicate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a view one can see one's own, under another name."""
    try:
        view = actions.duplicate_view(public_id, request.POST.get("name", ""), by=_viewer(request))
    except ViewRefused as refusal:
        return _refused(request, refusal, public_id)
    return redirect(view_address(_viewer(request), view))


@needs("customers.view")
@require_POST
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """One tab to the left or to the right."""
    step = -1 if request.POST.get("to") == "left" else 1
    return _done(request, public_id, lambda by: actions.move_view(public_id, step, by=by))


@needs("customers.view")
@require_POST
def first(request: HttpRequest) -> HttpResponse:
    """Let the register open with a view, or with everybody."""
    public_id = request.POST.get("view", "")
    return _done(request, public_id, lambda by: actions.begin_with(public_id, by=by))


@needs("customers.view")
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove one's own view; the page that follows offers to take it back."""
    if not actions.remove_view(public_id, by=_viewer(request)):
        raise Http404
    return redirect(f"{reverse('desk:register')}?removed={public_id}")


@needs("customers.view")
@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the removal of a view back."""
    if not actions.restore_view(public_id, by=_viewer(request)):
        messages.error(request, _("This view cannot come back: another one has its name now."))
        return redirect("desk:register")
    view = view_of(_viewer(request), public_id)
    return redirect(view_address(_viewer(request), view) if view else reverse("desk:register"))


_REFUSALS = {
    "name_missing": lambda: _("Give the view a name."),
    "name_long": lambda: _("The name of a view has at most 40 characters."),
    "name_taken": lambda: _("You have a view of this name already."),
    "too_many": lambda: _("You have 30 views; remove one first."),
    "too_long": lambda: _("This list has too many filters to keep."),
}


def _done(request: HttpRequest, public_id: str, act: Any) -> HttpResponse:
    try:
        act(_viewer(request))
    except ViewRefused as refusal:
        return _refused(request, refusal, public_id)
    view = view_of(_viewer(request), public_id)
    return redirect(view_address(_viewer(request), view) if view else f"{reverse('desk:register')}?view=everybody")


def _refused(request: HttpRequest, refusal: ViewRefused, public_id: str) -> HttpResponse:
    view = view_of(_viewer(request), public_id)
    if refusal.code not in _REFUSALS or view is None:
        raise Http404
    messages.error(request, _REFUSALS[refusal.code]())
    return redirect(view_address(_viewer(request), view))


def _query(request: HttpRequest, without: tuple[str, ...] = ()) -> str:
    return asking.canonical(QueryDict(request.POST.get("query", "")[:2000]), without=without)


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]
