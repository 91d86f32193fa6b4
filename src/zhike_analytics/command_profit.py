"""``python -m zhike_analytics profit``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhike_analytics.command_words import money, told_plainly, write_rows
from zhike_analytics.commands import FILE, FILES, UNIT, as_json_text, with_options

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LOCATION = click.Path(path_type=Path)


@click.command("profit", short_help="What customers leave after goods and service.")
@with_options(
    FILE, click.option("--customer", required=True, metavar="C", help="Column with the customer."),
    click.option("--order", required=True, metavar="C", help="Column with the order."),
    click.option("--product", required=True, metavar="C", help="Column with the product."),
    click.option("--quantity", required=True, metavar="C", help="Column with the pieces."),
    click.option("--amount", required=True, metavar="C", help="Column with the net amount of the line."),
    click.option("--costs", type=_LOCATION, metavar="F", help="Table of product_id and unit_cost, in the same unit."),
    click.option("--contacts", type=_LOCATION, metavar="F", help="Table of the customer, minutes and cost."),
    UNIT, click.option("--hour", type=float, default=0.0, show_default=True, help="An hour of staff costs."),
    click.option("--handling", type=float, default=0.0, show_default=True, help="Handling one order costs."),
    click.option("--margin", type=float, help="Margin rate (0 to 1) of goods without a cost; else that of the others."),
    *FILES,
)  # fmt: skip
def profit_command(
    file: Path, hour: float, handling: float, margin: float | None, as_json: bool, csv_file: Path | None,
    parquet: Path | None, **asked: Any,
) -> None:  # fmt: skip
    """Lay margin and cost to serve on the customers of FILE, a row for each line of an order. Most contribution first."""
    from zhike_analytics import profit

    with told_plainly():
        rates = profit.Rates(round(hour * 100), round(handling * 100), margin)
        orders, lines = _orders_and_lines(file, asked)
        costs, contacts = _beside(asked)
        measured = profit.contributions(orders, lines=lines, costs=costs, contacts=contacts, rates=rates).cache()
        told, classes = profit.totals(measured, rates), profit.by_group(measured, "profit_class")
        rows = classes.to_pyarrow().to_pylist()
    write_rows(measured, csv_file, parquet)
    if as_json:
        as_json_text({**asdict(told), "classes": rows, "curve": profit.whale(measured)})
        return
    click.echo(
        f"{told.customers:,} customers: net {money(told.net_cents)}, contribution {money(told.contribution_cents)}"
    )
    for row in rows:
        click.echo(f"{row['group']:<8}{row['customers']:>10,}{money(row['contribution_cents']):>18}")


def _orders_and_lines(file: Path, asked: dict[str, Any]) -> tuple[ir.Table, ir.Table]:
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.purchases import _cents, table

    held = table(file)
    for name in ("customer", "order", "product", "quantity", "amount"):
        if asked[name] not in held.columns:
            raise MeasureProblem("orders.column_missing", column=asked[name][:60])
    lines = held.select(
        customer_id=held[asked["customer"]], order_id=held[asked["order"]], product_id=held[asked["product"]],
        quantity=held[asked["quantity"]].cast("int64"), amount_cents=_cents(held[asked["amount"]], asked["unit"]),
    )  # fmt: skip
    lines = lines.filter(lines.customer_id.notnull())
    orders = lines.group_by("customer_id", "order_id").aggregate(net_cents=lines.amount_cents.sum().cast("int64"))
    return orders, lines


def _beside(asked: dict[str, Any]) -> tuple[ir.Table | None, ir.Table | None]:
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.purchases import _cents, table

    def read(place: Path | None, *columns: str) -> ir.Table | None:
        if place is None:
            return None
        held = table(place)
        for name in columns:
            if name not in held.columns:
                raise MeasureProblem("orders.column_missing", column=name[:60])
        return held

    costs = read(asked["costs"], "product_id", "unit_cost")
    contacts = read(asked["contacts"], asked["customer"], "minutes", "cost")
    unit = asked["unit"]
    return (
        None if costs is None else costs.select("product_id", unit_cost_cents=_cents(costs.unit_cost, unit)),
        None if contacts is None else contacts.select(
            "minutes", customer_id=contacts[asked["customer"]], cost_cents=_cents(contacts.cost, unit)),
    )  # fmt: skip
