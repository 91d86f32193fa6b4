"""A board drawn for one reader: the same tiles for the page, for paper, for a mail and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhike.analyze.boards.catalogue import KINDS, Drawn, Looking
from zhike.analyze.boards.shelf import Board


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile in its place: its name and what the reader is told."""

    id: str
    kind: str
    of: str
    wide: bool
    label: str
    drawn: Drawn


def drawn(look: Looking, tiles: Sequence[dict[str, Any]]) -> list[Tile]:
    """These tiles in their order; one whose kind is no longer registered says so."""
    told = []
    for tile in tiles:
        kind = KINDS.get(tile["kind"])
        one = kind.draw(look, tile["of"]) if kind else Drawn(empty=_("This kind of tile is no longer offered."))
        label = one.label or (str(kind.label) if kind else tile["kind"])
        told.append(Tile(tile["id"], tile["kind"], tile["of"], tile["wide"], label, one))
    return told


def newest_day(tiles: Sequence[Tile]) -> str:
    """The newest day of data among the tiles, as the mail and the paper name it; empty where none has one."""
    return max((tile.drawn.as_of.isoformat() for tile in tiles if tile.drawn.as_of), default="")


def file_name(board: Board, day: str) -> str:
    """What a board's PDF is saved as."""
    calm = "".join(c if c.isalnum() else "-" for c in board.name).strip("-") or "dashboard"
    return f"{calm}{'-' if day else ''}{day}.pdf"
