"""A cube with totals on every level against the engine's own GROUPING SETS: prints seconds and the ratio (limit 1.5).

python benchmarks/cube.py [--facts 10000000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.telling import tell

FACTS = """
copy (
    select 'p' || (hash(i) % 31) as province, 'c' || (hash(i + 1) % 300) as city,
        strftime(date '2024-01-01' + (hash(i + 2) % 730)::int, '%Y-%m') as month,
        (hash(i + 3) % {customers})::bigint as customer_id, (100 + hash(i + 4) % 50000)::bigint as net_cents
    from range({facts}) as facts(i)
) to '{path}' (format parquet)
"""
RAW = """
create or replace temp table told as
select province, city, month, sum(net_cents)::bigint as net, count(*) as orders, count(distinct customer_id) as customers
from '{path}'
group by grouping sets ((province, city, month), (province, month), (month), (province, city), (province), ())
"""


def main() -> None:
    """Measure and tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--facts", type=int, default=10_000_000)
    asked.add_argument("--repeat", type=int, default=3)
    options = asked.parse_args()
    from zhike_analytics.cubes import Measure, cube
    from zhike_analytics.purchases import connection

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.parquet"
        con = connection().con  # one engine, one set of settings for both
        con.execute(FACTS.format(path=path, facts=options.facts, customers=options.facts // 10))
        measures = [
            Measure("net", "sum", "net_cents"),
            Measure("orders", "count"),
            Measure("customers", "distinct", "customer_id"),
        ]

        def ours() -> None:
            made = cube(path, ["province", "city"], ["month"], measures=measures)
            connection().create_table("told_ours", made, temp=True, overwrite=True)

        raw_s = ours_s = float("inf")
        for _ in range(options.repeat):
            began = time.perf_counter()
            con.execute(RAW.format(path=path))
            raw_s = min(raw_s, time.perf_counter() - began)
            began = time.perf_counter()
            ours()
            ours_s = min(ours_s, time.perf_counter() - began)
        different = con.execute(
            """select count(*) from told full join told_ours as ours
            on told.province is not distinct from ours.province and told.city is not distinct from ours.city
                and told.month is not distinct from ours.month
            where (told.net, told.orders, told.customers) is distinct from (ours.net, ours.orders, ours.customers)"""
        ).fetchone()[0]
    tell(f"cube of {options.facts:,} facts, 3 dimensions, 3 measures, every total", ours_s, "s")
    tell("… by the engine's GROUPING SETS", ours_s / raw_s, "×", at_most=1.5, peer=f"raw SQL {raw_s:.2f} s")
    tell("cells that differ", different, "", at_most=0.5)


if __name__ == "__main__":
    main()
