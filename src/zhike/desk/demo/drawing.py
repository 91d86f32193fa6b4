"""Drawing by weight in constant time: weighted choices are spread over a list once, then picked by one random number."""

from collections.abc import Iterable
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
_SLOTS = 4096


def spread(weighted: Iterable[tuple[T, float]], slots: int = _SLOTS) -> list[T]:
    """Each value as many times as its weight deserves, at least once while there is room."""
    pairs = list(weighted)
    whole = sum(weight for _, weight in pairs)
    filled: list[T] = []
    owed = 0.0
    for value, weight in pairs:
        owed += weight / whole * slots
        count = max(round(owed) - len(filled), 1)
        filled += [value] * count
    return filled


class Picker(Generic[T]):
    """Values drawn as often as their weights say."""

    __slots__ = ("_size", "_slots")

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        self._slots = spread(weighted)
        self._size = len(self._slots)

    def draw(self, chance: Random) -> T:
        """One of them."""
        return self._slots[int(chance.random() * self._size)]


class Table(Picker[str]):
    """Words with weights written side by side: `王 72 李 71`."""

    def __init__(self, text: str) -> None:
        words = text.split()
        super().__init__(zip(words[::2], map(float, words[1::2]), strict=True))
