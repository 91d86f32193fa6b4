"""Files beyond measure: refused with a reason, and the memory they take does not grow with them."""

import errno
import io
import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.collect.importing import HEADERS, csv_bytes, found, order_row, planned
from zhike.collect import actions, storage
from zhike.collect.models import ImportRun
from zhike.collect.reading import FileProblem
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR

MEGABYTES = 300
MOST_GROWTH_MB = 64

# Runs in a process of its own: what it reports as its greatest size is then the reading's and nobody else's.
_READING = """
import io, json, resource, sys
from zhike.collect.reading import FileProblem, open_table

class Made(io.RawIOBase):
    def __init__(self, head, piece, count):
        self.head, self.piece, self.left, self.rest = head, piece, count, b""
    def readable(self):
        return True
    def readinto(self, buffer):
        if not self.rest:
            if self.head:
                self.rest, self.head = self.head, b""
            elif self.left:
                self.rest, self.left = self.piece, self.left - 1
        taken, self.rest = self.rest[:len(buffer)], self.rest[len(buffer):]
        buffer[:len(taken)] = taken
        return len(taken)

head, piece, count = (sys.argv[1].encode(), sys.argv[2].encode() * (1 << 20 >> len(sys.argv[2]).bit_length() - 1), int(sys.argv[3]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
code, rows = "", 0
try:
    for row in open_table(lambda: io.BufferedReader(Made(head, piece, count))).rows():
        rows += 1
except FileProblem as problem:
    code = problem.code
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"code": code, "rows": rows, "grown_mb": (after - before) / 1024}))
"""


def read(head: str, piece: str) -> dict[str, Any]:
    """What reading a head and then 300 MB of a piece comes to: the refusal's code, rows, growth of memory in MB."""
    done = subprocess.run([sys.executable, "-c", _READING, head, piece, str(MEGABYTES)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("head", "piece", "code"),
    [
        ("a,b\n1,", "x", "record_too_long"),  # one line that never ends
        ('a,b\n1,"', "x,y\n\n\n\n", "record_too_long"),  # a quotation nobody closes
        ("", "x", "record_too_long"),  # not even a header
    ],
    ids=["one line", "open quotation", "no header"],
)
def test_three_hundred_megabytes_without_an_end_are_refused_with_flat_memory(head: str, piece: str, code: str) -> None:
    came = read(head, piece)
    assert came["code"] == code
    assert came["grown_mb"] < MOST_GROWTH_MB


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x00\x01\x02" * 400, "binary_file"),
        (csv_bytes(HEADERS, [order_row("O1", "c1")]) + b'O2,"cut off', "unclosed_quote"),
        (csv_bytes(HEADERS, [order_row("O1", "c1")]) + b"O2,\xff\xfe\xff,\x80", "encoding_unknown"),
        (",".join(f"c{n}" for n in range(2_500)).encode() + b"\n", "too_many_columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_on_its_way_in(content: bytes, code: str) -> None:
    assert refusal(content) == code


def refusal(content: bytes) -> str:
    """Why a file was refused, be it when it was described or when it was checked."""
    try:
        run = planned(content)
    except FileProblem as problem:
        return problem.code
    actions.start_check(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending(reraise=False)
    return found(run).error_code


class _Full:
    """A writer whose disk is full from its second chunk on."""

    def __init__(self, really: Any) -> None:
        self._really, self._written = really, 0

    def write(self, chunk: bytes) -> None:
        self._written += 1
        if self._written > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._really.write(chunk)

    def close(self) -> None:
        self._really.close()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    really = storage.vault.file_writer
    monkeypatch.setattr(storage.vault, "file_writer", lambda key, place: _Full(really(key, place)))


@pytest.mark.django_db
def test_a_disk_that_is_full_while_a_file_comes_is_told_and_nothing_is_left(full_disk: None) -> None:
    folder = storage.place_of("x").parent
    before = set(folder.glob("*.sealed"))  # what other stories of this run brought in
    with pytest.raises(FileProblem) as caught:
        actions.store_file(io.BytesIO(b"x" * (3 << 20)), "orders.csv", by=LOCAL_OPERATOR)
    assert caught.value.code == "disk_full"
    assert not ImportRun.objects.exists()
    assert set(folder.glob("*.sealed")) <= before


@pytest.mark.django_db
def test_a_disk_that_is_full_during_an_upload_is_told_on_the_page(full_disk: None, as_owner: Client) -> None:
    file = SimpleUploadedFile("orders.csv", b"x" * (3 << 20))
    answer = as_owner.post("/collect/imports/new/", {"file": file}, headers={"accept-language": "en"})
    assert answer.status_code == 200 and "The disk is full" in answer.content.decode()
    assert not ImportRun.objects.exists()
