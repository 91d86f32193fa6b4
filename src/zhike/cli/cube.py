"""`zhike analyze cube`: any measure by any dimensions, at once."""

import csv
from pathlib import Path
from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import Refused, command
from zhike.cli.output import Output


@command("cube", into=analyze)
@click.option(
    "--rows", multiple=True, default=("province",), show_default=True, help="Dimensions of the rows, up to three."
)
@click.option("--columns", multiple=True, help="Dimensions of the columns, up to two.")
@click.option("--measure", "measures", multiple=True, default=("net",), show_default=True, help="Up to four measures.")
@click.option(
    "--where", multiple=True, help="Only a part: DIMENSION=VALUE; several values of one dimension by repeating it."
)
@click.option(
    "--span",
    default="days_365",
    show_default=True,
    type=click.Choice(["days_90", "days_365", "month", "quarter", "year", "all"]),
    help="The period.",
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day of an own period.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day of an own period.")
@click.option("--fresh", is_flag=True, help="Read what changed since the last reading first.")
@click.option(
    "--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all cells and totals as CSV."
)
def cube(out: Output, csv_file: Path | None, fresh: bool, **asked: Any) -> None:
    """Count any measure by any dimensions; totals are counted anew on every level."""
    from django.utils.translation import gettext as _

    from zhike.analyze import snapshot, warm_child
    from zhike.analyze.cubes import asking, page, words
    from zhike.analyze.cubes.question import QuestionRefused
    from zhike.secure.records import LOCAL_OPERATOR

    try:
        question = _question(asked)
    except QuestionRefused as problem:
        raise Refused(words.refusal(problem), problem.code) from None
    if fresh:
        snapshot.take()
    told = asking.reckon(asking.stored(LOCAL_OPERATOR, question))
    warm_child.CHILD.stop()
    if "error" in told:
        raise Refused(
            _("The count did not come to an end. Ask for a smaller part or a shorter period, or try again."),
            told["error"],
        )
    read = page.read(question, told)
    _print(out, page.table(read, may_open=False))
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(page.csv_rows(read))
    found = [
        {"depth": depth, "across": across, "rows": rows, "columns": columns,
         "values": dict(zip(told["measures"], values, strict=True))}
        for depth, across, rows, columns, values in told["cells"]
    ]  # fmt: skip
    out.result(
        {"question": question.as_json(), "currency": told["currency"], "read_at": told["read_at"], "cells": found,
         "files": [str(csv_file)] if csv_file else []}
    )  # fmt: skip


def _print(out: Output, shown: dict[str, Any]) -> None:
    from django.utils.translation import gettext as _

    heads = [" / ".join(shown["heads"])]
    heads += [" ".join(_across(shown, place)) for place in range(len(shown["sum"]["cells"]))]
    lines = [*shown["lines"], shown["sum"]]
    out.table(
        heads,
        [
            ["  " * max(line["depth"] - 1, 0) + line.get("label", _("Sum")), *(cell["text"] for cell in line["cells"])]
            for line in lines
        ],
    )


def _question(asked: dict[str, Any]) -> Any:
    from zhike.analyze.cubes.question import Question, QuestionRefused

    parts: dict[str, list[str]] = {}
    for one in asked["where"]:
        name, found, value = one.partition("=")
        if not found:
            raise QuestionRefused("values", name)
        parts.setdefault(name, []).append(value)
    days = {name: asked[name].date().isoformat() for name in ("first", "last") if asked[name]}
    return Question(
        rows=tuple(asked["rows"]), columns=tuple(asked["columns"]), measures=tuple(asked["measures"]),
        where=tuple((name, tuple(values)) for name, values in parts.items()), span="own" if days else asked["span"], **days,
    )  # fmt: skip


def _across(shown: dict[str, Any], place: int) -> list[str]:
    """The headings over a column: its groups, and the measure where there are several."""
    from django.utils.translation import gettext as _

    found, width = [], len(shown["measures"])
    for line in shown["columns"]:
        at = 0
        for heading in line:
            if at <= place < at + heading["width"]:
                found.append(heading["label"])
            at += heading["width"]
    if not found and shown["columns"]:
        found = [_("Sum")]
    return found + ([shown["labels"][place % len(shown["labels"])]] if width > 1 or not shown["columns"] else [])
