"""Bodies of requests: Django spools large ones to a temporary file in clear; here what goes to the disk is encrypted.

The key lives in memory only and the file has no name, so an uploaded list of customers cannot be found on the disk,
neither while it comes nor after a power cut.
"""

import io
import os
import tempfile
from typing import Any, BinaryIO

import django
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

_IN_MEMORY_BYTES = 2_621_440
_MOST_BYTES = (4 << 30) + (1 << 20)


class SealedBody(io.RawIOBase):
    """A spool that is written from front to back, then read from front to back, as often as it is rewound."""

    def __init__(self) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  (closed by close)
        # A key for this body alone, so the counter may begin at zero.
        self._cipher = Cipher(algorithms.AES(AESGCM.generate_key(256)), modes.CTR(bytes(16)))
        self._writer: CipherContext = self._cipher.encryptor()
        self._reader: CipherContext = self._cipher.decryptor()
        self._at = 0

    def write(self, data: Any) -> int:
        """Encrypt and append."""
        self._file.write(self._writer.update(bytes(data)))
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Back to the beginning; nothing else is asked of a body."""
        if offset or whence != os.SEEK_SET:
            raise io.UnsupportedOperation("a body is read from its beginning")
        self._file.seek(0)
        self._reader, self._at = self._cipher.decryptor(), 0
        return 0

    def tell(self) -> int:
        """Bytes written or read so far."""
        return self._at

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Decrypt the next bytes."""
        data = self._reader.update(self._file.read(len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class SealedBodies(ASGIHandler):
    """Django's handler, with small bodies in memory and larger ones in an encrypted spool."""

    async def read_body(self, receive: Any) -> Any:
        """The whole body as a stream at its beginning."""
        body: Any = io.BytesIO()
        count = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            chunk = message.get("body", b"")
            count += len(chunk)
            if count > _MOST_BYTES:
                body.close()
                raise RequestAborted
            if count > _IN_MEMORY_BYTES and isinstance(body, io.BytesIO):
                spool = SealedBody()
                spool.write(body.getvalue())
                body.close()
                body = spool
            body.write(chunk)
            if not message.get("more_body", False):
                break
        body.seek(0)
        return body


def application() -> SealedBodies:
    """The product as an ASGI application."""
    django.setup(set_prefix=False)
    return SealedBodies()
