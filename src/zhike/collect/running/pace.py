"""How much goes into one transaction: the database is held shortly while people work, longer while nobody does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from zhike.kit.presence import people_are_here

LEAST_ROWS, START_ROWS, MOST_ROWS = 100, 500, 5_000
SHORT_HOLD_S, LONG_HOLD_S = 0.015, 0.400
_MOST_WAL_BYTES = 64 << 20
_CACHE_BYTES = 256 << 20
_PAGE_BYTES = 4096
_ASK_EVERY_S = 2.0
# PostgreSQL knows nothing yet of the source that is being brought in, and its costs are those of turning disks.
_POINT_PLANS = {"max_parallel_workers_per_gather": "0", "random_page_cost": "1.1", "jit": "off"}


class Pace:
    """Rows for the next batch, adapted to how long the last transactions held the database."""

    def __init__(self) -> None:
        self.rows = float(START_ROWS)
        self._asked = -1e9
        self._hold_s = LONG_HOLD_S

    @contextmanager
    def measured(self, row_count: int) -> Iterator[None]:
        """Time a transaction of so many rows and adapt."""
        started = time.monotonic()
        yield
        self.learn(row_count, time.monotonic() - started)

    def learn(self, row_count: int, seconds: float) -> None:
        """Aim at the allowed hold; never more than twice or less than half of before at once."""
        if not row_count:
            return
        wanted = row_count * self._allowed_s() / max(seconds, 1e-6)
        self.rows = min(max(wanted, self.rows / 2, LEAST_ROWS), self.rows * 2, MOST_ROWS)

    def _allowed_s(self) -> float:
        moment = time.monotonic()
        if moment - self._asked > _ASK_EVERY_S:
            self._asked = moment
            self._hold_s = SHORT_HOLD_S if people_are_here() else LONG_HOLD_S
        return self._hold_s


@contextmanager
def rare_checkpoints() -> Iterator[None]:
    """Let SQLite's journal grow to 64 MB before it is written back, not to 16: pages a long import changes again and again
    are written once. And keep the pages that every batch comes back to: of a million customers the indexes that names,
    places and identifiers fall into at random are 200 MB. Only while nobody is there: each batch then holds the database a
    little longer. A journal of 256 MB with the whole file mapped was slower: 3,294 rows a second against 3,751."""
    if connection.vendor != "sqlite" or people_are_here():
        yield
        return
    usual = {name: _pragma(name) for name in ("wal_autocheckpoint", "cache_size")}
    _pragma(f"wal_autocheckpoint={_MOST_WAL_BYTES // _PAGE_BYTES}")
    _pragma(f"cache_size=-{_CACHE_BYTES // 1024}")
    try:
        yield
    finally:
        for name, value in usual.items():
            _pragma(f"{name}={value}")
        _pragma("shrink_memory")


def _pragma(asked: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {asked}")
        row = cursor.fetchone()
        return int(row[0]) if row else 0


@contextmanager
def plans_for_few_rows() -> Iterator[None]:
    """On PostgreSQL, plan the questions of a batch for what they are: a thousand rows by their keys, not a walk through a
    table with two more processes, which cost more to start than the answer."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET {name} = {value}" for name, value in _POINT_PLANS.items()))
    try:
        yield
    finally:
        if not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"RESET {name}" for name in _POINT_PLANS))


def keep_journal_short() -> None:
    """Write SQLite's journal back once it passes 64 MB, so that it cannot grow without end under a long import.

    And cut it off: a journal that is only begun anew keeps its length, and would be written back after every batch.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    journal = Path(f"{connection.settings_dict['NAME']}-wal")
    if journal.exists() and journal.stat().st_size > _MOST_WAL_BYTES:
        _pragma("wal_checkpoint(TRUNCATE)")
