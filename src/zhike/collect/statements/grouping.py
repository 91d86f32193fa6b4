"""Rows that belong to one order or one customer, brought together without holding the file in memory.

A first pass notes a 64-bit digest of each run of rows with the same key (8 bytes each). Keys that start more than once are
scattered over the file: their rows wait until the last piece has come. The order in which groups come out depends on the
file alone, so the number of groups already recorded is enough to go on after a stop.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from zhike.collect.reading import FileProblem, Row

MOST_WAITING_ROWS = 2_000_000
KeyOf = Callable[[list[str]], str]


@dataclass(slots=True)
class Group:
    """The rows of one order or customer. `earlier` are rows of the same key that the last one replaces."""

    key: str
    rows: list[Row]
    earlier: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file's keys lie. `pieces` counts the runs of rows of each scattered key, by digest of the key."""

    row_count: int
    group_count: int
    pieces: dict[int, int]


def layout_of(rows: Iterable[Row], key_of: KeyOf) -> Layout:
    """The first pass over a file."""
    starts, count, before = array("Q"), 0, None
    for row in rows:
        count += 1
        key = key_of(row.cells)
        if not key:
            before = None
            starts.append(row.number)  # a row without key is a group of its own; numbers never repeat
        elif key != before:
            starts.append(digest_of(key))
            before = key
    numbers, counts = np.unique(np.frombuffer(starts, dtype=np.uint64), return_counts=True)
    scattered = counts > 1
    pieces = dict(zip(numbers[scattered].tolist(), counts[scattered].tolist(), strict=True))
    return Layout(count, len(numbers), pieces)


def groups(rows: Iterable[Row], key_of: KeyOf, layout: Layout, *, last_wins: bool) -> Iterator[Group]:
    """The file's groups, each when its last row has come.

    With `last_wins` a row stands for the whole (a customer, or an order in one row): of several, the last counts.
    Raises FileProblem rows_scattered when too many rows would have to wait.
    """
    waiting: dict[str, Group] = {}
    left: dict[str, int] = {}
    held = 0
    for key, piece in _runs(rows, key_of):
        pieces = layout.pieces.get(digest_of(key)) if key and layout.pieces else None
        if not pieces:
            yield _settled(Group(key, piece), last_wins)
            continue
        group = waiting.setdefault(key, Group(key, []))
        group.rows += piece
        held += len(piece)
        left[key] = left.get(key, pieces) - 1
        if held > MOST_WAITING_ROWS:
            raise FileProblem("rows_scattered", most=MOST_WAITING_ROWS)
        if not left[key]:
            held -= len(group.rows)
            del waiting[key]
            yield _settled(group, last_wins)
    # Two keys with one digest (about one in 10^7 files): their counts never reach zero.
    for group in waiting.values():
        yield _settled(group, last_wins)


def digest_of(key: str) -> int:
    """64 bits of a key."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _runs(rows: Iterable[Row], key_of: KeyOf) -> Iterator[tuple[str, list[Row]]]:
    key, piece = "", list[Row]()
    for row in rows:
        found = key_of(row.cells)
        if piece and found == key and found:
            piece.append(row)
            continue
        if piece:
            yield key, piece
        key, piece = found, [row]
    if piece:
        yield key, piece


def _settled(group: Group, last_wins: bool) -> Group:
    if last_wins and len(group.rows) > 1:
        group.earlier = [row.number for row in group.rows[:-1]]
        group.rows = group.rows[-1:]
    return group
