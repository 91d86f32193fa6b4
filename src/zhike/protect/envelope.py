"""The file of a backup: one line that says what it is, one line of manifest, then the database; all encrypted by age.

Opened without Zhike: `age -d -i backup.key FILE | tail -n +3 > zhike.sqlite3` (or `> zhike.dump` for pg_restore).
"""

import hmac
import json
import os
from pathlib import Path
from typing import IO, Any

import pyrage

from zhike.protect.faults import BackupFault
from zhike.secure.vault import roots

_FIRST = b"ZHIKE-BACKUP 1\n"
_CHUNK = 1 << 20


def write(target: Path, manifest: dict[str, Any], database: Path, recipients: list[str]) -> None:
    """Encrypt manifest and database for the recipients; the file appears whole or not at all."""
    keys = [_recipient(text) for text in recipients]
    head = _FIRST + json.dumps(signed(manifest), sort_keys=True).encode() + b"\n"
    part = target.with_name(target.name + ".part")
    try:
        with (
            database.open("rb") as content,
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        ):
            pyrage.encrypt_io(_Joined(head, content), out, keys)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read(source: Path, identity: str, database: Path) -> dict[str, Any]:
    """Decrypt a backup: the database into a file, the manifest returned. Raises BackupFault."""
    splitter = _Splitter(database)
    try:
        with source.open("rb") as content:
            pyrage.decrypt_io(content, splitter, [pyrage.x25519.Identity.from_str(identity.strip())])
    except pyrage.IdentityError:
        raise BackupFault("wrong_identity", file=source.name) from None
    except pyrage.DecryptError as problem:
        code = "wrong_identity" if "No matching keys" in str(problem) else "not_a_backup"
        raise BackupFault(code, file=source.name) from None
    except OSError as problem:
        if problem.errno:  # a fault of the disk, not of the file's content
            raise
        raise BackupFault("not_a_backup", file=source.name) from None
    finally:
        splitter.close()
    if splitter.manifest is None:
        raise BackupFault("not_a_backup", file=source.name)
    return splitter.manifest


def signed(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with its MAC under the audit key."""
    body = {name: value for name, value in manifest.items() if name != "mac"}
    text = b"backup|" + json.dumps(body, sort_keys=True).encode()
    return {**body, "mac": hmac.new(roots.audit_key(), text, "sha256").hexdigest()}


def is_ours(manifest: dict[str, Any]) -> bool:
    """Whether the manifest carries this installation's MAC."""
    return hmac.compare_digest(str(manifest.get("mac", "")), signed(manifest)["mac"])


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BackupFault("bad_recipient", recipient=text) from None


class _Joined:
    """Reads a few bytes, then a file."""

    def __init__(self, head: bytes, content: IO[bytes]) -> None:
        self._head, self._content = head, content

    def read(self, size: int = -1) -> bytes:
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part
        return self._content.read(size)


class _Splitter:
    """Takes the decrypted stream: two lines for us, the rest into a file."""

    def __init__(self, database: Path) -> None:
        self.manifest: dict[str, Any] | None = None
        self._head = b""
        self._out = os.fdopen(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def write(self, data: bytes) -> int:
        if self.manifest is not None:
            self._out.write(data)
            return len(data)
        self._head += data
        lines = self._head.split(b"\n", 2)
        if len(lines) == 3 and self._head.startswith(_FIRST):
            self.manifest = json.loads(lines[1])
            self._out.write(lines[2])
            self._head = b""
        elif len(self._head) > 64 * _CHUNK:
            raise OSError("no manifest")
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self._out.close()
