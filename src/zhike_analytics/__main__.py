"""``python -m zhike_analytics``: the measures on a file, without the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from zhike_analytics.command_association import needs_command, recommend_command, rules_command
from zhike_analytics.command_funnel import funnel_command
from zhike_analytics.command_lifetime import clv_command, retention_command
from zhike_analytics.command_portrait import portrait_command
from zhike_analytics.command_profit import profit_command
from zhike_analytics.command_words import money, told_plainly, write_rows
from zhike_analytics.commands import abc_command, bridge_command, composition_command, products_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Zhike's measures on your own Parquet or CSV file."""


for _command in (
    composition_command,
    bridge_command,
    abc_command,
    products_command,
    funnel_command,
    clv_command,
    retention_command,
    rules_command,
    recommend_command,
    needs_command,
    portrait_command,
    profit_command,
):
    main.add_command(_command)


@main.command("rfm", short_help="Recency, frequency and monetary scores per customer.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", required=True, metavar="DATE", help="Day of the analysis, YYYY-MM-DD.")
@click.option("--customer", required=True, metavar="C", help="Column with the customer.")
@click.option("--at", required=True, metavar="C", help="Column with the day or moment.")
@click.option("--amount", required=True, metavar="C", help="Column with the net amount.")
@click.option("--order", metavar="C", help="Column with the order; without it every row is one.")
@click.option(
    "--unit", type=click.Choice(["units", "cents"]), default="units", show_default=True,
    help="Whether amounts are whole currency units or cents.",
)  # fmt: skip
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="Zone of moments.")
@click.option(
    "--clock",
    type=click.Choice(["local", "utc"]),
    default="local",
    show_default=True,
    help="What moments without a zone show.",
)
@click.option("--bins", type=click.IntRange(2, 9), default=5, show_default=True)
@click.option(
    "--sorting", type=click.Choice(["independent", "nested"]), default="independent",
    show_default=True, help="Cut each measure over the whole base, or one inside the other.",
)  # fmt: skip
@click.option(
    "--ties", type=click.Choice(["together", "by_rank"]), default="together", show_default=True,
    help="Equal values score equally, or groups are of equal size.",
)  # fmt: skip
@click.option(
    "--cut", type=click.Choice(["mean", "median", "score"]), default="mean", show_default=True,
    help="What divides high from low for the eight classes.",
)  # fmt: skip
@click.option("--since", metavar="DATE", help="Leave out orders before this day.")
@click.option(
    "--later", type=click.Choice(["refuse", "ignore"]), default="refuse", show_default=True,
    help="What to do with orders after --as-of.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Summary and cut points as JSON.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="F", help="Write rows.")
@click.option("--parquet", type=click.Path(path_type=Path), metavar="F", help="Write rows.")
def rfm_command(file: Path, as_json: bool, csv_file: Path | None, parquet: Path | None, **options: Any) -> None:
    """Score the customers of FILE (Parquet or CSV, gzip too): lines or orders.

    Prints the eight classes; writes one row per customer with --csv or --parquet. Exit codes: 0
    done, 1 the data does not allow it, 2 wrong use.
    """
    from zhike_analytics.rfm import rfm_run

    with told_plainly():
        run = rfm_run(file, **options)
        rows = run.table.order_by("customer_id")
    write_rows(rows, csv_file, parquet)
    _tell(run, as_json)


def _tell(run: Any, as_json: bool) -> None:
    from zhike_analytics.rfm import rfm_summary

    rows = rfm_summary(run.table).to_pyarrow().to_pylist()
    if as_json:
        import json

        told = {
            "as_of": str(run.as_of), "options": run.options, "customers": run.customers,
            "scored": run.scored, "class_cuts": run.class_cuts, "cut_points": run.cut_points,
            "classes": rows,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{run.customers} customers, {run.scored} with purchases, as of {run.as_of}")
    click.echo(f"{'class':<20}{'customers':>10}{'share':>8}{'amount':>18}")
    for row in rows:
        amount = money(row["monetary_cents"])
        click.echo(f"{row['class_code']:<20}{row['customers']:>10}{row['customers_share']:>8.1%}{amount:>18}")


if __name__ == "__main__":
    main(prog_name="python -m zhike_analytics")
