"""What the overview of the insight pages shows: the figures of the newest run of each kind, side by side."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import composition_page, rfm_page, value_page, words
from zhike.analyze import measure_words as measures
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import ORDER_LISTS, RunFacts
from zhike.secure import queries as rights
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text

KINDS = ("composition", "rfm", "value", "products", "funnel")
Runs = Mapping[str, RunFacts]


def page(
    runs: Runs, viewer: Viewer, *, shade: str, before: tuple[dt.date, int] | None, open_counts: Mapping[str, int]
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs. `before`: customers on file at the composition before; a kind without a run, or
    whose field the viewer may not see, is not among the figures. `open_counts`: entries of the lists in their scope."""
    with_money = rights.sight(viewer, "net_amount") == "shown"
    opens = viewer.can("customers.view")
    composed, scored, classed = (runs.get(kind) for kind in KINDS[:3])
    people = reverse("analyze:people", args=[composed.public_id]) if composed and opens else ""
    sees = {field: rights.sight(viewer, field) == "shown" for field in ("province", "rfm_class", "metrics")}
    return {
        "with_money": with_money,
        "composed": composed and _composed(composed, people, before, with_money=with_money),
        "map": composition_page.province_map(composed, shade=shade, people=people, with_money=with_money, query={})
        if composed and sees["province"]
        else None,
        "scored": _scored(scored, opens=opens, with_money=with_money) if scored and sees["rfm_class"] else None,
        "classed": _classed(classed, opens=opens, with_money=with_money) if classed and sees["metrics"] else None,
        "lists": _lists(viewer, open_counts),
        "others": [*_products(runs.get("products"), with_money=with_money), *_funnel(runs.get("funnel"))],
    }


def _composed(
    run: RunFacts, people: str, before: tuple[dt.date, int] | None, *, with_money: bool
) -> dict[str, Any]:  # fmt: skip
    """The figures at the head, and the bridge below them."""
    counts = run.counts
    bridge = composition_page.bridge_rows(run, people, with_money=with_money)
    return {
        "run": run,
        "currency": counts["currency"],
        "settings": measures.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters))),
        "stats": [
            {"trend": None, **stat} for stat in (*_held(run, people, before, with_money=with_money), *_moved(bridge))
        ],
        "bridge": bridge,
    }


def _held(
    run: RunFacts, people: str, before: tuple[dt.date, int] | None, *, with_money: bool
) -> list[dict[str, Any]]:  # fmt: skip
    counts, bridge = run.counts, run.counts["bridge"]
    more = counts["customers"] - before[1] if before else None
    sign = "+" if (more or 0) > 0 else ""
    since = (
        _("%(change)s since the run of %(day)s") % {"change": sign + number(more), "day": before[0].isoformat()}
        if before
        else _("merged files count once")
    )
    bought = f"{people}?{urlencode({'who': 'active'})}" if people and counts["active"] else ""
    money = _whole(counts["net_cents"], counts["currency"]) if with_money else "–"
    grown = composition_page.trend(bridge["before_customers"], bridge["after_customers"])
    earned = composition_page.trend(bridge["before_cents"], bridge["after_cents"]) if with_money else None
    return [
        {"label": _("Customers on file"), "value": number(counts["customers"]), "href": people, "note": since},
        {
            "label": _("Bought in the period"),
            "value": number(counts["active"]),
            "href": bought,
            "note": "" if grown is None else _("against the period before"),
            "trend": grown,
        },
        {
            "label": _("Net amount"),
            "value": money,
            "href": bought if with_money else "",
            "note": "" if earned is None else _("against the period before"),
            "trend": earned,
        },
    ]


def _moved(bridge: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is new, came back, or stayed away, as the bridge tells it."""
    held = {row["kind"]: row for row in bridge["rows"]}
    return [
        {
            "label": held[kind]["label"],
            "value": number(held[kind]["customers"]),
            "href": held[kind]["url"],
            "note": held[kind]["note"],
        }
        for kind in ("new", "returned", "lost")
        if kind in held
    ]


def _scored(run: RunFacts, *, opens: bool, with_money: bool) -> dict[str, Any]:
    """The eight classes, and how many changed theirs since the run before."""
    classes = rfm_page.class_rows(run, links=opens)
    if not with_money:
        classes = [{**row, "money_cents": None, "money_share": None, "mean_cents": None} for row in classes]
    return {"run": run, "classes": classes, "movement": rfm_page.movement_table(run, links=False)}


def _classed(run: RunFacts, *, opens: bool, with_money: bool) -> dict[str, Any]:
    """The ABC classes and how unevenly the money lies."""
    parameters = MeasureParameters.from_json(dict(run.parameters))
    rows = value_page.rows(
        run.counts["classes"], "abc_class", measures.ABC, "abc", links=opens, with_money=with_money
    )  # fmt: skip
    ratio = run.counts["concentration"]["pareto_ratio"]
    return {
        "run": run,
        "currency": run.counts["currency"],
        "basis": measures.BASES[parameters.basis],
        "cuts": measures.CUTS[parameters.cuts],
        "classes": rows if with_money else [{**row, "money_share": None} for row in rows],
        "best_fifth": share_text(ratio) if with_money and ratio is not None else "",
    }


def _lists(viewer: Viewer, open_counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The three lists drawn up from orders, for those who may work them off."""
    if not viewer.can("worklist.view"):
        return []
    return [
        {
            "label": words.LISTS[code],
            "icon": words.LIST_ICONS[code],
            "lead": words.LIST_LEADS[code],
            "count": open_counts.get(code, 0),
            "url": reverse("analyze:list", args=[code]),
        }
        for code in ORDER_LISTS
    ]


def _products(run: RunFacts | None, *, with_money: bool) -> list[dict[str, Any]]:
    if run is None:
        return []
    coverage = run.counts["coverage"]
    sold = _("as of %(day)s") % {"day": run.as_of.isoformat()}
    note = _whole(coverage["revenue_cents"], run.counts["currency"]) if with_money else ""
    url = reverse("analyze:products")
    return [
        {"label": _("Products sold"), "value": number(coverage["products"]), "href": url, "note": f"{note} {sold}".strip()}
    ]  # fmt: skip


def _funnel(run: RunFacts | None) -> list[dict[str, Any]]:
    if run is None:
        return []
    note = _("as of %(day)s") % {"day": run.as_of.isoformat()}
    value = number(run.counts["customers"])
    return [{"label": _("Leads in the funnel"), "value": value, "href": reverse("analyze:funnel"), "note": note}]


def _whole(cents: int, currency: str) -> str:
    return money_text(round(cents, -2), currency).removesuffix(".00")
