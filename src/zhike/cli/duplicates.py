"""`zhike duplicates`: search the base for duplicates, list what was found, say how right the search is."""

from typing import Any

import click

from zhike.cli.command import command, group
from zhike.cli.output import Output

duplicates = group("duplicates", "Find duplicates, list them, measure how right the search is.")


@command("find", into=duplicates)
@click.option("--learn", is_flag=True, help="Learn the weights anew from the base, though the model is fresh.")
def find(out: Output, learn: bool) -> None:
    """Search the whole base, as the night does; pairs that wait appear on the page of duplicates."""
    from django.utils.translation import gettext as _

    from zhike.clean.actions import duplicates as do
    from zhike.clean.queries import duplicates as asked
    from zhike.cli.analyze import work_on
    from zhike.secure.records import LOCAL_OPERATOR

    work_on(out, do.start_search(by=LOCAL_OPERATOR, learn=learn))
    run = asked.latest_run("full")
    counts: dict[str, Any] = dict(run.counts) if run else {}
    words = _("%(customers)s customers, %(looked_at)s pairs looked at, %(candidates)s likely, %(new)s of them new")
    out.say(words % {name: f"{counts.get(name, 0):,}" for name in ("customers", "looked_at", "candidates", "new")})
    capped = [list(one) for one in run.capped] if run else []
    out.result({"ok": True, "run": run.public_id if run else None, **counts, "capped": capped})


@command("list", into=duplicates)
@click.option("--state", type=click.Choice(["open", "skipped", "decided"]), default="open", show_default=True)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_(out: Output, state: str, limit: int) -> None:
    """List pairs by weight, with their file numbers and what speaks for and against them."""
    from django.utils.translation import gettext as _

    from zhike.clean.match.sentences import sentences
    from zhike.clean.queries import duplicates as asked
    from zhike.secure.records import LOCAL_OPERATOR

    found = asked.queue(LOCAL_OPERATOR, state, limit=limit).pairs
    told = [(p, [s.text for s in sentences(LOCAL_OPERATOR, p.parts)]) for p in found]
    rows = [(f"{p.weight:.1f}", p.low.number, p.high.number, " ".join(why[:3]), p.public_id) for p, why in told]
    out.table([_("Weight"), _("one"), _("other"), _("why"), "id"], rows)
    pairs = [
        {
            "pair": p.public_id,
            "customers": [p.low.number, p.high.number],
            "weight": round(p.weight, 2),
            "probability": round(p.probability, 6),
            "parts": [list(part) for part in p.parts],
            "state": p.state,
        }
        for p, _why in told
    ]
    out.result({"ok": True, "pairs": pairs})


@command("measure", into=duplicates)
def measure(out: Output) -> None:
    """Say how often people found that a pair was one customer, by the weight the search gave it."""
    from django.utils.translation import gettext as _

    from zhike.clean.queries import duplicates as asked

    bands = asked.reviewed_by_weight()
    rows = [(f"{b.lowest:g}", b.decided, b.same, f"{b.share:.1%}" if b.share is not None else "–") for b in bands]
    out.table([_("Weight from"), _("Decided by people"), _("One customer"), _("Share")], rows)
    model = asked.latest_model()
    out.result(
        {
            "ok": True,
            "model": model.pk if model else None,
            "learned_from": model.records_count if model and not model.is_fallback else 0,
            "bands": [{"from": b.lowest, "decided": b.decided, "one_customer": b.same} for b in bands],
        }
    )
