"""Files made to harm whoever reads them: bombs, entities, wrong magic, broken containers, polyglots. Each is made when asked for."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.collect.importing import HEADERS, order_row
from tests.collect.workbooks import _MAIN, sheet_xml, workbook

Maker = Callable[[], bytes]
ROWS = [HEADERS, order_row("O1", "c1"), order_row("O2", "c2")]
PLAIN = sheet_xml(ROWS)
NAMES = '<?xml version="1.0"?>'


def entity(declared: str, used: str = "&x;") -> str:
    """A sheet with a document type of its own."""
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{used}</t></is></c></row>'
    return f"{NAMES}<!DOCTYPE x [{declared}]><worksheet {_MAIN}><sheetData>{row}</sheetData></worksheet>"


def laughs() -> str:
    """Ten to the ninth, by entities of entities."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!ENTITY l0 "ha">{steps}'


def cells(body: str) -> str:
    """A sheet of given rows."""
    return f"{NAMES}<worksheet {_MAIN}><sheetData>{body}</sheetData></worksheet>"


def blown(megabytes: int, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook one of whose parts unfolds to so much; made piece by piece, so that only its reader could swell."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook({"S": PLAIN}))) as plain,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in plain.namelist():
            if name != part:
                packed.writestr(name, plain.read(name))
        with packed.open(part, "w") as stream:
            stream.write(f"{NAMES}<worksheet {_MAIN}><!--".encode())
            for _ in range(megabytes):
                stream.write(b" " * (1 << 20))
            stream.write(b"--></worksheet>")
    return out.getvalue()


def gzipped(piece: bytes, times: int) -> bytes:
    """A .gz file of one piece again and again."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as stream:
        for _ in range(times):
            stream.write(piece)
    return out.getvalue()


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def patched(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Every header of that signature with other bytes at an offset."""
    data, at = bytearray(content), 0
    while (at := data.find(signature, at)) >= 0:
        data[at + offset : at + offset + len(value)] = value
        at += 4
    return bytes(data)


def nested() -> bytes:
    """Archives in archives in archives."""
    inner = zipped({"zeros": b"\0" * (1 << 20)})
    for depth in range(6):
        inner = zipped({f"{depth}-{n}.zip": inner for n in range(4)})
    return inner


def encrypted() -> bytes:
    """What a workbook with a password begins like: an OLE container."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 16
        + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
        + b"\0" * 4000
        + "EncryptedPackage".encode("utf-16-le")
    )


def tarred() -> bytes:
    """A tar archive with a name that climbs."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("../../etc/cron.d/x")
        member.size = 4
        tar.addfile(member, io.BytesIO(b"a,b\n"))
    return out.getvalue()


def linked() -> bytes:
    """An archive whose sheet is a symbolic link."""
    out = io.BytesIO(workbook({"S": PLAIN}))
    with zipfile.ZipFile(out, "a") as packed:
        info = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    """An archive with two parts of one name."""
    content = workbook({"S": PLAIN}, {"xl/worksheets/sheet9.xml": PLAIN})
    return content.replace(b"xl/worksheets/sheet9.xml", b"xl/worksheets/sheet1.xml")


def rel(target: str, mode: str = "") -> str:
    """The relationships of a workbook whose sheet lies elsewhere."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    return (
        f'{NAMES}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}" {mode}/></Relationships>'
    )


RELS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
WIDE = ",".join(f"c{n}" for n in range(1_000_000)).encode()

# name → (maker, codes it may be refused with; none: it is read as data and does nothing)
FILES: dict[str, tuple[Maker, set[str]]] = {
    "sheet bomb": (lambda: blown(180), {"workbook_bomb", "workbook_too_large"}),
    "bomb in a part nobody needs": (lambda: blown(180, "docProps/x.xml"), {"workbook_bomb"}),
    "strings bomb": (lambda: blown(180, STRINGS), {"workbook_bomb", "workbook_too_large"}),
    "bomb in gz": (lambda: gzipped(b"\0" * (1 << 20), 200), {"packed_too_much", "binary_file"}),
    "text bomb in gz": (lambda: gzipped(b"a,b\n" * (1 << 18), 160), {"packed_too_much"}),
    "gz in gz": (lambda: gzip.compress(gzip.compress(b"a,b\n1,2\n")), {"binary_file", "encoding_unknown"}),
    "workbook bomb in gz": (lambda: gzip.compress(blown(180)), {"workbook_bomb", "workbook_too_large"}),
    "one shared text a million times": (
        lambda: workbook({"S": cells("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 60_000)))},
                         {STRINGS: f'{NAMES}<sst {_MAIN}><si><t>{"x" * 32_000}</t></si></sst>', RELS: rel("worksheets/sheet1.xml").replace("</Relationships>", '<Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>')}),
        {"workbook_bomb", "workbook_too_large", "workbook_damaged"},
    ),
    "nested archives": (nested, {"foreign_file"}),
    "archive of a csv": (lambda: zipped({"orders.csv": b"a,b\n1,2\n"}), {"foreign_file"}),
    "empty archive": (lambda: zipped({}), {"foreign_file", "workbook_damaged"}),
    "ten thousand parts": (lambda: workbook({"S": PLAIN}, {f"p/{n}": "x" for n in range(10_000)}), {"workbook_too_large"}),
    "external entity of a file": (lambda: workbook({"S": entity('<!ENTITY x SYSTEM "file:///etc/passwd">')}), {"workbook_damaged"}),
    "external entity of the net": (lambda: workbook({"S": entity('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">')}), {"workbook_damaged"}),
    "parameter entity": (lambda: workbook({"S": entity('<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;', "")}), {"workbook_damaged"}),
    "billion laughs in the sheet": (lambda: workbook({"S": entity(laughs(), "&l9;")}), {"workbook_damaged"}),
    "billion laughs in the strings": (lambda: workbook({"S": PLAIN}, {STRINGS: f"{NAMES}<!DOCTYPE s [{laughs()}]><sst><si><t>&l9;</t></si></sst>"}), {"workbook_damaged"}),
    "billion laughs in the workbook": (lambda: workbook({"S": PLAIN}, {"xl/workbook.xml": f"{NAMES}<!DOCTYPE s [{laughs()}]><workbook>&l9;</workbook>"}), {"workbook_damaged"}),
    "the two corners of the largest sheet": (
        lambda: workbook({"S": cells('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        {"workbook_too_large", "too_many_columns"},
    ),
    "a row far below": (lambda: workbook({"S": cells('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999"><c r="B99999999"><v>1</v></c></row>')}), {"workbook_too_large", "workbook_damaged"}),
    "a dimension that lies": (lambda: workbook({"S": PLAIN.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')}), {"workbook_too_large", ""}),
    "sixteen thousand columns": (lambda: workbook({"S": [[f"c{n}" for n in range(16_384)]]}), {"too_many_columns"}),
    "a million columns": (lambda: WIDE, {"record_too_long", "too_many_columns"}),
    "a million columns by tabs": (lambda: WIDE.replace(b",", b"\t"), {"record_too_long", "too_many_columns"}),
    "three thousand columns": (lambda: WIDE[: 3000 * 5], {"too_many_columns"}),
    "a cell without end": (lambda: workbook({"S": [["a"], ["x" * (5 << 20)]]}), {"workbook_damaged", "workbook_bomb"}),
    "macros": (lambda: workbook({"S": PLAIN}, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"Shell calc" * 9}), set()),
    "links to other workbooks": (lambda: workbook({"S": PLAIN}, {"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'}), set()),
    "formulas": (lambda: workbook({"S": [HEADERS, [("formula", "CMD|' /C calc'!A0", "O1"), *order_row("O1")[1:]]]}), set()),
    "a sheet on the net": (lambda: workbook({"S": PLAIN}, {RELS: rel("http://127.0.0.1:9/sheet.xml", 'TargetMode="External"')}), {"workbook_damaged", "empty_file", "foreign_file"}),
    "a sheet outside the archive": (lambda: workbook({"S": PLAIN}, {RELS: rel("../../../../etc/passwd")}), {"workbook_damaged", "empty_file", "foreign_file"}),
    "names that climb": (lambda: workbook({"S": PLAIN}, {"../../../../tmp/zhike-hostile": "x", "/etc/zhike-hostile": "x"}), set()),
    "a link for a sheet": (linked, set()),
    "a part twice": (twice, {"", "workbook_damaged"}),
    "a sheet that is no xml": (lambda: workbook({"S": "<<<<not xml"}), {"workbook_damaged", "empty_file"}),
    "tags a hundred thousand deep": (lambda: workbook({"S": "<a>" * 100_000}), {"workbook_damaged", "empty_file"}),
    "an attribute without end": (lambda: workbook({"S": PLAIN.replace("<row r=", f'<row x="{"y" * (8 << 20)}" r=', 1)}), {"workbook_damaged", "workbook_bomb", ""}),
    "no workbook inside": (lambda: zipped({"xl/x.xml": b"<x/>"}), {"workbook_damaged"}),
    "half an archive": (lambda: workbook({"S": PLAIN})[:700], {"workbook_damaged", "foreign_file"}),
    "an archive without its end": (lambda: workbook({"S": PLAIN})[:-30], {"workbook_damaged"}),
    "a wrong checksum": (lambda: patched(workbook({"S": PLAIN}), b"PK\x01\x02", 16, b"\1\2\3\4"), {"workbook_damaged"}),
    "a part said to be small": (lambda: patched(blown(60), b"PK\x01\x02", 24, struct.pack("<I", 10)), {"workbook_damaged", "workbook_bomb"}),
    "a part said to be huge": (lambda: patched(workbook({"S": PLAIN}), b"PK\x01\x02", 24, b"\xfe\xff\xff\xff"), {"workbook_damaged", "workbook_bomb", "workbook_too_large", ""}),
    "parts said to be encrypted": (lambda: patched(workbook({"S": PLAIN}), b"PK\x01\x02", 8, b"\1\0"), {"workbook_damaged"}),
    "a packing nobody knows": (lambda: patched(workbook({"S": PLAIN}), b"PK\x01\x02", 10, b"\x63\0"), {"workbook_damaged"}),
    "overlapping parts": (lambda: patched(workbook({"S": PLAIN, "T": PLAIN}), b"PK\x01\x02", 42, b"\0\0\0\0"), {"workbook_damaged"}),
    "a workbook with a password": (encrypted, {"workbook_damaged", "workbook_protected"}),
    "an old workbook of noise": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + zlib.compress(b"x" * 9_999) * 50, {"workbook_damaged"}),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", {"foreign_file"}),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 100_000, 100_000), {"foreign_file"}),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 200, {"foreign_file"}),
    "a workbook behind a jpeg": (lambda: b"\xff\xd8\xff\xe0" + workbook({"S": PLAIN}), {"foreign_file"}),
    "gif and csv at once": (lambda: b"GIF89a,b\n1,2\n" + b"\0" * 50, {"binary_file"}),
    "program": (lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 500, {"binary_file"}),
    "database": (lambda: b"SQLite format 3\0" + b"\0" * 500, {"foreign_file"}),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, {"foreign_file"}),
    "rar": (lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 99, {"foreign_file"}),
    "tar": (tarred, {"binary_file"}),
    "page called xls": (lambda: b"<html><script>alert(1)</script><table><tr><td>1</td></tr></table></html>", {"columns_missing"}),
    "nothing": (lambda: b"", {"empty_file"}),
    "a mark and nothing": (lambda: b"\xef\xbb\xbf", {"empty_file"}),
    "blank lines": (lambda: b"\r\n" * 5_000, {"empty_file"}),
    "zeros": (lambda: b"\0" * 100_000, {"binary_file"}),
    "zeros behind a good head": (lambda: b"order,at\n1,2\n" * 5_000 + b"\0", {"binary_file"}),
    "a quotation without end": (lambda: b'order,at\n"' + b"x" * 3_000_000, {"record_too_long"}),
    "nothing but quotation marks": (lambda: b"order,at\n" + b'"' * 500_001, {"unclosed_quote", "record_too_long"}),
    "lone halves of utf-16": (lambda: b"\xff\xfe" + b"\x00\xd8" * 500, {"encoding_unknown"}),
    "brackets a hundred thousand deep": (lambda: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", {"json_damaged"}),
    "objects three hundred deep": (lambda: b'{"a":' * 300 + b"1" + b"}" * 300, {"json_damaged"}),
    "a hundred thousand keys": (lambda: json.dumps({f"k{n}": 1 for n in range(60_000)}).encode(), {"too_many_columns"}),
    "a number of half a million digits": (lambda: b'{"order": ' + b"9" * 500_000 + b', "at": "2021-01-01"}', {""}),
    "a line of two megabytes": (lambda: b'{"order": "' + b"x" * (2 << 20) + b'"}', {"record_too_long"}),
    "a million lines in one order": (lambda: b'{"order": 1, "lines": [' + b"{}," * 60_000 + b"{}]}", {"json_damaged"}),
    "one list around everything": (lambda: b'[{"order": 1}]', {"json_one_document"}),
}  # fmt: skip

FILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\windows\\system32\\x.csv",
    "/etc/cron.d/x",
    "orders\u202egnp.csv",
    "zero\u200b\u200dwidth.csv",
    "nul\x00byte.csv",
    "<script>alert(1)</script>.csv",
    "x" * 4_000 + ".csv",
    "CON.csv",
    '"; rm -rf /; ".csv',
]
