"""``python -m zhike_analytics portrait``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhike_analytics.command_words import told_plainly, write_rows
from zhike_analytics.commands import FILE, FILES, as_json_text, with_options

if TYPE_CHECKING:
    import ibis.expr.types as ir

_COLUMNS = ("customer", "order", "at", "product", "quantity", "amount")


@click.command("portrait", short_help="Groups of customers who do alike, and psychology types.")
@with_options(
    FILE, *(click.option(f"--{name}", required=True, metavar="C", help=f"Column with the {said}.")
            for name, said in zip(_COLUMNS, ("customer", "order", "moment", "product", "pieces", "whole cents"), strict=True)),
    *(click.option(f"--{name}", metavar="C", help=f"Column with the {name}.")
      for name in ("title", "category", "brand", "channel")),
    click.option("--as-of", required=True, metavar="DATE", help="Day of the portrait, YYYY-MM-DD."),
    click.option("--groups", "k", type=click.IntRange(2, 20), help="How many; else the best number between 3 and 8."),
    click.option("--rules", "rules_file", type=click.Path(path_type=Path, exists=True), help="Rules of psychology types."),
    *FILES,
)  # fmt: skip
def portrait_command(
    file: Path, as_of: str, k: int | None, rules_file: Path | None, as_json: bool, csv_file: Path | None,
    parquet: Path | None, **columns: str | None,
) -> None:  # fmt: skip
    """Draw the portrait of the customers of FILE: a row for each product of an order. Writes a row per customer."""
    import ibis
    import pyarrow as pa

    from zhike_analytics import portrait

    with told_plainly():
        rules = portrait.read_rules(rules_file.read_text("utf-8") if rules_file else portrait.DEFAULT_RULES)
        told = portrait.signals(*_tables(file, columns)).cache()
        held = portrait.features(told, as_of=as_of).cache()
        model = portrait.Clusters(k).fit(held)
        types = portrait.strengths(told, rules).cache()
        carried = types.aggregate(**{rule.type: types[rule.type].count() for rule in rules}).to_pyarrow().to_pylist()[0]
    summary = model.summary()
    groups = ibis.memtable(pa.table({"of_id": model.customers_, "cluster": model.labels_ + 1}))
    rows = types.inner_join(groups, types.customer_id == groups.of_id).drop("of_id").order_by("customer_id")
    if csv_file or parquet:
        write_rows(ibis.memtable(rows.to_pyarrow()), csv_file, parquet)
    if as_json:
        as_json_text({**asdict(summary), "types": carried})
        return
    click.echo(f"{len(model.customers_):,} customers in {summary.k} groups, silhouette {summary.silhouette:.3f}")
    for group in summary.groups:
        traits = ", ".join(f"{level} {name}" for name, level in group.traits) or "like most"
        click.echo(
            f"{group.place + 1:>3}{group.customers:>10,}{group.share:>8.1%}  {group.stability:.2f} {group.standing:<10}{traits}"
        )
    click.echo("types: " + ", ".join(f"{name} {count:,}" for name, count in carried.items()))


def _tables(file: Path, columns: dict[str, str | None]) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Orders, lines and products out of one file of lines."""
    import ibis

    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.purchases import table

    held: Any = table(file)
    for name in columns.values():
        if name and name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name)

    def text(name: str) -> Any:
        return held[columns[name]].cast("string") if columns[name] else ibis.literal("")

    lines = held.select(
        customer_id=held[columns["customer"]], order_id=held[columns["order"]], at=held[columns["at"]].cast("timestamp"),
        product_id=held[columns["product"]], quantity=held[columns["quantity"]].cast("int64"),
        amount_cents=held[columns["amount"]].cast("int64"), channel=text("channel"), title=text("title"),
        category=text("category"), brand=text("brand"),
    )  # fmt: skip
    lines = lines.filter(lines.customer_id.notnull() & lines["at"].notnull()).cache()
    orders = lines.group_by(["customer_id", "order_id"]).aggregate(
        at=lines["at"].min(), net_cents=lines.amount_cents.sum().cast("int64"), channel=lines.channel.max(),
        is_returned=(lines.amount_cents < 0).any(), has_discount=ibis.literal(False),
    )  # fmt: skip
    named = lines.group_by("product_id").aggregate(
        title=lines.title.max(), category=lines.category.max(), brand=lines.brand.max()
    )
    return orders, lines.select("customer_id", "order_id", "product_id", "quantity", "amount_cents"), named
