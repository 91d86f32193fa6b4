"""What the page of value classes shows: ABC, pyramid, the Pareto curve, concentration."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.analyze.rfm_page import register_url
from zhike.ui.figures import money_text, number, share_text


def page(run: RunFacts, *, is_newest: bool, may_open: bool, with_money: bool) -> dict[str, Any]:
    """Everything the template needs. Links to the register only on the newest run: files carry its classes alone."""
    counts, links = run.counts, is_newest and may_open
    parameters = MeasureParameters.from_json(dict(run.parameters))
    told = counts["concentration"]
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "parameters": parameters,
        "settings": words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "with_money": with_money,
        "basis": words.BASES[parameters.basis],
        "boundary": words.BOUNDARIES[parameters.boundary],
        "stats": _stats(run, parameters, with_money=with_money),
        "classes": rows(counts["classes"], "abc_class", words.ABC, "abc", links=links, with_money=with_money),
        "levels": rows(counts["levels"], "level", words.LEVELS, "level", links=links, with_money=with_money),
        "curve": curve_chart(counts["curve"], parameters) if counts["curve"] else None,
        "curve_table": curve_table(counts["curve"], _("Share of money")),
        "concentration": _concentration(told),
        "coverage": _coverage(counts.get("covered")),
    }


def _stats(run: RunFacts, parameters: MeasureParameters, *, with_money: bool) -> list[dict[str, Any]]:
    counts, told = run.counts, run.counts["concentration"]
    total = money_text(round(counts["net_cents"], -2), counts["currency"]).removesuffix(".00")
    gini = told["gini"]
    shown = [
        {
            "label": _("Customers classed"),
            "value": number(counts["customers"] - counts["unknown"]),
            "note": f"{counts['after'][0]} – {counts['after'][1]}",
        },
        {"label": str(words.BASES[parameters.basis]), "value": total if with_money else "–", "note": _("above zero")},
        {
            "label": _("The best fifth brings"),
            "value": share_text(told["pareto_ratio"], 1),
            "note": _("Pareto ratio of this shop"),
        },
        {
            "label": _("Gini coefficient"),
            "value": "–" if gini is None else f"{gini:.3f}",
            "note": _("0: all alike, 1: one has all"),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def rows(
    found: list[dict[str, Any]], key: str, named: Any, question: str, *, links: bool, with_money: bool
) -> list[dict[str, Any]]:
    """One row for each class in its order, with what the customers in it have and where the register shows them."""
    held = {row[key]: row for row in found}
    shown = []
    for code, label in named.items():
        row = held.get(code)
        if row is None:
            continue
        count = row["items"]
        opens = links and count and code != "unknown"
        shown.append(
            {
                "code": code,
                "label": label,
                "customers": count,
                "share": row["items_share"] if code != "unknown" else None,
                "money_cents": row["value"] if with_money else None,
                "money_share": row["value_share"],
                "least_cents": row["least"] if with_money else None,
                "mean_cents": round(row["value"] / count) if with_money and row["value"] is not None else None,
                "url": f"{register_url()}?{urlencode({question: code})}" if opens else "",
            }
        )
    return shown


def curve_chart(curve: list[list[float]], parameters: MeasureParameters) -> dict[str, Any]:
    """The Pareto curve in percent, from the best customers down."""
    points = [[0, 0], *[[round(x * 100, 2), round(y * 100, 2)] for x, y in curve]]
    return {
        "kind": "curve",
        "title": _("Share of money by share of customers, best first"),
        "series": [{"name": str(words.BASES[parameters.basis]), "points": points}],
        "equality": _("If all were alike"),
        "x": _("Share of customers in percent, best first"),
    }


def curve_table(curve: list[list[float]], measured: str) -> dict[str, Any]:
    """A curve over customers, best first, at each tenth as near as its points lie; `measured` heads its values."""
    picked: list[list[float]] = []
    for tenth in range(1, 11):
        near = min(curve, key=lambda point: abs(point[0] - tenth / 10), default=None)
        if near and (not picked or picked[-1] != near):
            picked.append(near)
    return {
        "head": [_("Best customers"), measured],
        "rows": [[share_text(x), share_text(y)] for x, y in picked],
    }


def _concentration(told: dict[str, Any]) -> list[dict[str, Any]]:
    if told["gini"] is None:
        return []
    lines = [
        {"label": _("Share of the first %(count)s") % {"count": number(int(k))}, "value": share_text(v)}
        for k, v in told["top"].items()
    ]
    lines += [
        {"label": _("Share of the first %(share)s") % {"share": share_text(float(k), 0)}, "value": share_text(v)}
        for k, v in told["top_shares"].items()
    ]
    lines += [
        {"label": _("Herfindahl index (HHI)"), "value": f"{told['hhi']:.5f}"},
        {"label": _("Effective number of customers (1 ÷ HHI)"), "value": number(told["effective_number"])},
        {"label": _("Gini coefficient"), "value": f"{told['gini']:.3f}"},
    ]
    return lines


def _coverage(covered: dict[str, Any] | None) -> str:
    """How much of the money a margin stands on."""
    if covered is None:
        return ""
    return share_text(covered["known"] / covered["revenue"] if covered["revenue"] > 0 else None)
