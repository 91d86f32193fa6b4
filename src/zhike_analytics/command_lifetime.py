"""``python -m zhike_analytics clv | retention``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from zhike_analytics.command_words import told_plainly, write_rows
from zhike_analytics.commands import FILE, FILES, ORDERS, as_json_text, with_options


@click.command("clv", short_help="Chance to be active, purchases and value to come per customer.")
@with_options(
    FILE, *ORDERS, click.option("--until", required=True, metavar="DATE", help="Last day looked at, YYYY-MM-DD."),
    click.option("--model", type=click.Choice(["mbg", "bg", "pareto"]), default="mbg", show_default=True),
    click.option("--weeks", type=click.IntRange(1, 520), default=52, show_default=True, help="How far ahead."),
    click.option("--discount", type=float, default=0.1, show_default=True, help="A year."),
    click.option("--free", type=click.Choice(["leave_out", "count"]), default="leave_out", show_default=True,
                 help="Whether orders for nothing are purchases."),
    *FILES,
)  # fmt: skip
def clv_command(
    file: Path, until: str, model: str, weeks: int, discount: float, free: str, as_json: bool, csv_file: Path | None,
    parquet: Path | None, **options: Any,
) -> None:  # fmt: skip
    """Fit a model of buying and one of spend to the orders of FILE; rows hold each customer's figures."""
    import ibis

    from zhike_analytics import lifetime

    kinds = {"mbg": lifetime.ModifiedBetaGeoNBD, "bg": lifetime.BetaGeoNBD, "pareto": lifetime.ParetoNBD}
    with told_plainly():
        known = (
            lifetime.histories(file, until=until, later="ignore", free=free, **options)
            .order_by("customer_id")
            .to_pyarrow()
        )
        buying, spend = kinds[model]().fit(known), lifetime.GammaGamma().fit(known)
        weekly = (1 + discount) ** (1 / 52) - 1
        told = {
            "alive": buying.alive(known),
            "expected_purchases": buying.predict(known, weeks),
            "expected_spend": spend.predict(known),
            "value_ahead": lifetime.lifetime_value(buying, spend, known, periods=weeks, discount=weekly),
        }
    for name, values in told.items():
        known = known.append_column(name, [values])
    write_rows(ibis.memtable(known), csv_file, parquet)
    if as_json:
        as_json_text({"models": [asdict(buying.summary()), asdict(spend.summary())], "alive": float(told["alive"].sum()),
                      "expected_purchases": float(told["expected_purchases"].sum())})  # fmt: skip
        return
    click.echo(buying.summary())
    click.echo(spend.summary())
    click.echo(
        f"{told['alive'].sum():,.0f} of {known.num_rows:,} still active; {told['expected_purchases'].sum():,.0f} purchases"
    )


@click.command("retention", short_help="Cohorts by month of first purchase.")
@with_options(
    FILE, *ORDERS, click.option("--until", required=True, metavar="DATE", help="Last day looked at, YYYY-MM-DD."),
    *FILES[:1],
)  # fmt: skip
def retention_command(file: Path, until: str, as_json: bool, **options: Any) -> None:
    """Group the customers of FILE by the month of their first purchase and follow them; months not over stay blank."""
    from zhike_analytics.retention import cohorts

    with told_plainly():
        found = cohorts(file, until=until, **options)
    if as_json:
        as_json_text({"cohorts": [asdict(cohort) for cohort in found]})
        return
    for cohort in found:
        shares = "".join("       " if share is None else f"{share:>7.1%}" for share in cohort.shares()[:13])
        click.echo(f"{cohort.month:%Y-%m}{cohort.size:>8}{shares}")
