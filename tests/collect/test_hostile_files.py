"""Hostile files: a clear word for each, no process dies, memory and time stay small, and nothing is left half done."""

import io
import resource
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.collect.hostile import FILE_NAMES, FILES
from tests.collect.importing import ORDERS_MAPPING, counted, csv_bytes
from tests.collect.test_pages import uploaded
from tests.spent import spent_s
from zhike.collect import actions, storage
from zhike.collect.models import ImportRun
from zhike.collect.reading import FileProblem
from zhike.collect.reasons import FILES as REASONS
from zhike.collect.reasons import reason_text
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = pytest.mark.django_db

MOST_SECONDS = 10  # of a processor
MOST_MEMORY_KB = 256 << 10


def peaks() -> tuple[int, int]:
    """The most memory this process and any of its children ever held, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.fixture(autouse=True)
def an_empty_place() -> None:
    """Runs count from one again in every test: what an earlier one left would bear the same names."""
    folder = storage.place_of("x").parent
    for file in folder.iterdir() if folder.exists() else ():
        file.unlink()


def sealed_files() -> set[str]:
    folder = storage.place_of("x").parent
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def test_there_are_more_than_sixty_of_them() -> None:
    assert len(FILES) + len(FILE_NAMES) >= 60


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_clear_word_or_read_as_mere_data(name: str) -> None:
    make, codes = FILES[name]
    content = make()
    before, (mine, children) = sealed_files(), peaks()
    run = actions.store_file(io.BytesIO(content), f"{name}.csv", by=BY)
    started = spent_s()
    code = ""
    try:
        actions.describe(run.id, mapping_text=ORDERS_MAPPING, by=BY)
    except FileProblem as problem:
        code = problem.code
        words = reason_text(code, problem.params)
        assert code in REASONS and "%(" not in words and len(words) > 5
    else:
        actions.start_check(run.id, by=BY)
        jobs.run_pending(reraise=False)  # a failure is told on the run
        code = ImportRun.objects.get(id=run.id).error_code
    assert spent_s() - started < MOST_SECONDS
    assert code in (codes or {""}) | ({"columns_missing"} if "" in codes else set()), code
    now, now_children = peaks()
    assert now - mine < MOST_MEMORY_KB
    # A child begins with the pages of the process that starts it, before it becomes another program.
    assert now_children - max(children, mine) < MOST_MEMORY_KB
    kept = ImportRun.objects.get(id=run.id)
    assert sealed_files() - before == {f"{key}.sealed" for key in (kept.file_key, kept.table_key) if key}
    assert not kept.table_key or code in ("", "columns_missing", "no_rows")
    assert counted("shop_order") == counted("customers_customer") == counted("collect_rejectrow") == 0


@pytest.mark.parametrize(
    "name", ["sheet bomb", "external entity of a file", "nested archives", "pdf", "zeros", "a million columns"]
)
def test_the_upload_page_tells_it_too_and_the_house_stands(name: str, as_owner: Client) -> None:
    run = uploaded(as_owner, FILES[name][0]())
    assert run.state == ImportRun.FAILED and run.error_code in FILES[name][1]
    answer = as_owner.get(f"/collect/imports/{run.public_id}/")
    assert answer.status_code == 200
    assert reason_text(run.error_code, run.error_params)[:12] in answer.content.decode()
    assert as_owner.get("/collect/imports/").status_code == 200


@pytest.mark.parametrize("given", FILE_NAMES)
def test_nothing_is_stored_under_a_name_somebody_gives(given: str, as_owner: Client, home: Path) -> None:
    before = sealed_files()
    run = actions.store_file(io.BytesIO(csv_bytes(["a"], [["1"]])), given, by=BY)
    (made,) = sealed_files() - before
    assert made == f"import-{run.id}.sealed"
    shown = ImportRun.objects.get(id=run.id).file_name
    assert not set("/\\\x00\u202e\u200b") & set(shown) and len(shown) <= 200
    assert "<script>alert" not in as_owner.get("/collect/imports/").content.decode()


def test_a_mapping_file_is_no_program_either() -> None:
    for text in (
        "!!python/object/apply:os.system ['touch /tmp/zhike-hostile']",
        "kind: !!python/name:os.system",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "x: " * 200_000,
        "- " * 50_000,
    ):
        run = actions.store_file(io.BytesIO(b"a,b\n1,2\n"), "x.csv", by=BY)
        with pytest.raises(FileProblem, match="mapping_invalid"):
            actions.describe(run.id, mapping_text=text, by=BY)


def test_a_hostile_related_table_is_refused_as_the_file_itself_is() -> None:
    run = actions.store_file(io.BytesIO(b"a,b\n1,2\n"), "x.csv", by=BY)
    for name in ("sheet bomb", "external entity of a file", "one list around everything"):
        with pytest.raises(FileProblem):
            actions.add_related(run.id, "other", io.BytesIO(FILES[name][0]()), by=BY)
    assert ImportRun.objects.get(id=run.id).related == {}


def test_the_reader_of_workbooks_reaches_no_network_and_no_file(monkeypatch: Any) -> None:
    import subprocess
    import sys

    code = (
        "import sys, io; from zhike.collect.reading import workbook_child as c; import socket\n"
        "def no(*a, **k): raise SystemExit(9)\n"
        "socket.socket = no; sys.stdin = io.TextIOWrapper(io.BytesIO(sys.stdin.buffer.read()))\n"
        "raise SystemExit(c.main(''))"
    )
    for name in ("a sheet on the net", "external entity of the net", "links to other workbooks"):
        told = subprocess.run([sys.executable, "-c", code], input=FILES[name][0](), capture_output=True, check=False)
        assert told.returncode in (0, 3), (name, told)
