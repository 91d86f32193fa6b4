"""What the page of profit contribution shows: where the money goes, who earns and who costs, group by group."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.analyze.value_page import curve_table
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text

SHOWN_GROUPS = 12
_STEPS = ("cost_cents", "time_cents", "spent_cents", "handling_cents", "acquisition_cents")


def page(
    run: RunFacts, viewer: Viewer, *, by: str, is_newest: bool, may_open: bool, may_segment: bool
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs; `by` is an attribute the customers are grouped by."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    people = reverse("analyze:profit_people", args=[run.public_id]) if may_open else ""
    offered = words.offered(viewer, counts["groups"])
    by = by if by in offered else next(iter(offered), "")
    linked: dict[str, Any] = {"people": people, "may_segment": may_segment and is_newest}
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "parameters": parameters,
        "settings": words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "stats": _stats(counts, people),
        "steps": _steps(counts),
        "hour": money_text(parameters.hour_cents, counts["currency"]),
        "handling": money_text(parameters.handling_cents, counts["currency"]),
        "has_no_rates": not parameters.hour_cents and not parameters.handling_cents,
        "coverage": _coverage(counts),
        "untimed": counts["contacts"]["all"] - counts["contacts"]["timed"],
        "classes": _rows(counts["classes"], "profit_class", words.PROFIT_CLASSES, **linked),
        "service_kinds": _rows(counts["service_kinds"], "service_kind", words.SERVICE_KINDS, **linked),
        "by": by,
        "attributes": [(code, words.ATTRIBUTES[code][0]) for code in offered],
        "groups": _groups(counts, by, people) if by else [],
        "curve": curve_chart(counts["curve"]) if counts["curve"] else None,
        "curve_table": curve_table(counts["curve"], _("Share of all contribution")),
    }


def _stats(counts: Mapping[str, Any], people: str) -> list[dict[str, Any]]:
    losing = next((row for row in counts["classes"] if row["group"] == "loss"), None)
    cents, currency = counts["contribution_cents"], counts["currency"]
    shown = [
        {
            "label": _("Contribution of all customers"),
            "value": _round_money(cents, currency),
            "note": f"{counts['after'][0]} – {counts['after'][1]}",
        },
        {
            "label": _("Left of each 100 of net amount"),
            "value": "–" if counts["net_cents"] <= 0 else number(100 * cents / counts["net_cents"], 1),
            "note": _("after goods and service"),
        },
        {
            "label": _("Customers who cost more than they bring"),
            "value": number(losing["customers"] if losing else 0),
            "note": share_text(losing["customers"] / counts["customers"] if losing else 0.0),
            "href": f"{people}?{urlencode({'profit_class': 'loss'})}" if people and losing else "",
        },
        {
            "label": _("The others earn, of all profit"),
            "value": share_text(counts["peak_share"], 0),
            "note": _("the rest is lost again"),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _round_money(cents: int, currency: str) -> str:
    return money_text(round(cents, -2), currency).removesuffix(".00")


def _steps(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """From net amount down to contribution, a line each, with its share of the net amount."""
    net = counts["net_cents"]
    named = {
        "cost_cents": _("Cost of goods"),
        "time_cents": _("Time of staff"),
        "spent_cents": _("Spent on contacts"),
        "handling_cents": _("Handling of orders"),
        "acquisition_cents": _("Cost of sources for new customers"),
    }
    steps = [{"label": _("Net amount"), "cents": net, "share": 1.0 if net > 0 else None, "is_whole": True}]
    for name in _STEPS:
        share = counts[name] / net if net > 0 else None
        steps.append({"label": named[name], "cents": -counts[name], "share": share, "is_whole": False})
    left = counts["contribution_cents"]
    steps.append(
        {"label": _("Contribution"), "cents": left, "share": left / net if net > 0 else None, "is_whole": True}
    )
    return steps


def _coverage(counts: Mapping[str, Any]) -> str:
    """How much of the goods' revenue has a known cost; empty when all of it does."""
    goods, known = counts["goods_cents"], counts["known_cents"]
    return share_text(known / goods) if goods > 0 and known != goods else ""


def _rows(
    found: list[dict[str, Any]], asked: str, named: Any, *, people: str, may_segment: bool
) -> list[dict[str, Any]]:  # fmt: skip
    """One row for each class in its order, with what the customers in it bring, cost and leave."""
    held, shown = {row["group"]: row for row in found}, []
    everybody = sum(row["customers"] for row in found) or 1
    for code, label in named.items():
        if code not in held:
            continue
        row = held[code]
        shown.append(
            {
                **row,
                "code": code,
                "label": label,
                "share": row["customers"] / everybody,
                "url": f"{people}?{urlencode({asked: code})}" if people else "",
                "segment_url": f"{reverse('analyze:segment_new')}?{urlencode({asked: code})}" if may_segment else "",
            }
        )
    return shown


def _groups(counts: Mapping[str, Any], by: str, people: str) -> list[dict[str, Any]]:
    names = words.group_names(by)
    shown = []
    for row in counts["groups"][by][:SHOWN_GROUPS]:
        url = f"{people}?{urlencode({'by': by, 'group': row['group']})}" if people else ""
        net = row["net_cents"]
        rate = row["contribution_cents"] / net if net > 0 else None
        shown.append({**row, "label": names.get(row["group"], row["group"]), "rate": rate, "url": url})
    return shown


def curve_chart(curve: list[list[float]]) -> dict[str, Any]:
    """The whale curve in percent: cumulated contribution, most profitable customers first."""
    points = [[round(x * 100, 2), round(y * 100, 2)] for x, y in curve]
    return {
        "kind": "curve",
        "title": _("Cumulated contribution, most profitable customers first"),
        "series": [{"name": _("Contribution"), "points": points}],
        "equality": _("If all were alike"),
        "x": _("Share of customers in percent, best first"),
    }
