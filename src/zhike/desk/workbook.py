"""A workbook written row by row into any stream: nothing of it lies in memory or in a clear temporary file.

Every text is an inline string (`t="inlineStr"`), which no program takes for a formula, a link or a number; figures are plain
numbers. No formula element is ever written. A sheet that is full is followed by another one.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any
from xml.sax.saxutils import escape

ROWS_A_SHEET = 1_000_000  # a sheet holds 1,048,576
_LONGEST = 32_767  # characters a cell may have
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z")
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_workbook(
    stream: IO[bytes],
    mark: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: frozenset[int],
    title: str,
    author: str,
    made_at: datetime,
) -> int:
    """Write a workbook: the mark (who, when, which export) above the headings of each sheet, then the rows; how many.

    `numbers` are the columns whose cells are figures written as decimal text; a cell there that is no number stays text.
    """
    sheets, count, pending = 0, 0, iter(rows)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        first = next(pending, None)
        while first is not None or not sheets:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                sheet.write(_row([mark], frozenset()) + _row(headings, frozenset()))
                written = 0
                while first is not None and written < ROWS_A_SHEET:
                    sheet.write(_row(first, numbers))
                    written += 1
                    first = next(pending, None)
                sheet.write(b"</sheetData></worksheet>")
            count += written
        names = [f"{title[:24]} {n}" for n in range(1, sheets + 1)]
        for name, text in parts(names, title, author, mark, made_at):
            book.writestr(name, HEAD + text)
    return count


def _row(cells: Sequence[str], numbers: frozenset[int]) -> bytes:
    return f"<row>{''.join(_cell(c, n in numbers) for n, c in enumerate(cells))}</row>".encode()


def _cell(text: str, is_number: bool) -> str:
    if is_number and _NUMBER.match(text):
        return f"<c><v>{text}</v></c>"
    if not text:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain(text)}</t></is></c>'


def plain(text: str) -> str:
    """A text as XML takes it, cut to what a cell may hold."""
    return escape(_REFUSED.sub("", text[:_LONGEST]), {"\r": "&#13;"})


def parts(
    names: Sequence[str], title: str, author: str, mark: str, made_at: datetime, *, styles: str = ""
) -> Iterable[tuple[str, str]]:
    """The small files around the sheets, whose `names` are given; a look of cells only where `styles` has one."""
    numbers = range(1, len(names) + 1)
    types = "".join(_override(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers)
    types += _override("/xl/styles.xml", "styles") if styles else ""
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{_override('/xl/workbook.xml', 'sheet.main')}{types}"
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
    )
    listed = "".join(f'<sheet name="{plain(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    yield "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{_DOC}"><sheets>{listed}</sheets></workbook>'
    linked = "".join(_linked(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    linked += _linked(len(names) + 1, "styles", "styles.xml") if styles else ""
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{linked}</Relationships>'
    if styles:
        yield "xl/styles.xml", styles
    yield "docProps/core.xml", _core(title, author, mark, made_at)


def _linked(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_DOC}/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"
    return f'<Override PartName="{part}" ContentType="{kind}"/>'


def _core(title: str, author: str, mark: str, made_at: datetime) -> str:
    """The properties of the file: who made it, when, and the mark once more."""
    facts: dict[str, Any] = {"dc:title": title, "dc:creator": author, "dc:description": mark}
    told = "".join(f"<{name}>{plain(text)}</{name}>" for name, text in facts.items())
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'{told}<dcterms:created xsi:type="dcterms:W3CDTF">{made_at:%Y-%m-%dT%H:%M:%SZ}</dcterms:created></cp:coreProperties>'
    )
