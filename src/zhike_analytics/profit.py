"""Profit contribution of customers 客户利润贡献: what their orders leave after goods and service, customer by customer.

contribution = net revenue − cost of goods − cost to serve, where cost to serve = staff time (minutes ÷ 60 × the hour's
cost) + money spent on contacts + orders × the cost of handling one + the customer's part of what their source cost.
Goods whose cost is not known take an assumed margin rate or none; how much stands on that is always told.

Sources: R. Cooper, R. S. Kaplan, "Profit priorities from activity-based costing", HBR 69(3), 1991 (contribution per
customer, the whale curve); B. P. Shapiro, V. K. Rangan, R. T. Moriarty, E. B. Ross, "Manage customers for profits
(not just sales)", HBR 65(5), 1987 (margin against cost to serve: four kinds of customers). Money is whole cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.product_margins import _lines, _with
from zhike_analytics.purchases import _cents, table

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS = ("passive", "carriage", "bargain", "aggressive")  # margin high or low × service cheap or dear
CLASSES = ("profit", "even", "loss")
_PARTS = ("net_cents", "goods_cents", "known_cents", "cost_cents", "orders", "contacts", "minutes", "spent_cents")


@dataclass(frozen=True)
class Rates:
    """What serving costs, in cents: an hour of staff, handling one order (packing, postage paid, platform's share).

    `assumed_margin` (0 to 1) is the margin rate of goods whose cost is not known; None takes the rate of those that are,
    and where none is known at all, such goods cost nothing and :class:`Totals` says so.
    """

    hour_cents: int = 0
    order_cents: int = 0
    assumed_margin: float | None = None

    def __post_init__(self) -> None:
        if self.hour_cents < 0 or self.order_cents < 0:
            raise MeasureProblem("profit.rate_below_zero")
        if self.assumed_margin is not None and not 0 <= self.assumed_margin <= 1:
            raise MeasureProblem("profit.margin_out_of_range")


@dataclass(frozen=True)
class Totals:
    """The parts of all contributions, in cents; they add up: contribution = net − cost of goods − the four parts of service.

    `goods_cents` is the revenue of goods, `known_cents` the part whose cost is known, `margin_rate` the rate used for the
    other; `peak_share` is the profit of the profitable by the profit of all (None unless that is above zero).
    """

    customers: int
    net_cents: int
    goods_cents: int
    known_cents: int
    cost_cents: int
    margin_rate: float | None
    time_cents: int
    spent_cents: int
    handling_cents: int
    acquisition_cents: int
    contribution_cents: int
    peak_share: float | None


def contributions(
    orders: Any,
    *,
    lines: Any = None,
    costs: Any = None,
    contacts: Any = None,
    acquisition: Any = None,
    rates: Rates | None = None,
    customer: str = "customer_id",
    unit: str = "cents",
    con: Any = None,
) -> ir.Table:
    """One row per customer with an order, a contact or a part of what sources cost; most contribution first.

    orders: ``customer``, ``net_cents``, a row each. lines: ``customer``, ``product_id``, ``quantity``, ``amount_cents``
    (returns with a minus). costs: ``product_id``, ``unit_cost_cents``. contacts: ``customer``, ``minutes`` (null: not
    noted), ``cost_cents``. acquisition: ``customer``, ``acquisition_cents``. Columns: customer_id, orders, net_cents,
    goods_cents, known_cents, cost_cents, margin_cents (net − cost), contacts, minutes, time_cents, spent_cents,
    handling_cents, acquisition_cents, serve_cents, contribution_cents, margin_rate and serve_rate (of the net; null
    unless it is above zero), profit_class (profit, even, loss), kind (see :func:`kinds`), rank, cumulative_cents.
    Raises MeasureProblem for a column that is not there.
    """
    rates = rates or Rates()
    parts = [_of_orders(orders, customer, unit, con)]
    if lines is not None:
        parts.append(_of_lines(lines, costs, customer, unit, con))
    if contacts is not None:
        parts.append(_of_contacts(contacts, customer, con))
    if acquisition is not None:
        parts.append(_of_acquisition(acquisition, customer, con))
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.union(part)
    names = (*_PARTS, "acquisition_cents", "known_cost_cents")
    people = whole.group_by("customer_id").aggregate(**{n: whole[n].sum().cast("int64") for n in names})
    rate = _assumed(people, rates)
    return _ranked(_classed(_summed(people, rates, rate)))


def totals(measured: ir.Table, rates: Rates | None = None) -> Totals:
    """The parts of a table of :func:`contributions` together, and what the profitable earn of it."""
    rates = rates or Rates()
    names = (
        "net_cents", "goods_cents", "known_cents", "cost_cents", "time_cents", "spent_cents", "handling_cents",
        "acquisition_cents", "contribution_cents",
    )  # fmt: skip
    won = measured.contribution_cents > 0
    found = measured.aggregate(
        customers=measured.count(),
        won=measured.contribution_cents.sum(where=won).fill_null(0).cast("int64"),
        **{n: measured[n].sum().fill_null(0).cast("int64") for n in names},
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    won_cents = found.pop("won")
    unknown = found["goods_cents"] - found["known_cents"]
    whole = found["contribution_cents"]
    return Totals(
        **found,
        margin_rate=_assumed_of(measured, rates) if unknown else None,
        peak_share=won_cents / whole if whole > 0 else None,
    )


def whale(measured: ir.Table, *, points: int = 100) -> list[tuple[float, float]]:
    """The whale curve: (share of customers, best first; their cumulated contribution by that of all), from (0, 0) to (1, 1).

    Above 1 in the middle: what the best earn and the last lose again. Empty unless all together contribute above zero.
    """
    rows = measured.select("rank", "cumulative_cents").order_by("rank")
    count = int(rows.count().to_pyarrow().as_py())
    if not count:
        return []
    step = max(count // points, 1)
    picked = rows.filter(((rows["rank"] % step) == 0) | (rows["rank"] == count)).to_pyarrow().to_pylist()
    whole = int(picked[-1]["cumulative_cents"])
    if whole <= 0:
        return []
    return [(0.0, 0.0), *[(row["rank"] / count, row["cumulative_cents"] / whole) for row in picked]]


def by_group(measured: ir.Table, group: str) -> ir.Table:
    """Contribution by any column: group, customers, net_cents, margin_cents, serve_cents, contribution_cents, losing
    (customers below zero), lost_cents (what they lose together); most contribution first."""
    below = measured.contribution_cents < 0
    sums = ("net_cents", "margin_cents", "serve_cents", "contribution_cents")
    found = measured.group_by(group=measured[group]).aggregate(
        customers=measured.count(),
        **{n: measured[n].sum().cast("int64") for n in sums},
        losing=measured.contribution_cents.count(where=below),
        lost_cents=measured.contribution_cents.sum(where=below).fill_null(0).cast("int64"),
    )
    return found.order_by([ibis.desc("contribution_cents"), "group"])


def acquired(people: Any, costs: Any, *, con: Any = None) -> ir.Table:
    """What sources cost, laid on the customers they brought: customer_id, acquisition_cents, whole cents that add up.

    people: ``customer_id``, ``source_id`` of those a source brought in the period. costs: ``source_id``, ``cost_cents``.
    The first customers of a source take the cents that are left over; what a source that brought nobody cost is laid on
    nobody.
    """
    brought, spent = table(people, con), table(costs, con)
    spent = spent.group_by(spent_id=spent.source_id).aggregate(cost_cents=spent.cost_cents.sum().cast("int64"))
    brought = brought.inner_join(spent, brought.source_id == spent.spent_id)
    of_source = ibis.window(group_by=brought.source_id)
    in_turn = ibis.window(group_by=brought.source_id, order_by=brought.customer_id)
    brought = brought.mutate(among=brought.customer_id.count().over(of_source), place=ibis.row_number().over(in_turn))
    each = (brought.cost_cents // brought.among).cast("int64")
    extra = (brought.place < brought.cost_cents - each * brought.among).ifelse(1, 0)
    return brought.select("customer_id", acquisition_cents=(each + extra).cast("int64"))


def _row(held: ir.Table, **given: Any) -> ir.Table:
    zero = ibis.literal(0, type="int64")
    names = (*_PARTS, "acquisition_cents", "known_cost_cents")
    return held.select("customer_id", **{name: given.get(name, zero) for name in names})


def _held(source: Any, customer: str, columns: tuple[str, ...], con: Any) -> ir.Table:
    held = table(source, con)
    for name in (customer, *columns):
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name[:60])
    held = held.rename(customer_id=customer) if customer != "customer_id" else held
    return held.filter(held.customer_id.notnull())


def _of_orders(orders: Any, customer: str, unit: str, con: Any) -> ir.Table:
    held = _held(orders, customer, ("net_cents",), con)
    one = ibis.literal(1, type="int64")
    return _row(held, net_cents=_cents(held.net_cents, unit), orders=one)


def _of_lines(lines: Any, costs: Any, customer: str, unit: str, con: Any) -> ir.Table:
    keys = {"customer_id": customer, "product_id": "product_id"}
    held = _with(_lines(lines, keys, "quantity", "amount_cents", unit, con), costs, "product_id",
                 {"unit_cost_cents": "int64"}, con)  # fmt: skip
    held = held.filter(held.customer_id.notnull())
    known = held.unit_cost_cents.notnull()
    cost = (held.quantity * held.unit_cost_cents).fill_null(0).cast("int64")
    return _row(
        held, goods_cents=held.cents, known_cents=known.ifelse(held.cents, 0).cast("int64"),
        known_cost_cents=cost,
    )  # fmt: skip


def _of_contacts(contacts: Any, customer: str, con: Any) -> ir.Table:
    held = _held(contacts, customer, ("minutes", "cost_cents"), con)
    return _row(
        held, contacts=ibis.literal(1, type="int64"), minutes=held.minutes.fill_null(0).cast("int64"),
        spent_cents=held.cost_cents.fill_null(0).cast("int64"),
    )  # fmt: skip


def _of_acquisition(acquisition: Any, customer: str, con: Any) -> ir.Table:
    held = _held(acquisition, customer, ("acquisition_cents",), con)
    return _row(held, acquisition_cents=held.acquisition_cents.fill_null(0).cast("int64"))


def _assumed(people: ir.Table, rates: Rates) -> Any:
    """The margin rate of goods whose cost is not known: as given, or that of the goods whose cost is; 1 where none is."""
    if rates.assumed_margin is not None:
        return ibis.literal(float(rates.assumed_margin))
    known, cost = people.known_cents.sum().over(ibis.window()), people.known_cost_cents.sum().over(ibis.window())
    return ibis.ifelse(known > 0, (known - cost) / ibis.ifelse(known > 0, known, ibis.null("int64")), 1.0)


def _assumed_of(measured: ir.Table, rates: Rates) -> float:
    if rates.assumed_margin is not None:
        return float(rates.assumed_margin)
    found = measured.aggregate(
        known=measured.known_cents.sum().fill_null(0), cost=measured.known_cost_cents.sum().fill_null(0)
    )
    row = found.to_pyarrow().to_pylist()[0]
    return float(row["known"] - row["cost"]) / float(row["known"]) if row["known"] > 0 else 1.0


def _summed(people: ir.Table, rates: Rates, rate: Any) -> ir.Table:
    people = people.mutate(
        cost_cents=(
            people.known_cost_cents + ((people.goods_cents - people.known_cents) * (1.0 - rate)).round().cast("int64")
        ).cast("int64"),
        time_cents=(people.minutes * rates.hour_cents / 60).round().cast("int64"),
        handling_cents=(people.orders * rates.order_cents).cast("int64"),
    )
    people = people.mutate(
        margin_cents=people.net_cents - people.cost_cents,
        serve_cents=people.time_cents + people.spent_cents + people.handling_cents + people.acquisition_cents,
    )
    people = people.mutate(contribution_cents=people.margin_cents - people.serve_cents)
    divisor = ibis.ifelse(people.net_cents > 0, people.net_cents, ibis.null("int64"))
    return people.mutate(margin_rate=people.margin_cents / divisor, serve_rate=people.serve_cents / divisor)


def _classed(people: ir.Table) -> ir.Table:
    """Profit, even or loss; and one of the four kinds, split at the medians of those with revenue (a tie counts as low)."""
    counted = people.aggregate(margin=people.margin_rate.median(), serve=people.serve_rate.median())
    people = people.cross_join(counted)
    high, dear = people.margin_rate > people.margin, people.serve_rate > people.serve
    kind = ibis.cases(
        (people.margin_rate.isnull(), ibis.null("string")),
        (high & ~dear, "passive"),
        (high & dear, "carriage"),
        (~high & ~dear, "bargain"),
        else_="aggressive",
    )
    result = ibis.cases(
        (people.contribution_cents > 0, "profit"), (people.contribution_cents < 0, "loss"), else_="even"
    )
    return people.mutate(kind=kind, profit_class=result).drop("margin", "serve")


def _ranked(people: ir.Table) -> ir.Table:
    order = [ibis.desc(people.contribution_cents), people.customer_id.asc()]
    return people.mutate(
        rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"),
        cumulative_cents=people.contribution_cents.sum()
        .over(ibis.window(order_by=order, preceding=None, following=0))
        .cast("int64"),
    ).order_by("rank")
