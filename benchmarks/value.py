"""Composition, bridge, ABC and concentration against raw DuckDB SQL that says the same, and against pandas.

python -m benchmarks.value [--lines 10000000] [--customers 1000000] [--repeat 3] [--pandas]

Prints seconds and ratios; the answers are compared, and a difference ends with 1. Ratios to raw SQL are the price of the
library's generality (target ≤ 1.5); pandas is given the orders ready in memory.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.rfm import LINES
from benchmarks.telling import fail, tell

BEFORE, AFTER = ("2024-11-23", "2025-11-22"), ("2025-11-23", "2026-11-22")

ORDERS = """
with orders as (
    select customer_id, order_id, min(day) as day, sum(net_cents)::bigint as cents
    from '{path}' where customer_id is not null and day is not null group by 1, 2
)"""
BRIDGE = f"""{ORDERS}, people as (
    select customer_id,
        coalesce(sum(cents) filter (day between date '{BEFORE[0]}' and date '{BEFORE[1]}'), 0)::bigint as b,
        coalesce(sum(cents) filter (day between date '{AFTER[0]}' and date '{AFTER[1]}'), 0)::bigint as a,
        bool_or(cents > 0 and day between date '{BEFORE[0]}' and date '{BEFORE[1]}') as was,
        bool_or(cents > 0 and day between date '{AFTER[0]}' and date '{AFTER[1]}') as now,
        bool_or(cents > 0 and day < date '{AFTER[0]}') as known
    from orders group by 1
)
select case when was and now then case when a > b then 'more' when a < b then 'less' else 'same' end
        when was then 'lost' when now and known then 'returned' when now then 'new' else 'credited' end as kind,
    count(*) as customers, sum(a - b)::bigint as change_cents
from people where was or now or a <> 0 or b <> 0 group by 1 order by 1
"""
ABC = """
with items as (select customer_id, sum(net_cents)::bigint as value from '{path}' where customer_id is not null group by 1),
running as (
    select *, sum(greatest(value, 0)) over (order by value desc, customer_id rows unbounded preceding)
        - greatest(value, 0) as before from items
), tied as (
    select value, min(before) over (partition by value) as start from running
), whole as (select sum(value) filter (value > 0) as total from items)
select case when value <= 0 then 'c' when start < ceil(total * 0.8) then 'a' when start < ceil(total * 0.95) then 'b'
    else 'c' end as abc_class, count(*) as items, sum(value)::bigint as value
from tied, whole group by 1 order by 1
"""
COMPOSITION = f"""{ORDERS}
select (customer_id % 31)::text as "group", count(distinct customer_id) filter (cents > 0) as customers,
    count(*) filter (cents > 0) as orders, sum(cents)::bigint as revenue_cents
from orders group by 1 order by 1
"""


def main() -> int:
    """Measure; 1 when an answer differs."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lines", type=int, default=10_000_000)
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--repeat", type=int, default=3)
    asked.add_argument("--pandas", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.parquet"
        from zhike_analytics.purchases import connection

        con: Any = connection().con  # one engine, one set of settings for both
        con.execute(LINES.format(path=path, lines=options.lines, customers=options.customers))
        print(f"duckdb {duckdb.__version__}, {options.lines:,} lines, {options.customers:,} customers")
        return _measure(con, path, options)


def _measure(con: Any, path: Path, options: Any) -> int:
    from zhike_analytics import abc, bridge, class_summary, composition

    people = _regions(con, options.customers)
    works: dict[str, tuple[str, Callable[[], Any], list[str]]] = {
        "bridge": (
            BRIDGE,
            lambda: bridge(path, before=BEFORE, after=AFTER),
            ["kind", "customers", "change_cents"],
        ),
        "abc": (ABC, lambda: class_summary(abc(path)), ["abc_class", "items", "value"]),
        "composition": (
            COMPOSITION,
            lambda: composition(path, by="region", customers=people),
            ["group", "customers", "orders", "revenue_cents"],
        ),
    }
    different = 0
    for name, (sql, ours, columns) in works.items():
        raw_s, raw = _best(lambda sql=sql: con.execute(sql.format(path=path)).fetchall(), options.repeat)
        ours_s, table = _best(lambda ours=ours: ours().to_pyarrow(), options.repeat)
        found = sorted(tuple(row[c] for c in columns) for row in table.to_pylist())
        same = found == sorted(tuple(int(v) if i else v for i, v in enumerate(row)) for row in raw)
        different += not same
        tell(f"{name} by raw SQL", ours_s / raw_s, "×", at_most=1.5, peer=f"{ours_s:.2f} s; raw SQL {raw_s:.2f} s")
    if options.pandas:
        _with_pandas(path, options.repeat)
    return fail(f"{different} answers differ from raw SQL") if different else 0


def _regions(con: Any, customers: int) -> Any:
    """customer_id and region, as a table of the same engine."""
    from zhike_analytics.purchases import connection

    con.execute(
        f"create or replace table regions as select range as customer_id, (range % 31)::text as region from range({customers})"
    )
    return connection().table("regions")


def _with_pandas(path: Path, repeat: int) -> None:
    """ABC the way a notebook does it: everything in memory, one sort, one cumulated sum."""
    import pandas as pd

    from zhike_analytics import abc, class_summary

    lines = pd.read_parquet(path, columns=["customer_id", "net_cents"])

    def classed() -> Any:
        sums = lines.groupby("customer_id").net_cents.sum().sort_values(ascending=False, kind="stable")
        before = sums.clip(lower=0).cumsum() - sums.clip(lower=0)
        share = before / sums[sums > 0].sum()
        return pd.cut(share, [-1, 0.8, 0.95, 2], right=False, labels=["a", "b", "c"]).value_counts()

    pandas_s, _ = _best(classed, repeat)
    ours_s, _ = _best(lambda: class_summary(abc(path)).to_pyarrow(), repeat)
    print(f"abc: pandas {pandas_s:.2f} s in memory · zhike {ours_s:.2f} s from Parquet · ratio {ours_s / pandas_s:.2f}")


def _best(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    times, found = [], None
    for _ in range(repeat):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return min(times), found


if __name__ == "__main__":
    sys.exit(main())
