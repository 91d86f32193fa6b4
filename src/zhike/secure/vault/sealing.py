"""Sealing of values, and the digests that find them.

Layout of a seal: version(1) suite(1) place(4) nonce(12) ciphertext+tag. Suite 1 is AES-256-GCM; another number is room for
another algorithm. Associated data binds `version|installation|table.column|row|record`, so bytes moved elsewhere do not
open. `place` is a digest of that text: it tells a moved value (SwappedValue) from a changed one (TamperedValue).
"""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag

from zhike.secure.vault import roots
from zhike.secure.vault.errors import SwappedValue, TamperedValue
from zhike.secure.vault.keyring import RecordKey

_HEAD = b"\x01\x01"
_PLACE = 4
_NONCE = 12
_TAG = 16


@dataclass(frozen=True, slots=True)
class SealContext:
    """Where a sealed payload lies: `table.column`, the row's id, and the source record whose key seals it."""

    table_column: str
    row_id: int | str
    record_id: int | str

    def associated(self) -> bytes:
        """The text that binds a seal to its place."""
        return f"1|{roots.installation()}|{self.table_column}|{self.row_id}|{self.record_id}".encode()


def seal(key: RecordKey, context: SealContext, payload: dict[str, Any]) -> bytes:
    """Seal a JSON object for one place, about 3 µs."""
    return seal_text(key, context, payload_text(payload))


def payload_text(payload: dict[str, Any]) -> bytes:
    """A payload as it is sealed."""
    return orjson.dumps(payload)


def seal_text(key: RecordKey, context: SealContext, text: bytes) -> bytes:
    """Seal what `payload_text` wrote."""
    if key.record_id != context.record_id:
        raise ValueError("the key belongs to another record")
    bound = context.associated()
    nonce = os.urandom(_NONCE)
    return _HEAD + hashlib.sha256(bound).digest()[:_PLACE] + nonce + key.cipher.encrypt(nonce, text, bound)


def unseal(key: RecordKey, context: SealContext, blob: bytes) -> dict[str, Any]:
    """The JSON object in a seal. Raises SwappedValue or TamperedValue; never falls through to the bytes themselves.

    Only `secure` calls this; other modules ask for masks, or for opened values through the audited actions.
    """
    blob = bytes(blob)
    bound = context.associated()
    start = len(_HEAD) + _PLACE
    if len(blob) < start + _NONCE + _TAG or blob[: len(_HEAD)] != _HEAD:
        raise TamperedValue(f"not a seal: {context.table_column} of row {context.row_id}")
    if blob[len(_HEAD) : start] != hashlib.sha256(bound).digest()[:_PLACE]:
        raise SwappedValue(f"sealed for another place: {context.table_column} of row {context.row_id}")
    try:
        text = key.cipher.decrypt(blob[start : start + _NONCE], blob[start + _NONCE :], bound)
    except InvalidTag:
        raise TamperedValue(f"changed since it was sealed: {context.table_column} of row {context.row_id}") from None
    return orjson.loads(text)


def lookup(kind: str, normalized_value: str) -> bytes:
    """The 16-byte digest that finds a normalised value of a kind (HMAC-SHA256 under the lookup key)."""
    inner, outer = _begun(roots.lookup_key())
    digest = inner.copy()
    digest.update(f"{kind}|{normalized_value}".encode())
    whole = outer.copy()
    whole.update(digest.digest())
    return whole.digest()[:16]


@lru_cache(maxsize=4)
def _begun(key: bytes) -> tuple[Any, Any]:
    """The two hashes of an HMAC (RFC 2104) with the key already in them.

    An import makes half a dozen digests a row; going on from here takes a third of what `hmac.digest` takes to begin anew.
    """
    block = key.ljust(64, b"\0")  # the key is shorter than a block of SHA-256
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))
