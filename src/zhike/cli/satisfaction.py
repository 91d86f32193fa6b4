"""`zhike analyze satisfaction | loyalty`: what customers answered, and what they do beside it."""

from typing import Any

from zhike.cli.analyze import analyze
from zhike.cli.command import command
from zhike.cli.measures import FILES_AND_RUN, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output


@command("satisfaction", into=analyze)
@with_options(*FILES_AND_RUN)
def satisfaction(out: Output, **asked: Any) -> None:
    """Index, CSAT, NPS, CES with intervals and the answers by question; rows hold each known customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import satisfaction_page
    from zhike.ui.figures import number

    found, files = run_asked_for(out, "satisfaction", asked)
    if "questionnaire" in found.counts:
        shown = satisfaction_page.page(found, is_newest=True, may_open=False, may_segment=False)
        out.say(shown["about"]["title"])
        out.table(
            [_("Measure"), _("Mean"), _("Interval")],
            [[stat["label"], stat["value"], stat["note"]] for stat in shown["stats"]],
        )
        out.table(
            [_("Question"), _("Mean (0–100)"), _("Interval"), _("Answered by")],
            [[one["label"], one["value"], one["range"], number(one["n"])] for one in shown["items"]],
        )
    out.result(run_as_json(found, files))


@command("loyalty", into=analyze)
@with_options(*FILES_AND_RUN)
def loyalty(out: Output, **asked: Any) -> None:
    """Repurchase with its interval and the two axes; rows hold each placed customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import loyalty_page
    from zhike.ui.figures import number, share_text

    found, files = run_asked_for(out, "loyalty", asked)
    again = found.counts["repurchase"]
    shown = loyalty_page.page(found, is_newest=True, may_open=False, with_money=False, may_segment=False)
    out.say(f"{_('Bought again')}: {share_text(again['value'])} · n = {number(again['n'])}")
    out.table(
        [_("Loyalty"), _("Customers")], [[str(cell["label"]), number(cell["customers"])] for cell in shown["cells"]]
    )
    out.result(run_as_json(found, files))
