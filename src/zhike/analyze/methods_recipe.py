"""A method of one's own on the whole base: what it is given, what is taken from it, what its page shows. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.methods import Column, Given, Method, MethodRefused
from zhike.analyze.products_recipe import counted_lines
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir

_TYPES = {"number": "float64", "share": "float64", "cents": "int64", "choice": "string"}
_TABLE = "of_method"


def compute(
    lake: Lake, parameters: MeasureParameters, method: Method, *, as_of: dt.date, zone: str, path: Path
) -> dict[str, Any]:
    """Let the method speak, take what keeps its word, write the result file and return every figure of the page."""
    _before, period = parameters.periods(as_of)
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    rows = taken(method, given(lake, orders, period, zone))
    results.write_numbered(lake, _ranked(rows, method), path, _TABLE)
    written = lake.read_result(path, _TABLE)
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "after": [day.isoformat() for day in period],
        "customers": int(written.count().to_pyarrow().as_py()),
        "columns": {column.name: _summary(written, column) for column in method.columns},
    }


def given(lake: Lake, orders: "ir.Table", period: tuple[dt.date, dt.date], zone: str) -> Given:
    """The tables of the lake a method may read: ids, codes, days and amounts."""
    import ibis

    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1])))
    contacts = lake.table("contacts").inner_join(lake.roots(), "source_record_id")
    contacts = contacts.mutate(day=lake.shop_time(contacts.contacted_at, zone).date())
    contacts = contacts.filter(contacts.day.between(ibis.date(period[0]), ibis.date(period[1])))
    return Given(
        orders=inside.select("order_id", "customer_id", "day", "kind", "status", "net_cents"),
        lines=counted_lines(lake, inside),
        products=lake.table("products").select("product_id", "sku", "title", "category", "brand"),
        contacts=contacts.select("customer_id", "day", "way", "minutes", "cost_cents"),
        people=lake.table("cards").select("customer_id", "kind", "stage", "province", "city", "first_source_id"),
        first=period[0],
        last=period[1],
    )


def taken(method: Method, tables: Given) -> Any:
    """The method's rows as an Arrow table of exactly its columns, of customers there are, each once. Raises MethodRefused."""
    import ibis
    import pyarrow.compute as pc

    told = method.compute(tables)
    names = [column.name for column in method.columns]
    for name in ("customer_id", *names):
        if name not in told.columns:
            raise MethodRefused(f"the table of {method.code} has no column {name}")
    chosen = told.select("customer_id", **{c.name: told[c.name].cast(_TYPES[c.kind]) for c in method.columns})
    chosen = chosen.semi_join(tables.people, "customer_id")
    said_of = ibis.or_(*(chosen[name].notnull() for name in names))
    rows = chosen.filter(said_of).to_pyarrow()
    if pc.count_distinct(rows["customer_id"]).as_py() != rows.num_rows:
        raise MethodRefused(f"{method.code} says something of a customer twice")
    for column in method.columns:
        _hold(rows[column.name], column, method)
    return rows


def _hold(values: Any, column: Column, method: Method) -> None:
    import pyarrow.compute as pc

    if column.kind == "choice":
        if set(pc.unique(values.drop_null()).to_pylist()) - set(column.choices):
            raise MethodRefused(f"{method.code}: column {column.name} holds a choice that was not declared")
        return
    if column.kind != "cents" and pc.any(pc.invert(pc.is_finite(values))).as_py():
        raise MethodRefused(f"{method.code}: column {column.name} holds something that is no number")
    least, most = pc.min_max(values).as_py().values()
    if column.kind == "share" and least is not None and not 0 <= least <= most <= 1:
        raise MethodRefused(f"{method.code}: column {column.name} is a share and lies outside 0 to 1")


def _ranked(rows: Any, method: Method) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = [(method.rank_by, "descending", "at_end"), ("customer_id", "ascending", "at_end")]
    order = pc.sort_indices(rows, sort_keys=keys)
    rows = rows.take(order)
    for column in method.columns:
        if column.asked != column.name:
            factor = 100.0 if column.kind == "share" else 1.0
            rows = rows.append_column(
                column.asked, pc.cast(pc.round(pc.multiply(rows[column.name], factor)), pa.int64())
            )
    return rows.append_column("rank", pa.array(range(1, rows.num_rows + 1), pa.int64()))


def _summary(rows: "ir.Table", column: Column) -> dict[str, Any]:
    """Of a choice how many have each; of figures how many, least, quarters, most, mean."""
    held = rows[column.name]
    if column.kind == "choice":
        counts = rows.group_by(code=held).aggregate(customers=rows.count()).to_pyarrow().to_pylist()
        return {"choices": {row["code"]: row["customers"] for row in counts if row["code"] is not None}}
    found = rows.aggregate(
        customers=held.count(), least=held.min(), quarter=held.quantile(0.25), median=held.quantile(0.5),
        three_quarters=held.quantile(0.75), most=held.max(), mean=held.mean(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    return {name: None if value is None else float(value) for name, value in found.items()}


def metric_rows(lake: Lake, method: Method) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody something was said of, by customer id; after `compute`."""
    names = list(dict.fromkeys(name for column in method.columns for name in (column.name, column.asked)))
    held = lake.engine.table(_TABLE).order_by("customer_id").select("customer_id", *names)
    for batch in held.to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row
