"""A rule over the whole base: the lake as of its last reading."""

from pathlib import Path
from typing import Any

from zhike.analyze import queries, results
from zhike.analyze.lake import Lake
from zhike.analyze.lake_files import quoted
from zhike.analyze.segments.families import families
from zhike.analyze.segments.shelf import Asking, Plan


def define_figures(lake: Lake) -> None:
    """Give the lake a table of each family: the newest run's figures of those who have one, or an empty one."""
    for family in families().values():
        path = family.result() if family.result else _newest(family.name)
        if path is not None and path.exists():
            columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in family.types.items())
            sql = f"SELECT {columns} FROM read_parquet({quoted(str(path))}) WHERE {family.counted}"
        else:
            columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in family.types.items())
            sql = f"SELECT {columns} WHERE false"
        lake.engine.raw_sql(f"CREATE OR REPLACE VIEW {family.name} AS {sql}")


def _newest(kind: str) -> Path | None:
    run = queries.latest_run(kind)
    return results.result_path(kind, run.public_id) if run else None


def main_currency(lake: Lake) -> str:
    """The currency most orders of customers have: money in rules is of it alone, as in RFM."""
    sql = (
        "SELECT currency FROM orders WHERE source_record_id IS NOT NULL "
        "GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"
    )
    row = lake.engine.raw_sql(sql).fetchone()
    return str(row[0]) if row else ""


def count(lake: Lake, plan: Plan, asking: Asking, owners: list[int] | None = None) -> tuple[int, int]:
    """(members, customers), of all or of the customers of some owners."""
    _ask(lake, plan, asking)
    owned = "" if owners is None else f" WHERE owner_staff_id IN ({', '.join(map(str, owners)) or 'NULL'})"
    inside = f" WHERE customer_id IN (SELECT customer_id FROM cards{owned})" if owned else ""
    members = lake.engine.raw_sql(f"SELECT count(*) FROM ({plan.members}) AS found{inside}").fetchone()
    base = lake.engine.raw_sql(f"SELECT count(*) FROM cards{owned}").fetchone()
    return int(members[0]), int(base[0])


def write_members(lake: Lake, plan: Plan, asking: Asking, path: Path) -> Any:
    """Write the members' ids, ascending, as Parquet; returns them as a NumPy array."""
    import pyarrow.parquet as pq

    _ask(lake, plan, asking)
    draft = path.with_suffix(".new")
    lake.engine.raw_sql(
        f"COPY (SELECT customer_id FROM ({plan.members}) AS found ORDER BY customer_id) "
        f"TO {quoted(str(draft))} (FORMAT parquet, COMPRESSION zstd)"
    )
    draft.replace(path)
    return pq.read_table(path).column("customer_id").to_numpy()


def _ask(lake: Lake, plan: Plan, asking: Asking) -> None:
    lake.engine.raw_sql(f"CREATE OR REPLACE TEMP TABLE asking AS {asking.row(plan)}")
