"""Sheets as PDF; nothing touches the disk."""

from collections.abc import Sequence
from typing import Any

from zhike.desk.printing.sheet import Block, Grid, Line, Mark, Sheet, shares
from zhike.ui.typeset import calm, compiled


def sheets_as_pdf(
    sheets: Sequence[Sheet], mark: Mark, *, contents: Sequence[str] = (), cover: Sequence[str] = ()
) -> bytes:
    """Sheets one behind the other, each on a page of its own. With `contents`, a cover and a table of contents before them."""
    data = {
        "mark": as_data(mark),
        "sheets": [_sheet(s) for s in sheets],
        "cover": [calm(text) for text in cover],
        "contents": [calm(text) for text in contents],
    }
    return compiled("sheets", data).content


def as_data(mark: Mark) -> dict[str, str]:
    """A mark as the layouts read it."""
    return {"line": calm(mark.line), "who": calm(mark.who, longest=40), "day": mark.day, "language": mark.language}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": calm(sheet.title),
        "note": calm(sheet.note),
        "head": [_line(line) for line in sheet.head],
        "blocks": [_block(block) for block in sheet.blocks],
        "signs": list(sheet.signs),
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Grid):
        return {"kind": "grid", "title": calm(block.title), "lines": [_line(line) for line in block.lines]}
    return {
        "kind": "listing",
        "title": calm(block.title),
        "headings": [calm(text) for text in block.headings],
        "rows": [[calm(text) for text in row] for row in block.rows],
        "widths": shares(block.headings, block.rows),
        "numbers": sorted(block.numbers),
        "note": calm(block.note),
    }


def _line(line: Line) -> dict[str, Any]:
    return {"label": calm(line.label), "text": calm(line.text), "masked": line.is_masked, "wide": line.is_wide}
