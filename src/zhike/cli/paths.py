"""`zhike analyze paths`: where visitors come from and go, and where they give up."""

from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import command
from zhike.cli.measures import FILES_AND_RUN, PERIOD, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output


@command("paths", into=analyze)
@with_options(*FILES_AND_RUN[:3], *PERIOD, *FILES_AND_RUN[3:])
@click.option(
    "--step",
    "step",
    multiple=True,
    metavar="STEP",
    help="With --now: a step of the funnel (basket, event NAME, page /path/*); repeat it for each, in order.",
)
def paths(out: Output, step: tuple[str, ...], **asked: Any) -> None:
    """Sources of visits, usual ways, interest, where visitors give up, and how it went with help and without."""
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    from zhike.analyze import path_words as words
    from zhike.ui.figures import number, share_text

    if step:
        asked["steps"] = "\n".join(step)
    found, files = run_asked_for(out, "paths", asked)
    counts = found.counts
    whole = counts["sessions"] or 1
    out.say(" – ".join(counts["after"]))
    out.table(
        [pgettext("visit", "Source"), _("Visits"), _("Share"), _("Left after one page"), pgettext("visit", "Ordered")],
        [[str(words.ENTRIES.get(row["entry"], row["entry"])), number(row["sessions"]), share_text(row["sessions"] / whole),
          share_text(row["one_page"] / row["sessions"]), share_text(row["ordered"] / row["sessions"])]
         for row in counts["entries"]],
    )  # fmt: skip
    out.table(
        [pgettext("visit", "Step"), _("Visits"), pgettext("visit", "Went on"), _("Gave up"), _("Share")],
        [[words.step_label(row), number(row["sessions"]), number(row["went_on"]), number(row["gave_up"]), share_text(row["rate"])]
         for row in counts["steps"]],
    )  # fmt: skip
    out.table(
        [pgettext("visit", "From"), pgettext("visit", "To"), _("Times"), _("Share")],
        [[words.page_label(row["from_page"]) or _("(came in)"), words.page_label(row["to_page"]) or _("(left)"),
          number(row["times"]), share_text(row["share"])] for row in counts["transitions"]],
    )  # fmt: skip
    out.result(run_as_json(found, files))
