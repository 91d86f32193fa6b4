"""The file in three views: choosing one's own, laying them out, giving them to teams; and the reasons for stopping."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.desk import actions, file_views, problems
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs


@needs("customers.view")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Read files in another view from now on."""
    try:
        actions.choose_file_view(request.POST.get("view", ""), by=request.viewer)  # type: ignore[attr-defined]
    except actions.FileViewRefused:
        messages.error(request, _("One of the values is not allowed."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/customers/")
    return redirect(back if is_ours else "desk:register")


@needs("settings.edit")
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Lay out the three views, and give them to teams."""
    if request.method == "POST":
        try:
            _keep(request)
        except actions.FileViewRefused as refusal:
            messages.error(request, problems.words(f"file_view.{refusal.code}", {}))
        else:
            messages.success(request, _("The views are kept."))
        return redirect("desk:file_views")
    held = file_views.views_of_teams()
    context = {
        "views": [_laid_out(code) for code in file_views.VIEWS],
        "names": file_views.VIEWS,
        "teams": [(team_id, name, held.get(team_id, "")) for team_id, name in secure.teams().items()],
    }
    return render(request, "desk/file_views.html", context)


def _laid_out(code: str) -> dict[str, Any]:
    layout = file_views.layout_of(code)
    places = {group: place for place, group in enumerate(layout.groups, 1)}
    groups = sorted(fields.GROUPS, key=lambda g: places.get(g, 999))
    return {
        "code": code,
        "label": file_views.VIEWS[code],
        "groups": [(group, fields.group_label(group), places.get(group, "")) for group in groups],
        "panes": [(pane, file_views.PANES[pane], place) for place, pane in enumerate(layout.panes, 1)],
        "is_shipped": file_views.is_shipped(code),
    }


def _keep(request: HttpRequest) -> None:
    given, viewer, act = request.POST, request.viewer, request.POST.get("act", "")  # type: ignore[attr-defined]
    if act == "teams":
        views = {team_id: given.get(f"team-{team_id}", "") for team_id in secure.teams()}
        actions.give_teams_file_views(views, by=viewer)
    elif act == "ship":
        actions.ship_file_view(given.get("view", ""), by=viewer)
    else:
        groups, panes = _numbered(given, "group", fields.GROUPS), _numbered(given, "pane", file_views.PANES)
        actions.lay_out_file_view(given.get("view", ""), groups, panes, by=viewer)


def _numbered(given: Any, prefix: str, known: Any) -> list[str]:
    """Codes in the order of the numbers typed beside them; without a number they are left out."""
    typed = {code: given.get(f"{prefix}-{code}", "").strip() for code in known}
    wanted = [
        (int(text), place, code)
        for place, (code, text) in enumerate(typed.items())
        if text.isdecimal() and len(text) < 4
    ]
    return [code for _number, _place, code in sorted(wanted)]


@needs("fields.define")
@require_http_methods(["GET", "POST"])
def stop_reasons(request: HttpRequest) -> HttpResponse:
    """The catalogue of reasons for stopping: add, rename, order, put away."""
    if request.method == "POST":
        try:
            _keep_reason(request)
        except do.StopRefused as refusal:
            messages.error(request, problems.words(f"stop.{refusal.code}", {}))
        else:
            messages.success(request, _("The reasons are kept."))
        return redirect("desk:stop_reasons")
    return render(request, "desk/stop_reasons.html", {"reasons": customers.stop_reasons(archived=True)})


def _keep_reason(request: HttpRequest) -> None:
    given, viewer = request.POST, request.viewer  # type: ignore[attr-defined]
    names = {"name_zh": given.get("name_zh", ""), "name_en": given.get("name_en", "")}
    if not given.get("code"):
        do.add_stop_reason(**names, by=viewer)
        return
    place = given.get("place", "")
    do.change_stop_reason(
        given["code"],
        by=viewer,
        **names,
        place=int(place) if place.isdecimal() and len(place) < 6 else 0,
        is_archived=given.get("archived") == "1",
    )
