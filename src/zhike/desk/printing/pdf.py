"""PDF from a layout and its data, made by a child process; nothing touches the disk."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from zhike.desk.printing.sheet import Block, Grid, Line, Mark, Sheet, calm, shares
from zhike.kit import clock

FONTS = Path(__file__).resolve().parents[2] / "fonts_build"
_CHILD = Path(__file__).with_name("pdf_child.py")
_PATIENCE_S = 150


class PrintFailed(RuntimeError):
    """No PDF came of it; `code` is `fonts_missing` (the build has not laid them), `too_slow` or `refused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and on which page each counted row stands."""

    content: bytes
    pages: tuple[int, ...]


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


def compiled(layout: str, data: dict[str, Any], *, tagged: bool = True) -> Printed:
    """A layout of this package filled with data. Raises PrintFailed."""
    if not any(FONTS.glob("*.ttf")):
        raise PrintFailed("fonts_missing")
    asked = {
        "layout": layout,
        "data": data,
        "fonts": str(FONTS),
        "tagged": tagged,
        "created_s": int(clock.now().timestamp()),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=orjson.dumps(asked),
            capture_output=True,
            timeout=_PATIENCE_S,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PrintFailed("too_slow") from None
    if done.returncode:
        raise PrintFailed("too_slow" if done.returncode < 0 else "refused")
    head, _, content = done.stdout.partition(b"\n")
    return Printed(content, tuple(json.loads(head)))


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
