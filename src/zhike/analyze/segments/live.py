"""A rule over one customer, now: the same SQL on tables of one, built from the rows as they stand.

DuckDB runs here in the web process too, on tables in memory (`bench`); it opens no file and loads no scanner.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhike.analyze.lake_tables import JOINED, LAKE_TABLES
from zhike.analyze.portrait_consent import is_refused
from zhike.analyze.segments.bench import Bench, Row
from zhike.analyze.segments.families import families
from zhike.analyze.segments.shelf import Asking, Plan
from zhike.kit import rows

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
_BENCHES = 12  # plans laid ready per thread; each holds some megabytes
_TABLES = {table.name: table for table in LAKE_TABLES}


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a customer is in, and each condition's truth and the value it saw, by its place in the expanded rule."""

    is_member: bool
    truths: dict[str, bool]
    values: dict[str, Any]


def judge(plan: Plan, customer_id: int, asking: Asking) -> Judged | None:
    """Judge one root customer now; None when there is no such live customer."""
    bench = _bench(plan)
    bench.ask(asking.row(plan))
    told = bench.answer({name: _rows(name, customer_id) for name in plan.tables})
    if told is None:
        return None
    truths = {path: bool(told[f"t{n}"]) for n, path in enumerate(plan.paths)}
    values = {path: told[f"v{n}"] for n, path in enumerate(plan.paths)}
    return Judged(bool(told["is_member"]), truths, values)


def _bench(plan: Plan) -> Bench:
    """The engine laid ready for a plan in this thread; those asked longest ago are let go."""
    if not hasattr(_here, "benches"):
        _here.benches = OrderedDict()
    benches: OrderedDict[str, Bench] = _here.benches
    if plan.judged not in benches:
        benches[plan.judged] = Bench(plan.judged, {name: _types(name) for name in plan.tables})
        while len(benches) > _BENCHES:
            benches.popitem(last=False)
    benches.move_to_end(plan.judged)
    return benches[plan.judged]


def _types(name: str) -> Mapping[str, str]:
    return families()[name].types if name in families() else {c.name: c.type for c in _TABLES[name].columns}


def _rows(name: str, customer_id: int) -> list[Row]:
    """The customer's rows of a table of the lake, or of a family of figures."""
    kinds = list(_types(name).values())
    found = _figures(name, customer_id) if name in families() else _held(name, customer_id)
    return [[_plain(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in found]


def _held(name: str, customer_id: int) -> list[Row]:
    table, joined = _TABLES[name], JOINED[connection.vendor]
    chosen = ", ".join(f"{c.sql.format(db='', joined=joined)} AS {c.name}" for c in table.columns)
    sql = f"SELECT {chosen} FROM {table.rows.format(db='')} WHERE {_ONE[name]} AND NOT ({table.gone})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [customer_id])
        return list(cursor.fetchall())


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "TIMESTAMP":
        return rows.moment(value).astimezone(dt.UTC).replace(tzinfo=None)
    if kind == "DATE" and isinstance(value, str):
        return dt.date.fromisoformat(value)
    return bool(value) if kind == "BOOLEAN" else value


def _figures(name: str, customer_id: int) -> list[Row]:
    """The customer's figures of a family as the newest run wrote them on the file."""
    family = families()[name]
    if family.of_one:
        told = family.of_one(customer_id)
        return [[customer_id, *(told[key] for key in family.columns)]] if told else []
    if family.is_profile and is_refused(customer_id):
        return []
    with connection.cursor() as cursor:
        sql = 'SELECT "values" FROM customers_metric WHERE customer_id = %s AND family = %s'
        cursor.execute(sql, [customer_id, name])
        found = cursor.fetchone()
    if found is None:
        return []
    told = rows.parsed(found[0])
    return [[customer_id, *(told.get(key) for _, key in family.columns.values())]]
