"""The root keys: files of the data folder, readable by their owner alone, made once, never in any data backup.

installation.id   names this installation in every seal (not secret)
kek-<n>.key       wraps the keys of the keyring; the highest number is the present one
lookup.key        keys the digests that find a sealed value
audit.key         authenticates audit events and seals
backup.key        the age identity that opens data backups; to be copied out of the house
"""

import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from zhike.kit.home import path
from zhike.secure.vault.errors import RootKeyMissing, UnsafeKeyFile

_KEK = re.compile(r"kek-(\d+)\.key$")
KEY_BYTES = 32


def folder() -> Path:
    """The folder of the key files, mode 0700."""
    return _folder(os.environ.get("ZHIKE_HOME", ""))


@lru_cache(maxsize=8)
def _folder(home: str) -> Path:
    # Kept, because every seal asks for the installation's name and looking at the disk costs more than sealing.
    return path("keys")


def setup() -> list[str]:
    """Make the root keys a new installation lacks; the names of those made.

    An installation that already holds keys or audit events gets none made: its lost files come back from a keyring copy.
    """
    missing = [
        name for name in ("installation.id", "kek-1.key", "lookup.key", "audit.key", "backup.key") if _is_missing(name)
    ]
    if missing and _is_used():
        raise RootKeyMissing(_complaint(folder() / missing[0]))
    for name in missing:
        _write_new(folder() / name, _content(name))
    return missing


def take_over(lookup: bytes, audit: bytes) -> None:
    """Give a new installation the keys that bind what it is about to take in: its digests and its audit.

    Raises FileExistsError when the installation has such keys already and they are others.
    """
    for name, content in (("lookup.key", lookup), ("audit.key", audit)):
        file = folder() / name
        if not file.exists():
            _write_new(file, content)
        elif file.read_bytes() != content:
            raise FileExistsError(str(file))
    forget()


def _is_missing(name: str) -> bool:
    if name == "kek-1.key":
        return not kek_versions()
    return not (folder() / name).exists()


def _is_used() -> bool:
    from django.db import OperationalError, ProgrammingError

    from zhike.secure.models import AuditEvent, FileKey, RecordKey

    try:
        return RecordKey.objects.exists() or FileKey.objects.exists() or AuditEvent.objects.exists()
    except (OperationalError, ProgrammingError):
        return False  # no tables yet: a new installation before its first migration


def _content(name: str) -> bytes:
    if name == "installation.id":
        return secrets.token_hex(8).encode()
    if name == "backup.key":
        import pyrage

        return str(pyrage.x25519.Identity.generate()).encode()
    return secrets.token_bytes(KEY_BYTES)


def _write_new(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def add_kek() -> int:
    """Make the next key-encryption key and return its number."""
    version = max(kek_versions(), default=0) + 1
    _write_new(folder() / f"kek-{version}.key", secrets.token_bytes(KEY_BYTES))
    return version


def kek_versions() -> list[int]:
    """The numbers of the key-encryption keys on disk, ascending. Read each time: another process may have rotated."""
    return sorted(int(m[1]) for file in folder().iterdir() if (m := _KEK.fullmatch(file.name)))


def current_kek_version() -> int:
    """The number of the key-encryption key new keys are wrapped with."""
    versions = kek_versions()
    if not versions:
        raise RootKeyMissing(_complaint(folder() / "kek-1.key"))
    return versions[-1]


def kek(version: int) -> bytes:
    """The key-encryption key of a number."""
    return _named(f"kek-{version}.key")


def lookup_key() -> bytes:
    """The key of the digests that find values."""
    return _named("lookup.key")


def audit_key() -> bytes:
    """The key that authenticates the audit."""
    return _read(folder() / "audit.key")


def installation() -> str:
    """The name of this installation, bound into every seal."""
    return _named("installation.id").decode()


def backup_identity() -> str:
    """The age identity that opens data backups (AGE-SECRET-KEY-…)."""
    return _read(folder() / "backup.key").decode()


def forget() -> None:
    """Drop the key files read so far: after a restore, and where a test moves ZHIKE_HOME."""
    _read.cache_clear()
    _folder.cache_clear()
    _named.cache_clear()


@lru_cache(maxsize=32)
def _named(name: str) -> bytes:
    # Digests ask a million times a minute: looking at the environment alone would cost them half the digest.
    return _read(folder() / name)


@lru_cache(maxsize=64)
def _read(file: Path) -> bytes:
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()
    except FileNotFoundError:
        raise RootKeyMissing(_complaint(file)) from None
    if mode & 0o077:
        raise UnsafeKeyFile(f"{file} can be read by others (mode {mode & 0o777:04o}): run chmod 600 {file}")
    if file.name.startswith(("kek-", "lookup", "audit")) and len(content) != KEY_BYTES:
        raise RootKeyMissing(f"{file} is damaged ({len(content)} bytes instead of {KEY_BYTES}): {_way_back()}")
    return content


def _complaint(file: Path) -> str:
    return f"{file} is missing: {_way_back()}"


def _way_back() -> str:
    return "bring it back from a keyring copy with `zhike restore --keyring FILE`"
