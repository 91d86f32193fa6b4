"""Rotation of the key-encryption key: every data key wrapped anew, in small steps, while the house runs.

Reading needs no pause: each wrapping names its version. A rotation that died goes on where it stopped, because what is
left is simply what still carries an older number. Older key files stay until the next rotation or keyring copy a day
later: a process may have wrapped a key with them in the very moment of rotation.
"""

from typing import Any

from django.db import transaction

from zhike.kit import clock, failpoints
from zhike.secure.models import FileKey, RecordKey
from zhike.secure.vault import roots
from zhike.secure.vault.keyring import unwrap, wrap_key

failpoints.declare("secure.rotate.key_made", "secure.rotate.wrapped", "secure.rotate.stepped")

_BATCH = 1000
_GRACE_SECONDS = 24 * 3600


def rotate() -> int:
    """Make a new key-encryption key and wrap every data key with it; how many were wrapped anew."""
    roots.add_kek()
    failpoints.hit("secure.rotate.key_made")
    return finish()


def finish(batch: int = _BATCH) -> int:
    """Wrap what still carries an older number; how many. Call it again after an interruption."""
    current = roots.current_kek_version()
    total = 0
    for model, kind, owner in ((RecordKey, "record", "record_id"), (FileKey, "file", "name")):
        while count := _step(model, kind, owner, current, batch):
            total += count
    return total


def _step(model: Any, kind: str, owner: str, current: int, batch: int) -> int:
    rows = list(_older(model, current)[:batch].values_list(owner, "wrapped", "kek_version"))
    fresh = [
        (wrap_key(kind, pk, unwrap(kind, pk, bytes(wrapped)), current), pk, version) for pk, wrapped, version in rows
    ]
    with transaction.atomic(using="keyring"):
        for wrapped, pk, version in fresh:
            # Only if nobody destroyed or rewrapped it meanwhile.
            model.objects.filter(pk=pk, kek_version=version, destroyed_at=None).update(
                wrapped=wrapped, kek_version=current
            )
        failpoints.hit("secure.rotate.wrapped")
    failpoints.hit("secure.rotate.stepped")
    return len(rows)


def left() -> int:
    """How many living data keys still carry an older number."""
    current = roots.current_kek_version()
    return _older(RecordKey, current).count() + _older(FileKey, current).count()


def retire() -> list[int]:
    """Remove key files that wrap nothing and were replaced over a day ago; their numbers."""
    versions = roots.kek_versions()
    if len(versions) < 2 or left():
        return []
    newest = roots.folder() / f"kek-{versions[-1]}.key"
    if clock.now().timestamp() - newest.stat().st_mtime < _GRACE_SECONDS:
        return []
    for version in versions[:-1]:
        (roots.folder() / f"kek-{version}.key").unlink()
    roots.forget()
    return versions[:-1]


def _older(model: Any, current: int) -> Any:
    return model.objects.filter(kek_version__lt=current, destroyed_at=None).order_by("pk")
