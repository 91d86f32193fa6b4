"""The mail of a report: figures as a table and as text, each tile with its way into the product, the PDF attached."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.analyze.boards.catalogue import Looking
from zhike.analyze.boards.drawing import Tile, drawn, file_name, newest_day
from zhike.analyze.boards.paper import board_pdf
from zhike.analyze.boards.shelf import Board
from zhike.reach import queries as reach
from zhike.reach.records import Attachment, Letter
from zhike.secure.records import Viewer
from zhike.ui.figures import share_text


def letter(board: Board, viewer: Viewer) -> Letter:
    """A dashboard as one reader is told it today, in the language that is active. Raises PrintFailed."""
    tiles = drawn(Looking(viewer, leaving=True), board.tiles)
    day, home = newest_day(tiles), reach.public_url()
    lines = [_line(tile, home) for tile in tiles]
    here = f"{home}{reverse('analyze:board', args=[board.public_id])}" if home else ""
    told = {"board": board, "lines": lines, "day": day, "url": here}
    subject = f"{board.name} · {day}" if day else board.name
    pdf = Attachment(file_name(board, day), "application/pdf", board_pdf(board, tiles, viewer))
    html = SafeString(render_to_string("analyze/report_mail.html", told))
    return Letter(subject, _text(board, lines, day, here), html, (pdf,))


def _line(tile: Tile, home: str) -> dict[str, Any]:
    """A tile as a mail shows it; addresses lead from outside into the product, or nowhere."""
    shown, figure = tile.drawn, tile.drawn.figure or {}
    return {
        "label": tile.label,
        "empty": shown.empty,
        "value": figure.get("value", ""),
        "url": _abroad(home, figure.get("href") or shown.url),
        "note": " · ".join(part for part in (_change(figure.get("trend")), figure.get("note", "")) if part),
        "bars": [{"label": b["label"], "shown": b["shown"], "url": _abroad(home, b["url"])} for b in shown.bars],
    }


def _abroad(home: str, path: str) -> str:
    return f"{home}{path}" if home and path else ""


def _change(trend: float | None) -> str:
    if not trend:
        return ""
    return f"{'▲' if trend > 0 else '▼'} {share_text(abs(trend))}"


def _text(board: Board, lines: list[dict[str, Any]], day: str, url: str) -> str:
    """The same without any markup."""
    told = [board.name, _("Figures as of %(day)s.") % {"day": day} if day else "", ""]
    for line in lines:
        told.append(f"■ {line['label']}")
        if line["empty"]:
            told.append(f"  {line['empty']}")
        if line["value"]:
            told.append(f"  {line['value']}{'  ' + line['note'] if line['note'] else ''}")
        told += [f"  {bar['label']}: {bar['shown']}" for bar in line["bars"]]
        told += [f"  {line['url']}", ""] if line["url"] else [""]
    told += [url, "", str(_why())] if url else [str(_why())]
    return "\n".join(told) + "\n"


def _why() -> str:
    return _("You receive this because a colleague or you had this dashboard sent regularly. End it on its page.")
