"""RFM against raw DuckDB SQL that says the same: prints seconds and the ratio (target ≤ 1.3).

python benchmarks/rfm.py [--lines 10000000] [--customers 1000000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.telling import tell

AS_OF = "2026-11-22"

LINES = """
copy (
    select (hash(i // 3) % {customers})::bigint as customer_id, (i // 3)::bigint as order_id,
        date '2023-11-22' + (hash(i // 3 + 7) % 1096)::int as day,
        (100 + hash(i) % 50000)::bigint * case when hash(i + 3) % 40 = 0 then -1 else 1 end
            as net_cents
    from range({lines}) as lines(i)
) to '{path}' (format parquet)
"""

RAW = """
create or replace temp table scored as
with orders as (
    select customer_id, order_id, min(day) as day, sum(net_cents)::bigint as cents
    from '{path}' where customer_id is not null and day is not null group by 1, 2
), people as materialized (
    select customer_id, max(day) filter (cents > 0) as last_day,
        date '{as_of}' - max(day) filter (cents > 0) as recency_days,
        count(*) filter (cents > 0) as frequency, sum(cents)::bigint as monetary_cents
    from orders group by 1
), cuts as (
    select quantile_cont(recency_days, [.2, .4, .6, .8]) as r, avg(recency_days) as ar,
        quantile_cont(frequency, [.2, .4, .6, .8]) as f, avg(frequency) as af,
        quantile_cont(monetary_cents, [.2, .4, .6, .8]) as m, avg(monetary_cents) as am
    from people where frequency > 0
), given as (
    select people.*, 5 - (recency_days > r[1])::int - (recency_days > r[2])::int
            - (recency_days > r[3])::int - (recency_days > r[4])::int as r,
        1 + (frequency > f[1])::int + (frequency > f[2])::int + (frequency > f[3])::int
            + (frequency > f[4])::int as f,
        1 + (monetary_cents > m[1])::int + (monetary_cents > m[2])::int
            + (monetary_cents > m[3])::int + (monetary_cents > m[4])::int as m,
        (recency_days < ar)::int::text || (frequency > af)::int::text
            || (monetary_cents > am)::int::text as high
    from people, cuts where frequency > 0
)
select *, r::text || f::text || m::text as cell, case high
    when '111' then 'important_value' when '101' then 'important_develop'
    when '011' then 'important_keep' when '001' then 'important_win_back'
    when '110' then 'general_value' when '100' then 'general_develop'
    when '010' then 'general_keep' else 'general_win_back' end as class_code
from given
"""


def main() -> None:
    """Measure and tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--lines", type=int, default=10_000_000)
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--repeat", type=int, default=3)
    options = asked.parse_args()
    from zhike_analytics.purchases import connection
    from zhike_analytics.rfm import rfm_run

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.parquet"
        con = connection().con  # one engine, one set of settings for both
        con.execute(LINES.format(path=path, lines=options.lines, customers=options.customers))

        def raw() -> None:
            con.execute(RAW.format(path=path, as_of=AS_OF))

        def ours() -> None:
            run = rfm_run(path, as_of=AS_OF)
            connection().create_table("scored_ours", run.table, temp=True, overwrite=True)

        raw_s, ours_s = _best(raw, ours, options.repeat)
        check = """select count(*) from scored full join scored_ours using (customer_id)
            where scored.cell is distinct from scored_ours.cell
            or scored.class_code is distinct from scored_ours.class_code"""
        different = con.execute(check).fetchone()[0]
    print(f"duckdb {duckdb.__version__}, {options.lines:,} lines, {options.customers:,} customers")
    tell(f"RFM of {options.lines:,} lines", ours_s, "s")
    tell("… by raw DuckDB SQL that says the same", ours_s / raw_s, "×", at_most=1.3, peer=f"raw SQL {raw_s:.2f} s")
    tell("customers scored differently", different, "", at_most=0.5)


def _best(raw: object, ours: object, repeat: int) -> tuple[float, float]:
    """Best of ``repeat`` for both, taken in turns so that a busy machine troubles both."""
    times: dict[object, list[float]] = {raw: [], ours: []}
    for _ in range(repeat):
        for work in times:
            start = time.perf_counter()
            work()  # type: ignore[operator]
            times[work].append(time.perf_counter() - start)
    return min(times[raw]), min(times[ours])


if __name__ == "__main__":
    main()
