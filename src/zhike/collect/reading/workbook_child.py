"""In a process of its own, within limits: a workbook on stdin becomes CSV on stdout, one line of JSON about it first.

A workbook is a program for its reader: half a megabyte can unfold to half a gigabyte. What it may use grows with what was
given, and whatever happens here, only this process ends. Formulas are not run: cells give the values saved with them.
"""

import csv
import datetime as dt
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

FREE_BYTES = 256 << 20
BYTES_PER_BYTE = 48  # memory for each byte of the file beyond the free ones
MOST_MEMORY = 3 << 30
FREE_UNFOLDED, MOST_RATIO, MOST_UNFOLDED = 48 << 20, 150, 2 << 30
MOST_PARTS = 5_000
MOST_COLUMNS, MOST_ROWS, MOST_CELL = 2_000, 1_048_576, 32_768
REFUSED = 3  # exit code: the reason is a line of JSON on stderr


class Refusal(Exception):
    """The workbook cannot be used: a code and its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def main(sheet: str) -> int:
    """Read stdin, write the named sheet (or the first with something in it) to stdout."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # before the limit: its code takes room

    content = sys.stdin.buffer.read()
    _limit(len(content))
    try:
        _refuse_bombs(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        _write(book, sheet, sys.stdout)
    except Refusal as refusal:
        return _refuse(refusal.code, refusal.params)
    except PasswordError:
        return _refuse("workbook_protected", {})
    except MemoryError:
        return _refuse("workbook_too_large", {})
    except (CalamineError, zipfile.BadZipFile, ValueError, OverflowError, RuntimeError, EOFError):
        return _refuse("workbook_damaged", {})
    return 0


def text_of(value: Any) -> str:
    """A cell as text: days and times as ISO, numbers with the digits a spreadsheet keeps, never in another notation.

    A number beyond fifteen digits is written with an exponent: its last digits were lost before it came to us.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        rounded = value + dt.timedelta(microseconds=500_000)
        return rounded.date().isoformat() if not _is_timed(value) else rounded.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float | int):
        return _number(value)
    return str(value)


def _is_timed(value: dt.datetime) -> bool:
    return (value.hour, value.minute, value.second, value.microsecond // 1000) != (0, 0, 0, 0)


def _number(value: float) -> str:
    if abs(value) >= 10**15:
        return f"{value:.14E}"
    if isinstance(value, int) or value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _limit(byte_count: int) -> None:
    statm = Path("/proc/self/statm")
    used = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    allowed = min(FREE_BYTES + BYTES_PER_BYTE * byte_count, MOST_MEMORY)
    resource.setrlimit(resource.RLIMIT_AS, (used + allowed, used + allowed))
    seconds = 8 + 4 * (byte_count >> 20)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))


def _refuse_bombs(content: bytes) -> None:
    """Count what the parts really unfold to: declared sizes lie."""
    if not content.startswith(
        b"PK"
    ):  # the older format is not packed; a workbook with a password lies in its container
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refusal("workbook_protected")
        return
    given, free = len(content), FREE_UNFOLDED
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS:
            raise Refusal("workbook_too_large")
        if not any(part.filename.startswith(("xl/", "content.xml")) for part in parts):
            raise Refusal("foreign_file", kind="archive")
        unfolded = 0
        for part in parts:
            with packed.open(part) as stream:
                head = True
                while piece := stream.read(1 << 20):
                    unfolded += len(piece)
                    if head and (b"<!DOCTYPE" in piece[:4096] or b"<!ENTITY" in piece[:4096]):
                        raise Refusal("workbook_damaged")
                    head = False
                    if unfolded > min(max(free, MOST_RATIO * given), MOST_UNFOLDED):
                        raise Refusal("workbook_bomb", ratio=MOST_RATIO)


def _write(book: Any, wanted: str, out: TextIO) -> None:
    names = [m.name for m in book.sheets_metadata if "WorkSheet" in str(m.typ)]
    if not names:
        raise Refusal("empty_file")
    if wanted and wanted not in names:
        raise Refusal("sheet_unknown", sheet=wanted[:60], known=", ".join(name[:60] for name in names[:20]))
    visible = [m.name for m in book.sheets_metadata if m.name in names and "Visible" in str(m.visible)]
    for name in [wanted] if wanted else [*visible, *(n for n in names if n not in visible)]:
        sheet = book.get_sheet_by_name(name)
        if sheet.height and sheet.width:
            break
    else:
        raise Refusal("empty_file")
    (_, left), (bottom, right) = sheet.start, sheet.end
    if right >= MOST_COLUMNS:
        raise Refusal("too_many_columns", most=MOST_COLUMNS)
    if bottom >= MOST_ROWS:
        raise Refusal("workbook_too_large")
    out.write(json.dumps({"sheets": [n[:100] for n in names[:100]], "sheet": name}) + "\n")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerows(_cells(sheet, [""] * left))


def _cells(sheet: Any, before: list[str]) -> Iterator[list[str]]:
    """All rows from the first of the sheet on, blank ones included, so that they keep their numbers."""
    for row in sheet.iter_rows():
        cells = before + [text_of(value) for value in row]
        if any(len(cell) > MOST_CELL for cell in cells):
            raise Refusal("workbook_damaged")
        yield cells if any(cells) else []


def _refuse(code: str, params: dict[str, Any]) -> int:
    sys.stderr.write(json.dumps({"code": code, "params": params}) + "\n")
    return REFUSED


if __name__ == "__main__":
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
