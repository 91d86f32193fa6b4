"""Acknowledged commits survive a snapshot taken by the very process that commits them.

DuckDB's SQLite scanner is a second copy of SQLite. Loaded in a process that also writes through Python's sqlite3, it
drops that process's file locks when it closes: another process then writes into the middle of an open transaction, and
rows whose commit was acknowledged are gone, with the integrity check content. The product loads it in a child alone.
"""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from tests.analyze.shop_rows import FIRST, Shop
from zhike.analyze import snapshot
from zhike.kit import bulk, changes

SOURCES = Path(__file__).resolve().parents[2] / "src"

# Another process of the house: small writes all the time, as the web process makes them.
NEIGHBOR = """
import django; django.setup()
import sys, time
from django.db import OperationalError, transaction
from zhike.kit import bulk, changes
sys.stdin.readline()
n, ends = 0, time.monotonic() + float(sys.argv[1])
while time.monotonic() < ends or n < 20:
    try:
        with transaction.atomic():
            row = (900000 + n, 1, f"n{n}", f"neighbor {n}", "goods", changes.next_seq())
            bulk.insert_many("shop_product", ["id", "source_id", "sku", "title", "line_kind", "change_seq"], [row])
    except OperationalError:
        continue  # busy for five seconds: not acknowledged, so not counted
    n += 1
    time.sleep(0.002)
print(n)
"""
BATCH, SECONDS = 200, 6.0


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_every_acknowledged_row_survives_snapshots_taken_by_the_committing_process(
    process_environment, tmp_path, monkeypatch
):
    monkeypatch.setattr(snapshot, "lake_folder", lambda: tmp_path / "lake")
    Shop().customers(2000)
    taken: list[int] = []
    stop = threading.Event()

    def keep_snapshotting():
        while not stop.is_set():
            taken.append(snapshot.take(full=len(taken) % 2 == 0).rows)

    neighbor = subprocess.Popen(
        [sys.executable, "-c", NEIGHBOR, str(SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**process_environment, "PYTHONPATH": str(SOURCES)},
    )
    snapshots = threading.Thread(target=keep_snapshotting)
    snapshots.start()
    neighbor.stdin.write("go\n")
    neighbor.stdin.flush()
    acknowledged = 0
    ends = time.monotonic() + SECONDS
    # On a busy machine six seconds are few: it goes on until there is something to tell.
    while time.monotonic() < ends or (snapshots.is_alive() and (len(taken) < 3 or acknowledged < 20 * BATCH)):
        try:
            commit_a_batch(acknowledged)
        except OperationalError:
            continue  # busy for five seconds: not acknowledged, so not counted
        acknowledged += BATCH
        time.sleep(0.03)  # an importer prepares its next batch outside of the transaction
    said, _ = neighbor.communicate(timeout=300)
    stop.set()
    snapshots.join()
    assert neighbor.returncode == 0
    assert len(taken) >= 3, "the snapshots must overlap the commits for this story to mean anything"
    assert acknowledged >= 20 * BATCH and int(said) >= 20
    assert count("shop_product WHERE id < 900000") == acknowledged
    assert count("shop_product WHERE id >= 900000") == int(said)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    snapshot.take()
    parts = {t.table: t.mark for t in snapshot.take().tables}
    assert len(set(parts.values())) == 1


def commit_a_batch(first):
    """An importer-like transaction, held open while a snapshot reads beside it."""
    with transaction.atomic():
        seq = changes.next_seq()
        rows = [(first + n + 1, 1, f"s{first + n}", f"made {FIRST}", "goods", seq) for n in range(BATCH)]
        for half in (rows[: BATCH // 2], rows[BATCH // 2 :]):
            bulk.insert_many("shop_product", ["id", "source_id", "sku", "title", "line_kind", "change_seq"], half)
            time.sleep(0.02)


def count(what):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {what}")
        return cursor.fetchone()[0]


def test_the_scanners_are_loaded_in_the_snapshot_child_and_nowhere_else():
    words = re.compile(
        r"sqlite_scanner|postgres_scanner|sqlite_scan\b|postgres_scan\b|TYPE\s+(sqlite|postgres)\b|ATTACH "
    )
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if words.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"zhike/analyze/snapshot_child.py"}


def test_the_snapshot_child_brings_no_second_sqlite_into_its_process():
    """Neither Django nor sqlite3: the child must hold no lock that the scanner could drop."""
    code = "import sys, zhike.analyze.snapshot_child; print([m for m in ('django', 'sqlite3', '_sqlite3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
