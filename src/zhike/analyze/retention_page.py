"""What the page of retention shows: cohorts, how long customers stay, and who is likely to stay away."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import lifetime_page
from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import money_text, number, share_text

SHOWN_MONTHS = 13
_SHADES = 9


def page(
    run: RunFacts, *, by: str, is_newest: bool, may_open: bool, with_money: bool, may_segment: bool
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs; `by` is `customers` or `money`."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    people = reverse("analyze:retention_people", args=[run.public_id]) if may_open else ""
    warned, curve = counts["warned"], counts["survival"]
    by = by if by == "money" and with_money else "customers"
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of(run.kind, parameters),
        "horizon": words.HORIZONS[parameters.horizon],
        "is_newest": is_newest,
        "with_money": with_money,
        "stats": _stats(counts, people),
        "by": by,
        "months": range(SHOWN_MONTHS),
        "cohorts": _cohorts(counts, people if warned.get("levels") else "", by),
        "curve": survival_chart(curve) if curve else None,
        "curve_table": _survival_table(curve) if curve else None,
        "silent_days": counts["silent_days"],
        "refused": lifetime_page.REFUSALS.get(warned.get("refused"), "") if warned.get("refused") else "",
        "levels": _levels(warned["levels"], people, with_money=with_money, may_segment=may_segment and is_newest),
        "tested": _tested(warned["tested"]) if warned.get("tested") else None,
    }


def _stats(counts: Mapping[str, Any], people: str) -> list[dict[str, Any]]:
    known = [c for c in counts["cohorts"] if len(c["active"]) > 1 and c["active"][1] is not None]
    size, back = sum(c["size"] for c in known), sum(c["active"][1] for c in known)
    curve = counts["survival"]
    median = curve["median_days"] if curve else None
    high = next((row["customers"] for row in counts["warned"]["levels"] if row["risk_level"] == "high"), None)
    shown = [
        {"label": _("Customers who have bought"), "value": number(counts["customers"]), "note": ""},
        {
            "label": _("Bought again in the month after"),
            "value": share_text(back / size if size else None),
            "note": _("of all cohorts whose next month is over"),
        },
        {
            "label": _("Half have left after"),
            "value": "–" if median is None else _("%(days)s days") % {"days": number(median)},
            "note": _("by the rule of silence below"),
        },
        {
            "label": _("High risk to stay away"),
            "value": number(high),
            "note": "",
            "href": f"{people}?{urlencode({'level': 'high'})}" if people and high else "",
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _cohorts(counts: Mapping[str, Any], people: str, by: str) -> list[dict[str, Any]]:
    """A line for each cohort: shares of its customers, or money for each of them, month by month; blank where not over."""
    rows = counts["cohorts"]
    tops = [max((c["net_cents"][k] / c["size"] for c in rows if k < len(c["net_cents"]) and c["net_cents"][k]), default=0)
            for k in range(1, SHOWN_MONTHS)]  # fmt: skip
    top = max(tops, default=0) or 1
    told = []
    for cohort in rows:
        cells: list[dict[str, Any]] = []
        for k in range(SHOWN_MONTHS):
            active = cohort["active"][k] if k < len(cohort["active"]) else None
            if active is None:
                cells.append({"text": "", "shade": ""})
            elif by == "money":
                mean = cohort["net_cents"][k] / cohort["size"]
                shade = min(_SHADES, max(0, round(_SHADES * mean / top)))
                cells.append({"text": money_text(round(mean), counts["currency"]), "shade": shade})
            else:
                share = active / cohort["size"]
                shade = _SHADES if k == 0 else min(_SHADES, round(_SHADES * (share / 0.5) ** 0.5 * 0.8))
                cells.append({"text": share_text(share, 0 if k == 0 else 1), "shade": shade})
        month = cohort["month"][:7]
        url = f"{people}?{urlencode({'cohort': month})}" if people else ""
        told.append({"month": month, "size": cohort["size"], "cells": cells, "url": url})
    return told


def survival_chart(curve: Mapping[str, Any]) -> dict[str, Any]:
    """Who is still a customer month by month, with its interval, and two projections beyond it."""

    def percent(values: Any) -> list[float]:
        return [round(100 * value, 1) for value in values]

    months = curve["months"]
    length = max([len(months), *(len(curve[name]["months"]) for name in ("sbg", "bdw") if name in curve)])
    series = [
        {"name": _("Still customers"), "values": percent(m[0] for m in months)},
        {"name": _("Lower bound (95 %)"), "values": percent(m[1] for m in months)},
        {"name": _("Upper bound (95 %)"), "values": percent(m[2] for m in months)},
    ]
    named = {"sbg": _("Projected (sBG)"), "bdw": _("Projected (BdW)")}
    series += [{"name": named[n], "values": percent(curve[n]["months"])} for n in named if n in curve]
    return {
        "kind": "line",
        "title": _("Still customers, in percent, by months since the first purchase"),
        "labels": [str(month) for month in range(length)],
        "series": series,
    }


def _survival_table(curve: Mapping[str, Any]) -> dict[str, Any]:
    months, rows = curve["months"], []
    names = [name for name in ("sbg", "bdw") if name in curve]
    for month in range(max([len(months), *(len(curve[name]["months"]) for name in names)])):
        seen = months[month] if month < len(months) else (None, None, None)
        ahead = [curve[n]["months"][month] if month < len(curve[n]["months"]) else None for n in names]
        rows.append([str(month), *(share_text(value) for value in (*seen, *ahead))])
    heads = {"sbg": "sBG", "bdw": "BdW"}
    return {"head": [_("Month"), _("Still customers"), _("From"), _("To"), *(heads[n] for n in names)], "rows": rows}


def _levels(
    found: list[dict[str, Any]], people: str, *, with_money: bool, may_segment: bool
) -> list[dict[str, Any]]:  # fmt: skip
    ranges = {"high": "≥ 80 %", "medium": "50–80 %", "low": "< 50 %"}
    whole, new = sum(row["customers"] for row in found), reverse("analyze:segment_new")
    return [
        {
            **row,
            "label": words.RISKS[row["risk_level"]],
            "range": ranges[row["risk_level"]],
            "share": row["customers"] / whole,
            "historic_cents": row["historic_cents"] if with_money else None,
            "url": f"{people}?{urlencode({'level': row['risk_level']})}" if people else "",
            "segment_url": f"{new}?{urlencode({'risk_level': row['risk_level']})}" if may_segment else "",
        }
        for row in found
    ]


def _tested(tested: Mapping[str, Any]) -> dict[str, Any]:
    """How the risk did on time it had not seen: ranked, and held to what was told."""

    def area(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}"

    rows = [
        (_("This risk"), "auc"),
        (_("“Longest silent first”"), "auc_silent"),
        (_("“Rarest buyers first”"), "auc_rare"),
    ]
    best = max(tested[name] or 0 for _label, name in rows)
    return {
        "split": tested["split"],
        "customers": tested["customers"],
        "away": share_text(tested["away"] / tested["customers"] if tested["customers"] else None),
        "areas": [{"label": label, "value": area(tested[n]), "is_best": tested[n] == best} for label, n in rows],
        "tenths": [
            {"customers": row["customers"], "told": share_text(row["told"]), "happened": share_text(row["happened"])}
            for row in tested["tenths"]
        ],
        "brier": f"{tested['brier']:.3f}",
    }
