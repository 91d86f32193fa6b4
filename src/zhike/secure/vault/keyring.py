"""The keys of records and files: made in bulk, wrapped, destroyed, wrapped anew."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from zhike.kit import bulk, clock
from zhike.secure import models
from zhike.secure.vault import roots
from zhike.secure.vault.errors import KeyDestroyed, KeyMissing, TamperedValue, VaultError

_CHUNK = 1000
_NONCE = 12


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The unwrapped key of a record, ready to seal; prints nothing of itself."""

    record_id: int | str
    cipher: AESGCM

    def __repr__(self) -> str:
        return f"<RecordKey of {self.record_id}>"

    def __reduce__(self) -> Any:
        raise TypeError("a key may not be pickled")


def ensure_keys(record_ids: Iterable[int]) -> dict[int, RecordKey]:
    """The keys of these records, making those that do not exist; committed to the keyring before this returns.

    New records cost one executemany and about 2 µs of wrapping each. A destroyed key is never made anew.
    """
    ids = list(dict.fromkeys(record_ids))
    keys: dict[int, RecordKey] = {}
    for start in range(0, len(ids), _CHUNK):
        keys.update(_ensure_chunk(ids[start : start + _CHUNK]))
    return keys


def draft_keys(record_ids: Sequence[int]) -> list[tuple[RecordKey, bytes]]:
    """A new key for each of these records and how the keyring would keep it; `keep_keys` stores it.

    For a process that prepares what another one records: until its wrapping is kept, nothing such a key sealed counts.
    """
    version = roots.current_kek_version()
    wrap = AESGCM(roots.kek(version))
    prefix = _prefix(version)
    chance = os.urandom(len(record_ids) * (roots.KEY_BYTES + _NONCE))
    made = []
    for n, record_id in enumerate(record_ids):
        at = n * (roots.KEY_BYTES + _NONCE)
        key, nonce = chance[at : at + roots.KEY_BYTES], chance[at + roots.KEY_BYTES : at + roots.KEY_BYTES + _NONCE]
        wrapped = prefix + nonce + wrap.encrypt(nonce, key, _bind("record", record_id))
        made.append((RecordKey(record_id, AESGCM(key)), wrapped))
    return made


def keep_keys(drafted: Sequence[tuple[int, bytes]]) -> None:
    """Commit drafted keys to the keyring, by record id; those kept before stay. Raises VaultError when a record has another key."""
    rows = [(record_id, wrapped, int.from_bytes(wrapped[2:4], "big")) for record_id, wrapped in drafted]
    if not rows or _kept(rows) == len(rows):
        return
    theirs = models.RecordKey.objects.in_bulk([record_id for record_id, _ in drafted])
    if any(bytes(theirs[record_id].wrapped) != wrapped for record_id, wrapped in drafted):
        raise VaultError("a record has another key than the one drafted for it")


def _kept(rows: Sequence[tuple[int, bytes, int]]) -> int:
    """How many of these keys were new to the keyring, which is committed."""
    columns = ("record_id", "wrapped", "kek_version")
    with transaction.atomic(using="keyring"):
        return bulk.insert_many("keyring_record_key", columns, rows, on_conflict="ignore", plain=True, using="keyring")


def _ensure_chunk(ids: list[int]) -> dict[int, RecordKey]:
    made = draft_keys(ids)
    rows = [
        (record_id, wrapped, int.from_bytes(wrapped[2:4], "big"))
        for record_id, (_, wrapped) in zip(ids, made, strict=True)
    ]
    if _kept(rows) == len(ids):
        return dict(zip(ids, (key for key, _ in made), strict=True))
    # Another process, or an earlier batch, may own some of these keys: theirs count, ours were never stored.
    return keys_of(ids)


def keys_of(record_ids: Iterable[int]) -> dict[int, RecordKey]:
    """The keys of these records. Raises KeyMissing or KeyDestroyed, naming the record, when one cannot be had.

    Read from the keyring each time: a destroyed key is dead in every process at once.
    """
    keys = {}
    for record_id, found in keys_or_faults(record_ids).items():
        if isinstance(found, VaultError):
            raise found
        keys[record_id] = found
    return keys


def keys_or_faults(record_ids: Iterable[int]) -> dict[int, RecordKey | VaultError]:
    """For each record its key, or why it cannot be had; one query for a thousand."""
    ids = list(dict.fromkeys(record_ids))
    found: dict[int, RecordKey | VaultError] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        rows = models.RecordKey.objects.filter(record_id__in=part).values_list("record_id", "wrapped", "destroyed_at")
        found |= {record_id: _unwrapped(record_id, wrapped, destroyed_at) for record_id, wrapped, destroyed_at in rows}
    return {i: found.get(i) or KeyMissing(f"the keyring has no key for record {i}") for i in ids}


def _unwrapped(record_id: int, wrapped: Any, destroyed_at: Any) -> RecordKey | VaultError:
    if destroyed_at is not None:
        return KeyDestroyed(f"the key of record {record_id} was destroyed")
    try:
        return RecordKey(record_id, AESGCM(unwrap("record", record_id, bytes(wrapped))))
    except TamperedValue as fault:
        return fault


def keys_held() -> dict[str, Any]:
    """What the keyring holds: how many living record keys, under which key-encryption keys."""
    alive = models.RecordKey.objects.filter(destroyed_at=None)
    versions = alive.order_by("kek_version").values_list("kek_version", flat=True).distinct()
    return {"record_keys": alive.count(), "kek_versions": list(versions)}


def file_key(name: str, *, make: bool) -> RecordKey:
    """The key of the files of a run or day; made when `make` and absent."""
    row = models.FileKey.objects.filter(name=name).first()
    if row is None and make:
        key = os.urandom(roots.KEY_BYTES)
        version = roots.current_kek_version()
        models.FileKey.objects.get_or_create(
            name=name, defaults={"wrapped": wrap_key("file", name, key, version), "kek_version": version}
        )
        row = models.FileKey.objects.get(name=name)
    if row is None:
        raise KeyMissing(f"the keyring has no key for file {name}")
    if row.destroyed_at is not None:
        raise KeyDestroyed(f"the key of file {name} was destroyed")
    return RecordKey(name, AESGCM(unwrap("file", name, bytes(row.wrapped))))


def destroy_keys(record_ids: Sequence[int]) -> int:
    """Destroy the keys of these records for good; how many were alive. What they sealed can never be read again."""
    count = 0
    for start in range(0, len(record_ids), _CHUNK):
        alive = models.RecordKey.objects.filter(record_id__in=record_ids[start : start + _CHUNK], destroyed_at=None)
        count += alive.update(wrapped=b"", destroyed_at=clock.now())
    return count


def destroy_file_key(name: str) -> bool:
    """Destroy the key of a run's or day's files; whether it was alive."""
    return (
        models.FileKey.objects.filter(name=name, destroyed_at=None).update(wrapped=b"", destroyed_at=clock.now()) == 1
    )


def wrap_key(kind: str, owner: int | str, key: bytes, version: int) -> bytes:
    """A data key under the key-encryption key of a version, bound to its owner."""
    nonce = os.urandom(_NONCE)
    return _prefix(version) + nonce + AESGCM(roots.kek(version)).encrypt(nonce, key, _bind(kind, owner))


def unwrap(kind: str, owner: int | str, wrapped: bytes) -> bytes:
    """The data key in a wrapping; TamperedValue when the wrapping was changed or belongs to another owner."""
    if len(wrapped) < 4 + _NONCE + 16 or wrapped[:2] != b"\x01\x01":
        raise TamperedValue(f"the wrapped key of {kind} {owner} is damaged")
    version = int.from_bytes(wrapped[2:4], "big")
    try:
        return AESGCM(roots.kek(version)).decrypt(wrapped[4 : 4 + _NONCE], wrapped[4 + _NONCE :], _bind(kind, owner))
    except InvalidTag:
        raise TamperedValue(f"the wrapped key of {kind} {owner} is damaged or from another installation") from None


def _prefix(version: int) -> bytes:
    return b"\x01\x01" + version.to_bytes(2, "big")


def _bind(kind: str, owner: int | str) -> bytes:
    return f"k1|{roots.installation()}|{kind}|{owner}".encode()
