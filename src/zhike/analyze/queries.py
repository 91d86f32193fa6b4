"""Questions about analysis runs."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from zhike.analyze import portrait_consent
from zhike.analyze.models import AnalysisRun, MovedCustomer
from zhike.analyze.records import (
    Contribution,
    Guess,
    Need,
    Outlook,
    Portrait,
    Preference,
    Recommendation,
    RunFacts,
)
from zhike.customers import queries as customers
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.kit.models import Job
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike_analytics.portrait_rules import read_rules

_MOST_RECOMMENDED = 5


def latest_run(kind: str = "rfm") -> RunFacts | None:
    """The newest run that ended well, the one whose classes stand on the customers."""
    return _one(_ended(kind))


def run_on(kind: str, day: dt.date) -> RunFacts | None:
    """The newest run of a kind as of a day or before it."""
    return _one(_ended(kind).filter(as_of__lte=day).order_by("-as_of", "-id"))


def days_of_runs(kinds: Collection[str], limit: int = 60) -> list[dt.date]:
    """The days these kinds of runs were made as of, the newest first."""
    found = AnalysisRun.objects.filter(kind__in=kinds, state=AnalysisRun.DONE)
    return list(found.order_by("-as_of").values_list("as_of", flat=True).distinct()[:limit])


def on_file_before(run_id: int, kind: str) -> tuple[dt.date, int] | None:
    """The day of the run of this kind before one, and how many customers were on file then; None before the first."""
    earlier = _ended(kind).filter(id__lt=run_id)
    # The figure alone: the other figures of a run are many.
    found = earlier.values_list("as_of", "counts__customers").first()
    return (found[0], int(found[1])) if found and found[1] is not None else None


def latest_lists() -> RunFacts | None:
    """The newest run that drew up the lists."""
    return _one(
        AnalysisRun.objects.filter(state__in=[AnalysisRun.DONE, AnalysisRun.EMPTY], counts__has_key="lists").order_by(
            "-id"
        )
    )


def run(public_id: str) -> RunFacts | None:
    """A run by the id in its address."""
    return _one(AnalysisRun.objects.filter(public_id=public_id))


def run_by_id(run_id: int) -> RunFacts | None:
    """A run by its id."""
    return _one(AnalysisRun.objects.filter(id=run_id))


def running() -> RunFacts | None:
    """The newest run that waits or is at work."""
    alive = Job.objects.filter(state__in=[Job.QUEUED, Job.RUNNING, Job.PAUSED]).values("id")
    waiting = AnalysisRun.objects.filter(state__in=[AnalysisRun.QUEUED, AnalysisRun.RUNNING])
    return _one(waiting.filter(job_id__in=alive).order_by("-id"))


def runs(*, before_id: int | None = None, limit: int = 50) -> list[RunFacts]:
    """Runs, newest first; `before_id` goes on from there."""
    found = AnalysisRun.objects.order_by("-id")
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return [facts_of(row) for row in found[:limit]]


def moved_customers(
    run_id: int, before: str, after: str, *, beyond_rank: int = 0, limit: int = 50
) -> list[tuple[int, int]]:
    """(rank, customer) of those who went from one class to another in the newest run, greatest value first."""
    found = MovedCustomer.objects.filter(run_id=run_id, before=before, after=after, rank__gt=beyond_rank)
    return list(found.order_by("rank").values_list("rank", "customer_id")[:limit])


def outlook(viewer: Viewer, customer_id: int) -> Outlook | None:
    """What is to come of one customer as the newest run left it on the file; None without, or not the viewer's to see."""
    from zhike.analyze import lifetime_page, measure_words

    found = customers.figures_of(viewer, customer_id, "lifetime")
    if found is None:
        return None
    values, as_of = found
    with_money = secure.sight(viewer, "net_amount") == "shown"
    stayed = customers.figures_of(viewer, customer_id, "retention")
    risk = stayed[0] if stayed else {}
    return Outlook(
        as_of,
        str(measure_words.BANDS.get(values["band"], values["band"])),
        int(values["alive_percent"]),
        float(values["expected_orders"]),
        int(values["value_ahead_cents"]) if with_money else None,
        tuple(lifetime_page.why(values)),
        str(measure_words.RISKS.get(risk.get("risk_level", ""), "")),
        risk.get("risk_percent"),
    )


def contribution(viewer: Viewer, customer_id: int) -> Contribution | None:
    """What one customer left as the newest run found it; None without, or for whom amounts are not shown."""
    if secure.sight(viewer, "net_amount") != "shown":
        return None
    found = customers.figures_of(viewer, customer_id, "profit")
    if found is None:
        return None
    values, as_of = found
    return Contribution(
        as_of=as_of,
        net_cents=int(values["net_cents"]),
        margin_cents=int(values["margin_cents"]),
        serve_cents=int(values["serve_cents"]),
        contribution_cents=int(values["contribution_cents"]),
        profit_class=values["profit_class"],
        service_kind=values["service_kind"],
    )


def recommended(viewer: Viewer, customer_id: int) -> list[Recommendation]:
    """What the newest run recommends to one customer, best first; what most customers buy where nothing is known of them.

    What has run out of stock since is left out. Nothing for who may not see what customers bought.
    """
    if secure.sight(viewer, "order_lines") != "shown":
        return []
    found = customers.figures_of(viewer, customer_id, "recommendation")
    rows: list[tuple[int, tuple[int, ...]]]
    if found is None:
        # The part alone: the other figures of a run are many.
        popular = _ended("recommendation").values_list("counts__popular", flat=True).first()
        rows = [(int(row["product_id"]), ()) for row in popular or ()]
    else:
        values = found[0]
        ids = [int(part) for part in values["products"].split(",") if part]
        rows = list(zip(ids, zip(values["because"], values["because2"], strict=True), strict=True))
    if not rows:
        return []
    empty = shop.out_of_stock(clock.today(installation().time_zone), among=[row[0] for row in rows])
    titles = shop.product_titles({p for row in rows for p in (row[0], *row[1]) if p >= 0})
    return [
        Recommendation(product, titles[product], tuple(titles[p] for p in because if p in titles))
        for product, because in rows
        if product in titles and product not in empty
    ][:_MOST_RECOMMENDED]


def next_need(viewer: Viewer, customer_id: int) -> Need | None:
    """What one customer will probably need again first; None without, or not the viewer's to see."""
    if secure.sight(viewer, "order_lines") != "shown":
        return None
    found = customers.figures_of(viewer, customer_id, "replenishment")
    if found is None:
        return None
    values = found[0]
    title = shop.product_titles([values["product_id"]]).get(values["product_id"])
    if title is None:
        return None
    due = dt.date.fromisoformat(values["due_day"])
    return Need(values["product_id"], title, due, int(values["gap_days"]), values["basis"])


def sees_psychology(viewer: Viewer) -> bool:
    """Whether somebody may see guesses at psychology: who may see the field that staff fill in."""
    return all(secure.sight(viewer, name) == "shown" for name in ("metrics", "shopping_psychology"))


def portrait(viewer: Viewer, customer_id: int) -> Portrait | None:
    """What the newest run guesses of one customer, each with its evidence; None without, where the viewer may not see it, or
    where the customer refuses to be profiled now."""
    from zhike.analyze import portrait_words as words

    found = customers.figures_of(viewer, customer_id, "portrait")
    if found is None or portrait_consent.is_refused(customer_id):
        return None
    values, as_of = found
    sees_lines = secure.sight(viewer, "order_lines") == "shown"
    rules = {rule.type: rule.signals for rule in read_rules(_psychology())} if values["strengths"] else {}
    told = values["strengths"] if sees_psychology(viewer) else {}
    types = [
        Guess(kind, str(words.TYPES[kind]), strength, tuple(words.behind(rules.get(kind, ()), values["signals"])))
        for kind, strength in sorted(told.items(), key=lambda pair: -pair[1])
    ]
    held = [row for row in values["preferences"] if sees_lines or row[0] not in words.OF_GOODS]
    channels = words.channel_names() if any(row[0] == "channel" for row in held) else {}
    preferences = [
        Preference(kind, str(words.KINDS[kind]), words.value_name(kind, value, channels),
                   words.evidence(hits, of, shop), hits, of, shop)
        for kind, value, hits, of, shop in held
    ]  # fmt: skip
    return Portrait(
        as_of, words.group_name(values["group"]) if values["group"] else "", tuple(types), tuple(preferences)
    )


def _psychology() -> str:
    """The rules of the newest run alone: its figures are many."""
    return _ended("portrait").values_list("parameters__psychology", flat=True).first() or ""


def facts_of(row: AnalysisRun) -> RunFacts:
    """A row as the record that crosses the door."""
    return RunFacts(**{name: getattr(row, name) for name in RunFacts.__slots__})


def _ended(kind: str) -> QuerySet[AnalysisRun, Any]:
    return AnalysisRun.objects.filter(kind=kind, state=AnalysisRun.DONE).order_by("-id")


def _one(found: QuerySet[AnalysisRun, Any]) -> RunFacts | None:
    row = found.first()
    return facts_of(row) if row else None
