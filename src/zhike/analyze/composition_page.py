"""What the composition page shows, made from a run's figures: the bridge, the groups, their lines over time."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.composition_recipe import GRAINS
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.analyze.tile_map import tile_map
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text

_ASKED_EMPTY = {"owner": "0"}  # how the register names what an attribute does not know


def page(
    run: RunFacts, viewer: Viewer, *, by: str, grain: str, is_newest: bool, with_money: bool, shade: str = ""
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs; figures open their customers while the run is the newest and its rows lie there."""
    counts, links = run.counts, is_newest and viewer.can("customers.view")
    known = words.offered(viewer, counts["attributes"])
    by = by if by in known else known[0] if known else ""
    told = counts["attributes"].get(by, {"groups": [], "group_count": 0})
    names = words.group_names(by)
    people = reverse("analyze:people", args=[run.public_id]) if links else ""
    groups = group_rows(told["groups"], by, names, people=people, with_money=with_money)
    query = {"by": by, "grain": grain}
    return {
        "map": province_map(run, shade=shade, people=people, with_money=with_money, query=query)
        if by == "province"
        else None,
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters))),
        "is_newest": is_newest,
        "with_money": with_money,
        "stats": _stats(run, people, with_money=with_money),
        "bridge": bridge_rows(run, people, with_money=with_money),
        "bridge_chart": _bridge_chart(run) if with_money else None,
        "by": by,
        "by_label": words.ATTRIBUTES[by][0] if by else "",
        "planes": _planes(run, known, by, grain),
        "groups": groups,
        "group_count": told["group_count"],
        "moves": _moves(told, names, by, people) if with_money else None,
        "grain": grain,
        "over_time": _over_time(told, names, grain, counts["currency"]) if with_money and by else None,
        "grains": [
            {"label": label, "url": f"?{urlencode({'by': by, 'grain': code})}#over-time", "current": code == grain}
            for code, label in words.GRAINS.items()
        ],
    }


def period_text(days: list[str]) -> str:
    """2026-01-01 – 2026-03-31."""
    return f"{days[0]} – {days[1]}"


def province_map(
    run: RunFacts, *, shade: str, people: str, with_money: bool, query: dict[str, str]
) -> dict[str, Any] | None:  # fmt: skip
    """The map of provinces of a run; None where its files have no provinces. Ask for the sight of `province` before."""
    told = run.counts["attributes"].get("province")
    if told is None:
        return None
    asked = {"people": people, "with_money": with_money, "currency": run.counts["currency"]}
    return tile_map(told["groups"], shade=shade, page_query=query, **asked)


def _stats(run: RunFacts, people: str, *, with_money: bool) -> list[dict[str, Any]]:
    counts, bridge = run.counts, run.counts["bridge"]
    money = money_text(round(counts["net_cents"], -2), counts["currency"]).removesuffix(".00") if with_money else "–"
    gone = {step["kind"]: step["customers"] for step in bridge["steps"]}
    lost_share = gone["lost"] / bridge["before_customers"] if bridge["before_customers"] else None

    def opened(name: str, value: str, count: int) -> str:
        return f"{people}?{urlencode({name: value})}" if people and count else ""

    return [
        {
            "label": _("Customers who bought"),
            "value": number(counts["active"]),
            "href": opened("who", "active", counts["active"]),
            "note": _("of %(count)s on file") % {"count": number(counts["customers"])},
            "trend": trend(bridge["before_customers"], bridge["after_customers"]),
        },
        {
            "label": _("Net amount"),
            "value": money,
            "href": "",
            "note": period_text(counts["after"]),
            "trend": trend(bridge["before_cents"], bridge["after_cents"]) if with_money else None,
        },
        {
            "label": words.CHANGES["new"],
            "value": number(gone["new"]),
            "href": opened("change", "new", gone["new"]),
            "note": _("and %(count)s returned") % {"count": number(gone["returned"])},
            "trend": None,
        },
        {
            "label": words.CHANGES["lost"],
            "value": number(gone["lost"]),
            "href": opened("change", "lost", gone["lost"]),
            "note": _("%(share)s of those before") % {"share": share_text(lost_share)},
            "trend": None,
        },
    ]


def trend(before: int, after: int) -> float | None:
    return (after - before) / before if before > 0 else None


def bridge_rows(run: RunFacts, people: str, *, with_money: bool) -> dict[str, Any]:
    """The bridge as a table: from, one line a kind, to."""
    bridge, counts = run.counts["bridge"], run.counts
    rows = [
        {
            "kind": step["kind"],
            "label": words.CHANGES[step["kind"]],
            "note": words.CHANGE_NOTES[step["kind"]],
            "customers": step["customers"],
            "sign": {1: "+", -1: "−"}.get((step["customers_change"] > 0) - (step["customers_change"] < 0), ""),
            "change_cents": step["change_cents"] if with_money else None,
            "url": f"{people}?{urlencode({'change': step['kind']})}" if people and step["customers"] else "",
        }
        for step in bridge["steps"]
        if step["customers"] or step["kind"] not in ("same", "credited")
    ]
    shown = {name: bridge[name] if with_money else None for name in ("before_cents", "after_cents")}
    return {
        "rows": rows,
        "before": period_text(counts["before"]),
        "after": period_text(counts["after"]),
        "before_customers": bridge["before_customers"],
        "after_customers": bridge["after_customers"],
        **shown,
    }


def _bridge_chart(run: RunFacts) -> dict[str, Any]:
    """The bridge as hanging bars, in units of the currency; without a level below zero, which could not hang."""
    bridge, currency = run.counts["bridge"], run.counts["currency"]
    steps = [step for step in bridge["steps"] if step["change_cents"]]
    ends = [(_("Before"), 0, bridge["before_cents"], "total")]
    ends += [
        (str(words.CHANGES[s["kind"]]), s["from_cents"], s["to_cents"], "good" if s["change_cents"] > 0 else "bad")
        for s in steps
    ]
    ends.append((_("Now"), 0, bridge["after_cents"], "total"))
    if any(min(start, end) < 0 for _label, start, end, _tone in ends):
        return {}
    return {
        "kind": "bridge",
        "title": _("From the period before to this one"),
        "labels": [label for label, *_rest in ends],
        "from": [start / 100 for _label, start, _end, _tone in ends],
        "to": [end / 100 for _label, _start, end, _tone in ends],
        "tones": [tone for *_rest, tone in ends],
        "texts": [money_text(end - start, currency) for _label, start, end, _tone in ends],
    }


def _planes(run: RunFacts, known: list[str], by: str, grain: str) -> list[dict[str, Any]]:
    return [
        {
            "label": words.ATTRIBUTES[code][0],
            "url": f"?{urlencode({'by': code, 'grain': grain})}#groups",
            "current": code == by,
        }
        for code in known
    ]


def group_rows(
    groups: list[dict[str, Any]], by: str, names: dict[str, str], *, people: str, with_money: bool
) -> list[dict[str, Any]]:
    """One row a group: counts with their links, money, share of it and how that share changed, in points."""
    now, before = (sum(g[name] for g in groups) for name in ("revenue_cents", "before_cents"))
    everybody, active = (sum(g[name] for g in groups) for name in ("base", "customers"))

    def row(group: dict[str, Any]) -> dict[str, Any]:
        name, is_rest = group["group"], group["group"] == words.REST
        share = group["revenue_cents"] / now if now > 0 else None
        earlier = group["before_cents"] / before if before > 0 else None
        points = None if share is None or earlier is None else round((share - earlier) * 100, 1)
        linked = people if not is_rest else ""
        asked = {"by": by, "group": name}
        return {
            **group,
            "label": names.get(name, name),
            "register_url": _register_url(by, name),
            "base_url": linked and f"{linked}?{urlencode(asked)}",
            "active_url": f"{linked}?{urlencode({**asked, 'who': 'active'})}" if linked and group["customers"] else "",
            "base_share": group["base"] / everybody if everybody else None,
            "active_share": group["customers"] / active if active else None,
            "share": share if with_money else None,
            "points": number(points, 1) if with_money and points is not None else "–",
            "points_tone": "good" if (points or 0) > 0 else "bad" if (points or 0) < 0 else "",
            "revenue_cents": group["revenue_cents"] if with_money else None,
        }

    return [row(group) for group in groups]


def _register_url(by: str, group: str) -> str:
    question = words.ATTRIBUTES[by][2]
    if group == "unknown":
        group = _ASKED_EMPTY.get(by, "")
    if not question or not group or group == words.REST:
        return ""
    return f"{reverse('desk:register')}?{urlencode({question: group})}"


def _moves(told: dict[str, Any], names: dict[str, str], by: str, people: str) -> dict[str, Any]:
    """Each group's bridge on one line: what every kind brought or cost, with its customers, and the sum."""
    kinds = [kind for kind in words.CHANGES if any(kind in held for held in told["bridges"].values())]
    order = [group["group"] for group in told["groups"] if group["group"] in told["bridges"]][:12]

    def cell(group: str, kind: str) -> dict[str, Any]:
        count, cents = told["bridges"][group].get(kind, [0, 0])
        asked = {"by": by, "group": group, "change": kind}
        opens = people and count and group != words.REST
        return {"cents": cents, "count": count, "url": f"{people}?{urlencode(asked)}" if opens else ""}

    return {
        "heads": [words.CHANGES[kind] for kind in kinds],
        "rows": [
            {
                "label": names.get(group, group),
                "cells": [cell(group, kind) for kind in kinds],
                "sum": sum(change for _count, change in told["bridges"][group].values()),
            }
            for group in order
        ],
    }


def _over_time(told: dict[str, Any], names: dict[str, str], grain: str, currency: str) -> dict[str, Any]:
    """A stacked chart of the greatest groups by period, and its table."""
    found = told["over_time"][grain if grain in GRAINS else "month"]
    labels = [_period_name(day, grain) for day in found["periods"]]
    series = [(names.get(group, group), cents) for group, cents in found["lines"].items()]
    if any(found["rest"]):
        series.append((_("All others"), found["rest"]))
    chart = {
        "kind": "bar",
        "stacked": True,
        "title": _("Net amount by period"),
        "labels": labels,
        "series": [{"name": name, "values": [value / 100 for value in cents]} for name, cents in series],
    }
    heads = [_("Period"), *[name for name, _cents in series]]
    rows = [[label, *[money_text(cents[i], currency) for _n, cents in series]] for i, label in enumerate(labels)]
    return {"chart": chart, "table": {"head": heads, "rows": rows}}


def _period_name(day: str, grain: str) -> str:
    first = dt.date.fromisoformat(day)
    if grain == "year":
        return str(first.year)
    return f"{first.year} Q{(first.month + 2) // 3}" if grain == "quarter" else f"{first:%Y-%m}"
