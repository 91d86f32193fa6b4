"""Copies of the keyring: its database and the key files, encrypted apart from the data, to be kept in two places.

With a passphrase by default, because whoever needs this copy has lost the machine with every key on it.
"""

import io
import os
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path

import pyrage

from zhike.kit import clock
from zhike.kit.home import keyring_file
from zhike.protect import backups, snapshots
from zhike.protect.envelope import _recipient
from zhike.protect.faults import BackupFault
from zhike.protect.models import BackupRun
from zhike.secure import actions
from zhike.secure.records import Viewer
from zhike.secure.vault import roots, rotation

SUFFIX = ".zhike-keyring.age"
SHORTEST_PASSPHRASE = 12
DAYS_FRESH = 7


def configured_folders() -> list[Path]:
    """Where the backups page may write copies: ZHIKE_KEYRING_COPIES, folders separated as in PATH; empty means nowhere."""
    return [Path(name) for name in os.environ.get("ZHIKE_KEYRING_COPIES", "").split(os.pathsep) if name]


def make(*, by: Viewer, to: Sequence[Path], passphrase: str = "", recipients: Sequence[str] = ()) -> list[BackupRun]:
    """Copy the keyring into one file per folder. Replaced key-encryption keys that wrap nothing any more stay behind."""
    if not recipients and len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupFault("no_passphrase")
    started, now, runs = time.monotonic(), clock.now(), []
    rotation.retire()
    plain = _packed()
    sealed = (
        pyrage.encrypt(plain, [_recipient(r) for r in recipients])
        if recipients
        else pyrage.passphrase.encrypt(plain, passphrase)
    )
    for folder in to:
        target = folder / f"{now:%Y%m%dT%H%M%S}Z{SUFFIX}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(target, sealed)
        except OSError as problem:
            raise BackupFault("copy_failed", folder=str(folder), reason=problem.strerror) from None
        run = BackupRun.objects.create(
            kind="keyring",
            at=now,
            file=str(target),
            size_bytes=len(sealed),
            seconds=time.monotonic() - started,
            by_staff_id=by.staff_id,
        )
        actions.record_audit("backup.keyring", by=by, about=("backup", run.pk), detail={"places": len(to)})
        runs.append(run)
    return runs


def _packed() -> bytes:
    out = io.BytesIO()
    with backups.scratch(backups.folder()) as work, tarfile.open(fileobj=out, mode="w") as tar:
        kind, _ = snapshots.take("keyring", work / "keyring")
        tar.add(work / "keyring", arcname="keyring.sqlite3" if kind == "sqlite" else "keyring.dump")
        for file in sorted(roots.folder().iterdir()):
            if file.is_file() and file.name != "session.key":
                tar.add(file, arcname=f"keys/{file.name}")
    return out.getvalue()


def unpack(source: Path, into: Path, *, passphrase: str = "", identity: str = "", replace: bool = False) -> list[str]:
    """Bring a keyring copy back into a data folder; the names of the files written. Refuses to overwrite keys unless told."""
    store = keyring_file(into)
    if not replace and (store.exists() or (into / "keys" / "lookup.key").exists()):
        raise BackupFault("keys_in_use", home=str(into))
    try:
        sealed = source.read_bytes()
        if identity:
            plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity.strip())])
        else:
            plain = pyrage.passphrase.decrypt(sealed, passphrase)
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise BackupFault("wrong_passphrase", file=source.name) from None
    written = []
    (into / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member)
            if content is None or not _is_ours(member.name):
                raise BackupFault("not_a_backup", file=source.name)
            _put(store if member.name == "keyring.sqlite3" else into / member.name, content.read())
            written.append(member.name)
    for leftover in ("-wal", "-shm"):
        store.with_name(store.name + leftover).unlink(missing_ok=True)
    roots.forget()
    return written


def _is_ours(name: str) -> bool:
    head, _, tail = name.rpartition("/")
    return (head == "keys" and tail == Path(tail).name and tail not in ("", ".", "..")) or name in (
        "keyring.sqlite3",
        "keyring.dump",
    )


def _put(target: Path, content: bytes) -> None:
    part = target.with_name(target.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
