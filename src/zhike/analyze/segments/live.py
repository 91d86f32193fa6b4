"""A rule over one customer, now: the same SQL on tables of one, built from the rows as they stand.

DuckDB runs here in the web process too, on Arrow tables in memory; it opens no file and loads no scanner.
"""

import datetime as dt
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from zhike.analyze.lake_tables import JOINED, LAKE_TABLES, LakeTable
from zhike.analyze.segments.families import FAMILIES
from zhike.analyze.segments.shelf import Asking, Plan
from zhike.kit import rows

if TYPE_CHECKING:
    import pyarrow as pa

_OWN = "(SELECT id FROM customers_customer WHERE root_id = %s)"
_RECORDS = f"(SELECT id FROM customers_sourcerecord WHERE customer_id IN {_OWN})"
_BOUGHT = (
    "(SELECT x.product_id FROM shop_orderline x JOIN shop_order y ON y.current_version_id = x.version_id "
    f"WHERE y.source_record_id IN {_RECORDS})"
)
# Which rows of a lake table are one customer's.
_ONE = {
    "orders": f"o.source_record_id IN {_RECORDS}",
    "order_lines": f"o.source_record_id IN {_RECORDS}",
    "products": f"p.id IN {_BOUGHT}",
    "source_records": f"r.customer_id IN {_OWN}",
    "customers": "c.root_id = %s",
    "cards": "k.customer_id = %s",
}
_here = threading.local()


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a customer is in, and each condition's truth and the value it saw, by its place in the expanded rule."""

    is_member: bool
    truths: dict[str, bool]
    values: dict[str, Any]


def judge(plan: Plan, customer_id: int, asking: Asking) -> Judged | None:
    """Judge one root customer now; None when there is no such live customer."""
    engine = _engine()
    for name in plan.tables:
        table = _figures(name, customer_id) if name in FAMILIES else _table(name, customer_id)
        engine.register(name, table)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE asking AS {asking.row(plan)}")
    found = engine.execute(plan.judged)
    names = [column[0] for column in found.description]
    row = found.fetchone()
    for name in plan.tables:
        engine.unregister(name)
    if row is None:
        return None
    told = dict(zip(names, row, strict=True))
    truths = {path: bool(told[f"t{n}"]) for n, path in enumerate(plan.paths)}
    values = {path: told[f"v{n}"] for n, path in enumerate(plan.paths)}
    return Judged(bool(told["is_member"]), truths, values)


def _engine() -> Any:
    """A small engine of this thread's own; it cannot read files or load anything."""
    if not hasattr(_here, "engine"):
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": "1",
            "memory_limit": "256MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        _here.engine = duckdb.connect(":memory:", config=config)
        # Over a handful of rows the planner's search costs more than any plan: 16 ms a customer with it, 10 without.
        _here.engine.execute("PRAGMA disable_optimizer")
    return _here.engine


def _table(name: str, customer_id: int) -> "pa.Table":
    table = next(t for t in LAKE_TABLES if t.name == name)
    joined = JOINED[connection.vendor]
    chosen = ", ".join(f"{c.sql.format(db='', joined=joined)} AS {c.name}" for c in table.columns)
    sql = f"SELECT {chosen} FROM {table.rows.format(db='')} WHERE {_ONE[name]} AND NOT ({table.gone})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [customer_id])
        return _arrow(table, cursor.fetchall())


def _arrow(table: LakeTable, found: Sequence[tuple[Any, ...]]) -> "pa.Table":
    kinds = {c.name: c.type for c in table.columns}
    columns = zip(*found, strict=True) if found else ([] for _ in kinds)
    return _typed(kinds, columns)


def _typed(kinds: dict[str, str], columns: Iterable[Iterable[Any]]) -> "pa.Table":
    import pyarrow as pa

    types = {"BIGINT": pa.int64(), "VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us"), "BOOLEAN": pa.bool_()}
    arrays = [
        pa.array([_plain(v, kind) for v in column], type=types[kind])
        for column, kind in zip(columns, kinds.values(), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=list(kinds))


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return rows.moment(value).astimezone(dt.UTC).replace(tzinfo=None)
    return bool(value) if kind == "BOOLEAN" else value


def _figures(name: str, customer_id: int) -> "pa.Table":
    """The customer's figures of a family as the newest run wrote them on the file."""
    family = FAMILIES[name]
    if family.of_one:
        told = family.of_one(customer_id)
        return _typed(
            family.types,
            [[customer_id], *([told[key]] for key in family.columns)] if told else ([] for _ in family.types),
        )
    with connection.cursor() as cursor:
        sql = 'SELECT "values" FROM customers_metric WHERE customer_id = %s AND family = %s'
        cursor.execute(sql, [customer_id, name])
        found = cursor.fetchone()
    if found is None:
        return _typed(family.types, ([] for _ in family.types))
    told = rows.parsed(found[0])
    return _typed(family.types, [[customer_id], *([told.get(key)] for _, key in family.columns.values())])
