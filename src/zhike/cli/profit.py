"""`zhike analyze profit`: what customers leave after goods and service."""

from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import Refused, command
from zhike.cli.measures import FILES_AND_RUN, PERIOD, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output


@command("profit", into=analyze)
@with_options(*FILES_AND_RUN[:3], *PERIOD, *FILES_AND_RUN[3:])
@click.option("--hour", metavar="AMOUNT", help="With --now: what an hour of staff costs.")
@click.option("--handling", metavar="AMOUNT", help="With --now: what handling one order costs.")
@click.option(
    "--assumed",
    type=click.Choice(["known", "10", "20", "30", "40", "50", "60"]),
    help="With --now: margin (percent) of goods without a cost price, or that of those with one.",
)
@click.option("--by", default="source", show_default=True, help="The attribute the customers are grouped by.")
def profit(out: Output, by: str, **asked: Any) -> None:
    """Contribution of customers: margin less cost to serve; who earns, who costs, group by group."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "profit", asked)
    counts, currency = found.counts, found.counts["currency"]
    if by not in counts["groups"]:
        raise Refused(_("There is no attribute “%(name)s”.") % {"name": by[:40]}, "no_such_attribute")
    net = counts["net_cents"]
    names = {
        "net_cents": _("Net amount"), "cost_cents": _("Cost of goods"), "time_cents": _("Time of staff"),
        "spent_cents": _("Spent on contacts"), "handling_cents": _("Handling of orders"),
        "acquisition_cents": _("Cost of sources for new customers"), "contribution_cents": _("Contribution"),
    }  # fmt: skip
    out.say(" – ".join(counts["after"]))
    out.table(
        [_("Step"), _("Amount"), _("Of the net amount")],
        [[label, money_text(counts[name], currency), share_text(counts[name] / net if net > 0 else None)]
         for name, label in names.items()],
    )  # fmt: skip
    heads = [_("Customers"), _("Margin"), _("Cost to serve"), _("Contribution")]
    groups = words.group_names(by)
    for title, rows, named in (
        (_("Class"), counts["classes"], {code: str(label) for code, label in words.PROFIT_CLASSES.items()}),
        (str(words.ATTRIBUTES[by][0]), counts["groups"][by], groups),
    ):
        cents = ("margin_cents", "serve_cents", "contribution_cents")
        told = [
            [
                named.get(row["group"], row["group"]),
                number(row["customers"]),
                *(money_text(row[n], currency) for n in cents),
            ]
            for row in rows
        ]
        out.table([title, *heads], told)
    out.result(run_as_json(found, files))
