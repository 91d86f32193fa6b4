"""Rows of a delimited file, each with the number a spreadsheet shows for it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from zhike.collect.reading.encoding import Opener, Shape, survey, text_of
from zhike.collect.reading.problem import FileProblem

LONGEST_RECORD = 1 << 20  # characters; a longer one is a quotation mark that nobody closed, or no table at all
MOST_COLUMNS = 2_000
_DELIMITERS = ",\t;|"
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_ROWS = 50

csv.field_size_limit(LONGEST_RECORD)


class Row(NamedTuple):
    """One row. `number` counts from the header as 1, blank rows included; `code` tells what is wrong with its shape."""

    number: int
    cells: list[str]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read as a table, as often as wanted."""

    opener: Opener
    shape: Shape
    delimiter: str
    headers: tuple[str, ...]
    numbered: bool = False  # the first cell of each row holds its number in the file it was made of

    def rows(self) -> Iterator[Row]:
        """The rows below the header. Blank rows are passed over, extra blank cells dropped, missing cells made blank.

        Raises FileProblem: record_too_long, unclosed_quote.
        """
        width = len(self.headers)
        found = records(self.opener, self.shape.encoding, self.delimiter)
        for _, header in found:
            if any(header):
                break
        for number, cells in found:
            if self.numbered and cells:
                number, cells = int(cells[0]), cells[1:]
            if len(cells) == width:
                if any(cells):
                    yield Row(number, cells)
                continue
            if not any(cells):
                continue
            if len(cells) < width:
                yield Row(number, cells + [""] * (width - len(cells)), "row_too_short")
            elif any(cell.strip() for cell in cells[width:]):
                yield Row(number, cells[:width], "row_too_long")
            else:
                yield Row(number, cells[:width])


def open_table(opener: Opener, *, encoding: str = "", delimiter: str = "", numbered: bool = False) -> Table:
    """Look at a file and tell what it is; raises FileProblem when it is no table."""
    return _table(opener, survey(opener, encoding), delimiter, numbered)


def known_table(opener: Opener, encoding: str, delimiter: str, *, numbered: bool = False) -> Table:
    """The table of a file that was looked at before: only its head is read."""
    return _table(opener, Shape(encoding, "", 0, False), delimiter, numbered)


def _table(opener: Opener, shape: Shape, delimiter: str, numbered: bool) -> Table:
    delimiter = delimiter or _delimiter(opener, shape.encoding)
    for _, cells in records(opener, shape.encoding, delimiter):
        if any(cell.strip() for cell in cells):
            headers = tuple(cell.strip(" \t\r\n\u00a0\ufeff\u3000'") for cell in cells[1 if numbered else 0 :])
            break
    else:
        raise FileProblem("empty_file")
    if len(headers) > MOST_COLUMNS:
        raise FileProblem("too_many_columns", most=MOST_COLUMNS)
    return Table(opener, shape, delimiter, headers, numbered)


def records(opener: Opener, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number from 1, blank ones included."""
    with text_of(opener, encoding) as text:
        yield from _records_of(text, delimiter)


def _records_of(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number, lines = 1, _Lines(text)
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if lines.ended:
                raise FileProblem("unclosed_quote", row=number)
            yield number, cells
            number += 1
            lines.length = 0
    except (csv.Error, _TooLong):
        raise FileProblem("record_too_long", row=number, most=LONGEST_RECORD) from None


class _TooLong(Exception):
    """A record passed its bound."""


class _Lines:
    """Lines for the csv reader, bounded per record; `ended` tells that it asked for more than there is."""

    def __init__(self, text: TextIO) -> None:
        self._readline = text.readline
        self.length = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._readline(LONGEST_RECORD)
        if not line:
            self.ended = True
            raise StopIteration
        self.length += len(line)
        if self.length >= LONGEST_RECORD:
            raise _TooLong
        return line


def _delimiter(opener: Opener, encoding: str) -> str:
    """The mark that cuts the first rows into the most equal cells; a comma when nothing does."""
    with text_of(opener, encoding) as text:
        sample = text.read(_SAMPLE_CHARACTERS)
    complete = sample if len(sample) < _SAMPLE_CHARACTERS else sample.rpartition("\n")[0] or sample
    scores = {mark: _evenness(complete, mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: scores[mark])


def _evenness(sample: str, mark: str) -> float:
    rows: list[int] = []
    try:
        for cells in csv.reader(sample.splitlines(keepends=True), delimiter=mark):
            if cells:
                rows.append(len(cells))
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0
    if not rows or rows[0] < 2:
        return 0.0
    alike = sum(1 for count in rows if abs(count - rows[0]) <= 1)
    return alike / len(rows) * min(rows[0], 50)
