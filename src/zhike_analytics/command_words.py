"""What the commands share: reading a file without quoting it, saying what is wrong, writing rows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

_SENTENCES = {
    "orders.no_such_file": "There is no such file.",
    "orders.unknown_file_kind": "Files ending in “{suffix}” are not known; use .parquet or .csv.",
    "orders.column_missing": "The file has no column “{column}”.",
    "orders.not_a_day": "Column “{column}” holds {type}, not a day or a moment.",
    "orders.not_an_amount": "Column “{column}” holds {type}, not an amount.",
    "orders.cents_not_whole": "Column “{column}” holds {type}, not whole cents; use --unit units.",
    "orders.unknown_zone": "--zone takes a name such as Asia/Shanghai.",
    "orders.unreadable": "The file could not be read ({reason}).",
    "as_of.not_a_day": "Options with days take a day such as 2026-11-22.",
    "rfm.as_of_before_last_order": "The last order is of {last_order}, after --as-of {as_of};"
    " choose a later day or use --later ignore.",
    "composition.column_missing": "The file has no column “{column}”.",
    "bridge.periods_overlap": "The first period ends on {before}, not before the second begins ({after}).",
    "bridge.period_backwards": "A period ends ({last}) before it begins ({first}).",
    "funnel.column_missing": "The file has no column “{column}”.",
    "funnel.bad_stages": "--stages takes at least two different stages in their order, with commas between them.",
    "lifetime.too_few_customers": "A model needs at least {least} customers; the file has {customers}.",
    "lifetime.no_repeaters": "Nobody has bought a second time: how often customers come back cannot be learned.",
    "lifetime.all_alike": "Every customer spends the same: there is nothing to learn from.",
    "lifetime.no_mean": "Spend varies so widely that it has no mean.",
    "association.bad_share": "--{option} takes a share above 0 and at most 1, such as 0.01.",
    "association.too_many_sets": "{sets} sets are frequent at this support, more than {most}; choose a greater one.",
    "recommend.too_many_items": "This model squares the products; at most {most} can be, the file has {items}: use --model als.",
    "portrait.too_few_customers": "Groups need at least {least} customers; the file has {customers}.",
    "portrait.all_alike": "All customers are alike in every feature: there is nothing to group by.",
    "portrait.seed_too_small": "A seed needs at least {least} customers with orders; it has {customers}.",
    "portrait.too_few_others": "Outside the seed at least {least} customers are needed; there are {customers}.",
    "portrait.bad_value": "Column “{column}” holds something that is no number.",
    "psychology.bad_rule": "Line {line} of the rules cannot be read, such as: bargain = 2 discounted + 1 promotion >= 25.",
    "profit.rate_below_zero": "--hour and --handling take an amount of nothing or more.",
    "profit.margin_out_of_range": "--margin takes a share between 0 and 1, such as 0.4.",
    "abc.bad_cuts": "--cuts takes ascending shares between 0 and 1, such as 0.8,0.95.",
}


@contextmanager
def told_plainly() -> Iterator[None]:
    """Say what the data does not allow in one sentence and exit with 1. A reader's own message may quote cells of the
    file: only its kind is named."""
    import duckdb
    import ibis

    from zhike_analytics.problem import MeasureProblem

    try:
        yield
    except MeasureProblem as problem:
        _stop(problem.code, problem.params, problem)
    except (duckdb.Error, ibis.IbisError) as error:
        _stop("orders.unreadable", {"reason": type(error).__name__}, error)


def _stop(code: str, params: Any, problem: Exception) -> None:
    told = _SENTENCES.get(code, "The data does not allow this: {code}")
    known = {name: value for name, value in params.items() if value is not None}
    click.echo(f"Error: {told.format_map(_Named(known, code=problem))}", err=True)
    sys.exit(1)


class _Named(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def write_rows(table: Any, csv_file: Path | None, parquet: Path | None) -> None:
    """Rows to the files asked for. Kept first: a sum is wider than 64 bits, and Parquet would make it a fraction."""
    table = table.cache() if csv_file or parquet else table
    if csv_file:
        table.to_csv(csv_file)
    if parquet:
        table.to_parquet(parquet)


def money(cents: int | None) -> str:
    """1234567 → 12,345.67."""
    if cents is None:
        return "–"
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def share(value: float | None) -> str:
    """0.123 → 12.3%."""
    return "–" if value is None else f"{value:.1%}"
