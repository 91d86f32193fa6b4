"""Dashboards: the list, one board, and what its maker does with it. Arranging is done with plain buttons, one step each."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhike.analyze import queries
from zhike.analyze.boards import drawing, shelf
from zhike.analyze.boards.catalogue import KINDS, RUNS, Looking
from zhike.analyze.boards.paper import board_pdf
from zhike.analyze.boards.shelf import MOST_TILES, Board, BoardRefused
from zhike.analyze.boards.words import REFUSALS
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.typeset import PrintFailed

_AT_ONCE = 6  # tiles of a page at first; the others come as they are scrolled to
_SHARINGS = {"": gettext_lazy("Only me"), "team": gettext_lazy("My team"), "all": gettext_lazy("All colleagues")}


@needs("analyze.view")
@require_GET
def boards(request: HttpRequest) -> HttpResponse:
    """One's own dashboards and those shared with one."""
    viewer = _viewer(request)
    found = shelf.boards(viewer)
    sharings = _sharings(viewer, all_of_them=True)
    rows = [{"board": one, "seen_by": sharings.get(one.sharing, one.sharing)} for one in found]
    staff = rights.staff_names([one.staff_id for one in found if one.staff_id])
    return render(request, "analyze/boards.html", {"rows": rows, "staff": staff, "sharings": _sharings(viewer)})


@needs("analyze.view")
@require_GET
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    """A dashboard as the reader's rights allow; its maker may arrange it."""
    viewer = _viewer(request)
    found = _found(viewer, public_id)
    arranging = found.is_own and "arrange" in request.GET
    whole = arranging or "all" in request.GET
    context = {
        **_tiles(request, found, 0, MOST_TILES if whole else _AT_ONCE),
        "arranging": arranging,
        "days": queries.days_of_runs(RUNS),
        "may_export": viewer.can("customers.export"),
        "offered": _offered(viewer) if arranging else [],
        "sharings": {found.sharing: _sharings(viewer, all_of_them=True).get(found.sharing, "")} | _sharings(viewer),
        "owner": rights.staff_names([found.staff_id]).get(found.staff_id, "") if not found.is_own else "",
    }
    return render(request, "analyze/board.html", context)


@needs("analyze.view")
@require_GET
def rest(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """The tiles from a place on, as the page is scrolled down to them."""
    found = _found(_viewer(request), public_id)
    return render(request, "analyze/board_tiles.html", _tiles(request, found, place, _AT_ONCE))


@needs("customers.export")
@require_POST
def pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole board as PDF, by the reader's rights. Audited."""
    viewer = _viewer(request)
    found = _found(viewer, public_id)
    look = _looking(request, request.POST, leaving=True)
    tiles = drawing.drawn(look, found.tiles)
    try:
        content = board_pdf(found, tiles, viewer)
    except PrintFailed:
        messages.error(request, _("The PDF could not be made. Try again, or ask whoever runs the machine."))
        return redirect("analyze:board", public_id)
    shelf.note_download(found, len(tiles), by=viewer)
    name = quote(drawing.file_name(found, drawing.newest_day(tiles)))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename=\"dashboard.pdf\"; filename*=UTF-8''{name}"
    return answer


@needs("analyze.view")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a dashboard and go on to choose its tiles."""
    given = request.POST
    try:
        made = shelf.make(given.get("name", ""), by=_viewer(request), sharing=given.get("sharing", ""))
    except BoardRefused as refused:
        return _refused(request, refused, reverse("analyze:boards"))
    return redirect(_arranging(made.public_id))


@needs("analyze.view")
@require_POST
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a board one sees one's own."""
    try:
        made = shelf.copy(public_id, request.POST.get("name", ""), by=_viewer(request))
    except BoardRefused as refused:
        return _refused(request, refused, reverse("analyze:board", args=[public_id]))
    return redirect(_arranging(made.public_id))


@needs("analyze.view")
@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rename one's own board and say who else sees it."""
    given = request.POST
    name, sharing = given.get("name", ""), given.get("sharing", "")
    return _done(request, public_id, lambda by: shelf.change(public_id, by=by, name=name, sharing=sharing))


@needs("analyze.view")
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove one's own board."""
    try:
        shelf.remove(public_id, by=_viewer(request))
    except BoardRefused:
        raise Http404 from None
    return redirect("analyze:boards")


@needs("analyze.view")
@require_POST
def add_tile(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a tile at the end of one's own board."""
    kind, _mark, of = request.POST.get("tile", "").partition("~")
    return _done(request, public_id, lambda by: shelf.add_tile(public_id, kind, of, by=by))


@needs("analyze.view")
@require_POST
def arrange(request: HttpRequest, public_id: str, tile_id: str) -> HttpResponse:
    """Move a tile one step, make it wide or narrow, take it away."""
    acts: dict[str, Callable[[Viewer], None]] = {
        "earlier": lambda by: shelf.move_tile(public_id, tile_id, -1, by=by),
        "later": lambda by: shelf.move_tile(public_id, tile_id, 1, by=by),
        "wide": lambda by: shelf.widen_tile(public_id, tile_id, by=by),
        "remove": lambda by: shelf.remove_tile(public_id, tile_id, by=by),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    return _done(request, public_id, act, at=f"#tile-{tile_id}")


def _tiles(request: HttpRequest, found: Board, place: int, count: int) -> dict[str, Any]:
    """So many tiles from a place on, drawn for the reader, and where the next ones begin."""
    look = _looking(request, request.GET)
    end = place + count
    return {
        "board": found,
        "tiles": drawing.drawn(look, found.tiles[place:end]),
        "next_place": end if end < len(found.tiles) else None,
        "waiting": range(min(3, len(found.tiles) - end)),
        "look": look,
    }


def _looking(request: HttpRequest, given: QueryDict, *, leaving: bool = False) -> Looking:
    """As of which day, and whether beside the run before; a day that is none is today."""
    try:
        day = dt.date.fromisoformat(given.get("day", ""))
    except ValueError:
        day = None
    return Looking(_viewer(request), day=day, compared=given.get("compare") == "1", leaving=leaving)


def _offered(viewer: Viewer) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be added, in groups: figures that stand alone, then what kinds are made of."""
    alone = [(kind.code, str(kind.label)) for kind in KINDS.values() if kind.choices is None]
    groups = [(_("Figures"), alone)]
    for kind in KINDS.values():
        found = kind.choices(viewer) if kind.choices else []
        if found:
            groups.append((str(kind.label), [(f"{kind.code}~{of}", name) for of, name in found]))
    return groups


def _sharings(viewer: Viewer, *, all_of_them: bool = False) -> dict[str, str]:
    """With whom the viewer may share; or the words of every way."""
    told = {code: str(label) for code, label in _SHARINGS.items()}
    if not (all_of_them or viewer.can("views.share")):
        told.pop("all")
        return told
    roles = rights.role_names().items()
    return told | {f"role:{code}": _("Role: %(name)s") % {"name": name} for code, name in roles}


def _done(request: HttpRequest, public_id: str, act: Callable[[Viewer], None], *, at: str = "") -> HttpResponse:
    try:
        act(_viewer(request))
    except BoardRefused as refused:
        return _refused(request, refused, _arranging(public_id))
    return redirect(f"{_arranging(public_id)}{at}")


def _found(viewer: Viewer, public_id: str) -> shelf.Board:
    found = shelf.board(viewer, public_id)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, refused: BoardRefused, back: str) -> HttpResponse:
    if refused.code not in REFUSALS:
        raise Http404
    messages.error(request, str(REFUSALS[refused.code]))
    return redirect(back)


def _arranging(public_id: str) -> str:
    return f"{reverse('analyze:board', args=[public_id])}?arrange=1"


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]
