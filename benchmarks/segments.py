"""A nested rule over a big lake, against raw DuckDB SQL that says the same.

python -m benchmarks.segments [--customers 1000000] [--orders 4000000] [--repeat 5]

Target: a recount of 1M customers and 4M orders within 1 s. The lake is invented (ids, dates, amounts spread by a hash); one customer
judged on live rows is measured with the pages.
"""

import argparse
import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks.telling import tell

_TODAY = dt.date(2026, 11, 22)
RULE = {
    "version": 1,
    "rule": {
        "all": [
            {"on": "province", "is": "any_of", "value": ["浙江省", "广东省"]},
            {
                "any": [
                    {"on": "bought_orders", "is": "at_least", "value": 2, "where": {"window": {"last_days": 90}}},
                    {"on": "bought_amount", "is": "at_least", "value": 50000, "where": {"window": {"this": "year"}}},
                ]
            },
            {"none": [{"on": "tags", "is": "any_of", "value": [3]}, {"on": "rfm_class", "is": "known"}]},
        ]
    },
}
BY_PRODUCT = {
    "version": 1,
    "rule": {
        "on": "bought_orders",
        "is": "at_least",
        "value": 2,
        "where": {"window": {"last_days": 90}, "skus": ["S17", "S18"]},
    },
}
_ROOTED = """
    SELECT c.root_id AS who, o.* FROM orders o JOIN source_records r USING (source_record_id)
    JOIN customers c ON c.customer_id = r.customer_id
    WHERE o.currency = 'CNY' AND o.kind <> 'adjustment' AND o.net_cents <> 0
"""
RAW = f"""
SELECT k.customer_id FROM cards k LEFT JOIN (
    SELECT who,
        count(*) FILTER (ordered_at >= '2026-08-24 16:00' AND ordered_at < '2026-11-22 16:00' AND net_cents > 0) AS n,
        sum(net_cents) FILTER (ordered_at >= '2025-12-31 16:00' AND ordered_at < '2026-11-22 16:00') AS spent
    FROM ({_ROOTED}) GROUP BY who
) b ON b.who = k.customer_id LEFT JOIN rfm ON rfm.customer_id = k.customer_id
WHERE k.province IN ('浙江省', '广东省') AND (b.n >= 2 OR b.spent >= 50000)
    AND NOT (coalesce(contains(k.tag_ids, ',3,'), false) OR coalesce(rfm.class_code <> '', false))
"""
RAW_BY_PRODUCT = f"""
SELECT who AS customer_id FROM ({_ROOTED}) o JOIN order_lines l ON l.version_id = o.current_version_id
JOIN products p ON p.product_id = l.product_id
WHERE p.sku IN ('S17', 'S18') AND l.kind = 'goods' AND l.quantity > 0 AND o.net_cents > 0
    AND ordered_at >= '2026-08-24 16:00' AND ordered_at < '2026-11-22 16:00'
GROUP BY who HAVING count(DISTINCT o.order_id) >= 2
"""
# One SELECT a lake table; what a column does not name is empty.
_LAKE = {
    "customers": "SELECT i + 1 AS customer_id, i + 1 AS root_id, 'K' || i AS number, 'person' AS kind FROM range({c}) t(i)",
    "cards": (
        "SELECT i + 1 AS customer_id, 'current' AS stage, ['浙江省','广东省','四川省','湖北省',''][CAST(1 + hash(i) % 5 AS BIGINT)] AS province, "
        "'person' AS kind, TIMESTAMP '2024-01-01' AS created_at, "
        "CASE WHEN hash(i + 5) % 4 = 0 THEN ',' || (1 + hash(i + 6) % 5) || ',' END AS tag_ids FROM range({c}) t(i)"
    ),
    "source_records": "SELECT i + 1 AS source_record_id, 1 + i % {c} AS customer_id, 1 AS source_id FROM range({c} * 6 // 5) t(i)",
    "orders": (
        "SELECT i + 1 AS order_id, 1 + i % 6 AS source_id, 1 + hash(i) % ({c} * 6 // 5) AS source_record_id, "
        "i + 1 AS current_version_id, '' AS no_customer_why, 'sale' AS kind, 'completed' AS status, 'CNY' AS currency, "
        "TIMESTAMP '2023-11-22' + INTERVAL 1 SECOND * CAST(hash(i + 1) % 94608000 AS BIGINT) AS ordered_at, "
        "CAST(100 + hash(i + 2) % 50000 AS BIGINT) AS net_cents FROM range({o}) t(i)"
    ),
    "order_lines": (
        "SELECT i + 1 AS line_id, 1 + i % {o} AS order_id, 1 + i % {o} AS version_id, 'goods' AS kind, 1 AS quantity, "
        "1 + hash(i + 9) % 3000 AS product_id, 1000 AS amount_cents FROM range({o} * 5 // 2) t(i)"
    ),
    "products": "SELECT i AS product_id, 1 AS source_id, 'S' || i AS sku, '茶' AS title, '' AS category, '' AS brand FROM range(1, 3001) t(i)",
}

_EMPTY = "SELECT NULL AS nothing LIMIT 0"  # tables no rule here asks


def main() -> None:
    """Print the seconds and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=4_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as home:
        os.environ |= {"ZHIKE_HOME": home, "DJANGO_SETTINGS_MODULE": "zhike.config.settings", "ZHIKE_TESTING": "1"}
        os.environ.pop("ZHIKE_DATABASE", None)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _invent(wanted.customers, wanted.orders)
        print(f"{wanted.customers:,} customers, {wanted.orders:,} orders, {wanted.orders * 5 // 2:,} lines")
        _whole(wanted.repeat)


def _invent(customers: int, orders: int) -> None:
    import duckdb

    from zhike.analyze.lake_files import Manifest, TableFolder, digest
    from zhike.analyze.lake_tables import LAKE_TABLES
    from zhike.analyze.snapshot import lake_folder

    for table in LAKE_TABLES:
        folder = TableFolder(lake_folder(), table.name)
        folder.path.mkdir(parents=True)
        source = _LAKE.get(table.name, _EMPTY).format(c=customers, o=orders)
        with duckdb.connect() as engine:
            held = {row[0] for row in engine.execute(f"DESCRIBE {source}").fetchall()}
            columns = ", ".join(
                f"CAST({c.name if c.name in held else 'NULL'} AS {c.type}) AS {c.name}" for c in table.columns
            )
            path = folder.path / "base-000001.parquet"
            engine.execute(f"COPY (SELECT {columns} FROM ({source}) s) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        folder.publish(Manifest(shape=digest(table.shape()), read_at="2026-11-22T12:03:00+00:00", base=[path.name]))


def _whole(repeat: int) -> None:
    from zhike.analyze.lake import Lake
    from zhike.analyze.segments import whole
    from zhike.analyze.segments.plan import plan_of
    from zhike.analyze.segments.shelf import Asking
    from zhike.customers.queries.segments import read_rule

    asking = Asking(_TODAY, "Asia/Shanghai", "CNY")
    with Lake() as lake:
        whole.define_figures(lake)
        for name, rule, raw in (("nested rule", RULE, RAW), ("rule by product", BY_PRODUCT, RAW_BY_PRODUCT)):
            begun = time.perf_counter()
            plan = plan_of(read_rule(rule))
            compiled_ms = (time.perf_counter() - begun) * 1000
            found: dict[str, int] = {}

            def ours(plan: Any = plan, found: dict[str, int] = found) -> None:
                found["ours"] = whole.count(lake, plan, asking)[0]

            def theirs(raw: str = raw, found: dict[str, int] = found) -> None:
                found["raw"] = lake.engine.raw_sql(f"SELECT count(*) FROM ({raw})").fetchone()[0]

            ours_s, raw_s = _best(ours, theirs, repeat)
            print(f"  {name}: compiled in {compiled_ms:.0f} ms, {found['ours']:,} members", flush=True)
            assert found["ours"] == found["raw"], (name, found)
            tell(f"recount, {name}", ours_s, "s", at_most=1)
            tell(f"… by raw SQL, {name}", ours_s / raw_s, "×", peer=f"raw SQL {raw_s:.2f} s")


def _best(ours: Callable[[], None], raw: Callable[[], None], repeat: int) -> tuple[float, float]:
    """Best of `repeat` for both, taken in turns so that a busy machine troubles both."""
    times: dict[Callable[[], None], list[float]] = {ours: [], raw: []}
    for _ in range(repeat):
        for work in times:
            begun = time.perf_counter()
            work()
            times[work].append(time.perf_counter() - begun)
    return min(times[ours]), min(times[raw])


if __name__ == "__main__":
    main()
