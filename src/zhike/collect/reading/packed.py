"""A .gz file, read within bounds: a few kilobytes must not unfold into a disk full."""

import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from zhike.collect.reading.problem import FileProblem

_MOST_RATIO = 300
_FREE_BYTES = 10 << 20


def is_packed(head: bytes) -> bool:
    """Whether the first bytes are those of a gzip file."""
    return head[:2] == b"\x1f\x8b"


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The unpacked bytes. Reading raises FileProblem: packed_damaged, packed_cut, packed_too_much."""
    return cast(BinaryIO, io.BufferedReader(_Unpacked(stream), 1 << 18))


class _Counted(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.count = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._source = stream
        self._counted = _Counted(stream)
        self._gzip = gzip.GzipFile(fileobj=io.BufferedReader(self._counted, 1 << 16), mode="rb")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._gzip.read(len(buffer))
        except EOFError:
            raise FileProblem("packed_cut") from None
        except (gzip.BadGzipFile, zlib.error):
            raise FileProblem("packed_damaged") from None
        self._given += len(data)
        if self._given > _FREE_BYTES + _MOST_RATIO * self._counted.count:
            raise FileProblem("packed_too_much", ratio=_MOST_RATIO)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()
