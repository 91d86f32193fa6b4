"""Search slips 查询凭条: the words of a search, sealed for one person and a short while, so that an address can carry them.

A phone or a name typed into a search must reach no browser history and no log of a proxy. The address therefore carries
version(1) nonce(12) ciphertext+tag in base64: AES-256-GCM under a key derived from the installation's secret, bound to the
person who typed. Nothing is stored, so asking still writes nothing, and the words are gone when the slip has run out.
"""

import base64
import datetime as dt
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from zhike.kit import clock
from zhike.secure.records import Viewer

# Shorter than the hour for which an exact search is counted once, so following a slip never counts it anew.
LIVES_MINUTES = 45
MOST_LETTERS = 100
_VERSION = b"\x01"
_NONCE = 12
_STAMP = 8
_BLOCK = 32  # the length of a slip does not tell a phone from a name


class SlipGone(ValueError):
    """The slip is too old, damaged, or somebody else's; the words must be typed again."""


def slip_of(viewer: Viewer, words: str) -> str:
    """A slip that holds the words for this viewer, about 100 characters of base64."""
    text = words.strip()[:MOST_LETTERS].encode()
    filled = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
    stamp = int(clock.now().timestamp()).to_bytes(_STAMP, "big")
    nonce = os.urandom(_NONCE)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, stamp + filled, _bound(viewer))
    return base64.urlsafe_b64encode(_VERSION + nonce + sealed).decode().rstrip("=")


def words_on(viewer: Viewer, slip: str, *, at: dt.datetime | None = None) -> str:
    """The words on a slip of this viewer. Raises SlipGone.

    `at` is the moment it was handed in (a job that carries out what was asked then); without it, now.
    """
    try:
        content = base64.b64decode(slip + "=" * (-len(slip) % 4), altchars=b"-_", validate=True)
        if content[:1] != _VERSION:
            raise SlipGone
        start = 1 + _NONCE
        opened = _cipher(settings.SECRET_KEY).decrypt(content[1:start], content[start:], _bound(viewer))
    except (ValueError, InvalidTag):
        raise SlipGone from None
    age = (at or clock.now()).timestamp() - int.from_bytes(opened[:_STAMP], "big")
    if age > LIVES_MINUTES * 60:
        raise SlipGone
    return opened[_STAMP:].decode().strip()


def _bound(viewer: Viewer) -> bytes:
    return f"slip|{viewer.staff_id or 0}".encode()


@lru_cache(maxsize=2)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"zhike search slip").derive(secret.encode()))
