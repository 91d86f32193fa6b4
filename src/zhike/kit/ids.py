"""64-bit ids known before the row is inserted: handed out in blocks, one space per table family."""

import os
import threading

from django.db import connections

BLOCK_SIZE = 1000

_lock = threading.Lock()
_cached: dict[tuple[str, str], range] = {}

_ALLOCATE = (
    "INSERT INTO kit_id_block (space, next_id) VALUES (%s, %s) "
    "ON CONFLICT (space) DO UPDATE SET next_id = kit_id_block.next_id + %s RETURNING next_id"
)


def take(space: str, count: int = 1, *, using: str = "default") -> range:
    """The next `count` ids of a space, ascending and never handed out twice by any process.

    Outside a transaction they come from a block this process keeps, one write per thousand ids. Inside one they are
    allocated exactly and a rollback returns ids and rows together; on PostgreSQL that holds the space's row until
    commit, so bulk work takes its ids before it opens its transaction.
    """
    if count < 1:
        return range(0)
    if connections[using].in_atomic_block:
        return _allocate(space, count, using)
    with _lock:
        kept = _cached.get((using, space), range(0))
        if len(kept) < count:
            kept = _allocate(space, max(count, BLOCK_SIZE), using)
        _cached[using, space] = kept[count:]
        return kept[:count]


def given(space: str, *, using: str = "default") -> int:
    """How many ids of a space have been given out, as far as it is committed: a mark that moves when more are taken."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT next_id FROM kit_id_block WHERE space = %s", [space])
        found = cursor.fetchone()
    return int(found[0]) - 1 if found else 0


def forget_blocks() -> None:
    """Drop the blocks this process keeps (after a restore, a flush in tests, or a fork)."""
    _cached.clear()


def _allocate(space: str, count: int, using: str) -> range:
    with connections[using].cursor() as cursor:
        cursor.execute(_ALLOCATE, [space, 1 + count, count])
        (next_id,) = cursor.fetchone()
    return range(next_id - count, next_id)


# A forked child must not hand out the ids its parent still keeps.
os.register_at_fork(after_in_child=forget_blocks)
