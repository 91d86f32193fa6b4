"""From order lines in any container to one table of orders on which every measure stands."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.values.moments import zone_named
from zhike_analytics.values.problem import ValueProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

_READERS = {
    ".parquet": "read_parquet", ".pq": "read_parquet", ".csv": "read_csv", ".gz": "read_csv",
    ".tsv": "read_csv", ".txt": "read_csv",
}  # fmt: skip


@lru_cache(maxsize=1)
def connection() -> BaseBackend:
    """The in-memory DuckDB that reads files and frames when no other connection is given."""
    return ibis.duckdb.connect()


def table(source: Any, con: BaseBackend | None = None) -> ir.Table:
    """An Ibis table from an Ibis table, a pandas/polars/Arrow object, or the path of a Parquet
    file, a folder of Parquet files or a CSV file (gzip too)."""
    import ibis.expr.types as ir

    if isinstance(source, ir.Table):
        return source
    con = con or connection()
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.is_dir():
            return con.read_parquet(str(path / "**" / "*.parquet"))
        if not path.exists() and "*" not in path.name:
            raise MeasureProblem("orders.no_such_file")
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise MeasureProblem("orders.unknown_file_kind", suffix=path.suffix[:10])
        return getattr(con, reader)(str(path))
    return ibis.memtable(source)


def purchases(
    orders: Any,
    *,
    customer: str = "customer_id",
    at: str | None = None,
    amount: str = "net_cents",
    order: str | None = "order_id",
    unit: str = "cents",
    zone: str = "Asia/Shanghai",
    clock: str | None = None,
    keep: str | None = None,
    con: BaseBackend | None = None,
) -> ir.Table:
    """One row per order: customer_id, order_id, day, net_cents (int), counted (bool).

    ``orders`` holds lines or orders; lines of one order are summed. ``at`` is the column with the
    day or the moment (default: ``day``, else ``ordered_at``); moments with a zone become days of
    ``zone``; ``clock`` says what moments without one show: ``"local"`` (the default) or ``"utc"``
    (on Spark to be given: Ibis does not see the zone of its moments). ``unit``: ``amount`` is in
    ``"cents"`` or in ``"units"``, rounded line by line. ``order=None``: every row is an order.

    An order counts as a purchase when its net is above zero: one fully refunded does not, nor
    does a credit note, but their amounts stay in the customer's total. Rows without a customer or
    without a day are left out.

    ``keep`` carries a column of the lines along as ``group`` (text; "unknown" where empty). An order whose lines
    lie in several groups then has a row for each; ``counted`` still judges the whole order, and ``first`` is true
    on one row of each order, so that orders can be counted once.
    """
    lines = table(orders, con)
    at = at or ("day" if "day" in lines.columns else "ordered_at")
    _present(lines, customer, at, amount, order, keep)
    chosen = {
        "customer_id": lines[customer],
        "day": _day(lines[at], zone, clock),
        "net_cents": _cents(lines[amount], unit),
    }
    if order:
        chosen["order_id"] = lines[order]
    if keep:
        chosen["group"] = group_text(lines[keep])
    lines = lines.select(**chosen).filter(lambda t: t.customer_id.notnull() & t.day.notnull())
    if order:
        lines = lines.group_by(["customer_id", "order_id", *(["group"] if keep else [])]).aggregate(
            day=lambda t: t.day.min(), net_cents=lambda t: t.net_cents.sum()
        )
    if keep and order:
        return _whole_orders(lines)
    lines = lines.mutate(counted=lambda t: t.net_cents > 0)
    return lines.mutate(first=ibis.literal(True)) if keep else lines


def group_text(column: ir.Column) -> ir.StringColumn:
    """An attribute as the name of a group; what is not known is a group of its own."""
    return column.cast("string").nullif("").fill_null("unknown")


def _whole_orders(parts: ir.Table) -> ir.Table:
    """Parts of orders, judged by their whole order; its first day is the day of every part."""
    whole = ibis.window(group_by=[parts.customer_id, parts.order_id])
    in_turn = ibis.window(group_by=[parts.customer_id, parts.order_id], order_by=parts.group)
    return parts.mutate(
        counted=parts.net_cents.sum().over(whole) > 0,
        day=parts.day.min().over(whole),
        first=ibis.row_number().over(in_turn) == 0,
    )


def _present(lines: ir.Table, *names: str | None) -> None:
    for name in filter(None, names):
        if name not in lines.columns:
            raise MeasureProblem("orders.column_missing", column=name)


def _day(column: ir.Column, zone: str, clock: str | None) -> ir.DateColumn:
    kind = column.type()
    if kind.is_date():
        return column
    if kind.is_string():
        # A day or a moment in ISO form; the clock, if any, is taken as local.
        return column.substr(0, 10).replace("/", "-").cast("date")
    if not kind.is_timestamp():
        raise MeasureProblem("orders.not_a_day", column=column.get_name(), type=str(kind))
    if clock not in (None, "local", "utc"):
        raise MeasureProblem("orders.unknown_clock", clock=str(clock)[:20])
    spark = _on_spark(column)
    if kind.timezone is None and clock is None and spark:
        raise MeasureProblem("orders.clock_needed", column=column.get_name())
    if kind.timezone is None and clock != "utc":
        return column.date()
    _known(zone)
    if spark:
        return _spark_local(column, zone).date()
    instant = column if kind.timezone is not None else _duckdb_instant("UTC", column)
    return _duckdb_local(zone, instant).date()


# A cast to another zone changes the label in Ibis 12, not the clock: ask the engine itself.
@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))
def _duckdb_local(zone: str, at: Any) -> Any: ...


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))
def _duckdb_instant(zone: str, at: Any) -> Any: ...


@ibis.udf.scalar.builtin(name="from_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))
def _spark_local(at: Any, zone: str) -> Any: ...


def _on_spark(column: ir.Column) -> bool:
    engines, _ = column._find_backends()  # none at all for a table that is only compiled
    return any(engine.name == "pyspark" for engine in engines)


def _known(zone: str) -> None:
    try:
        zone_named(zone)
    except ValueProblem as problem:
        raise MeasureProblem("orders.unknown_zone", **problem.params) from None


def _cents(column: ir.Column, unit: str) -> ir.IntegerColumn:
    if unit not in ("cents", "units"):
        raise MeasureProblem("orders.unknown_unit", unit=str(unit)[:20])
    kind = column.type()
    if not kind.is_numeric():
        raise MeasureProblem("orders.not_an_amount", column=column.get_name(), type=str(kind))
    if unit == "units":
        column = (column * 100).round()
    elif not kind.is_integer():
        raise MeasureProblem("orders.cents_not_whole", column=column.get_name(), type=str(kind))
    return column.cast("int64").fill_null(0)


def day_of(value: date | str) -> date:
    """A date from a date, a datetime or ISO text; ``as_of.not_a_day`` otherwise."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value[:10])
    except (ValueError, TypeError):
        raise MeasureProblem("as_of.not_a_day") from None
