"""``python -m zhike_analytics composition | bridge | abc | products``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from zhike_analytics.command_words import money, share, told_plainly, write_rows

Command = Callable[..., Any]
UNIT = click.option(
    "--unit", type=click.Choice(["units", "cents"]), default="units", show_default=True,
    help="Whether amounts are whole currency units or cents.",
)  # fmt: skip
FILES = (
    click.option("--json", "as_json", is_flag=True, help="Everything as JSON."),
    click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="F", help="Write rows."),
    click.option("--parquet", type=click.Path(path_type=Path), metavar="F", help="Write rows."),
)
ORDERS = (
    click.option("--customer", required=True, metavar="C", help="Column with the customer."),
    click.option("--at", required=True, metavar="C", help="Column with the day or moment."),
    click.option("--amount", required=True, metavar="C", help="Column with the net amount."),
    click.option("--order", metavar="C", help="Column with the order; without it every row is one."),
    UNIT,
    click.option("--zone", default="Asia/Shanghai", show_default=True, help="Zone of moments."),
    click.option("--clock", type=click.Choice(["local", "utc"]), default="local", show_default=True,
                 help="What moments without a zone show."),
)  # fmt: skip
FILE = click.argument("file", type=click.Path(path_type=Path))


def with_options(*options: Any) -> Callable[[Command], Command]:
    """Give a command several options, in their order."""

    def add(function: Command) -> Command:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def _rows(table: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return found


def as_json_text(told: dict[str, Any]) -> None:
    """Say everything as JSON."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))


@click.command("composition", short_help="Customers, orders and money by any column, also over time.")
@with_options(
    FILE, click.option("--by", required=True, metavar="C", help="Column with the attribute."), *ORDERS,
    click.option("--period", type=click.Choice(["month", "quarter", "year"]), help="One composition for each period."),
    click.option("--since", metavar="DATE", help="First day."), click.option("--until", metavar="DATE", help="Last day."),
    *FILES,
)  # fmt: skip
def composition_command(
    file: Path, by: str, period: str | None, as_json: bool, csv_file: Path | None, parquet: Path | None, **options: Any
) -> None:
    """Compose the customers of FILE (Parquet or CSV: lines or orders) by a column: who, how many orders, how much."""
    from zhike_analytics.compositions import composition, composition_over_time

    with told_plainly():
        if period:
            table = composition_over_time(file, by=by, period=period, **options)
        else:
            table = composition(file, by=by, **options)
        table = table.cache()
    write_rows(table, csv_file, parquet)
    rows = _rows(table)
    if as_json:
        as_json_text({"by": by, "period": period, "since": options["since"], "until": options["until"], "groups": rows})
        return
    click.echo(f"{'group':<28}{'customers':>10}{'orders':>10}{'amount':>18}{'share':>8}")
    for row in rows:
        name = f"{row['period']} {row['group']}" if period else row["group"]
        counts = f"{row['customers']:>10}{row['orders']:>10}"
        click.echo(f"{name[:27]:<28}{counts}{money(row['revenue_cents']):>18}{share(row['revenue_share']):>8}")


@click.command("bridge", short_help="From one period's money to another's: new, returned, lost, more, less.")
@with_options(
    FILE, *ORDERS,
    click.option("--before", nargs=2, required=True, metavar="FIRST LAST", help="The first period, two days."),
    click.option("--after", nargs=2, required=True, metavar="FIRST LAST", help="The second period, two days."),
    *FILES,
)  # fmt: skip
def bridge_command(file: Path, as_json: bool, csv_file: Path | None, parquet: Path | None, **options: Any) -> None:
    """Build the bridge between two periods of FILE; --csv and --parquet write each customer's kind and change."""
    from zhike_analytics.bridges import bridge, bridge_steps, bridged

    with told_plainly():
        steps = bridge_steps(_rows(bridge(file, **options)))
        if csv_file or parquet:
            write_rows(bridged(file, **options).order_by("customer_id"), csv_file, parquet)
    if as_json:
        as_json_text(steps)
        return
    click.echo(f"{'before':<12}{steps['before_customers']:>10}{money(steps['before_cents']):>18}")
    for step in steps["steps"]:
        click.echo(f"{step['kind']:<12}{step['customers']:>10}{money(step['change_cents']):>18}")
    click.echo(f"{'after':<12}{steps['after_customers']:>10}{money(steps['after_cents']):>18}")


def _cuts(_context: Any, _option: Any, text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter("numbers, divided by commas") from None


@click.command("abc", short_help="ABC classes, pyramid and concentration of anything with a sum.")
@with_options(
    FILE, click.option("--item", required=True, metavar="C", help="Column with the customer or product."),
    click.option("--value", required=True, metavar="C", help="Column with the revenue or margin."), UNIT,
    click.option("--cuts", default="0.8,0.95", show_default=True, callback=_cuts, help="Shares at which classes end."),
    click.option("--boundary", type=click.Choice(["inside", "outside"]), default="inside", show_default=True,
                 help="Where the item that crosses a cut lies."),
    click.option("--ties", type=click.Choice(["together", "by_rank"]), default="together", show_default=True),
    click.option("--nonpositive", type=click.Choice(["last", "none"]), default="last", show_default=True,
                 help="Class of sums at or below zero."),
    click.option("--levels", type=click.Choice(["metals", "textbook"]), default="metals", show_default=True),
    *FILES,
)  # fmt: skip
def abc_command(
    file: Path, item: str, value: str, unit: str, levels: str, as_json: bool, csv_file: Path | None,
    parquet: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Class the items of FILE (summed by item); rows written with --csv or --parquet hold class and level."""
    from zhike_analytics.inequality import concentration
    from zhike_analytics.value_classes import abc_run, class_summary, pyramid

    named: dict[str, Any] = {"item": item, "value": value, "unit": unit}
    with told_plainly():
        run = abc_run(file, **named, **options)
        placed = pyramid(file, **named, levels=levels, ties=options["ties"]).select("item_id", "level")
        both = run.table.left_join(placed, "item_id").drop("item_id_right").order_by("rank").cache()
        told = concentration(file, **named)
    write_rows(both, csv_file, parquet)
    classes, steps = _rows(class_summary(both)), _rows(class_summary(both, "level"))
    if as_json:
        as_json_text({"items": run.items, "valued": run.valued, "unknown": run.unknown, "total": run.total, "limits": run.limits,
               "options": run.options, "classes": classes, "levels": steps, "concentration": asdict(told)})  # fmt: skip
        return
    click.echo(f"{run.items} items, {run.valued} above zero, {money(run.total)} in all")
    for key, rows in (("abc_class", classes), ("level", steps)):
        for row in rows:
            amount = f"{money(row['value']):>18}{share(row['value_share']):>8}"
            click.echo(f"{row[key]:<12}{row['items']:>10}{share(row['items_share']):>8}{amount}")
    if told.gini is not None:
        click.echo(f"Gini {told.gini:.3f} · HHI {told.hhi:.4f} · first fifth {share(told.pareto_ratio)}")


@click.command("products", short_help="Margins, turnover, cross and contribution ratios of products.")
@with_options(
    FILE, click.option("--product", required=True, metavar="C", help="Column with the product, in every file."),
    click.option("--quantity", required=True, metavar="C", help="Column with the quantity."),
    click.option("--amount", required=True, metavar="C", help="Column with the amount of the line."), UNIT,
    click.option("--costs", type=click.Path(path_type=Path), metavar="F",
                 help="File with the product and unit_cost_cents."),
    click.option("--stock", type=click.Path(path_type=Path), metavar="F",
                 help="File with the product, opening_cents and closing_cents, at cost."),
    *FILES,
)  # fmt: skip
def products_command(file: Path, as_json: bool, csv_file: Path | None, parquet: Path | None, **options: Any) -> None:
    """Measure the products of FILE (order lines). What has no cost has no margin; the coverage says how much that is."""
    from zhike_analytics.product_margins import coverage, product_measures

    with told_plainly():
        table = product_measures(file, **options).cache()
        told = coverage(table)
    write_rows(table, csv_file, parquet)
    rows = _rows(table)
    if as_json:
        as_json_text({"coverage": asdict(told), "products": rows})
        return
    known = f"{told.products_with_cost} with a cost, {share(told.revenue_share)} of the money"
    click.echo(f"{told.products} products, {known}; margin {share(told.margin_rate)}")
    click.echo(f"{'product':<24}{'amount':>16}{'share':>8}{'margin':>8}{'turns':>8}{'cross':>8}{'contrib.':>9}")
    for row in rows[:50]:
        ratios = [row["turnover"], row["cross_ratio"], row["contribution_ratio"]]
        tail = "".join(f"{'–' if r is None else f'{r:.2f}':>8}" for r in ratios)
        head = f"{str(row['product_id'])[:23]:<24}{money(row['revenue_cents']):>16}"
        click.echo(f"{head}{share(row['sales_share']):>8}{share(row['margin_rate']):>8}{tail}")
