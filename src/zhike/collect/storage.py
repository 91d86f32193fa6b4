"""Files people give us: sealed chunk by chunk as they come, under a key of their own, and gone after 30 days."""

import errno
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from zhike.collect.reading import FileProblem, Opener
from zhike.kit import home
from zhike.secure import vault

KEPT_DAYS = 30


class SealedIntake:
    """Takes a file chunk by chunk into its sealed place; the clear text never lies on a disk."""

    def __init__(self, file_key: str) -> None:
        self.file_key = file_key
        self._path = place_of(file_key)
        self._writer = vault.file_writer(file_key, self._path)
        self._digest = hashlib.sha256()
        self.byte_count = 0

    def write(self, chunk: bytes) -> None:
        """Seal the next bytes."""
        self._writer.write(chunk)
        self._digest.update(chunk)
        self.byte_count += len(chunk)

    def finish(self) -> str:
        """Close the file durably; returns the SHA-256 of what was given."""
        self._writer.close()
        return self._digest.hexdigest()

    def give_up(self) -> None:
        """Drop what came so far, and its key."""
        try:
            self._writer.close()
        finally:
            destroy(self.file_key)


def place_of(file_key: str) -> Path:
    """Where the sealed file of that key lies."""
    return home.path("files/imports") / f"{file_key}.sealed"


def opener_of(file_key: str) -> Opener:
    """Opens the clear content as a stream, as often as wanted. FileProblem file_gone once it was destroyed."""
    place = place_of(file_key)

    def opener() -> BinaryIO:
        if not place.exists():
            raise FileProblem("file_gone")
        try:
            return cast(BinaryIO, vault.file_reader(file_key, place))
        except vault.VaultError:
            raise FileProblem("file_unreadable") from None

    return opener


def take_in(file_key: str, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Seal a whole stream; returns its digest and length. A broken stream leaves nothing behind.

    Raises FileProblem `disk_full`.
    """
    intake = SealedIntake(file_key)
    try:
        for chunk in chunks:
            intake.write(chunk)
        return intake.finish(), intake.byte_count
    except BaseException as error:
        intake.give_up()
        if disk_is_full(error):
            raise FileProblem("disk_full") from error
        raise


def destroy(file_key: str) -> None:
    """Destroy the key first, then the file, which nobody can read any more."""
    vault.destroy_file_key(file_key)
    place_of(file_key).unlink(missing_ok=True)


def disk_is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a disk without room: the system's, SQLite's or PostgreSQL's."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        text = str(error).lower()
        if "disk is full" in text or "no space left" in text or "could not extend file" in text:
            return True
        error = error.__cause__
    return False
