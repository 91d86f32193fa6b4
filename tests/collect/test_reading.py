"""Files as they really come, and files that are none: each is read whole or refused with a word that helps."""

import gzip
import io
import zlib

import pytest

from zhike.collect.reading import FileProblem, Table, open_table
from zhike.collect.reading import table as table_module
from zhike.collect.reading.packed import _FREE_BYTES


def opened(content: bytes, **how: str) -> Table:
    return open_table(lambda: io.BytesIO(content), **how)


def refusal(content: bytes, **how: str) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        for _ in opened(content, **how).rows():
            pass
    return caught.value


PEOPLE = "姓名,城市\n王小明,广州\n李秀英,成都\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_exports_are_detected(encoding: str) -> None:
    rows = [row.cells for row in opened(PEOPLE.encode(encoding)).rows()] if not encoding.startswith("utf-16-") else None
    if rows is None:  # without a mark at its head UTF-16 is told by its zeros, which Latin text has and Chinese has not
        rows = [row.cells for row in opened("name,city\nAnn,Rome\nBob,Oslo\n".encode(encoding)).rows()]
        assert rows == [["Ann", "Rome"], ["Bob", "Oslo"]]
    else:
        assert rows == [["王小明", "广州"], ["李秀英", "成都"]]


def test_a_wrong_byte_far_behind_the_first_lines_is_found_and_named() -> None:
    content = b"a,b\n" + b"1,2\n" * 400_000 + b"\xff\xff\n"
    problem = refusal(content)
    assert problem.code == "encoding_unknown"
    assert problem.params["tries"][0] == {"encoding": "utf-8", "byte": len(content) - 3, "line": 400_002}


def test_gbk_beginning_in_plain_letters_is_still_gbk_at_its_end() -> None:
    content = b"a,b\n" + b"1,2\n" * 300_000 + "王,州\n".encode("gbk")
    assert opened(content).shape.encoding == "gb18030"


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_also_behind_quoted_text(mark: str) -> None:
    content = f'"a, b; c|d"{mark}x{mark}y\n' + f'"1, 2; 3|4"{mark}5{mark}6\n' * 3
    table = opened(content.encode())
    assert (table.delimiter, len(table.headers)) == (mark, 3)


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"PK\x03\x04" + b"\x00" * 100, "foreign_file"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "foreign_file"),
        (b"%PDF-1.7 ...", "foreign_file"),
        (b"a,b\n1,\x00\x01\x02\n", "binary_file"),
        (b"a,b\n" + b"1,2\n" * 5000 + b"1,\x00\n", "binary_file"),
        (b'a,b\n1,"never closed\n2,3\n', "unclosed_quote"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff" * 500, "packed_damaged"),
        (gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-20], "packed_cut"),
        (",".join(f"c{n}" for n in range(2001)).encode() + b"\n", "too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, code: str) -> None:
    assert refusal(content).code == code


class Endless(io.RawIOBase):
    """A line of two gigabytes that is never held in memory; notes how much of it was asked for."""

    def __init__(self) -> None:
        self.left, self.head = 2 << 30, b"a,b\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.head or b"x" * min(len(buffer), self.left)
        data, self.head = data[: len(buffer)], b""
        self.left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def test_a_line_of_two_gigabytes_is_refused_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Endless()
    with pytest.raises(FileProblem) as caught:
        for _ in table_module._records_of(io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline=""), ","):
            pass
    assert caught.value.code == "record_too_long"
    assert stream.left > (2 << 30) - (8 << 20)


def test_a_gz_that_unfolds_beyond_measure_is_refused() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(b"a" * (_FREE_BYTES * 4)) + packer.flush()
    assert refusal(bomb).code == "packed_too_much"


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = opened(b'a,b\n1,2\n\n"two\nlines",3\n4,5\n')
    assert [row.number for row in table.rows()] == [2, 4, 5]


def test_extra_blank_cells_are_dropped_and_extra_filled_ones_told() -> None:
    rows = list(opened(b"a,b\n1,2,\n1,2,3\n1\n").rows())
    assert [row.code for row in rows] == ["", "row_too_long", "row_too_short"]
    assert rows[0].cells == ["1", "2"] and rows[2].cells == ["1", ""]
