"""Small tables that other modules take in at once: CSV or a workbook, read as imports read theirs, laid nowhere."""

import io
from dataclasses import dataclass

from zhike.collect.reading import FileProblem, open_table
from zhike.collect.reading.workbook import Sheets, csv_of_workbook
from zhike.collect.reasons import reason_text

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


class TableRefused(ValueError):
    """The file is no table we can read; `words` say why and what to do, in the reader's language."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True, slots=True)
class SmallTable:
    """Headings, and rows as (number in the file, cells)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def small_table(content: bytes, *, most_rows: int) -> SmallTable:
    """The first sheet of a workbook, or a CSV file in any encoding. Raises TableRefused; `too_many_rows` beyond `most_rows`."""
    try:
        if content.startswith(_WORKBOOKS):
            content = b"".join(csv_of_workbook(io.BytesIO(content), len(content), "", Sheets()))
        table = open_table(lambda: io.BytesIO(content))
        rows: list[tuple[int, tuple[str, ...]]] = []
        for row in table.rows():
            if len(rows) == most_rows:
                raise FileProblem("too_many_rows", most=most_rows)
            rows.append((row.number, tuple(row.cells)))
    except FileProblem as problem:
        raise TableRefused(problem.code, reason_text(problem.code, problem.params)) from None
    return SmallTable(table.headers, tuple(rows))
