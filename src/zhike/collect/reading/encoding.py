"""Which encoding a file is in, decided over the whole file: a guess from its first lines is wrong in the last ones."""

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from zhike.collect.reading.packed import is_packed, unpacked
from zhike.collect.reading.problem import FileProblem

Opener = Callable[[], BinaryIO]

_CHUNK = 1 << 20
_FOREIGN = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    b"%PDF": "pdf",
    b"SQLi": "database",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
}
_NAMES = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the bytes of a file are. `digest` is SHA-256 of the file as given, `byte_count` its length."""

    encoding: str
    digest: str
    byte_count: int
    packed: bool


def survey(opener: Opener, encoding: str = "") -> Shape:
    """Read the whole file once or twice and decide its encoding; `encoding` names it when the user knows better.

    Raises FileProblem: empty_file, foreign_file, binary_file, encoding_unknown (with the byte position of each try).
    """
    digest, byte_count = _digest(opener)
    if not byte_count:
        raise FileProblem("empty_file")
    with content(opener) as stream:
        head = stream.read(4096)
    if not head:
        raise FileProblem("empty_file")
    tries: list[dict[str, object]] = []
    for name in _candidates(head, encoding):
        place = _first_error(opener, name)
        if place is None:
            return Shape(name, digest, byte_count, _is_packed(opener))
        tries.append({"encoding": name, "byte": place[0], "line": place[1]})
    raise FileProblem("encoding_unknown", tries=tries)


def content(opener: Opener) -> BinaryIO:
    """The bytes of the file, unpacked when it is a .gz."""
    stream = opener()
    head = stream.read(2)
    stream.close()
    stream = opener()
    return unpacked(stream) if is_packed(head) else stream


def _is_packed(opener: Opener) -> bool:
    with opener() as stream:
        return is_packed(stream.read(2))


def _candidates(head: bytes, encoding: str) -> list[str]:
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise FileProblem("foreign_file", kind=kind)
    if encoding:
        return [_codec(encoding)]
    if head.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    zeros = head.count(0)
    if zeros:
        # Latin letters and digits in UTF-16 are every second byte zero; anything else with zeros is no text.
        odd = head[1::2].count(0)
        one_sided = max(odd, zeros - odd) >= zeros * 0.9
        if zeros < len(head) // 5 or not one_sided or (len(head) % 2 and len(head) < 4096):
            raise FileProblem("binary_file", byte=head.index(0))
        return ["utf-16-le" if odd > zeros - odd else "utf-16-be"]
    return ["utf-8", "gb18030"]


def _codec(encoding: str) -> str:
    name = encoding.strip().lower().replace("_", "-")
    try:
        return _NAMES.get(name) or codecs.lookup(name).name
    except LookupError:
        raise FileProblem("encoding_name_unknown", encoding=encoding[:40]) from None


def _first_error(opener: Opener, name: str) -> tuple[int, int] | None:
    """Byte position and line (from 1) of the first bytes that are not this encoding; None when all are."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    seen, lines = 0, 1
    for chunk in _with_end(_chunks(opener)):
        seen += len(chunk)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            at = seen - len(error.object) + error.start
            return at, lines + error.object[: error.start].count(b"\n")
        zero = text.find("\x00")
        if zero >= 0:
            raise FileProblem("binary_file", line=lines + text.count("\n", 0, zero))
        lines += text.count("\n")
    return None


def _with_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _chunks(opener: Opener) -> Iterator[bytes]:
    with content(opener) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _digest(opener: Opener) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    with opener() as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            count += len(chunk)
    return digest.hexdigest(), count


def text_of(opener: Opener, encoding: str) -> io.TextIOWrapper:
    """The file as text with its line ends left as they are."""
    return io.TextIOWrapper(content(opener), encoding=encoding, newline="")
