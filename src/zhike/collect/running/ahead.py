"""A second process that reads a large file ahead of the one that records it: rows, statements, normal forms, digests.

Reading costs as much as recording; side by side both cores work. What it read crosses a pipe, a line of JSON for some hundred
statements, and never lies on a disk.
"""

import contextlib
import datetime as dt
import logging
import queue
import threading
from collections.abc import Iterator
from typing import Any

import orjson

from zhike.collect.statements.made import Made
from zhike.customers.actions import unpack_statement
from zhike.customers.records import BroughtConsent, Problem
from zhike.kit import processes

log = logging.getLogger(__name__)

LEAST_GROUPS = 20_000  # below this the process would hardly have started when the file is read
_LINES_AHEAD = 16
_CHILD = "zhike.collect.reader_child"
_END: list[Any] = []


class Ahead:
    """What the other process reads, in order. `is_whole` once its end was seen; should it die, the rest is for the caller."""

    def __init__(self, run_id: int, groups_done: int) -> None:
        self.is_whole = False
        self._lines: queue.Queue[bytes] = queue.Queue(_LINES_AHEAD)
        self._left = threading.Event()
        words = ["-m", _CHILD, str(run_id), str(groups_done)]
        self._process = processes.spawn(words, is_read=True)
        self._thread = threading.Thread(target=self._take, name="read-ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Made]:
        while line := self._lines.get():
            told = orjson.loads(line)
            if told == _END:
                self.is_whole = True
                return
            for rows, customer, problems, tags, answers in told:
                yield Made(
                    tuple(rows),
                    customer=unpack_statement(customer) if customer else None,
                    problems=tuple(Problem(*p) for p in problems),
                    tags=tuple(tags),
                    consents=tuple(
                        BroughtConsent(purpose, answer, dt.datetime.fromisoformat(at), is_dated)
                        for purpose, answer, at, is_dated in answers
                    ),
                )
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
            for line in self._process.stdout:
                if not self._put(line):
                    return
        self._put(b"")

    def _put(self, line: bytes) -> bool:
        while not self._left.is_set():
            with contextlib.suppress(queue.Full):
                self._lines.put(line, timeout=0.2)
                return True
        return False
