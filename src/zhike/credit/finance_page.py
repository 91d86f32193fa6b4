"""What the page of an organization's figures shows: ratios with both readings, their way, peers, statements side by side."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhike.credit import words
from zhike.credit.queries.analysis import Analysis
from zhike.credit.records import AMOUNTS, StatementFacts
from zhike.ui.figures import money_text, number, share_text
from zhike_analytics.ratios import RULE_OF, RULES, Ratio, RatioWarning

_SHOWN_PERIODS = 5
_SMALLEST_CHANGE = 0.0005  # less is nothing at the digits shown
_CHARTED = ("current_ratio", "quick_ratio", "cash_to_current_liabilities", "debt_to_asset")
_MONEY_WARNINGS = ("net_assets_gone", "not_balanced", "part_beyond_whole", "loss")


def page(found: Analysis, statements: Sequence[StatementFacts]) -> dict[str, Any]:
    """Everything the template needs of an analysis."""
    shown = sorted(found.series[-_SHOWN_PERIODS:], key=lambda pair: pair[0].ends_on, reverse=True)
    return {
        "newest": found.newest,
        "period": period_text(found.newest),
        "stats": _stats(found),
        "warnings": [warning_row(w, found.newest.currency) for w in found.warnings],
        "falling": [words.RATIOS[key][0] for key, way in found.trends.items() if way.is_falling],
        "rows": [_row(found, rule.key) for rule in RULES],
        "trade": found.trade,
        "peer_count": max((s.peers for s in found.peers.values()), default=0),
        "chart": _chart(found) if len(found.series) > 1 else None,
        "chart_table": _chart_table(found),
        "periods": [(s, period_text(s)) for s, _ratios in shown],
        "amounts": _amounts([s for s, _ratios in shown]),
        "others": [(s, period_text(s)) for s in statements if s.public_id not in {x.public_id for x, _ in shown}],
        "distress": _distress(found),
    }


def period_text(one: StatementFacts) -> str:
    """2025 年报, 2025-06 half-year and the like."""
    if one.period == "year" and (one.ends_on.month, one.ends_on.day) == (12, 31):
        return _("Year %(year)s") % {"year": one.ends_on.year}
    return f"{one.ends_on:%Y-%m} {words.PERIODS[one.period]}"


def ratio_text(ratio: Ratio) -> str:
    """A ratio in percent, or nothing."""
    return share_text(ratio.value, 1) if ratio.value is not None else ""


def warning_row(told: RatioWarning, currency: str) -> dict[str, Any]:
    """A warning for a reader: words, the figure, and the bound it passed."""
    if told.code in _MONEY_WARNINGS:
        value, bound = money_text(round(told.value or 0), currency), ""
    else:
        value, bound = share_text(told.value, 1), share_text(told.bound, 0)
    return {
        "label": words.WARNINGS[told.code],
        "tone": words.TONES[told.tone],
        "icon": {"bad": "alert-circle", "watch": "alert-triangle"}.get(told.tone, "info-circle"),
        "value": value,
        "bound": bound,
    }


def _stats(found: Analysis) -> list[dict[str, Any]]:
    told = []
    for key in ("current_ratio", "quick_ratio", "debt_to_asset"):
        ratio, way = found.ratios[key], found.trends[key]
        note = str(words.BLANKS.get(ratio.reason, "")) if ratio.value is None else _change(way.change)
        told.append({"label": words.RATIOS[key][0], "value": ratio_text(ratio) or "–", "note": note})
    distress = found.distress
    told.append(
        {
            "label": _("Altman Z″"),
            "value": "–" if distress.value is None else number(distress.value, 2),
            "note": words.ZONES.get(distress.zone, _("the statement lacks a part")),
        }
    )
    return told


def _change(change: float | None) -> str:
    if change is None or abs(change) < _SMALLEST_CHANGE:
        return ""
    points = number(abs(change) * 100, 1)
    return _("%(n)s points up") % {"n": points} if change > 0 else _("%(n)s points down") % {"n": points}


def _row(found: Analysis, key: str) -> dict[str, Any]:
    ratio, way, peers, rule = found.ratios[key], found.trends[key], found.peers[key], RULE_OF[key]
    better = way.change is not None and (way.change > 0) == rule.more_is_better and way.change != 0
    name, formula = words.RATIOS[key]
    return {
        "key": key,
        "name": name,
        "formula": formula,
        "reading": words.READINGS[rule.reading],
        "beside": words.RATIOS[rule.beside][0] if rule.beside else "",
        "value": ratio_text(ratio),
        "blank": words.BLANKS.get(ratio.reason, ""),
        "is_gone": ratio.reason == "net_assets_gone",
        "change": _change(way.change) if way.change else "",
        "change_tone": "good" if better else "bad",
        "usual": words.USUAL.get(key, ""),
        "quartiles": " / ".join(share_text(v, 0) for v in (peers.lower, peers.median, peers.upper))
        if peers.median is not None
        else "",
        "fourth": peers.fourth,
        "fourth_tone": {1: "good", 4: "bad"}.get(peers.fourth or 0, "neutral"),
    }


def _chart(found: Analysis) -> dict[str, Any]:
    series = [
        {"name": str(words.RATIOS[key][0]), "values": [_percent(r[key].value) for _s, r in found.series]}
        for key in _CHARTED
        if any(r[key].value is not None for _s, r in found.series)
    ]
    labels = [period_text(s) for s, _ratios in found.series]
    return {"kind": "line", "title": _("Ratios in percent, by period"), "labels": labels, "series": series}


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 1)


def _chart_table(found: Analysis) -> dict[str, Any]:
    head = [_("Period"), *(str(words.RATIOS[key][0]) for key in _CHARTED)]
    rows = [[period_text(s), *(share_text(r[key].value, 1) for key in _CHARTED)] for s, r in found.series]
    return {"head": head, "rows": rows}


def _amounts(shown: Sequence[StatementFacts]) -> list[dict[str, Any]]:
    told = []
    for name in AMOUNTS:
        cells = [s.amounts.get(name) for s in shown]
        if any(cell is not None for cell in cells):
            is_sum = name.startswith(("total_", "net_assets", "current_"))
            told.append({"label": words.AMOUNTS[name], "cells": cells, "is_sum": is_sum})
    return told


def _distress(found: Analysis) -> dict[str, Any]:
    distress = found.distress
    missing = [str(words.AMOUNTS.get(name, words.BLANKS.get(name, name))) for name in distress.missing]
    return {
        "value": None if distress.value is None else number(distress.value, 4),
        "zone": words.ZONES.get(distress.zone, ""),
        "tone": words.ZONE_TONES.get(distress.zone, "neutral"),
        "parts": [(name, number(value, 4)) for name, value in distress.parts.items()],
        "missing": _(", ").join(missing),
    }
