"""The files of an export: gzip, and age around it where a passphrase was given. `age` and `gunzip` open them as well.

The passphrase opens one small file, `key.age`; that file's identity opens all others, so that the slow step of a
passphrase is taken once.
"""

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import pyrage

from zhike.protect.everything import SHORTEST_PASSPHRASE
from zhike.protect.faults import BackupFault

KEY = "key.age"
MANIFEST = "manifest.json"


@dataclass(slots=True)
class Pack:
    """A folder that is written or read file by file. Without an identity its files lie open."""

    folder: Path
    identity: pyrage.x25519.Identity | None = None

    def put(self, name: str, content: bytes) -> dict[str, object]:
        """Write one file durably; what the manifest says of it: name, bytes and SHA-256 of the content."""
        told = {"file": self.path(name).relative_to(self.folder).as_posix(), "bytes": len(content)}
        told["sha256"] = hashlib.sha256(content).hexdigest()
        packed = gzip.compress(content, compresslevel=1, mtime=0) if name.endswith(".gz") else content
        if self.identity is not None:
            packed = pyrage.encrypt(packed, [self.identity.to_public()])
        write_private(self.path(name), packed)
        return told

    def get(self, name: str, digest: str = "") -> bytes:
        """The content of a file. Raises BackupFault when it is missing, damaged, or not what the manifest says."""
        file = self.path(name)
        try:
            packed = file.read_bytes()
            if self.identity is not None:
                packed = pyrage.decrypt(packed, [self.identity])
            content = gzip.decompress(packed) if name.endswith(".gz") else packed
        except (OSError, EOFError, pyrage.DecryptError):
            raise BackupFault("export_damaged", file=str(file)) from None
        if digest and hashlib.sha256(content).hexdigest() != digest:
            raise BackupFault("export_damaged", file=str(file))
        return content

    def path(self, name: str) -> Path:
        """Where a file of this name lies."""
        return self.folder / (name if self.identity is None else f"{name}.age")


def sealed_pack(folder: Path, passphrase: str) -> Pack:
    """A new pack under a passphrase; its `key.age` is written. Raises BackupFault for a short passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupFault("no_passphrase")
    identity = pyrage.x25519.Identity.generate()
    write_private(folder / KEY, pyrage.passphrase.encrypt(f"{identity}\n".encode(), passphrase))
    return Pack(folder, identity)


def opened_pack(folder: Path, passphrase: str) -> Pack:
    """The pack in a folder, sealed or open. Raises BackupFault when there is none, or the passphrase is wrong."""
    if (folder / MANIFEST).exists():
        return Pack(folder)
    if not (folder / f"{MANIFEST}.age").exists() or not (folder / KEY).exists():
        raise BackupFault("no_export", folder=str(folder))
    try:
        text = pyrage.passphrase.decrypt((folder / KEY).read_bytes(), passphrase).decode()
        return Pack(folder, pyrage.x25519.Identity.from_str(text.strip()))
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        raise BackupFault("wrong_passphrase", file=KEY) from None


def write_private(file: Path, content: bytes) -> None:
    """Write a file for its owner alone, whole or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
