"""The same sheets as a workbook laid out for A4: one sheet of cells each, every text an inline string, no formula anywhere."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from zhike.desk.printing.sheet import Grid, Line, Listing, Mark, Sheet, halves
from zhike.desk.workbook import HEAD, MAIN, parts, plain
from zhike.kit import clock
from zhike.ui.typeset import calm

_COLUMNS = 8  # label, value, value, value | label, value, value, value: lists share the grid with facts
_WIDTHS = (12, 12, 12, 12, 12, 12, 12, 12)
_PLAIN, _TITLE, _HEADING, _LABEL, _VALUE, _MASKED, _LIST_HEAD, _FIGURE, _FAINT, _COUNT, _FIGURE_HEAD = range(11)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z")
_NOT_IN_NAMES = re.compile(r"[][:*?/\\]")
_A_LINE = 42  # Chinese characters a whole row of cells takes at this size


def sheets_as_workbook(sheets: Sequence[Sheet], mark: Mark) -> bytes:
    """A workbook with one page-wide sheet for each sheet of paper."""
    stream = io.BytesIO()
    names = [_name(sheet.title, n) for n, sheet in enumerate(sheets, 1)]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        for number, sheet in enumerate(sheets, 1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", HEAD + _Page(sheet, mark).xml())
        title = calm(sheets[0].title, longest=60) if sheets else ""
        for name, text in parts(names, title, calm(mark.who, longest=60), calm(mark.line), clock.now(), styles=_STYLES):
            book.writestr(name, HEAD + text)
    return stream.getvalue()


def _name(title: str, number: int) -> str:
    """A name a sheet may have: at most 31 characters, none of those a reference needs, each once."""
    return f"{number} {_NOT_IN_NAMES.sub(' ', calm(title, longest=24))}"


class _Page:
    """One sheet: its rows as they come, and which cells are joined."""

    def __init__(self, sheet: Sheet, mark: Mark) -> None:
        self._rows: list[str] = []
        self._joined: list[str] = []
        self._mark = mark
        self._whole(sheet.title, _TITLE, height=34)
        if sheet.note:
            self._whole(sheet.note, _FAINT)
        self._facts(sheet.head)
        for block in sheet.blocks:
            self._whole(block.title, _HEADING, height=22)
            if isinstance(block, Grid):
                self._facts(block.lines)
            else:
                self._list(block)
        if sheet.signs:
            self._row([])
            colon = "：" if mark.language == "zh" else ": "
            self._whole("        ".join(f"{sign}{colon}____________" for sign in sheet.signs), _PLAIN)
        self._whole(mark.line, _FAINT)

    def xml(self) -> str:
        """The part of the package."""
        widths = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1))
        joined = "".join(f'<mergeCell ref="{ref}"/>' for ref in self._joined)
        footer = plain(self._mark.line.replace("&", "&&"))
        return (
            f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><cols>{widths}</cols>'
            f"<sheetData>{''.join(self._rows)}</sheetData>"
            + (f'<mergeCells count="{len(self._joined)}">{joined}</mergeCells>' if joined else "")
            + '<printOptions horizontalCentered="1"/><pageMargins left="0.6" right="0.6" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0"/>'
            f"<headerFooter><oddFooter>&amp;L{footer}&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
        )

    def _whole(self, text: str, style: int, *, height: int = 0) -> None:
        self._row([(text, style, _COLUMNS)], height=height)

    def _facts(self, lines: Sequence[Line]) -> None:
        for row in halves(lines):
            span = _COLUMNS - 1 if len(row) == 1 else _COLUMNS // 2 - 1
            cells = [
                c
                for line in row
                for c in ((line.label, _LABEL, 1), (line.text, _MASKED if line.is_masked else _VALUE, span))
            ]
            longest = max(max(_lines(line.text, span), _lines(line.label, 1, wider=0.8)) for line in row)
            self._row(cells, height=16 * longest if longest > 1 else 0)

    def _list(self, block: Listing) -> None:
        if not block.rows:
            self._whole(block.note, _FAINT)
            return
        spans = _spans(len(block.headings))
        heads = [_FIGURE_HEAD if n in block.numbers else _LIST_HEAD for n in range(len(block.headings))]
        tall = max(_lines(text, span, wider=1.15) for text, span in zip(block.headings, spans, strict=True))
        self._row(list(zip(block.headings, heads, spans, strict=True)), height=16 * tall if tall > 1 else 0)
        for row in block.rows:
            styles = [_FIGURE if n in block.numbers else _VALUE for n in range(len(row))]
            longest = max(_lines(text, span) for text, span in zip(row, spans, strict=True))
            self._row(list(zip(row, styles, spans, strict=True)), height=16 * longest if longest > 1 else 0)
        if block.note:
            self._whole(block.note, _FAINT)

    def _row(self, cells: Sequence[tuple[str, int, int]], *, height: int = 0) -> None:
        number, made, column = len(self._rows) + 1, [], 0
        for text, style, span in cells:
            made.append(_cell(f"{_letter(column)}{number}", text, style))
            made += [f'<c r="{_letter(column + n)}{number}" s="{style}"/>' for n in range(1, span)]
            if span > 1:
                self._joined.append(f"{_letter(column)}{number}:{_letter(column + span - 1)}{number}")
            column += span
        tall = f' ht="{min(height, 400)}" customHeight="1"' if height else ""
        self._rows.append(f'<row r="{number}"{tall}>{"".join(made)}</row>')


def _spans(count: int) -> list[int]:
    """How the columns of a list share the columns of the sheet; a list wider than the sheet has one each."""
    each, over = divmod(max(_COLUMNS, count), count)
    return [each + (n < over) for n in range(count)]


def _lines(text: str, span: int, *, wider: float = 1.0) -> int:
    wide = sum(2 if ord(c) > 0x2E7F else 1 for c in calm(text)) / 2 * wider
    return max(1, -int(-wide // (_A_LINE * span / (_COLUMNS - 1))), calm(text).count("\n") + 1)


def _cell(ref: str, text: str, style: int) -> str:
    figure = text.replace(",", "")
    if style == _FIGURE and _NUMBER.match(figure):
        style = _FIGURE if "." in figure else _COUNT  # so many pieces have no digits behind the point
        return f'<c r="{ref}" s="{style}"><v>{figure}</v></c>'
    if not text:
        return f'<c r="{ref}" s="{style}"/>'
    return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{plain(calm(text))}</t></is></c>'


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column - 26)}"


def _xfs() -> Iterator[str]:
    wrap = '<alignment vertical="center" wrapText="1"/>'
    for font, fill, border, alignment, figures in (
        (0, 0, 0, wrap, 0),
        (1, 0, 0, '<alignment horizontal="center" vertical="center"/>', 0),
        (2, 0, 0, '<alignment vertical="bottom"/>', 0),
        (3, 2, 1, wrap, 0),
        (0, 0, 1, wrap, 0),
        (3, 0, 1, wrap, 0),
        (2, 2, 1, wrap, 0),
        (0, 0, 1, '<alignment horizontal="right" vertical="center"/>', 4),
        (3, 0, 0, wrap, 0),
        (0, 0, 1, '<alignment horizontal="right" vertical="center"/>', 3),
        (2, 2, 1, '<alignment horizontal="right" vertical="center" wrapText="1"/>', 0),
    ):
        yield (
            f'<xf numFmtId="{figures}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1" applyNumberFormat="1">{alignment}</xf>'
        )


def _font(size: float, *, bold: bool = False, color: str = "FF1D2433") -> str:
    return f'<font>{"<b/>" if bold else ""}<sz val="{size}"/><color rgb="{color}"/><name val="等线"/><family val="2"/></font>'


_EDGE = '<{0} style="thin"><color rgb="FF98A2B3"/></{0}>'
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="4">{_font(10)}{_font(18, bold=True)}{_font(11, bold=True)}{_font(9, color="FF475467")}</fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF2F4F7"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    f"<border>{''.join(_EDGE.format(side) for side in ('left', 'right', 'top', 'bottom'))}<diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="11">{"".join(_xfs())}</cellXfs></styleSheet>'
)
