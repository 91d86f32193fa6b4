"""The tiles of the analyze module: figures and bars of the newest runs, segments, kept questions of the cube."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import composition_page, measure_words, queries, rfm_page, value_page
from zhike.analyze.boards.catalogue import RUNS, Drawn, Looking, offer
from zhike.analyze.boards.comparing import against
from zhike.analyze.cubes import asking, page, shelf
from zhike.analyze.cubes.question import QuestionRefused
from zhike.analyze.records import RunFacts
from zhike.analyze.segments import pages
from zhike.customers.queries import segments as asked
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text

_MOST_BARS = 8
_BOUGHT = gettext_lazy("Customers with an order in the period whose net is above zero; against the period before.")


def of_run(kind: str, *fields: str) -> Callable[[Any], Callable[[Looking, str], Drawn]]:
    """A tile of the newest run of a kind: told to who may see all customers and the fields it is reckoned from."""
    RUNS.add(kind)

    def told(draw: Callable[[Looking, RunFacts], Drawn]) -> Callable[[Looking, str], Drawn]:
        @wraps(draw)
        def drawn(look: Looking, of: str) -> Drawn:
            if not look.sees_all:
                return Drawn(empty=_("This figure counts all customers; you see only your own."))
            if not look.sees(*fields):
                if look.leaving:
                    return Drawn(empty=_("Your role does not take out what this figure is made of."))
                return Drawn(empty=_("Your role does not see what this figure is made of."))
            run = look.run(kind)
            if run is None:
                none = _("Not analyzed on or before this day.") if look.day else ""
                return Drawn(empty=none or _("Not analyzed yet. It is drawn up every night."))
            before = look.run_before(run) if look.compared else None
            told = draw(look, run)
            return against(told, draw(look, before), before.as_of) if before else told

        return drawn

    return told


def _people(look: Looking, run: RunFacts, **query: str) -> str:
    if not look.viewer.can("customers.view"):
        return ""
    address = reverse("analyze:people", args=[run.public_id])
    return f"{address}?{urlencode(query)}" if query else address


@offer("customers", gettext_lazy("Customers on file"))
@of_run("composition")
def customers(look: Looking, run: RunFacts) -> Drawn:
    """How many files stand, and how many more than at the run before."""
    before = queries.on_file_before(run.id, "composition")
    count = run.counts["customers"]
    figure = {
        "value": number(count),
        "amount": count,
        "href": _people(look, run),
        "trend": composition_page.trend(before[1], count) if before else None,
        "note": _("since the run of %(day)s") % {"day": before[0].isoformat()} if before else "",
    }
    about = _("Every file that stands on its own; merged files count once.")
    return Drawn(figure=figure, as_of=run.as_of, about=about, url=reverse("analyze:composition"))


@offer("buyers", gettext_lazy("Bought in the period"))
@of_run("composition")
def buyers(look: Looking, run: RunFacts) -> Drawn:
    """Who bought, against the period before."""
    bridge, count = run.counts["bridge"], run.counts["active"]
    figure = {
        "value": number(count),
        "amount": count,
        "href": _people(look, run, who="active") if count else "",
        "trend": composition_page.trend(bridge["before_customers"], bridge["after_customers"]),
        "note": composition_page.period_text(run.counts["after"]),
    }
    return Drawn(figure=figure, as_of=run.as_of, about=str(_BOUGHT), url=reverse("analyze:composition"))


@offer("net", gettext_lazy("Net amount"))
@of_run("composition", "net_amount")
def net(look: Looking, run: RunFacts) -> Drawn:
    """What came in, against the period before."""
    counts, bridge = run.counts, run.counts["bridge"]
    figure = {
        "value": money_text(round(counts["net_cents"], -2), counts["currency"]).removesuffix(".00"),
        "amount": counts["net_cents"],
        "href": _people(look, run, who="active") if counts["active"] else "",
        "trend": composition_page.trend(bridge["before_cents"], bridge["after_cents"]),
        "note": composition_page.period_text(counts["after"]),
    }
    about = _("All orders of the period; cancellations and refunds lower it.")
    return Drawn(figure=figure, as_of=run.as_of, about=about, url=reverse("analyze:composition"))


def _change(look: Looking, run: RunFacts, kind: str, about: str) -> Drawn:
    count = next((s["customers"] for s in run.counts["bridge"]["steps"] if s["kind"] == kind), 0)
    figure = {
        "value": number(count),
        "amount": count,
        "href": _people(look, run, change=kind) if count else "",
        "trend": None,
        "note": composition_page.period_text(run.counts["after"]),
    }
    return Drawn(figure=figure, as_of=run.as_of, about=about, url=reverse("analyze:composition"))


@offer("new", gettext_lazy("New customers"))
@of_run("composition")
def new(look: Looking, run: RunFacts) -> Drawn:
    """Who bought for the first time."""
    return _change(look, run, "new", _("Bought in the period and never before."))


@offer("lost", gettext_lazy("Lost customers"))
@of_run("composition")
def lost(look: Looking, run: RunFacts) -> Drawn:
    """Who stayed away."""
    return _change(look, run, "lost", _("Bought in the period before, not in this one."))


@offer("provinces", gettext_lazy("Customers by province"))
@of_run("composition", "province")
def provinces(look: Looking, run: RunFacts) -> Drawn:
    """The greatest provinces."""
    told = run.counts["attributes"].get("province")
    if not told or not told["groups"]:
        return Drawn(empty=_("No file names a province."))
    people, names = _people(look, run), measure_words.group_names("province")
    rows = composition_page.group_rows(told["groups"], "province", names, people=people, with_money=False)
    rows.sort(key=lambda row: -row["base"])
    bars = [
        {"label": r["label"], "value": r["base"], "shown": number(r["base"]), "url": r["base_url"]}
        for r in rows[:_MOST_BARS]
    ]
    about = _("As the files name them today; the greatest eight.")
    return Drawn(bars=bars, as_of=run.as_of, about=about, url=f"{reverse('analyze:composition')}?by=province")


@offer("rfm", gettext_lazy("RFM classes"))
@of_run("rfm", "rfm_class")
def rfm(look: Looking, run: RunFacts) -> Drawn:
    """The eight classes."""
    rows = rfm_page.class_rows(run, links=look.viewer.can("customers.view"))
    about = _("By how lately, how often and for how much somebody bought.")
    return Drawn(bars=_class_bars(rows), as_of=run.as_of, about=about, url=reverse("analyze:rfm"))


@offer("abc", gettext_lazy("ABC classes"))
@of_run("value", "metrics")
def abc(look: Looking, run: RunFacts) -> Drawn:
    """The value classes."""
    opens = look.viewer.can("customers.view")
    found = run.counts["classes"]
    rows = value_page.rows(found, "abc_class", measure_words.ABC, "abc", links=opens, with_money=False)
    about = _("Customers by what they brought in the period, from the greatest down.")
    return Drawn(bars=_class_bars(rows), as_of=run.as_of, about=about, url=reverse("analyze:value"))


def _class_bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "label": row["label"],
            "value": row["customers"],
            "shown": f"{number(row['customers'])} · {share_text(row['share'])}",
            "url": row["url"],
        }
        for row in rows
    ]


@offer("churn", gettext_lazy("Likely to stay away"))
@of_run("retention", "metrics")
def churn(look: Looking, run: RunFacts) -> Drawn:
    """Customers by their risk to stay away."""
    held = {row["risk_level"]: row["customers"] for row in run.counts["warned"]["levels"]}
    opens = look.viewer.can("customers.view")
    people = reverse("analyze:retention_people", args=[run.public_id])
    bars = [
        {
            "label": str(label),
            "value": held.get(code, 0),
            "shown": number(held.get(code, 0)),
            "url": f"{people}?{urlencode({'level': code})}" if opens and held.get(code) else "",
        }
        for code, label in measure_words.RISKS.items()
    ]
    about = _("By the warning signs of the retention page.")
    return Drawn(bars=bars, as_of=run.as_of, about=about, url=reverse("analyze:retention"))


@offer("nps", gettext_lazy("Would recommend (NPS)"))
@of_run("satisfaction", "survey_answers")
def nps(look: Looking, run: RunFacts) -> Drawn:
    """The net promoter score, where enough answered."""
    one = run.counts.get("recommend")
    if not one or one["value"] is None or one["few"]:
        return Drawn(empty=_("Too few have answered for a figure that can be believed."))
    url = reverse("analyze:satisfaction")
    note = _("%(n)s answers") % {"n": number(one["n"])}
    figure = {"value": f"{one['value']:+.0f}", "amount": one["value"], "href": url, "trend": None, "note": note}
    about = _("Share of promoters (9–10) less share of detractors (0–6).")
    return Drawn(figure=figure, as_of=run.as_of, about=about, url=url)


def _segments(viewer: Viewer) -> list[tuple[str, str]]:
    return [(s.public_id, s.name) for s in asked.segments(viewer)] if viewer.can("segments.view") else []


@offer("segment", gettext_lazy("Segment"), _segments)
def segment(look: Looking, of: str) -> Drawn:
    """A segment's size among the customers the reader may see, and over time for who sees all."""
    facts = asked.segment(look.viewer, of) if look.viewer.can("segments.view") else None
    if facts is None:
        return Drawn(empty=_("This segment was removed, or is not shared with you."))
    url, about = reverse("analyze:segment", args=[of]), _("Who fits the segment's rule, counted every night.")
    if not facts.is_counted or facts.data_at is None:
        return Drawn(label=facts.name, empty=_("This segment waits for its count."), url=url)
    if look.day is not None:
        return _segment_on(look, facts.name, of, look.day)
    opens = look.viewer.can("customers.view") and facts.member_count
    members = f"{reverse('desk:register')}?{urlencode({'segment': of})}" if opens else ""
    runs = asked.segment_runs(look.viewer, of, limit=60)
    earlier = next((r.member_count for r in runs if r.as_of < runs[0].as_of), None) if runs else None
    figure = {
        "value": number(facts.member_count),
        "href": members,
        "trend": composition_page.trend(earlier, facts.member_count) if earlier else None,
        "note": _("since the day before it was counted") if earlier else "",
    }
    as_of = runs[0].as_of if runs else None
    return Drawn(facts.name, figure=figure, chart=pages.growth(runs), as_of=as_of, about=about, url=url)


def _segment_on(look: Looking, name: str, of: str, day: dt.date) -> Drawn:
    """A segment's size as it was counted on a day or before it; who was in then is not kept, so nothing opens."""
    run = next((r for r in asked.segment_runs(look.viewer, of, limit=400) if r.as_of <= day), None)
    if run is None:
        return Drawn(label=name, empty=_("This segment was not counted on or before this day."))
    figure = {"value": number(run.member_count), "amount": run.member_count, "href": "", "trend": None, "note": ""}
    about = _("As it was counted on that day, by the rule it had then.")
    return Drawn(name, figure=figure, as_of=run.as_of, about=about, url=reverse("analyze:segment", args=[of]))


def _kept(viewer: Viewer) -> list[tuple[str, str]]:
    return [(one.public_id, one.name) for one in shelf.kept(viewer)]


@offer("cube", gettext_lazy("Kept question of the cube"), _kept)
def cube(look: Looking, of: str) -> Drawn:
    """The first measure of a kept question: its total and the groups of its first dimension, in the reader's scope."""
    kept = next((one for one in shelf.kept(look.viewer) if one.public_id == of), None)
    if kept is None:
        return Drawn(
            empty=_("This question was removed, is not shared with you, or asks for what your role does not see.")
        )
    url = f"{reverse('analyze:cube')}?{kept.question.address()}"
    if look.day is not None:
        return Drawn(label=kept.name, empty=_("Kept questions are counted as of today."), url=url)
    if look.leaving and not look.sees("net_amount"):  # as for the file of an answer
        return Drawn(label=kept.name, empty=_("Your role does not take out what this figure is made of."))
    try:
        told = asking.answer_to(look.viewer, kept.question)
    except QuestionRefused:
        return Drawn(label=kept.name, empty=_("Your role does not see what this figure is made of."))
    if told is None or "cells" not in told:
        return Drawn(label=kept.name, empty=_("Not counted today yet. Open it to have it counted."), url=url)
    answered = page.read(kept.question, told)
    laid = page.table(answered, may_open=look.viewer.can("customers.view"))
    measure = kept.question.measures[0]
    at = -len(kept.question.measures)  # the total of the first measure stands at the end of a line
    whole = laid["sum"]["cells"][at]
    bars: list[dict[str, Any]] = []
    for line in laid["lines"]:
        if line["depth"] == 1 and len(bars) < _MOST_BARS:
            text = line["cells"][at]["text"]
            bars.append({"label": line["label"], "shown": text, "url": line["cells"][at]["url"]})
    values = [answered.value((row,), (), measure) or 0 for row in page.first_groups(answered)]
    held = [{**bar, "value": max(0, value)} for bar, value in zip(bars, values, strict=False)]
    figure = {"value": whole["text"], "href": whole["url"], "trend": None, "note": str(laid["labels"][0])}
    about = _("Counted on the cube for the customers you may see, kept for the day.")
    return Drawn(kept.name, figure=figure, bars=held, about=about, url=url)
