"""What python-docx has no words for: widths that hold, room in cells, thin lines, rows that stay whole, page numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

_TWIPS_PER_MM = 1440 / 25.4  # twentieths of a point in a millimeter


def table(document: Any, rows: int, widths_mm: Sequence[float]) -> Any:
    """A table whose columns have these widths wherever it is opened, with room around the text and no lines yet."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Mm

    made = document.add_table(rows=rows, cols=len(widths_mm))
    made.autofit = False
    for column, width in zip(made.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width, cell.vertical_alignment = Mm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
    about = made._tbl.tblPr
    room = _element("w:tblCellMar")
    for side, mm in (("top", 1.1), ("left", 1.8), ("bottom", 1.1), ("right", 1.8)):
        room.append(_element(f"w:{side}", w=round(mm * _TWIPS_PER_MM), type="dxa"))
    _put(about, room, before=("w:tblLook", "w:tblCaption", "w:tblDescription"))
    return made


def borders(made: Any, lines: Mapping[str, tuple[int, str]]) -> None:
    """Lines of a table: side → (eighths of a point, color)."""
    told = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in lines:
            size, color = lines[side]
            told.append(_element(f"w:{side}", val="single", sz=size, space=0, color=color))
    later = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
    _put(made._tbl.tblPr, told, before=later)


def underline(cell: Any, color: str) -> None:
    """A line below one cell: the place to sign."""
    told = _element("w:tcBorders")
    told.append(_element("w:bottom", val="single", sz=4, space=0, color=color))
    _put(cell._tc.get_or_add_tcPr(), told, before=("w:shd", "w:noWrap", "w:tcMar", "w:vAlign"))


def fill(cell: Any, color: str) -> None:
    """A ground behind a cell."""
    shade = _element("w:shd", val="clear", color="auto", fill=color)
    _put(cell._tc.get_or_add_tcPr(), shade, before=("w:noWrap", "w:tcMar", "w:vAlign"))


def repeat(row: Any) -> None:
    """Let the row stand at the top of every page the table reaches."""
    keep_whole(row)
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """A row goes to the next page as a whole."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))


def bar(paragraph: Any, color: str) -> None:
    """An upright stroke before a heading."""
    told = _element("w:pBdr")
    told.append(_element("w:left", val="single", sz=24, space=4, color=color))
    later = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    _put(paragraph._p.get_or_add_pPr(), told, before=later)


def spread(paragraph: Any) -> None:
    """Letters of a short title a little apart."""
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(_element("w:spacing", val=80))


def number(paragraph: Any, code: str) -> None:
    """A field Word counts itself: PAGE or NUMPAGES."""
    run = _element("w:r")
    look = _element("w:rPr")
    look.append(_element("w:color", val="616F6D"))
    look.append(_element("w:sz", val=15))
    shown = _element("w:t")
    shown.text = "1"
    run.extend([look, shown])
    counted = _element("w:fldSimple", instr=code)
    counted.append(run)
    paragraph._p.append(counted)


def in_chinese(look: Any) -> None:
    """Chinese letters and signs as they are written in China, whatever the reader's machine prefers."""
    look.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))


def _element(name: str, **attributes: object) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def _put(parent: Any, child: Any, *, before: Sequence[str]) -> None:
    """Word reads the parts of an element only in the order of its schema."""
    from docx.oxml.ns import qn

    for old in parent.findall(child.tag):
        parent.remove(old)
    names = {qn(name) for name in before}
    at = next((n for n, one in enumerate(parent) if one.tag in names), len(parent))
    parent.insert(at, child)
