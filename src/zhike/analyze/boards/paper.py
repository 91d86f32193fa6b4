"""A dashboard on paper: what one reader is told, set as PDF with the reader and the moment on every page."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.analyze.boards.drawing import Tile, newest_day
from zhike.analyze.boards.shelf import Board
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.reach import queries as reach
from zhike.secure.records import Viewer
from zhike.ui.figures import number, share_text
from zhike.ui.typeset import calm, compiled
from zhike.ui.zone import shop_zone


def board_pdf(board: Board, tiles: Sequence[Tile], viewer: Viewer) -> bytes:
    """These tiles as a PDF in the language that is active. Raises PrintFailed."""
    now, day, home = clock.now().astimezone(shop_zone()), newest_day(tiles), reach.public_url()
    made = {"name": board.name, "who": viewer.label, "when": now.strftime("%Y-%m-%d %H:%M")}
    lead = [installation().name, _("Figures as of %(day)s.") % {"day": day} if day else ""]
    return compiled(
        "board",
        {
            "mark": {
                "line": calm(_("%(name)s · made for %(who)s on %(when)s") % made),
                "who": calm(viewer.label, longest=40),
                "day": now.strftime("%Y-%m-%d"),
                "language": "zh" if (get_language() or "zh").startswith("zh") else "en",
            },
            "title": calm(board.name),
            "lead": calm(" · ".join(part for part in lead if part)),
            "caveat": _("Figures are told by the rights of the reader named below; others may be told less or more."),
            "nothing": _("No tiles yet"),
            "tiles": _rows([_tile(tile, home) for tile in tiles]),
        },
    ).content


def _rows(tiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two tiles a row: one that is left alone before a wide one takes the whole row."""
    alone: dict[str, Any] | None = None
    for tile in tiles:
        if tile["wide"] and alone is not None:
            alone["wide"] = True
        alone = None if tile["wide"] or alone is not None else tile
    return tiles


def _tile(tile: Tile, home: str) -> dict[str, Any]:
    shown, figure = tile.drawn, tile.drawn.figure or {}
    trend = figure.get("trend")
    top = max((bar["value"] for bar in shown.bars), default=0) or 1
    as_of = _("As of %(day)s.") % {"day": shown.as_of.isoformat()} if shown.as_of else ""
    return {
        "label": calm(tile.label),
        "wide": tile.wide,
        "empty": calm(shown.empty),
        "value": calm(str(figure.get("value", ""))),
        "way": "" if not trend else "up" if trend > 0 else "down",
        "trend": share_text(abs(trend)) if trend else "",
        "note": calm(str(figure.get("note", ""))),
        "url": _link(home, figure.get("href") or shown.url),
        "bars": [
            {
                "label": calm(str(bar["label"])),
                "shown": calm(str(bar["shown"])),
                "share": max(0.0, bar["value"] / top),
                "url": _link(home, bar["url"]),
            }
            for bar in shown.bars
        ],
        "curve": _curve(shown.chart),
        "about": calm(f"{as_of} {shown.about}".strip()),
    }


def _curve(chart: dict[str, Any] | None) -> dict[str, Any] | None:
    """The first series of a chart of lines, as heights between 0 and 1 with the ends of both scales in words."""
    if not chart or chart["spec"].get("kind") != "line" or not chart["spec"]["series"]:
        return None
    labels, values = chart["spec"]["labels"], [value or 0 for value in chart["spec"]["series"][0]["values"]]
    top = max(values) or 1
    return {
        "title": calm(chart["spec"].get("title", "")),
        "heights": [value / top for value in values],
        "top": number(top),
        "first": labels[0],
        "last": labels[-1],
    }


def _link(home: str, path: str) -> str:
    return f"{home}{path}" if home and path else ""
