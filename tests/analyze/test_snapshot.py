"""The lake holds what the database holds: at first, after changes, and after what was taken back."""

import datetime as dt
import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random

import duckdb
import pytest
from django.db import connection, transaction

from tests.analyze.shop_rows import FIRST, Shop
from zhike.analyze import snapshot
from zhike.analyze.lake_files import TableFolder, newest_rows
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.kit import changes
from zhike.secure import fields

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_lake(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "lake_folder", lambda: tmp_path / "lake")


def lake_rows(name):
    """A lake table as it stands, by its key, read by DuckDB alone."""
    engine = duckdb.connect()
    for table in LAKE_TABLES:
        folder = TableFolder(snapshot.lake_folder(), table.name)
        sql = newest_rows(folder, folder.read(), table.key, [c.name for c in table.columns])
        if table.live:
            sql = f"SELECT * FROM ({sql}) WHERE {table.live[0]} IN (SELECT {table.live[2]} FROM {table.live[1]})"
        engine.execute(f"CREATE VIEW {table.name} AS {sql}")
    found = engine.execute(f"SELECT * FROM {name} ORDER BY 1")
    names = [c[0] for c in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def everything():
    return {table.name: lake_rows(table.name) for table in LAKE_TABLES}


def test_a_first_snapshot_holds_every_row_with_its_moment_in_utc():
    shop = Shop()
    (ann,) = shop.customers(1)
    at = dt.datetime(2026, 3, 1, 23, 30, 15, 250000, tzinfo=dt.UTC)
    (order,) = shop.orders([(ann, at, 1999)])
    report = snapshot.take()
    assert {t.table: (t.mode, t.rows) for t in report.tables}["orders"] == ("full", 1)
    (row,) = lake_rows("orders")
    assert (row["order_id"], row["net_cents"], row["ordered_at"]) == (order, 1999, at.replace(tzinfo=None))
    assert row["paid_at"] is None


def test_nothing_changed_reads_nothing():
    Shop().customers(50)
    snapshot.take()
    again = snapshot.take()
    if connection.vendor == "sqlite":
        assert again.rows == 0
    assert {t.mode for t in again.tables} == {"incremental"}


def test_an_increment_reads_only_what_changed():
    shop = Shop()
    ids = shop.customers(500)
    shop.orders([(i, FIRST, 100) for i in ids])
    snapshot.take()
    snapshot.take()
    shop.change("customers_customer", ids[3], root_id=ids[4])
    report = {t.table: t.rows for t in snapshot.take().tables}
    assert report == {
        "orders": 0, "order_lines": 0, "products": 0, "contacts": 0, "tracked_events": 0, "visitors": 0,
        "stage_moves": 0, "source_records": 0, "customers": 1, "cards": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "seed",
    [0, pytest.param(1, marks=pytest.mark.long_on_postgresql), pytest.param(2, marks=pytest.mark.long_on_postgresql)],
)
def test_increments_after_random_changes_equal_a_full_snapshot(seed):
    random, shop = Random(seed), Shop()
    customers = shop.customers(40)
    orders = shop.orders([(random.choice([*customers, None]), FIRST + dt.timedelta(hours=n), n * 7) for n in range(80)])
    version, root_of = 100_000, {}

    def become(customer, **what):
        """A customer changes with the cards of the roots it concerns, as archiving, merging and taking apart do."""
        shop.change("customers_customer", customer, **what)
        roots = {customer, root_of.get(customer, customer), what.get("root_id", customer)}
        root_of[customer] = what.get("root_id", root_of.get(customer, customer))
        for root in roots:
            shop.change("customers_customercard", root, stage="current")

    for _ in range(6):
        for _ in range(12):
            version += 1
            restate = partial(shop.restate, random.choice(orders), version, random.randrange(9999))
            random.choice(
                [
                    restate,
                    lambda: customers.extend(shop.customers(2)),
                    lambda: orders.extend(shop.orders([(random.choice(customers), FIRST, random.randrange(9999))])),
                    lambda: shop.change("shop_order", random.choice(orders), current_version_id=None),
                    lambda: become(random.choice(customers), archived_at=FIRST),
                    lambda: become(random.choice(customers), archived_at=None),
                    lambda: become(random.choice(customers), root_id=random.choice(customers)),
                    lambda: shop.change(
                        "customers_sourcerecord", random.choice(customers[:40]), customer_id=customers[0]
                    ),
                    lambda: shop.change("customers_customercard", random.choice(customers), city="宁波"),
                ]
            )()
        snapshot.take()
    grown = everything()
    snapshot.take(compact=True)
    assert everything() == grown
    snapshot.take(full=True)
    assert everything() == grown


def test_an_undone_order_leaves_the_lake_with_its_lines():
    shop = Shop()
    (ann,) = shop.customers(1)
    kept, undone = shop.orders([(ann, FIRST, 100), (ann, FIRST, 200)])
    snapshot.take()
    shop.change("shop_order", undone, current_version_id=None)
    snapshot.take()
    assert [row["order_id"] for row in lake_rows("orders")] == [kept]
    assert [row["amount_cents"] for row in lake_rows("order_lines")] == [100]
    shop.change("shop_order", undone, current_version_id=undone * 10)
    snapshot.take()
    assert [row["amount_cents"] for row in lake_rows("order_lines")] == [100, 200]


def test_compaction_forgets_what_is_gone_and_keeps_the_old_files_for_an_hour():
    shop = Shop()
    ids = shop.customers(10)
    snapshot.take()
    shop.change("customers_customer", ids[0], archived_at=FIRST)
    snapshot.take(compact=True)
    folder = TableFolder(snapshot.lake_folder(), "customers")
    manifest = folder.read()
    assert manifest.deltas == []
    assert manifest.base_rows == 9
    assert set(manifest.retired) <= {p.name for p in folder.path.iterdir()}
    for name in manifest.retired:
        manifest.retired[name] = "2026-01-01T00:00:00+00:00"
        os.utime(folder.path / name, (0, 0))
    folder.publish(manifest)
    snapshot.take()
    assert {p.name for p in folder.path.glob("*.parquet")} == {*folder.read().base, *folder.read().deltas}


def test_a_lake_of_another_database_or_another_shape_is_rebuilt():
    shop = Shop()
    shop.customers(3)
    snapshot.take()
    folder = TableFolder(snapshot.lake_folder(), "customers")
    for change in ({"shape": "older"}, {"origin": "elsewhere"}, {"mark": 10**15}):
        stored = json.loads((folder.path / "manifest.json").read_text())
        (folder.path / "manifest.json").write_text(json.dumps({**stored, **change}))
        modes = {t.table: t.mode for t in snapshot.take().tables}
        assert modes["customers"] == "full"
        assert modes["orders"] == "incremental"


def test_a_broken_manifest_means_no_snapshot_and_is_rebuilt():
    Shop().customers(3)
    snapshot.take()
    folder = TableFolder(snapshot.lake_folder(), "customers")
    (folder.path / "manifest.json").write_text('{"shape": ')
    assert folder.read() is None
    assert {t.table: t.mode for t in snapshot.take().tables}["customers"] == "full"


def test_a_snapshot_that_cannot_read_says_so_and_leaves_the_lake_as_it_was(monkeypatch):
    Shop().customers(3)
    snapshot.take()
    before = everything()
    wrong = {"engine": "sqlite", "address": "/nowhere/zhike.sqlite3", "origin": "x"}
    monkeypatch.setattr(snapshot, "_database", lambda: wrong)
    with pytest.raises(snapshot.SnapshotFailed):
        snapshot.take()
    assert everything() == before


def test_a_late_commit_with_a_smaller_change_number_is_not_missed():
    """PostgreSQL numbers transactions when they start to write; the one that commits last may have the smaller number."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: numbers are in commit order")
    shop = Shop()
    ids = shop.customers(2)
    snapshot.take()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            early = cursor.fetchone()[0]
        shop.change("customers_customer", ids[1], root_id=ids[0])
        with transaction.atomic():
            assert changes.next_seq() > early
        snapshot.take()  # sees the later one, and must not move its mark beyond the open one
        with other.cursor() as cursor:
            cursor.execute("UPDATE customers_customer SET root_id = 77, change_seq = %s WHERE id = %s", [early, ids[0]])
        other.commit()
    finally:
        other.close()
    snapshot.take()
    assert {row["customer_id"]: row["root_id"] for row in lake_rows("customers")} == {ids[0]: 77, ids[1]: ids[0]}


def test_the_lake_holds_no_personal_value():
    """Columns that come from fields of the catalogue are those the catalogue lets into the lake; no name is on disk."""
    shop = Shop()
    shop.customers(5)
    snapshot.take()
    for table in LAKE_TABLES:
        for column in table.columns:
            if column.field:
                assert fields.field(column.field).lake in ("value", "code", "flag"), column.name
    for part in snapshot.lake_folder().rglob("*.parquet"):
        assert "王小明" not in str(duckdb.execute(f"SELECT * FROM read_parquet('{part}')").fetchall())


def test_a_snapshot_keeps_to_its_memory_however_many_rows_there_are():
    shop = Shop()
    ids = shop.customers(2000)
    shop.orders([(ids[n % 2000], FIRST + dt.timedelta(minutes=n), n) for n in range(100_000)])
    report = snapshot.take(memory_mb=96)
    assert report.rows > 200_000
    assert report.peak_memory_bytes < 300_000_000  # the interpreter and DuckDB itself included


def test_two_snapshots_at_once_wait_for_each_other():
    shop = Shop()
    ids = shop.customers(300)
    shop.orders([(i, FIRST, 100) for i in ids])
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda full: snapshot.take(full=full), [True, False, True, False]))
    assert len(reports) == 4
    assert len(lake_rows("orders")) == 300
