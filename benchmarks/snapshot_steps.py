"""The steps of the snapshot benchmark, each a process: fill, snapshot, iterator, gathered, change, increment, rfm."""

import datetime as dt
import itertools
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FIRST = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
_CHUNK = 50_000


def fill(customers: int, orders: int, lines: int) -> dict[str, float]:
    """Customers with cards and records, orders spread unevenly over them and three years, lines."""
    from django.core.management import call_command

    call_command("migrate", database="default", interactive=False, verbosity=0)
    chance = random.Random(11)
    rows = 0
    rows += _put(
        "customers_customer", "id public_id number kind root_id is_root created_at change_seq", _people(customers)
    )
    records = ((i, 1, f"id:{i}", i, FIRST, 1) for i in range(1, customers + 1))
    rows += _put("customers_sourcerecord", "id source_id external_key customer_id created_at change_seq", records)
    rows += _put("customers_customercard", _CARD, _cards(customers))
    products = ((i, 1, f"S{i}", f"Tea {i}", "goods", 1) for i in range(1, 3001))
    rows += _put("shop_product", "id source_id sku title line_kind change_seq", products)
    rows += _put("shop_order", _ORDER, _orders(chance, customers, orders, lines))
    goods = (
        (o * lines + n, o, n, 1 + (o + n) % 3000, "", "goods", 1, "9.90", 990, False)
        for o in range(1, orders + 1)
        for n in range(lines)
    )
    rows += _put(
        "shop_orderline",
        "id version_id line_no product_id title kind quantity unit_price amount_cents is_repeat",
        goods,
    )
    _count_changes()
    return {"rows": rows}


_CARD = (
    "customer_id number kind name name_sort sex country province city district has_phone has_email owner_staff_id stage "
    "order_count net_cents rfm_class rfm_cell values origins created_at updated_at change_seq"
)
_ORDER = (
    "id public_id source_id external_id source_record_id no_customer_why current_version_id ordered_at kind status currency "
    "goods_cents postage_cents fee_cents refund_cents total_cents net_cents line_count item_count change_seq"
)


def _people(count: int) -> Iterator[tuple[Any, ...]]:
    return ((i, f"c{i}", f"K{i}", "person", i, True, FIRST, 1) for i in range(1, count + 1))


def _cards(count: int) -> Iterator[tuple[Any, ...]]:
    for i in range(1, count + 1):
        person = (i, f"K{i}", "person", f"客{i}", "ke", "", "", "浙江", "杭州", "", True, False, None, "current")
        yield *person, 0, 0, "", "", {}, {}, FIRST, FIRST, 1


def _orders(chance: random.Random, customers: int, orders: int, lines: int) -> Iterator[tuple[Any, ...]]:
    for i in range(1, orders + 1):
        who = 1 + int(customers * chance.random() ** 2)
        at = FIRST + dt.timedelta(seconds=chance.randrange(3 * 365 * 86400))
        cents = 990 * lines
        head = (i, f"o{i}", 1, f"X{i}", min(who, customers), "", i, at, "sale", "completed", "CNY")
        yield *head, cents, 0, 0, 0, cents, cents, lines, lines, 1


def _put(table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> int:
    from zhike.kit import bulk

    written = 0
    while chunk := list(itertools.islice(rows, _CHUNK)):
        written += bulk.insert_many(table, columns.split(), chunk)
    return written


def _count_changes() -> None:
    from django.db import transaction

    from zhike.kit import changes

    with transaction.atomic():
        changes.next_seq()


def snapshot() -> dict[str, float]:
    """Ours, everything."""
    from zhike.analyze import snapshot as product

    began = time.monotonic()
    report = product.take(full=True)
    return {"seconds": time.monotonic() - began, "peak_mb": report.peak_memory_bytes / 1e6, "rows": report.rows}


def increment() -> dict[str, float]:
    """Ours, what changed."""
    from zhike.analyze import snapshot as product

    began = time.monotonic()
    report = product.take()
    return {"seconds": time.monotonic() - began, "peak_mb": report.peak_memory_bytes / 1e6, "rows": report.rows}


def change(share: float) -> dict[str, float]:
    """Touch a share of the orders, in one transaction."""
    from django.db import connection, transaction

    from zhike.kit import changes

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shop_order SET net_cents = net_cents + 1, change_seq = %s WHERE id %% %s = 0",
            [changes.next_seq(), max(1, round(1 / share))],
        )
        return {"rows": cursor.rowcount}


def iterator() -> dict[str, float]:
    """Django's iterator, written to Parquet batch by batch."""
    return _django(gather=False)


def gathered() -> dict[str, float]:
    """Django's iterator, each table gathered before it is written."""
    return _django(gather=True)


def _django(*, gather: bool) -> dict[str, float]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from zhike.kit import home

    began, rows = time.monotonic(), 0
    for name, query, columns in _queries():
        path = Path(home.path("tmp")) / f"{name}.parquet"
        found = query.iterator(chunk_size=2000)
        writer = None
        while chunk := list(itertools.islice(found, None if gather else _CHUNK)):
            table = pa.table({c: list(values) for c, values in zip(columns, zip(*chunk, strict=True), strict=True)})
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
            rows += len(chunk)
        if writer:
            writer.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"seconds": time.monotonic() - began, "peak_mb": peak, "rows": rows}


def _queries() -> Iterator[tuple[str, Any, list[str]]]:
    from django.apps import apps

    wanted = {
        "shop.Order": "id source_id source_record_id current_version_id ordered_at kind status currency goods_cents "
        "postage_cents fee_cents refund_cents total_cents net_cents line_count item_count",
        "shop.OrderLine": "id version_id product_id kind quantity amount_cents",
        "shop.Product": "id source_id sku title line_kind",
        "customers.SourceRecord": "id customer_id source_id",
        "customers.Customer": "id root_id number kind created_at",
        "customers.CustomerCard": "customer_id stage country province city owner_staff_id team_id first_source_id",
    }
    for label, columns in wanted.items():
        names = columns.split()
        yield label, apps.get_model(label).objects.values_list(*names), names


def rfm() -> dict[str, float]:
    """Scores of the whole base from the lake, and their file."""
    from zhike.analyze import results, rfm_recipe
    from zhike.analyze.lake import Lake
    from zhike.analyze.parameters import RfmParameters

    with Lake() as lake:
        began = time.monotonic()
        path = results.result_path("rfm", "bench")
        found = rfm_recipe.compute(
            lake, RfmParameters(), as_of=dt.date(2026, 1, 1), zone="Asia/Shanghai", path=path, before=None
        )
        seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"seconds": seconds, "peak_mb": peak, "rows": found.counts["scored"]}


STEPS: dict[str, Callable[..., dict[str, float]]] = {
    step.__name__: step for step in (fill, snapshot, increment, change, iterator, gathered, rfm)
}

if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](**json.loads(sys.argv[2]))))
