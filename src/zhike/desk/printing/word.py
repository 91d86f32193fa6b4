"""The same sheets as a Word document: headings, tables and page numbers Word knows as such, every text a plain run."""

import io
from collections.abc import Sequence
from typing import Any

from zhike.desk.printing.sheet import Grid, Line, Listing, Mark, Sheet, calm
from zhike.kit import clock

_LABEL_FILL = "F2F4F7"
_FAINT = "667085"
# Letters Word and WPS bring along on every Chinese machine.
_BODY, _HEADING, _LATIN = "宋体", "黑体", "Arial"


def sheets_as_word(sheets: Sequence[Sheet], mark: Mark) -> bytes:
    """Sheets one behind the other, each on a page of its own."""
    import docx
    from docx.shared import Mm, Pt

    document = docx.Document()
    _letters(document.styles["Normal"], _BODY, 9.5)
    for level, size in ((1, 20), (2, 12)):
        _letters(document.styles[f"Heading {level}"], _HEADING, size)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(16)
    section.top_margin = section.bottom_margin = Mm(16)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    for number, sheet in enumerate(sheets):
        if number:
            document.add_page_break()
        _lay(document, sheet)
    _footer(section, mark)
    about, made = document.core_properties, clock.now().replace(tzinfo=None)
    about.title = calm(sheets[0].title, longest=200) if sheets else ""
    about.author = about.last_modified_by = calm(mark.who, longest=200)
    about.comments = calm(mark.line, longest=200)
    about.created = about.modified = made
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _lay(document: Any, sheet: Sheet) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    title = document.add_heading(calm(sheet.title), level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet.note:
        note = document.add_paragraph()
        note.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(note, sheet.note, color=_FAINT)
    if sheet.head:
        _grid(document, sheet.head)
    for block in sheet.blocks:
        document.add_heading(calm(block.title), level=2)
        if isinstance(block, Grid):
            _grid(document, block.lines)
        else:
            _listing(document, block)
    if sheet.signs:
        document.add_paragraph()
        document.add_paragraph("    ".join(f"{sign}：__________________" for sign in sheet.signs))


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


def _grid(document: Any, lines: Sequence[Line]) -> None:
    from docx.shared import Mm

    rows = halves(lines)
    table = document.add_table(rows=len(rows), cols=4)
    table.style, table.autofit = "Table Grid", False
    for cells, row in zip(table.rows, rows, strict=True):
        for place, line in enumerate(row):
            _fill(cells.cells[place * 2])
            _run(cells.cells[place * 2].paragraphs[0], line.label, color="475467")
            text = cells.cells[1].merge(cells.cells[3]) if len(row) == 1 else cells.cells[place * 2 + 1]
            _run(text.paragraphs[0], line.text or "—", color=_FAINT if line.is_masked or not line.text else "")
        for cell, width in zip(cells.cells, (26, 63, 26, 63), strict=True):
            cell.width = Mm(width)


def _listing(document: Any, block: Listing) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=1, cols=len(block.headings))
    table.style = "Table Grid"
    for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
        _fill(cell)
        _run(cell.paragraphs[0], heading, bold=True)
    _repeat(table.rows[0])
    for row in block.rows:
        for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _run(cell.paragraphs[0], text)
            if place in block.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if block.note:
        _run(document.add_paragraph(), block.note, color=_FAINT)


def _run(paragraph: Any, text: str, *, color: str = "", bold: bool = False) -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(calm(text))
    run.bold = bold or None
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def _letters(style: Any, chinese: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.color.rgb = RGBColor.from_string("1D2433")
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{place}"), name)


def _fill(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), _LABEL_FILL)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """Let the row stand at the top of every page the table reaches."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _footer(section: Any, mark: Mark) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    _run(paragraph, f"{mark.line}    ", color=_FAINT)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
