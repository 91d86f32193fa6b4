"""What every method of one's own must stand: small shops that are awkward, each asked of it before a real one is."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhike.analyze.methods import Given, Method
from zhike.analyze.methods_recipe import taken

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
_ORDERS = {
    "order_id": "int64",
    "customer_id": "int64",
    "day": "date",
    "kind": "string",
    "status": "string",
    "net_cents": "int64",
}
_LINES = {
    "customer_id": "int64",
    "order_id": "int64",
    "product_id": "int64",
    "quantity": "int64",
    "amount_cents": "int64",
}
_PRODUCTS = {"product_id": "int64", "sku": "string", "title": "string", "category": "string", "brand": "string"}
_CONTACTS = {"customer_id": "int64", "day": "date", "way": "string", "minutes": "int64", "cost_cents": "int64"}
_PEOPLE = {
    "customer_id": "int64", "kind": "string", "stage": "string", "province": "string", "city": "string",
    "first_source_id": "int64",
}  # fmt: skip
Order = tuple[int, dt.date, int]  # customer, day, net cents


def shops() -> Iterator[tuple[str, list[Order]]]:
    """(name, orders): nobody at all, one customer, all alike, more given back than bought, the edges of the period."""
    yield "no orders", []
    yield "one customer", [(1, dt.date(2026, 5, 2), 1_000)]
    alike = [
        (person, dt.date(2026, 1, 1) + dt.timedelta(days=7 * n), 5_000) for person in range(1, 21) for n in range(8)
    ]
    yield "all alike", alike
    yield "refunds beyond purchases", [(1, dt.date(2026, 3, 3), 500), (1, dt.date(2026, 3, 9), -2_000), (2, LAST, -1)]
    yield "first and last day", [(1, FIRST, 1), (1, LAST, 2**40), (2, FIRST, 0)]
    mixed = [(n % 37, dt.date(2026, 1, 1) + dt.timedelta(days=n * 13 % 365), (n * 7919) % 90_000) for n in range(900)]
    yield "a small shop", mixed


def given_of(orders: list[Order]) -> Given:
    """The tables a method is given, of these orders: a line each, a contact for every third customer."""
    people = sorted({person for person, _, _ in orders} | {0})
    numbered = list(enumerate(orders, 1))
    return Given(
        orders=_table(_ORDERS, [(n, person, day, "sale", "done", net) for n, (person, day, net) in numbered]),
        lines=_table(_LINES, [(person, n, n % 5, 1, net) for n, (person, _, net) in numbered]),
        products=_table(_PRODUCTS, [(n, f"S{n}", f"Tea {n}", "", None) for n in range(5)]),
        contacts=_table(_CONTACTS, [(p, FIRST, "call", None if p % 2 else 5, 0) for p in people[::3]]),
        people=_table(_PEOPLE, [(p, "person", "current", None, None, 1) for p in people]),
        first=FIRST,
        last=LAST,
    )


def tried(method: Method) -> list[tuple[str, str]]:
    """(shop, what went wrong) for every shop the method does not stand; empty: it may be used.

    Twice asked it must answer the same, and of people who are not there it must not speak.
    """
    wrong = []
    for name, orders in shops():
        tables = given_of(orders)
        try:
            once, again = taken(method, tables), taken(method, tables)
        except Exception as problem:  # noqa: BLE001  a stranger's code may raise anything; all of it is told
            wrong.append((name, f"{type(problem).__name__}: {problem}"[:300]))
            continue
        if _rows(once) != _rows(again):
            wrong.append((name, "asked twice it answers differently"))
    return wrong


def _rows(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.sort_by("customer_id").to_pylist()
    return rows


def _table(shape: dict[str, str], rows: list[tuple[Any, ...]]) -> Any:
    import ibis
    import pyarrow as pa

    schema = ibis.schema(shape)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(shape)}
    return ibis.memtable(pa.table(columns, schema=schema.to_pyarrow()), schema=schema)
