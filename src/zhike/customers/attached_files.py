"""The bytes of attachments: what they are by their own first bytes, and where they lie sealed.

A file's name is what somebody typed; only its content counts. What could run in a browser or an office program is refused:
no HTML, no SVG, no macros. Texts are taken as they are and leave as plain files, like everything else.
"""

import io
import zipfile
from pathlib import Path
from typing import IO

from zhike.kit import home
from zhike.secure import vault

LARGEST_BYTES = 20 * 1024 * 1024
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "text/plain": ".txt",
    _OFFICE["word/"]: ".docx",
    _OFFICE["xl/"]: ".xlsx",
    _OFFICE["ppt/"]: ".pptx",
}


class FileRefused(ValueError):
    """A file that cannot be attached; `code` is empty, too_large, type, macros, damaged, too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def media_type(content: bytes) -> str:
    """What the bytes are. Raises FileRefused for what is not taken."""
    if not content:
        raise FileRefused("empty")
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(content)


def _office(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError):
        raise FileRefused("damaged") from None
    if "[Content_Types].xml" not in names or len(names) > 5000:
        raise FileRefused("type")
    if any("vbaproject" in name.lower() or name.lower().endswith((".bin", ".exe", ".js")) for name in names):
        raise FileRefused("macros")
    for folder, kind in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return kind
    raise FileRefused("type")


def _text(content: bytes) -> str:
    if b"\x00" in content[:65536]:
        raise FileRefused("type")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        start = text.lstrip("\ufeff \t\r\n").lower()[:1024]
        if start.startswith("<") or "<script" in start or "<html" in start or "<svg" in start:
            raise FileRefused("type")
        return "text/plain"
    raise FileRefused("type")


def place_of(public_id: str) -> Path:
    """Where the sealed bytes of an attachment lie."""
    return home.path("files/attachments") / f"{public_id}.sealed"


def keep(record_id: int, public_id: str, content: bytes) -> None:
    """Seal the bytes under a record's key, durably."""
    with vault.record_file_writer(record_id, place_of(public_id)) as stream:
        stream.write(content)


def opened(record_id: int, public_id: str) -> IO[bytes]:
    """The bytes again. Raises FileNotFoundError or the vault's refusal; only after the audit has noted who takes them."""
    return vault.record_file_reader(record_id, place_of(public_id))


def destroy(public_id: str) -> None:
    """Take the bytes off the disk."""
    place_of(public_id).unlink(missing_ok=True)
