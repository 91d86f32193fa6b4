"""What a printed sheet holds, whatever the kind of file: facts beside their names, and lists under headings."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: its name and its text as the reader may see it. A wide one takes the whole width."""

    label: str
    text: str
    is_masked: bool = False
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Facts that stand together under a title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list under headings. `numbers` are the columns of figures; the note says what the list leaves out, or that it holds
    nothing: headings alone are not shown. `door` is the address of all there is, for the screen alone."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    note: str = ""
    door: str = ""


Block = Grid | Listing


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document: title, the facts of its head, its blocks, and the places to sign."""

    title: str
    head: tuple[Line, ...]
    blocks: tuple[Block, ...]
    signs: tuple[str, ...] = ()
    note: str = ""  # such as: this card was closed on a day


@dataclass(frozen=True, slots=True)
class Mark:
    """Who had it made, when, under which number: stands on every page. `language` is that of its words."""

    line: str
    who: str
    day: str
    language: str = "zh"


def halves(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Lines as rows of two; a wide one, and one before a wide one, has the row to itself."""
    rows: list[tuple[Line, ...]] = []
    held: Line | None = None
    for line in lines:
        if line.is_wide:
            rows += [(held,), (line,)] if held else [(line,)]
            held = None
        elif held is None:
            held = line
        else:
            rows.append((held, line))
            held = None
    return rows + ([(held,)] if held else [])


def shares(headings: Sequence[str], rows: Sequence[Sequence[str]], *, narrow: int = 6, wide: int = 40) -> list[int]:
    """Shares of a list's width: by what a column usually holds, so that a single long cell breaks instead of ruling all."""
    widths = []
    for place, heading in enumerate(headings):
        found = sorted(_letters(row[place]) for row in rows[:300])
        usual = found[int(len(found) * 0.9)] if found else 0
        widths.append(max(narrow, min(wide, max(usual, _letters(heading)))))
    return widths


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:200])
