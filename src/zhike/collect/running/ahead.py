"""A second process that reads a large file ahead of the one that records it: rows, statements, normal forms, digests, seals, cards.

Reading costs as much as recording; side by side both cores work. What it read crosses a pipe, JSON and bytes beside it for
some hundred groups of rows at a time, and never lies on a disk.
"""

import contextlib
import datetime as dt
import fcntl
import logging
import queue
import threading
from collections.abc import Iterator
from typing import IO, Any

import orjson

from zhike.collect.statements.made import Made
from zhike.customers.actions import ids_to_draft, unpack_statements
from zhike.customers.records import BroughtConsent, Problem
from zhike.kit import processes
from zhike.shop.actions import unpack_orders

log = logging.getLogger(__name__)

LEAST_ROWS = 20_000  # below this the process would hardly have started when the file is read
_PARTS_AHEAD = 64  # of 200 groups: while the recording process lays lookups and name tokens, reading goes on
_PIPE_BYTES = 1 << 20
_CHILD = "zhike.collect.reader_child"
Part = tuple[bytes, bytes]


class Ahead:
    """What the other process reads, in order. `is_whole` once its end was seen; should it die, the rest is for the caller."""

    def __init__(self, run_id: int, groups_done: int, groups_left: int, *, of_orders: bool = False) -> None:
        self.is_whole, self._of_orders = False, of_orders
        self._parts: queue.Queue[Part | None] = queue.Queue(_PARTS_AHEAD)
        self._left = threading.Event()
        words = ["-m", _CHILD, str(run_id), str(groups_done), *map(str, ids_to_draft(groups_left))]
        self._process = processes.spawn(words, is_read=True)
        _widen(self._process.stdout)
        self._thread = threading.Thread(target=self._take, name="read-ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Made]:
        while part := self._parts.get():
            told, beside = part
            groups, stated = orjson.loads(told)
            if not groups:
                self.is_whole = True
                return
            unpack = unpack_orders if self._of_orders else unpack_statements
            yield from _made(groups, iter(unpack(stated, beside)), of_orders=self._of_orders)
        log.warning("the process that reads ahead ended early; reading goes on without it")

    def close(self) -> None:
        """End the process, whatever it still has to say."""
        self._left.set()
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _take(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while part := _part(self._process.stdout):
                if not self._put(part):
                    return
        self._put(None)

    def _put(self, part: Part | None) -> bool:
        while not self._left.is_set():
            with contextlib.suppress(queue.Full):
                self._parts.put(part, timeout=0.2)
                return True
        return False


def _widen(pipe: IO[bytes] | None) -> None:
    """Let the pipe hold some parts (Linux): in one of 64 kB the other process waits for this one in the middle of each part."""
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _made(groups: list[Any], stated: Iterator[Any], *, of_orders: bool) -> Iterator[Made]:
    for rows, is_stated, problems, tags, answers, repeated_rows in groups:
        one = next(stated) if is_stated else None
        if not (problems or tags or answers or repeated_rows):  # of nearly every row there is nothing else to say
            yield Made(tuple(rows), one, None) if of_orders else Made(tuple(rows), None, one)
            continue
        yield Made(
            tuple(rows),
            order=one if of_orders else None,
            customer=None if of_orders else one,
            problems=tuple([Problem(*p) for p in problems]) if problems else (),
            tags=tuple(tags),
            consents=tuple(map(_answer, answers)) if answers else (),
            repeated_rows=repeated_rows,
        )


def _part(pipe: IO[bytes]) -> Part | None:
    """The next part: a line with the sizes of JSON and bytes, then these. None at the end, and for a part cut short."""
    head = pipe.readline().split()
    if len(head) != 2:
        return None
    sizes = int(head[0]), int(head[1])
    told, beside = pipe.read(sizes[0]), pipe.read(sizes[1])
    return (told, beside) if (len(told), len(beside)) == sizes else None


def _answer(said: list[Any]) -> BroughtConsent:
    purpose, answer, at, is_dated = said
    return BroughtConsent(purpose, answer, dt.datetime.fromisoformat(at), is_dated)
