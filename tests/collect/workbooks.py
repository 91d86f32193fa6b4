"""Workbooks made by hand: the parts of an XLSX file as text, so that tests can make them odd."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "</Types>"
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_STYLES = f'<styleSheet {_MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'


def cell(at: str, value: Any) -> str:
    """A cell of the sheet's XML: a text, a number, ("date", serial), ("formula", text, value) or ("raw", xml)."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        kind, *rest = value
        if kind == "date":
            return f'<c r="{at}" s="1"><v>{rest[0]}</v></c>'
        if kind == "formula":
            return f'<c r="{at}" t="str"><f>{rest[0]}</f><v>{rest[1]}</v></c>'
        return str(rest[0])
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    text = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def sheet_xml(rows: Sequence[Sequence[Any]], first_row: int = 1) -> str:
    """The XML of a sheet whose first row lies in line `first_row`."""
    body = "".join(
        f'<row r="{number}">' + "".join(cell(f"{letter(at)}{number}", value) for at, value in enumerate(row)) + "</row>"
        for number, row in enumerate(rows, first_row)
    )
    return f'<?xml version="1.0"?><worksheet {_MAIN}><sheetData>{body}</sheetData></worksheet>'


def letter(at: int) -> str:
    """The name of a column, from 0: A, B … AA."""
    return (letter(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def workbook(sheets: Mapping[str, Any], parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """An XLSX file: sheets by name, each a list of rows or the XML itself; `parts` are added or replaced."""
    names = list(sheets)
    inside: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook {_MAIN}><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>",
    }
    for n, rows in enumerate(sheets.values(), 1):
        inside[f"xl/worksheets/sheet{n}.xml"] = rows if isinstance(rows, str) else sheet_xml(rows)
    inside.update(parts or {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in inside.items():
            out.writestr(name, content)
    return packed.getvalue()
