"""``python -m zhike_analytics funnel``: the funnel of a file of moves."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from zhike_analytics.command_words import share, told_plainly, write_rows


@click.command("funnel", short_help="Step conversion by cohort, and time in stage with censoring.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--customer", required=True, metavar="C", help="Column with the customer.")
@click.option("--stage", required=True, metavar="C", help="Column with the stage entered.")
@click.option("--at", required=True, metavar="C", help="Column with the day or moment of entry.")
@click.option("--as-of", required=True, metavar="DATE", help="Day of the analysis, YYYY-MM-DD.")
@click.option("--stages", default="target_market,potential,target,current", show_default=True, help="In their order.")
@click.option("--cohort", type=click.Choice(["month", "quarter", "year"]), help="One row for each period of entry.")
@click.option("--within", type=click.IntRange(1), metavar="DAYS", help="Count only what was reached so soon.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), metavar="F", help="Write rows.")
@click.option("--parquet", type=click.Path(path_type=Path), metavar="F", help="Write rows.")
def funnel_command(
    file: Path, customer: str, stage: str, at: str, as_of: str, stages: str, cohort: str | None, within: int | None,
    as_json: bool, csv_file: Path | None, parquet: Path | None,
) -> None:  # fmt: skip
    """Measure the funnel of FILE: one row each time a customer entered a stage. Written rows hold each one's way."""
    from zhike_analytics import funnel

    names = [name.strip() for name in stages.split(",") if name.strip()]
    with told_plainly():
        stayed = funnel.stays(_told(file, customer, stage, at), as_of=as_of).cache()
        ways = funnel.reached(stayed, stages=names, within_days=within).order_by("customer_id")
        found = _conversion(ways, names, cohort)
        times = [asdict(time) for time in funnel.time_in_stage(stayed, stages=names)]
    write_rows(ways, csv_file, parquet)
    whole = found["all"]
    if as_json:
        told = {**whole, "cohorts": found["cohorts"], "times": times}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    for step in whole["steps"]:
        click.echo(f"{step['stage']:<20}{step['came']:>10}{step['went_on']:>10}{share(step['share']):>8}")
    click.echo(f"{'overall':<40}{share(whole['overall']):>8}")
    for time in times:
        median = "–" if time["median_days"] is None else time["median_days"]
        click.echo(f"{time['stage']:<20}{time['stays']:>10}{time['still']:>10}{median:>8}")


def _told(file: Path, customer: str, stage: str, at: str) -> Any:
    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.purchases import table

    held = table(file)
    for name in (customer, stage, at):
        if name not in held.columns:
            raise MeasureProblem("funnel.column_missing", column=name[:60])
    return held.select(customer_id=customer, stage=stage, at=at)


def _conversion(ways: Any, names: list[str], cohort: str | None) -> dict[str, Any]:
    from zhike_analytics import funnel

    by_period = {"month": "M", "quarter": "Q", "year": "Y"}
    tables = {"all": funnel.conversion(ways, stages=names)}
    if cohort:
        held = ways.mutate(cohort=ways.entered_on.truncate(by_period[cohort]))
        tables["cohorts"] = funnel.conversion(held, stages=names, by="cohort")
    rows = {name: [_row(row, names) for row in found.to_pyarrow().to_pylist()] for name, found in tables.items()}
    empty = {"group": "all", "customers": 0, "steps": [], "overall": None}
    return {"all": rows["all"][0] if rows["all"] else empty, "cohorts": rows.get("cohorts", [])}


def _row(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    from zhike_analytics import funnel

    taken = funnel.steps(row, stages=names)
    counts = {"group": row["group"], "customers": row["customers"]}
    return {**counts, "steps": [asdict(step) for step in taken], "overall": funnel.overall(taken)}
