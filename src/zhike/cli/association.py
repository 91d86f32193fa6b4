"""`zhike analyze association | recommendation | replenishment`: bought together, to recommend, needed again."""

from typing import Any

import click

from zhike.cli.analyze import analyze
from zhike.cli.command import command
from zhike.cli.measures import FILES_AND_RUN, PERIOD, run_as_json, run_asked_for, with_options
from zhike.cli.output import Output

_SHOWN = 20


@command("association", into=analyze)
@with_options(*FILES_AND_RUN[:3], *PERIOD, *FILES_AND_RUN[3:])
@click.option("--basket", type=click.Choice(["order", "customer"]), help="With --now: what counts as bought together.")
@click.option(
    "--support",
    type=click.Choice(["0.0005", "0.001", "0.002", "0.005", "0.01", "0.02"]),
    help="With --now: least share of the baskets.",
)
@click.option(
    "--confidence", type=click.Choice(["0.1", "0.2", "0.3", "0.5", "0.8"]), help="With --now: least confidence."
)
def association(out: Output, **asked: Any) -> None:
    """Products that go together: rules with their measures, best lift first, and bundles to offer."""
    from django.utils.translation import gettext as _

    from zhike.ui.figures import money_text, number, share_text

    found, files = run_asked_for(out, "association", asked)
    counts = found.counts
    if counts.get("refused"):
        out.say(counts["refused"])
        out.result(run_as_json(found, files))
        return
    out.say(
        f"{_('Baskets')}: {number(counts['baskets'])} · {_('Rules')}: {number(counts['found'])} · ≥ {number(counts['least'])}"
    )
    out.table(
        [_("Who buys"), _("also buys"), _("Baskets"), _("Support"), _("Confidence"), _("Lift")],
        [[row["antecedent"], row["consequent"], number(row["together"]), share_text(row["support"], 2),
          share_text(row["confidence"]), number(row["lift"], 2)] for row in counts["head"][:_SHOWN]],
    )  # fmt: skip
    out.table(
        [_("Bundles to offer"), _("Baskets together"), _("Lift"), _("Price one by one")],
        [[" + ".join(b["titles"]), number(b["together"]), number(b["lift"], 2),
          money_text(b["price_cents"], counts["currency"])] for b in counts["bundles"]],
    )  # fmt: skip
    out.result(run_as_json(found, files))


@command("recommendation", into=analyze)
@with_options(*FILES_AND_RUN)
@click.option(
    "--recommender", type=click.Choice(["auto", "ease", "knn", "als", "popular"]), help="With --now: the model."
)
def recommendation(out: Output, **asked: Any) -> None:
    """Products for each customer, and how the models did on time they had not seen; rows hold each customer's."""
    from django.utils.translation import gettext as _

    from zhike.analyze import measure_words as words
    from zhike.ui.figures import number, share_text

    found, files = run_asked_for(out, "recommendation", asked)
    counts = found.counts
    if counts.get("refused"):
        out.say(counts["refused"])
        out.result(run_as_json(found, files))
        return
    out.say(f"{words.RECOMMENDERS[counts['model']]} · {_('Customers')}: {number(counts['served'])}")
    out.table(
        [_("Model"), _("Hit rate"), "NDCG@10", "MAP@10", _("Coverage")],
        [[str(words.RECOMMENDERS[row["model"]]), share_text(row["hit_rate"]), number(row["ndcg"], 4),
          number(row["map"], 4), share_text(row["coverage"])] for row in counts["tried"]],
    )  # fmt: skip
    out.table(
        [_("Product"), _("Customers")],
        [[row["title"], number(row["customers"])] for row in counts["products"][:_SHOWN]],
    )
    out.result(run_as_json(found, files))


@command("replenishment", into=analyze)
@with_options(*FILES_AND_RUN)
@click.option("--within", type=click.Choice(["7", "14", "30"]), help="With --now: days ahead.")
def replenishment(out: Output, **asked: Any) -> None:
    """Who will need what again soon, and how such a list did; rows hold customers and products."""
    from django.utils.translation import gettext as _

    from zhike.ui.figures import number, share_text

    found, files = run_asked_for(out, "replenishment", asked)
    counts = found.counts
    out.say(f"{_('Customers')}: {number(counts['people'])} · {_('Needs')}: {number(counts['rows'])}")
    out.table(
        [_("Product"), _("Customers"), _("Usual gap")],
        [[row["title"] or "–", number(row["customers"]), number(row["usual_days"])] for row in counts["products"]],
    )
    if tried := counts["tried"]:
        shares = [share_text(tried[name]) for name in ("hit_rate", "plain_hit_rate", "base_rate")]
        out.say(
            f"{_('Hit rate')} {tried['split']}: {shares[0]} ({_('usual gap')} {shares[1]}, {_('chance')} {shares[2]})"
        )
    out.result(run_as_json(found, files))
