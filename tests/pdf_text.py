"""The text of a PDF as its own tables tell it: enough for what this product prints, with no library of its own."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(content: bytes) -> list[str]:
    """The text of each page, in the order in which it was set; a line a stretch of text."""
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    found = {int(m[1]): m[2] for m in _OBJECT.finditer(content)}
    pages = [body for body in found.values() if re.search(rb"/Type\s*/Page\b(?!s)", body)]
    order = re.findall(rb"(\d+) 0 R", b"".join(re.findall(rb"/Kids\s*\[(.*?)\]", b"".join(found.values()), re.S)))
    by_number = {n: body for n, body in found.items() if body in pages}
    return [_page(by_number[int(n)], found) for n in order if int(n) in by_number]


def text_of(content: bytes) -> str:
    """All the text of a PDF."""
    return "\n".join(pages_of(content))


def _page(body: bytes, found: dict[int, bytes]) -> str:
    fonts = {}
    resources = body
    if ref := re.search(rb"/Resources\s+(\d+) 0 R", body):
        resources = found[int(ref[1])]
    if ref := re.search(rb"/Font\s+(\d+) 0 R", resources):
        resources = found[int(ref[1])]
    for name, number in re.findall(rb"/(f\d+)\s+(\d+) 0 R", resources):
        if to_unicode := re.search(rb"/ToUnicode\s+(\d+) 0 R", found[int(number)]):
            fonts[name] = _letters(_stream(found[int(to_unicode[1])]))
    refs = re.findall(rb"(\d+) 0 R", re.search(rb"/Contents\s*(\[.*?\]|\d+ 0 R)", body, re.S)[1])
    return _shown(b"\n".join(_stream(found[int(n)]) for n in refs), fonts)


def _stream(body: bytes) -> bytes:
    begin = re.search(rb"stream\r?\n", body).end()
    head = body[:begin]
    raw = body[begin : begin + int(re.search(rb"/Length\s+(\d+)", head)[1])]
    return zlib.decompress(raw) if b"/FlateDecode" in head else raw


def _letters(cmap: bytes) -> dict[int, str]:
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            letters[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = bytes.fromhex(text.decode()).decode("utf-16-be")
            for n in range(int(first, 16), int(last, 16) + 1):
                letters[n] = start[:-1] + chr(ord(start[-1]) + n - int(first, 16))
    return letters


def _shown(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines, held, font, at = [], b"", b"", 0
    while at < len(content):
        if content[at : at + 1] == b"[" or content[at : at + 3] == b"BT ":
            held, at = b"", at + 1  # what stood in brackets before belongs to the marks of a tagged text
        elif content[at : at + 1] == b"(":
            raw, at = _string(content, at + 1)
            held += raw
        elif found := _HEX.match(content, at):
            held, at = held + bytes.fromhex(found[1].decode()), found.end()
        elif found := re.compile(rb"/(f\d+)\s+[\d.]+\s+Tf").match(content, at):
            font, at = found[1], found.end()
        elif content[at : at + 2] in (b"TJ", b"Tj"):
            letters = fonts.get(font, {})
            lines.append("".join(letters.get(int.from_bytes(held[i : i + 2]), "") for i in range(0, len(held), 2)))
            held, at = b"", at + 2
        else:
            at += 1
    return "\n".join(lines)


def _string(content: bytes, at: int) -> tuple[bytes, int]:
    """A string from behind its opening bracket, and where it ends; balanced brackets may stand in it as they are."""
    made, depth = bytearray(), 1
    while True:
        sign = content[at : at + 1]
        if sign == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(content, at + 1)
            if octal:
                made.append(int(octal[0], 8) & 255)
                at = octal.end()
                continue
            made += _ESCAPES.get(content[at + 1 : at + 2], content[at + 1 : at + 2])
            at += 2
            continue
        depth += (sign == b"(") - (sign == b")")
        at += 1
        if depth == 0:
            return bytes(made), at
        made += sign
