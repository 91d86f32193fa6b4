"""Making, naming, arranging and sharing dashboards. A board holds no figures, so sharing one shares no data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhike.analyze.boards.catalogue import KINDS
from zhike.analyze.models import BoardReport, Dashboard
from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_BOARDS = 30  # of one person
MOST_TILES = 24
LONGEST_NAME = 60
Tiles = list[dict[str, Any]]


class BoardRefused(ValueError):
    """Not kept: `name_missing`, `name_long`, `name_taken`, `too_many`, `too_many_tiles`, `tile`, `sharing` or `unknown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard as one reader knows it."""

    public_id: str
    name: str
    sharing: str
    tiles: tuple[dict[str, Any], ...]
    staff_id: int
    is_own: bool


def boards(viewer: Viewer) -> list[Board]:
    """One's own and those shared with one, by name."""
    return [_facts(row, viewer) for row in _visible(viewer).order_by("name", "id")]


def board(viewer: Viewer, public_id: str) -> Board | None:
    """One dashboard; None where there is none or it is not shared with the viewer."""
    row = _visible(viewer).filter(public_id=public_id).first()
    return _facts(row, viewer) if row else None


def make(name: str, *, by: Viewer, sharing: str = "", tiles: tuple[tuple[str, str], ...] = ()) -> Board:
    """Make a dashboard, with tiles (kind, of) if wanted. Raises Forbidden, BoardRefused."""
    check(by, "analyze.view")
    calm = _named(name)
    _may_share(by, sharing)
    held = [_tile(kind, of, by) for kind, of in tiles]
    with transaction.atomic():
        own = Dashboard.objects.filter(staff_id=by.staff_id or 0)
        if own.filter(name=calm).exists():
            raise BoardRefused("name_taken")
        if own.count() >= MOST_BOARDS:
            raise BoardRefused("too_many")
        row = Dashboard.objects.create(
            id=ids.take("dashboard")[0], public_id=chance.public_id(), name=calm, staff_id=by.staff_id or 0,
            sharing=sharing, tiles=held, created_at=clock.now(),
        )  # fmt: skip
    return _facts(row, by)


def copy(public_id: str, name: str, *, by: Viewer) -> Board:
    """Make any board one sees one's own, unshared; tiles that are not there for the viewer stay away."""
    found = board(by, public_id)
    if found is None:
        raise BoardRefused("unknown")
    tiles = tuple((t["kind"], t["of"]) for t in found.tiles if _is_offered(t["kind"], t["of"], by))
    return make(name, by=by, tiles=tiles)


def change(public_id: str, *, by: Viewer, name: str, sharing: str) -> None:
    """Rename one's own board and say who else sees it. Raises Forbidden, BoardRefused."""
    check(by, "analyze.view")
    calm = _named(name)
    with transaction.atomic():
        row = _own(public_id, by)
        if sharing != row.sharing:
            _may_share(by, sharing)
        if Dashboard.objects.filter(staff_id=row.staff_id, name=calm).exclude(pk=row.pk).exists():
            raise BoardRefused("name_taken")
        row.name, row.sharing = calm, sharing
        row.save(update_fields=["name", "sharing"])


def lay(public_id: str, *, by: Viewer, name: str, sharing: str, tiles: Sequence[tuple[str, str, bool]]) -> Board:
    """Rename, share and lay one's own board anew: tiles as (kind, of, wide). Raises Forbidden, BoardRefused."""
    with transaction.atomic():
        change(public_id, by=by, name=name, sharing=sharing)
        if len(tiles) > MOST_TILES:
            raise BoardRefused("too_many_tiles")
        row = _own(public_id, by)
        row.tiles = [{**_tile(kind, of, by), "wide": wide} for kind, of, wide in tiles]
        row.save(update_fields=["tiles"])
    return _facts(row, by)


def remove(public_id: str, *, by: Viewer) -> None:
    """Remove one's own board. Raises BoardRefused."""
    check(by, "analyze.view")
    with transaction.atomic():
        _own(public_id, by).delete()


def note_download(found: Board, tile_count: int, *, by: Viewer) -> None:
    """Audit that a board's figures leave the house as a file, before they do. Raises Forbidden."""
    check(by, "customers.export")
    with transaction.atomic():
        detail = {"what": "dashboard", "form": "pdf", "tiles": tile_count}
        secure.record_audit("export", by=by, about=("dashboard", found.public_id), detail=detail)


def forget_boards_of(staff_ids: Sequence[int], *, by: Viewer) -> int:
    """Delete the boards and reports of staff who never were (demo accounts); returns how many boards."""
    check(by, "demo.manage")
    with transaction.atomic():
        BoardReport.objects.filter(staff_id__in=staff_ids).delete()
        return Dashboard.objects.filter(staff_id__in=staff_ids).delete()[1].get("analyze.Dashboard", 0)


def add_tile(public_id: str, kind: str, of: str, *, by: Viewer) -> None:
    """Put a tile at the end of one's own board. Raises BoardRefused."""

    def added(tiles: Tiles) -> Tiles:
        if len(tiles) >= MOST_TILES:
            raise BoardRefused("too_many_tiles")
        return [*tiles, _tile(kind, of, by)]

    _arrange(public_id, by, added)


def move_tile(public_id: str, tile_id: str, step: int, *, by: Viewer) -> None:
    """Move a tile of one's own board: -1 to the front, 1 to the back."""

    def moved(tiles: Tiles) -> Tiles:
        at = _place(tiles, tile_id)
        tiles.insert(min(max(at + step, 0), len(tiles) - 1), tiles.pop(at))
        return tiles

    _arrange(public_id, by, moved)


def widen_tile(public_id: str, tile_id: str, *, by: Viewer) -> None:
    """Make a tile of one's own board twice as wide, or narrow again."""

    def widened(tiles: Tiles) -> Tiles:
        at = _place(tiles, tile_id)
        tiles[at] = {**tiles[at], "wide": not tiles[at]["wide"]}
        return tiles

    _arrange(public_id, by, widened)


def remove_tile(public_id: str, tile_id: str, *, by: Viewer) -> None:
    """Take a tile off one's own board."""

    def fewer(tiles: Tiles) -> Tiles:
        tiles.pop(_place(tiles, tile_id))
        return tiles

    _arrange(public_id, by, fewer)


def _arrange(public_id: str, by: Viewer, changed: Callable[[Tiles], Tiles]) -> None:
    check(by, "analyze.view")
    with transaction.atomic():
        row = _own(public_id, by)
        row.tiles = changed(list(row.tiles))
        row.save(update_fields=["tiles"])


def _tile(kind: str, of: str, by: Viewer) -> dict[str, Any]:
    if not _is_offered(kind, of, by):
        raise BoardRefused("tile")
    return {"id": chance.public_id(), "kind": kind, "of": of, "wide": False}


def _is_offered(kind: str, of: str, by: Viewer) -> bool:
    found = KINDS.get(kind)
    if found is None:
        return False
    return not of if found.choices is None else any(code == of for code, _name in found.choices(by))


def _place(tiles: Tiles, tile_id: str) -> int:
    for at, tile in enumerate(tiles):
        if tile["id"] == tile_id:
            return at
    raise BoardRefused("unknown")


def _named(name: str) -> str:
    calm = " ".join(name.split())
    if not calm:
        raise BoardRefused("name_missing")
    if len(calm) > LONGEST_NAME:
        raise BoardRefused("name_long")
    return calm


def _may_share(by: Viewer, sharing: str) -> None:
    if sharing in ("", "team"):
        return
    if sharing != "all" and sharing not in {f"role:{code}" for code in rights.role_names()}:
        raise BoardRefused("sharing")
    check(by, "views.share")


def _visible(viewer: Viewer) -> QuerySet[Dashboard]:
    if not viewer.can("analyze.view"):
        raise Forbidden("analyze.view")
    if viewer.is_machine:
        return Dashboard.objects.all()
    shared = Q(sharing="all") | Q(sharing__in=[f"role:{code}" for code in viewer.role_codes])
    team = Q(sharing="team", staff_id__in=viewer.team_staff_ids)
    return Dashboard.objects.filter(Q(staff_id=viewer.staff_id or 0) | shared | team)


def _own(public_id: str, by: Viewer) -> Dashboard:
    own = Dashboard.objects.select_for_update().filter(staff_id=by.staff_id or 0, public_id=public_id).first()
    if own is None:
        raise BoardRefused("unknown")
    return own


def _facts(row: Dashboard, viewer: Viewer) -> Board:
    is_own = row.staff_id == (viewer.staff_id or 0)
    return Board(row.public_id, row.name, row.sharing, tuple(row.tiles), row.staff_id, is_own)
