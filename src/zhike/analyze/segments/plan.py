"""From a rule to one Ibis expression, and from that to SQL which asks the lake and the tables of one customer alike.

Tables: those of the lake (`lake_tables`), one of each family of figures (`families`) and `asking` (one row: the currency and the
bounds of each window in UTC), so that the SQL speaks of no day and can be kept. A condition is true or false, never
unknown: over a missing value every positive test is false, and `none_of`, `not_within`, `unknown` and `no` are the
plain opposites of their twins. Imports Ibis: for the analysis child; the SQL it makes is kept by `shelf`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.analyze.segments.families import families
from zhike.analyze.segments.shelf import Plan
from zhike.customers.queries.segments import (
    CONSENT,
    NEVER,
    STATED,
    Condition,
    Facet,
    Inner,
    Node,
    OrderWhere,
    Window,
    conditions,
    facet,
)

_IBIS_TYPES = {"BIGINT": "int64", "VARCHAR": "string", "TIMESTAMP": "timestamp", "BOOLEAN": "boolean", "DATE": "date"}


@dataclass(slots=True)
class _Ground:
    """The unbound tables, and the windows met so far."""

    windows: list[Window] = field(default_factory=list)
    tables: dict[str, ir.Table] = field(default_factory=dict)

    def table(self, name: str) -> ir.Table:
        """A table as the expression sees it: names and types, no rows."""
        if name not in self.tables:
            self.tables[name] = ibis.table(_schema(name), name=name)
        return self.tables[name]

    def bounds(self, window: Window) -> tuple[ir.Scalar, ir.Scalar]:
        """From which moment, and before which."""
        if window not in self.windows:
            self.windows.append(window)
        number = self.windows.index(window)
        asking = ibis.table({f"from_{number}": "timestamp", f"to_{number}": "timestamp"}, name="asking")
        return asking[f"from_{number}"].as_scalar(), asking[f"to_{number}"].as_scalar()

    def days(self, window: Window) -> tuple[ir.Scalar, ir.Scalar]:
        """From which day, and before which: for days that were stated as such."""
        self.bounds(window)
        number = self.windows.index(window)
        asking = ibis.table({f"first_{number}": "date", f"after_{number}": "date"}, name="asking")
        return asking[f"first_{number}"].as_scalar(), asking[f"after_{number}"].as_scalar()

    def currency(self) -> ir.Scalar:
        """The currency in which money counts."""
        # Two columns, or the SQL would say `SELECT *`.
        return ibis.table({"currency": "string", "customer": "int64"}, name="asking").currency.as_scalar()


def _schema(name: str) -> dict[str, str]:
    if name in families():
        return {column: _IBIS_TYPES[kind] for column, kind in families()[name].types.items()}
    columns = next(t for t in LAKE_TABLES if t.name == name).columns
    return {c.name: _IBIS_TYPES[c.type] for c in columns}


def plan_of(node: Node) -> Plan:
    """The plan of an expanded rule."""
    ground = _Ground()
    asked = list(conditions(node))
    people, figures = _people(ground, [c for _, c in asked])
    named: dict[str, ir.Value] = {}
    for number, (_path, condition) in enumerate(asked):
        value = figures(condition)
        named[f"v{number}"] = value
        named[f"t{number}"] = _truth(ground, condition, value)
    judged = people.select("customer_id", **named)
    truths = {path: judged[f"t{number}"] for number, (path, _) in enumerate(asked)}
    is_member = _joined(node, "", truths)
    return Plan(
        members=str(ibis.to_sql(judged.filter(is_member).select("customer_id"), dialect="duckdb")),
        judged=str(ibis.to_sql(judged.mutate(is_member=is_member), dialect="duckdb")),
        windows=tuple(ground.windows),
        paths=tuple(path for path, _ in asked),
        tables=tuple(ground.tables),
    )


def _joined(node: Node, path: str, truths: dict[str, ir.BooleanValue]) -> ir.BooleanValue:
    if isinstance(node, Condition):
        return truths[path]
    if isinstance(node, Inner):
        inside = _joined(node.node, f"{path}>", truths)
        return ~inside if node.negated else inside
    parts = [_joined(p, f"{path}.{n}" if path else str(n), truths) for n, p in enumerate(node.parts)]
    joined = reduce(lambda a, b: a & b, parts) if node.joint == "all" else reduce(lambda a, b: a | b, parts)
    return ~joined if node.joint == "none" else joined


def _facet(condition: Condition) -> Facet:
    asked = facet(condition.facet)
    assert asked is not None
    return asked


def _people(ground: _Ground, asked: Iterable[Condition]) -> tuple[ir.Table, Callable[[Condition], ir.Value]]:
    """One row a live customer with every figure the conditions need, and how to find a condition's figure there."""
    people = ground.table("cards")
    wanted = list(asked)
    for family in families():
        if any(_facet(c).table == family for c in wanted):
            people = people.left_join(ground.table(family), ["customer_id"], rname=f"{family}_{{name}}")
    places: dict[tuple[str, OrderWhere], str] = {}
    for by_line in (False, True):
        mine = [c for c in wanted if _facet(c).table == "orders" and _by_line(c) == by_line]
        for condition in mine:
            places.setdefault((_facet(condition).column, condition.where), f"bought_{len(places)}")
        if mine:
            figures = (_by_lines if by_line else _by_orders)(ground, mine, places)
            people = people.left_join(figures, people.customer_id == figures.buyer_id)
            people = people.drop("buyer_id")

    def figure(condition: Condition) -> ir.Value:
        own = _facet(condition)
        if own.column.startswith(STATED):
            return _stated(people, own)
        if own.column.startswith(CONSENT):
            return _consent(people, own)
        if own.table != "orders":
            return people[own.column]
        return ibis.coalesce(people[places[own.column, condition.where]], 0).cast("int64")

    return people, figure


def _stated(people: ir.Table, own: Facet) -> ir.Value:
    """A value out of the packed text of what was stated of a customer; null where nothing was."""
    name = own.column.removeprefix(STATED)
    value = people.stated.re_extract(rf"\|{re.escape(name)}=([^|]*)", 1).nullif("")
    if own.kind == "labels":
        return ibis.literal(",") + value + ibis.literal(",")
    # A day stated as such is compared with days, not with moments of some zone.
    return value.try_cast({"number": "float64", "day": "date"}.get(own.kind, "string"))


def _consent(people: ir.Table, own: Facet) -> ir.Value:
    """How a purpose stands with somebody, out of the packed text of what they answered."""
    name = own.column.removeprefix(CONSENT)
    answer = people.consents.re_extract(rf"\|{re.escape(name)}=([^|]*)", 1).nullif("")
    return ibis.coalesce(answer, NEVER)


def _by_line(condition: Condition) -> bool:
    return condition.where.by_line or _facet(condition).column == "items"


def _counted(ground: _Ground) -> ir.Table:
    """Orders that count, under the surviving customer: of the currency, not bookkeeping, with money in or out."""
    orders = ground.table("orders")
    kept = orders.filter(orders.currency == ground.currency(), orders.kind != "adjustment", orders.net_cents != 0)
    records, customers = ground.table("source_records"), ground.table("customers")
    rooted = records.inner_join(customers, ["customer_id"], rname="of_{name}").select(
        record_id="source_record_id", buyer_id="root_id"
    )
    return kept.inner_join(rooted, kept.source_record_id == rooted.record_id).select(
        "order_id", "buyer_id", "source_id", "current_version_id", "ordered_at", "net_cents"
    )


def _by_orders(ground: _Ground, asked: list[Condition], places: dict[tuple[str, OrderWhere], str]) -> ir.Table:
    orders = _counted(ground)
    named = {}
    for condition in asked:
        column, where = _facet(condition).column, condition.where
        inside = _inside(ground, orders, where)
        if column == "orders":
            named[places[column, where]] = orders.count(where=inside & (orders.net_cents > 0))
        else:
            named[places[column, where]] = orders.net_cents.sum(where=inside)
    return orders.group_by("buyer_id").aggregate(**named)


def _by_lines(ground: _Ground, asked: list[Condition], places: dict[tuple[str, OrderWhere], str]) -> ir.Table:
    """Goods lines of orders that count; an order counts as a purchase of a product with a line of it for more than nothing."""
    lines, products = ground.table("order_lines"), ground.table("products")
    goods = lines.filter(lines.kind == "goods").select("version_id", "product_id", "quantity", "amount_cents")
    told = products.select("category", "brand", "sku", goods_id="product_id", title=products.title.lower())
    wheres = [c.where for c in asked]
    if all(w.by_line for w in wheres):
        told = told.filter(_any_of([_about(told, w) for w in wheres]))
    named_goods = goods.inner_join(told, goods.product_id == told.goods_id)
    orders = _counted(ground)
    bought = orders.inner_join(named_goods, orders.current_version_id == named_goods.version_id)
    named = {}
    for condition in asked:
        column, where = _facet(condition).column, condition.where
        inside = _inside(ground, bought, where)
        if where.by_line:
            inside = inside & _about(bought, where)
        if column == "orders":
            got = inside & (bought.net_cents > 0) & (bought.quantity > 0)
            named[places[column, where]] = bought.order_id.nunique(where=got)
        else:
            amount = bought.quantity if column == "items" else bought.amount_cents
            named[places[column, where]] = amount.sum(where=inside)
    return bought.group_by("buyer_id").aggregate(**named)


def _inside(ground: _Ground, orders: ir.Table, where: OrderWhere) -> ir.BooleanValue:
    inside: ir.BooleanValue = ibis.literal(True)
    if where.window.kind != "ever":
        start, end = ground.bounds(where.window)
        inside = (orders.ordered_at >= start) & (orders.ordered_at < end)
    return inside & orders.source_id.isin(where.sources) if where.sources else inside


def _about(lines: ir.Table, where: OrderWhere) -> ir.BooleanValue:
    """Whether a line's product fits all that is said of it: by merchant code, a word in the title, category, brand."""
    tests = [lines[name].isin(wanted) for name, wanted in _lists(where) if wanted]
    if where.titles:
        tests.append(_any_of([lines.title.contains(word.lower()) for word in where.titles]))
    return reduce(lambda a, b: a & b, tests)


def _lists(where: OrderWhere) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("sku", where.skus), ("category", where.categories), ("brand", where.brands)


def _any_of(tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(lambda a, b: a | b, tests)


def _truth(ground: _Ground, condition: Condition, value: Any) -> ir.BooleanValue:
    """One condition as true or false; missing values make positive tests false and their opposites true."""
    opposite = {"none_of": "any_of", "not_within": "within", "unknown": "known", "no": "yes"}.get(condition.test)
    if opposite:
        return ~_truth(ground, Condition(condition.facet, opposite, condition.value, condition.where), value)
    return ibis.coalesce(_positive(ground, condition, value), False)


def _positive(ground: _Ground, condition: Condition, value: Any) -> ir.BooleanValue:
    asked, test = condition.value, condition.test
    kind = _facet(condition).kind
    if kind == "labels":
        # ids or codes lie in one text, `,3,17,`
        has = [value.contains(f",{tag},") for tag in asked]
        return reduce((lambda a, b: a & b) if test == "all_of" else (lambda a, b: a | b), has)
    if test == "any_of":
        return value.isin(asked)
    if test == "yes":
        return value
    if test == "known":
        return (
            value.notnull() & (value != "")
            if kind in ("choice", "words") and value.type().is_string()
            else value.notnull()
        )
    if test in ("within", "before"):
        start, end = ground.days(asked) if value.type().is_date() else ground.bounds(asked)
        return value < start if test == "before" else (value >= start) & (value < end)
    if test == "between":
        return (value >= asked[0]) & (value <= asked[1])
    return value >= asked if test == "at_least" else value <= asked
