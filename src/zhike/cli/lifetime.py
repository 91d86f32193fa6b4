"""`zhike analyze lifetime`: who is still there, what is to come, and how the model did on time it had not seen."""

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
            f"{_('Held out')} {held['split']}: {_('Actual')} {number(held['actual'])} · {_('Expected')} {number(held['expected'])}"
        )
    out.result(run_as_json(found, files))
