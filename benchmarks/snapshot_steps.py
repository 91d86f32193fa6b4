"""The steps of the snapshot benchmark, each a process: snapshot, iterator, gathered, change, increment, rfm."""

import datetime as dt
import itertools
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.telling import processor_s

_CHUNK = 50_000


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
            "UPDATE shop_order SET change_seq = %s WHERE id %% %s = 0",
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
    step.__name__: step for step in (snapshot, increment, change, iterator, gathered, rfm)
}

if __name__ == "__main__":
    import django

    django.setup()
    found = STEPS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(found | {"processor": processor_s()}))
