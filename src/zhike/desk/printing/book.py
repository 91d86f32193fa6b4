"""A register bound as a book: volumes of at most a thousand customers, pages counted through, one index behind them.

Each volume is set by a process of its own, so that memory does not grow with the book. One volume is one PDF; several are a
folder, with the index as its last file.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from zhike.desk.printing.pdf import as_data
from zhike.desk.printing.sheet import Mark, shares
from zhike.ui.typeset import calm, compiled
from zhike_analytics.values import persons

VOLUME = 1_000
_CELL = 120  # characters of a cell in a register
_NARROW, _WIDE = 5, 24


@dataclass(frozen=True, slots=True)
class BookRow:
    """A customer in the register: the name and number the index knows them by, and the cells as the reader may have them."""

    name: str
    number: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the index finds a customer: a page, or the row of the one volume it stands in."""

    name: str
    number: str
    page: int | None
    row: int


@dataclass(slots=True)
class Book:
    """What every volume shares."""

    title: str
    cover: Sequence[tuple[str, str]]
    headings: Sequence[str]
    numbers: frozenset[int]
    mark: Mark
    by_number: bool  # the register stands in the order of numbers, so that only names need an index
    entries: list[Entry] = field(default_factory=list)


def bind(stream: IO[bytes], book: Book, rows: Iterable[BookRow], total: int, *, progress: Callable[[int], None]) -> int:
    """Write the book into a stream: a PDF, or for more than one volume a ZIP of PDFs; how many customers it holds."""
    pending = _volumes(rows)
    first = next(pending, [])
    if total <= VOLUME:
        book.entries = [Entry(r.name, r.number, None, n) for n, r in enumerate(first)]
        stream.write(compiled("book", _data(book, first, 1, 1, "", with_index=True), tagged=False).content)
        progress(len(first))
        return len(first)
    count, page, number = 0, 1, 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as folder:
        while first:
            number += 1
            name = _("Volume %(n)s") % {"n": number}
            made = compiled("book", _data(book, first, count + 1, page, name), tagged=False)
            folder.writestr(f"{number:02d} {calm(book.title, longest=40)} {name}.pdf", made.content)
            places, last = made.pages[:-1], made.pages[-1]
            book.entries += [Entry(r.name, r.number, p, 0) for r, p in zip(first, places, strict=True)]
            count, page = count + len(first), last + 1
            progress(count)
            first = next(pending, [])
        index = compiled("book", _data(book, [], 0, page, _("Index"), with_index=True), tagged=False)
        folder.writestr(f"{number + 1:02d} {calm(book.title, longest=40)} {_('Index')}.pdf", index.content)
    return count


def _volumes(rows: Iterable[BookRow]) -> Iterator[list[BookRow]]:
    held: list[BookRow] = []
    for row in rows:
        held.append(row)
        if len(held) == VOLUME:
            yield held
            held = []
    if held:
        yield held


def _data(
    book: Book, rows: Sequence[BookRow], first_row: int, first_page: int, volume: str, *, with_index: bool = False
) -> dict[str, Any]:
    return {
        "mark": as_data(book.mark),
        "title": calm(book.title),
        "volume": volume,
        "cover": [[calm(name), calm(text)] for name, text in book.cover],
        "headings": [calm(h) for h in book.headings],
        "widths": shares(book.headings, [row.cells for row in rows[:300]], narrow=_NARROW, wide=_WIDE),
        "numbers": sorted(book.numbers),
        "rows": [[calm(cell, longest=_CELL) for cell in row.cells] for row in rows],
        "first_row": first_row,
        "first_page": first_page,
        "index": _index(book) if with_index else [],
        "counts_pages": not with_index,
    }


def _index(book: Book) -> list[dict[str, Any]]:
    parts = []
    named = sorted((e for e in book.entries if e.name), key=lambda e: (persons.name_sort(e.name), e.number))
    if named:
        groups: dict[str, list[dict[str, Any]]] = {}
        for e in named:
            groups.setdefault(letter_of(e.name), []).append(_entry(e, e.name, e.number))
        parts.append(
            {
                "title": _("Index by name (pinyin)"),
                "groups": [{"letter": k, "entries": v} for k, v in sorted(groups.items())],
            }
        )
    if not book.by_number:
        entries = [_entry(e, e.number, "") for e in sorted(book.entries, key=lambda e: e.number)]
        parts.append({"title": _("Index by file number"), "groups": [{"letter": "", "entries": entries}]})
    return parts


def _entry(entry: Entry, words: str, number: str) -> dict[str, Any]:
    return {"words": calm(words, longest=24), "number": number, "page": entry.page, "row": entry.row}


def letter_of(name: str) -> str:
    """The letter a name stands under: the first of its pinyin, or # where it has none."""
    first = persons.name_sort(name)[:1].upper()
    return first if "A" <= first <= "Z" else "#"
