"""Workbooks (XLSX, XLS, ODS): a child process within limits turns one sheet into the bytes of a CSV file."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from zhike.collect.reading.problem import FileProblem

MOST_BYTES = 200 << 20
_CHUNK = 1 << 20
_FREE_GIVEN, _MOST_GIVEN_RATIO = (
    64 << 20,
    60,
)  # bytes of text a workbook may become: texts can be shared a million times
_REFUSED = 3  # as workbook_child.REFUSED; that module is not imported here, so that its limits stay its own


@dataclass(slots=True)
class Sheets:
    """What a workbook holds: the names of its sheets, and the one that was read."""

    names: list[str] = field(default_factory=list)
    chosen: str = ""


def csv_of_workbook(stream: BinaryIO, byte_count: int, sheet: str, told: Sheets) -> Iterator[bytes]:
    """The sheet as UTF-8 CSV, chunk by chunk; `told` is filled before the first.

    Raises FileProblem: workbook_too_large, workbook_bomb, workbook_protected, workbook_damaged, sheet_unknown,
    too_many_columns, empty_file, foreign_file. The content passes through pipes and never lies on a disk.
    """
    if byte_count > MOST_BYTES:
        raise FileProblem("workbook_too_large")
    with tempfile.TemporaryFile() as errors:  # takes a line of JSON with codes, nothing of the file
        process = subprocess.Popen(
            [sys.executable, "-m", "zhike.collect.reading.workbook_child", sheet],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        watch = threading.Timer(20 + 6 * (byte_count >> 20), process.kill)
        watch.start()
        try:
            _give(process, stream)
            yield from _taken(process, byte_count, told)
            if process.wait() != 0:
                raise _problem(process.returncode, errors)
        finally:
            watch.cancel()
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe and not pipe.closed:
                    pipe.close()


def _give(process: "subprocess.Popen[bytes]", stream: BinaryIO) -> None:
    """Hand the file over; the child takes it whole before it writes, so neither waits for the other."""
    assert process.stdin is not None
    try:
        while chunk := stream.read(_CHUNK):
            process.stdin.write(chunk)
        process.stdin.close()
    except BrokenPipeError:
        process.stdin = None  # it ended early; its exit code tells why


def _taken(process: "subprocess.Popen[bytes]", byte_count: int, told: Sheets) -> Iterator[bytes]:
    assert process.stdout is not None
    head = process.stdout.readline(1 << 20)
    if not head:
        return
    about = json.loads(head)
    told.names, told.chosen = list(about["sheets"]), str(about["sheet"])
    given = 0
    while chunk := process.stdout.read(_CHUNK):
        given += len(chunk)
        if given > _FREE_GIVEN + _MOST_GIVEN_RATIO * byte_count:
            raise FileProblem("workbook_bomb", ratio=_MOST_GIVEN_RATIO)
        yield chunk


def _problem(code: int, errors: Any) -> FileProblem:
    if code == _REFUSED:
        errors.seek(0)
        told = json.loads(errors.read().splitlines()[-1])
        return FileProblem(told["code"], **told["params"])
    # Killed by its own limits: out of memory, out of time.
    return FileProblem("workbook_too_large" if code < 0 or code == 101 else "workbook_damaged")
