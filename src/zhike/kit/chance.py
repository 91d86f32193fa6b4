"""The only source of randomness outside cryptography: simulations seed it."""

import secrets
from random import Random

_seeded: Random | None = None


def seed(number: int | None) -> None:
    """Make every later draw repeatable (simulations only); None returns to real chance."""
    global _seeded
    _seeded = None if number is None else Random(number)


def token(nbytes: int = 32) -> str:
    """An unguessable url-safe text of `nbytes` random bytes."""
    if _seeded is None:
        return secrets.token_urlsafe(nbytes)
    return _seeded.randbytes(nbytes).hex()


def public_id() -> str:
    """A 96-bit identifier, 16 url-safe characters, for things that appear in addresses."""
    if _seeded is None:
        return secrets.token_urlsafe(12)
    return _seeded.randbytes(8).hex()
