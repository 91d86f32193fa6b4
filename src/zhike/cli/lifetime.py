"""`zhike analyze lifetime | retention`: who is still there, what is to come, who stays, and how the models did."""

from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import command
from zhike.cli.measures import FILES_AND_RUN, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output


@command("lifetime", into=analyze)
@with_options(*FILES_AND_RUN)
@click.option("--model", type=click.Choice(["mbg", "bg", "pareto"]), help="With --now: the model of buying.")
@click.option("--horizon", type=click.Choice(["days_90", "days_180", "days_365"]), help="With --now: how far ahead.")
@click.option("--basis", type=click.Choice(["revenue", "margin"]), help="With --now: what counts as value.")
@click.option("--discount", type=click.Choice(["0", "5", "10", "15", "20"]), help="With --now: percent a year.")
def lifetime(out: Output, **asked: Any) -> None:
    """Chance to be active, purchases and value to come; rows hold each customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "lifetime", asked)
    counts, currency = found.counts, found.counts["currency"]
    if counts.get("refused"):
        out.say(counts["refused"])
        out.result(run_as_json(found, files))
        return
    out.say(
        f"{counts['model']['name']} · {_('Customers')}: {number(counts['customers'])} · {share_text(counts['alive'] / counts['customers'])}"
    )
    out.table(
        [_("Chance to be active"), _("Customers"), _("Purchases to come"), _("Value to come")],
        [[str(words.BANDS[b["band"]]), number(b["customers"]), number(b["expected_orders"], 1),
          money_text(b["value_ahead_cents"], currency)] for b in counts["bands"]],
    )  # fmt: skip
    if held := counts["held"]:
        out.say(
            f"{_('Held out')} {held['split']}: {_('Actual')} {number(held['actual'])} · {_('Predicted')} {number(held['expected'])}"
        )
    out.result(run_as_json(found, files))


@command("retention", into=analyze)
@with_options(*FILES_AND_RUN)
@click.option("--model", type=click.Choice(["mbg", "bg", "pareto"]), help="With --now: the model of buying.")
@click.option("--horizon", type=click.Choice(["days_90", "days_180", "days_365"]), help="With --now: how far ahead.")
def retention(out: Output, **asked: Any) -> None:
    """Cohorts by month of first purchase and the risk to stay away; rows hold each customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import number, share_text

    found, files = run_asked_for(out, "retention", asked)
    counts, months = found.counts, range(7)
    out.table(
        [_("First purchase"), _("Customers"), *(str(month) for month in months)],
        [
            [c["month"][:7], number(c["size"]),
             *("" if k >= len(c["active"]) or c["active"][k] is None else share_text(c["active"][k] / c["size"]) for k in months)]
            for c in counts["cohorts"]
        ],
    )  # fmt: skip
    out.table(
        [_("Risk of no purchase"), _("Customers")],
        [[str(words.RISKS[row["risk_level"]]), number(row["customers"])] for row in counts["warned"]["levels"]],
    )
    out.result(run_as_json(found, files))
