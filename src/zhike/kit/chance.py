"""The only source of randomness outside cryptography: simulations seed it."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from random import Random, SystemRandom
from typing import TypeVar

from zhike.kit import clock

T = TypeVar("T")

_seeded: Random | None = None


def seed(number: int | None) -> None:
    """Make every later draw repeatable (simulations only); None returns to real chance."""
    global _seeded
    _seeded = None if number is None else Random(number)


def token(nbytes: int = 32) -> str:
    """An unguessable url-safe text of `nbytes` random bytes."""
    if _seeded is None:
        return secrets.token_urlsafe(nbytes)
    return urlsafe_b64encode(_seeded.randbytes(nbytes)).rstrip(b"=").decode()  # as long as a real one: columns are


def public_id() -> str:
    """A 96-bit random identifier behind 24 bits of time, 20 url-safe characters, for things that appear in addresses.

    The time makes what is recorded together lie together: wholly random ones touched a page of their index each, a fifth
    of all an import of a million customers wrote. It tells when a thing was recorded, no more; it repeats after 194 days.
    """
    if _seeded is None:
        second = int(clock.now().timestamp()) & 0xFFFFFF
        return urlsafe_b64encode(second.to_bytes(3, "big") + secrets.token_bytes(12)).decode()
    return _seeded.randbytes(8).hex()


def public_ids(count: int) -> list[str]:
    """So many identifiers at once, as `public_id` makes them, at a third of the cost each."""
    if _seeded is not None:
        return [public_id() for _ in range(count)]
    second = (int(clock.now().timestamp()) & 0xFFFFFF).to_bytes(3, "big")
    drawn = secrets.token_bytes(12 * count)
    return [urlsafe_b64encode(second + drawn[at : at + 12]).decode() for at in range(0, 12 * count, 12)]


def sample(things: Sequence[T], count: int) -> list[T]:
    """`count` of these (all, where there are fewer), each as likely as any other, in the order they stood."""
    drawn = (_seeded or SystemRandom()).sample(range(len(things)), min(count, len(things)))
    return [things[place] for place in sorted(drawn)]
