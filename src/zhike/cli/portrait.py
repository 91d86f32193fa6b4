"""`zhike analyze portrait | lookalike`: groups, psychology types and preferences; who buys like a segment."""

from pathlib import Path
from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import Refused, command
from zhike.cli.measures import FILES_AND_RUN, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output

_CONSENT = click.option(
    "--consent", type=click.Choice(["not_refused", "given"]), help="With --now: whom to profile; else as last time."
)


@command("portrait", into=analyze)
@with_options(*FILES_AND_RUN, _CONSENT)
@click.option("--clusters", type=click.Choice(["auto", *"345678"]), help="With --now: how many groups.")
@click.option(
    "--rules",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --now: rules of psychology types.",
)
def portrait(out: Output, rules: Path | None, **asked: Any) -> None:
    """Groups of customers who buy alike, and psychology types; rows hold each customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import portrait_words as words
    from zhike.ui.figures import number, share_text

    found, files = run_asked_for(out, "portrait", {**asked, "psychology": rules.read_text("utf-8") if rules else None})
    counts = found.counts
    if counts["refused"]:
        out.say(str(words.REFUSALS.get(counts["refused"], counts["refused"])))
    out.table(
        [_("Group"), _("Customers"), _("Share"), _("Stability")],
        [[words.group_name(row["code"]), number(row["customers"]), share_text(row["share"]),
          f"{row['stability']:.2f} {words.STANDINGS[row['standing']]}"] for row in counts["groups"]],
    )  # fmt: skip
    out.table(
        [_("Psychology type (a guess)"), _("Customers")],
        [[str(words.TYPES[row["type"]]), number(row["customers"])] for row in counts["types"]],
    )
    out.result(run_as_json(found, files))


@command("lookalike", into=analyze)
@with_options(*FILES_AND_RUN, _CONSENT)
@click.option("--segment", metavar="NAME", help="With --now: the segment whose look-alikes are sought, by name or id.")
def lookalike(out: Output, segment: str | None, **asked: Any) -> None:
    """Customers who buy like the members of a segment, most alike first; rows hold them."""
    from django.utils.translation import gettext as _

    from zhike.analyze import portrait_words as words
    from zhike.customers.queries import segments
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.ui.figures import number

    facts = segments.segment_named(LOCAL_OPERATOR, segment) if segment else None
    if segment and facts is None:
        raise Refused(_("There is no such segment."), "no_such_segment")
    found, files = run_asked_for(out, "lookalike", {**asked, "segment": facts.public_id if facts else None})
    counts = found.counts
    if counts["refused"]:
        out.say(str(words.REFUSALS.get(counts["refused"], counts["refused"])))
    else:
        tried = counts["tried"]
        out.say(
            f"{_('Customers ranked')}: {number(counts['ranked'])} · AUC {tried['area']:.3f} ± {1.96 * tried['error']:.3f}"
        )
        if not tried["is_better"]:
            out.say(_("No better than chance: do not use this list."))
    out.result(run_as_json(found, files))
