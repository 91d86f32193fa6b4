"""Sealed files: chunks of 1 MiB, each bound to its number and to whether it is the last, so a cut file is noticed."""

import io
import os
import struct
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag

from zhike.secure.vault import roots
from zhike.secure.vault.errors import TamperedValue
from zhike.secure.vault.keyring import RecordKey, ensure_keys, file_key, keys_of

_MAGIC = b"ZKF1"
_SALT = 16
_CHUNK = 1 << 20
_TAG = 16


def file_writer(run_key_id: int | str, path: Path) -> IO[bytes]:
    """A binary stream that seals what is written under the run's key; the file is whole once closed without an error."""
    writer: io.RawIOBase = _Writer(file_key(str(run_key_id), make=True), path)
    return io.BufferedWriter(writer, _CHUNK)


def file_reader(run_key_id: int | str, path: Path) -> IO[bytes]:
    """A binary stream of a sealed file's content. Raises TamperedValue on a changed, reordered or cut file."""
    return io.BufferedReader(_Reader(file_key(str(run_key_id), make=False), path), _CHUNK)


def record_file_writer(record_id: int, path: Path) -> IO[bytes]:
    """A stream that seals under the key of a source record: destroying that key destroys the file with everything else."""
    writer: io.RawIOBase = _Writer(ensure_keys([record_id])[record_id], path)
    return io.BufferedWriter(writer, _CHUNK)


def record_file_reader(record_id: int, path: Path) -> IO[bytes]:
    """A stream of the content sealed under a source record's key. Raises KeyDestroyed, KeyMissing, TamperedValue."""
    return io.BufferedReader(_Reader(keys_of([record_id])[record_id], path), _CHUNK)


def _bind(key: RecordKey, salt: bytes, number: int, final: bool) -> bytes:
    return f"f1|{roots.installation()}|{key.record_id}|{salt.hex()}|{number}|{int(final)}".encode()


def _nonce(salt: bytes, number: int, final: bool) -> bytes:
    # Unique per file key: 7 random bytes of the file, the chunk's number, the last mark.
    return salt[:7] + struct.pack(">IB", number, final)


class _Writer(io.RawIOBase):
    def __init__(self, key: RecordKey, path: Path) -> None:
        self._key, self._path = key, path
        self._salt = os.urandom(_SALT)
        self._held = bytearray()
        self._number = 0
        self._part = path.with_name(path.name + ".part")
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._file.write(_MAGIC + self._salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        while len(self._held) > _CHUNK:
            self._put(bytes(self._held[:_CHUNK]), final=False)
            del self._held[:_CHUNK]
        return len(data)

    def _put(self, chunk: bytes, *, final: bool) -> None:
        nonce = _nonce(self._salt, self._number, final)
        self._file.write(self._key.cipher.encrypt(nonce, chunk, _bind(self._key, self._salt, self._number, final)))
        self._number += 1

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._put(bytes(self._held), final=True)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._part.replace(self._path)
        finally:
            self._file.close()
            super().close()


class _Reader(io.RawIOBase):
    def __init__(self, key: RecordKey, path: Path) -> None:
        self._key, self._path = key, path
        self._file = open(path, "rb")  # noqa: SIM115  (closed by close)
        head = self._file.read(len(_MAGIC) + _SALT)
        if len(head) != len(_MAGIC) + _SALT or not head.startswith(_MAGIC):
            self._file.close()
            raise TamperedValue(f"not a sealed file: {path.name}")
        self._salt = head[len(_MAGIC) :]
        self._number = 0
        self._next = self._file.read(_CHUNK + _TAG)
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._ready and self._next:
            self._ready = memoryview(self._take())
        if not self._ready and self._number == 0:
            raise TamperedValue(f"cut short: {self._path.name}")
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _take(self) -> bytes:
        chunk, self._next = self._next, self._file.read(_CHUNK + _TAG)
        final = not self._next
        nonce = _nonce(self._salt, self._number, final)
        try:
            text = self._key.cipher.decrypt(nonce, chunk, _bind(self._key, self._salt, self._number, final))
        except (InvalidTag, ValueError):
            raise TamperedValue(f"changed or cut short: {self._path.name}") from None
        self._number += 1
        return text

    def close(self) -> None:
        self._file.close()
        super().close()
