"""The same sheets as a Word document: headings, tables and page numbers Word knows as such, every text a plain run."""

import io
from collections.abc import Sequence
from typing import Any

from zhike.desk.printing import word_laying as laying
from zhike.desk.printing.sheet import Grid, Line, Listing, Mark, Sheet, halves, shares
from zhike.kit import clock
from zhike.ui.typeset import calm

_LABEL_FILL, _LABEL, _FAINT, _LINE, _ACCENT, _INK = "F1F4F3", "475553", "616F6D", "9FA9A7", "0B6E69", "172120"
# Letters Word and WPS bring along on every Chinese machine.
_BODY, _HEADING, _LATIN = "微软雅黑", "微软雅黑", "Arial"
_WIDTH_MM = 178  # of the page between its margins
_SHORT_ROWS = 12
_LABEL_MM = 26


def sheets_as_word(sheets: Sequence[Sheet], mark: Mark) -> bytes:
    """Sheets one behind the other, each on a page of its own."""
    import docx
    from docx.shared import Mm, Pt

    document = docx.Document()
    _letters(document.styles["Normal"], _BODY, 9)
    for level, size, before, after in ((1, 19, 0, 10), (2, 10.5, 13, 5)):
        style = document.styles[f"Heading {level}"]
        _letters(style, _HEADING, size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
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
    from docx.shared import Pt

    title = document.add_heading(calm(sheet.title), level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if len(sheet.title) < 12:
        laying.spread(title)
    if sheet.note:
        note = document.add_paragraph()
        note.alignment, note.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(8)
        _run(note, sheet.note, color=_FAINT)
    if sheet.head:
        _grid(document, sheet.head)
    for block in sheet.blocks:
        laying.bar(document.add_heading(calm(block.title), level=2), _ACCENT)
        if isinstance(block, Grid):
            _grid(document, block.lines)
        else:
            _listing(document, block)
    if sheet.signs:
        _keep_by_signs(document)
        _signs(document, sheet.signs)


def _grid(document: Any, lines: Sequence[Line]) -> None:
    rows = halves(lines)
    half = _WIDTH_MM / 2 - _LABEL_MM
    table = laying.table(document, len(rows), (_LABEL_MM, half, _LABEL_MM, half))
    laying.borders(table, dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), (4, _LINE)))
    for cells, row in zip(table.rows, rows, strict=True):
        laying.keep_whole(cells)
        for place, line in enumerate(row):
            laying.fill(cells.cells[place * 2], _LABEL_FILL)
            _run(cells.cells[place * 2].paragraphs[0], line.label, color=_LABEL)
            text = cells.cells[1].merge(cells.cells[3]) if len(row) == 1 else cells.cells[place * 2 + 1]
            _run(text.paragraphs[0], line.text or "—", color=_FAINT if line.is_masked or not line.text else "")


def _listing(document: Any, block: Listing) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if not block.rows:
        said = document.add_paragraph()
        said.paragraph_format.keep_with_next = True
        _run(said, block.note, color=_FAINT)
        return
    widths = [letters + 4 for letters in shares(block.headings, block.rows)]  # with the room beside the text
    table = laying.table(document, 1, [_WIDTH_MM * w / sum(widths) for w in widths])
    laying.borders(table, {"top": (8, _INK), "bottom": (4, _LINE), "insideH": (4, _LINE)})
    for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
        laying.fill(cell, _LABEL_FILL)
        _run(cell.paragraphs[0], heading, bold=True, size=8.5)
    laying.repeat(table.rows[0])
    for row in block.rows:
        added = table.add_row()
        laying.keep_whole(added)
        for cell, text in zip(added.cells, row, strict=True):
            _run(cell.paragraphs[0], text, size=8.5)
    for place in block.numbers:
        for cell in table.columns[place].cells:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if block.note:
        _run(document.add_paragraph(), block.note, color=_FAINT)


def _keep_by_signs(document: Any) -> None:
    """Nobody signs an empty page: a short last part goes over with the places to sign."""
    if document.tables and len(document.tables[-1].rows) <= _SHORT_ROWS:
        for row in document.tables[-1].rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True


def _signs(document: Any, signs: Sequence[str]) -> None:
    from docx.shared import Pt

    document.add_paragraph().paragraph_format.space_after = Pt(10)
    named = max(20, *(3.6 + 1.9 * letters for letters in shares(signs, ())))
    room = _WIDTH_MM / len(signs) - named
    table = laying.table(document, 1, [width for _ in signs for width in (named, room)])
    laying.keep_whole(table.rows[0])
    for place, sign in enumerate(signs):
        _run(table.rows[0].cells[place * 2].paragraphs[0], sign)
        laying.underline(table.rows[0].cells[place * 2 + 1], _INK)


def _run(paragraph: Any, text: str, *, color: str = "", bold: bool = False, size: float = 0) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(calm(text))
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def _letters(style: Any, chinese: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.color.rgb = RGBColor.from_string(_INK)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{place}"), name)
    laying.in_chinese(style.element.get_or_add_rPr())


def _footer(section: Any, mark: Mark) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    paragraph = section.footer.paragraphs[0]
    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    _run(paragraph, mark.line, color=_FAINT, size=7.5)
    paragraph.add_run("\t")
    laying.number(paragraph, "PAGE")
    _run(paragraph, " / ", color=_FAINT, size=7.5)
    laying.number(paragraph, "NUMPAGES")
