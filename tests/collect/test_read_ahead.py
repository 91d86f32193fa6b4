"""A large file of customers is read by a second process ahead of the one that records it; what comes in is the same."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from tests.collect.importing import HEADERS, brought, counted, csv_bytes, found, order_row, planned, state
from zhike.collect import actions
from zhike.collect.running import ahead, laying, pace
from zhike.customers.actions import IndexBuffer, finish
from zhike.kit import failpoints, ids, jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

MAPPING = """
kind: customers
platform: test_shop
customer:
  keys: [{platform_id: no}]
  fields: {name: name, phone: phone, email: email, address: address}
  joins: [email]
  tags: tags
"""
ROWS = [
    [
        f"n{n}" if n % 41 else "",
        f"王{n % 31}娟",
        f"1380013{n:04d}" if n % 7 else "138****0000",
        f"a{n % 150}@example.com" if n % 3 else "no address",
        "浙江省 杭州市 西湖区 文三路1号",
        "茶客,新客" if n % 5 == 0 else "",
    ]
    for n in range(600)
] + [["n7", "李四", "", "", "", ""]]
CONTENT = csv_bytes(["no", "name", "phone", "email", "address", "tags"], ROWS)


ORDERS = csv_bytes(
    HEADERS,
    [
        order_row(
            f"O{n // 3}",
            f"c{n % 37}" if n % 5 else "",
            sku="POST" if n % 7 == 0 else f"S{n % 13}",
            price=f"{n % 50}.{n % 100:02d}" if n % 101 else "oops",
            name=f"王{n % 37}",
            phone=f"1380000{n % 37:04d}",
        )
        for n in range(600)
    ]
    + [order_row("O3", "c7", sku="LATE"), order_row("", "c7")],
)


def whole(content: bytes = CONTENT, **how: str) -> dict:
    run = brought(content, **(how or {"kind": "customers", "mapping": MAPPING}))
    assert run.state == "done", run.error_code
    return {"state": state(), "counts": dict(run.counts), "rejects": counted("collect_rejectrow")}


@pytest.fixture
def truth(django_db_blocker):
    """What the file leaves when one process does everything, then an empty database again."""
    from tests import emptying
    from zhike.kit import ids

    left = whole()
    for alias in ("default", "keyring"):
        emptying.empty(alias)
    ids.forget_blocks()
    return left


def test_what_is_read_ahead_leaves_what_one_process_leaves(truth, monkeypatch):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    seen = []
    usual = ahead.Ahead.__iter__
    monkeypatch.setattr(ahead.Ahead, "__iter__", lambda self: (seen.append(made) or made for made in usual(self)))
    assert whole() == truth
    assert len(seen) == truth["counts"]["seen"] and truth["counts"]["rejected"] > 0


def test_lookups_laid_while_the_import_records_are_those_laid_at_its_end(truth, monkeypatch):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    monkeypatch.setattr(finish, "BUFFER", 60)
    monkeypatch.setattr(pace, "START_ROWS", 50)
    monkeypatch.setattr(pace, "MOST_ROWS", 50)
    by, usual = [], laying._lay
    monkeypatch.setattr(laying, "_lay", lambda buffer: (by.append(threading.current_thread().name), usual(buffer)))
    assert whole() == truth
    beside = connection.vendor == "postgresql"
    assert len(by) > 3 and {name == "lay-lookups" for name in by} == {beside}
    assert not [t for t in threading.enumerate() if t.name == "lay-lookups"]


def test_what_goes_wrong_while_lookups_are_laid_is_raised_by_who_records(monkeypatch):
    def broken(buffer):
        raise RuntimeError("no room")

    monkeypatch.setattr(laying, "_lay", broken)
    beside = laying.Laying()
    with pytest.raises(RuntimeError, match="no room"):
        beside.lay(IndexBuffer())
        beside.end()
    beside.end()


def test_the_journal_is_cut_off_once_it_was_written_back(monkeypatch):
    if connection.vendor != "sqlite":
        assert pace.keep_journal_short() is None
        return
    journal = Path(f"{connection.settings_dict['NAME']}-wal")
    monkeypatch.setattr(pace, "_MOST_WAL_BYTES", 0)
    with pace.rare_checkpoints():
        ids.take("journal", 1)
        assert journal.stat().st_size > 0
        pace.keep_journal_short()
        assert journal.stat().st_size == 0


def test_orders_read_ahead_leave_what_one_process_leaves(monkeypatch):
    from tests import emptying
    from zhike.kit import ids

    left = whole(ORDERS, kind="orders")
    again = brought(ORDERS, kind="orders")
    for alias in ("default", "keyring"):
        emptying.empty(alias)
    ids.forget_blocks()
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    assert whole(ORDERS, kind="orders") == left and left["counts"]["rejected"] > 0
    repeated = brought(ORDERS, kind="orders")
    assert repeated.counts == again.counts and repeated.counts["new"] == 0


@pytest.mark.long_on_postgresql
def test_when_the_reader_dies_the_recorder_reads_the_rest_itself(truth, monkeypatch):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    usual = ahead.Ahead.__iter__

    def cut_short(self):
        for count, made in enumerate(usual(self)):
            if count == 130:
                return
            yield made

    monkeypatch.setattr(ahead.Ahead, "__iter__", cut_short)
    assert whole() == truth


@pytest.mark.long_on_postgresql
def test_a_reader_that_cannot_start_costs_time_and_nothing_else(truth, monkeypatch):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    monkeypatch.setattr(ahead, "_CHILD", "zhike.collect.reader_that_is_not_there")
    assert whole() == truth


@pytest.mark.long_on_postgresql
def test_an_import_paused_while_reading_ahead_goes_on_from_its_cursor(truth, monkeypatch):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    run = planned(CONTENT, kind="customers", mapping=MAPPING)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    hits = []

    def pause_once(name: str) -> None:
        hits.append(name)
        if hits.count("collect.after_batch") == 1 and name == "collect.after_batch":
            actions.pause_import(run.id, by=LOCAL_OPERATOR)

    with monkeypatch.context() as pausing:
        pausing.setattr(failpoints, "hit", pause_once)
        jobs.run_pending()
    assert found(run).state == "paused" and 0 < dict(found(run).counts)["seen"] < truth["counts"]["seen"]
    actions.resume_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert found(run).state == "done"
    assert state() == truth["state"] and dict(found(run).counts) == truth["counts"]


@pytest.mark.long_on_postgresql
def test_the_reader_leaves_no_process_and_no_file_behind(truth, monkeypatch, home):
    monkeypatch.setattr(ahead, "LEAST_ROWS", 1)
    started = []
    usual = ahead.processes.spawn
    monkeypatch.setattr(ahead.processes, "spawn", lambda *a, **k: started.append(usual(*a, **k)) or started[-1])
    before = {p for p in home.rglob("*") if p.is_file() and "files" not in p.parts}
    assert whole() == truth
    assert [process.poll() is not None for process in started] == [True]
    after = {p for p in home.rglob("*") if p.is_file() and "files" not in p.parts}
    assert {p.name for p in after - before} <= {p.name for p in before} | {"zhike.sqlite3-wal", "zhike.sqlite3-shm"}
