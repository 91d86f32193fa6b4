"""What the page of portraits shows: groups with their profiles, psychology types, preferences of many."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words
from zhike.analyze import portrait_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import money_text, number, share_text

_NEUTRAL, _PER_WIDTH, _SHADES = 4, 2.5, 9


def page(
    run: RunFacts,
    *,
    is_newest: bool,
    may_open: bool,
    may_segment: bool,
    sees_types: bool,
    sees_lines: bool,
    with_money: bool,
) -> dict[str, Any]:
    """Everything the template needs; nothing of what was bought for who may not see lines, no amounts for who may not see those."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    people = reverse("analyze:portrait_people", args=[run.public_id]) if may_open and is_newest else ""
    segment = reverse("analyze:segment_new") if may_segment and is_newest else ""
    shown = [name for name in words.FEATURES if with_money or name != "mean_order_cents"]
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": measure_words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "may_segment": may_segment,
        "with_money": with_money,
        "stats": _stats(counts),
        "refused": words.REFUSALS.get(counts.get("refused") or "", ""),
        "warnings": [words.WARNINGS[code] for code in counts.get("warnings", ())],
        "features": [words.FEATURES[name] for name in shown],
        "groups": [_group(counts, row, people, segment, with_money=with_money) for row in counts["groups"]],
        "profiles": [_profile(counts, row, shown) for row in counts["groups"]],
        "types": _types(counts, people, segment) if sees_types else [],
        "preferences": _preferences(counts, segment, sees_lines=sees_lines),
        "silhouette": f"{counts.get('silhouette', 0):.3f}",
        "silhouettes": " · ".join(f"{k}: {value:.3f}" for k, value in sorted(counts.get("silhouettes", {}).items())),
    }


def _stats(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    whole = counts["customers"]
    refusing = _("%(count)s left out: they refused to be profiled") % {"count": number(counts["refusing"])}
    shown = [
        {
            "label": _("Customers portrayed"),
            "value": number(whole),
            "note": refusing if counts["refusing"] else _("with orders in two years"),
        },
        {
            "label": _("Groups"),
            "value": number(len(counts["groups"])) if counts["groups"] else "–",
            "note": _("%(count)s of them stable")
            % {"count": sum(row["standing"] == "stable" for row in counts["groups"])},
        },
        {
            "label": _("With a psychology type"),
            "value": share_text(counts["typed"] / whole if whole else None),
            "note": _("a guess from what they did"),
        },
        {
            "label": _("With a preference"),
            "value": share_text(counts["preferring"] / whole if whole else None),
            "note": _("markedly more often than the shop"),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _group(
    counts: Mapping[str, Any], row: Mapping[str, Any], people: str, segment: str, *, with_money: bool
) -> dict[str, Any]:
    code = row["code"]
    return {
        "name": words.group_name(code),
        "customers": row["customers"],
        "share": row["share"],
        "stability": f"{row['stability']:.2f}",
        "standing": words.STANDINGS[row["standing"]],
        "tone": words.STANDING_TONES[row["standing"]],
        "per_customer": money_text(round(row["net_cents"] / row["customers"]), counts["currency"])
        if with_money
        else "–",
        "url": f"{people}?{urlencode({'group': code})}" if people else "",
        "segment_url": f"{segment}?{urlencode({'portrait_group': code})}" if segment else "",
    }


def _profile(counts: Mapping[str, Any], row: Mapping[str, Any], shown: list[str]) -> dict[str, Any]:
    """The means of a group in their own units, shaded by how far they lie from everybody's."""
    cells = []
    for name in shown:
        away, mean = row["profile"].get(name), row["means"][name]
        if name == "mean_order_cents":
            text = money_text(round(mean / 100) * 100, counts["currency"]).removesuffix(".00")
        else:
            text = number(mean, 0 if mean >= 20 else 1) if name in _AMOUNTS else share_text(mean, 0)
        shade = "" if away is None else max(0, min(_SHADES, round(_NEUTRAL + _PER_WIDTH * away)))
        cells.append({"text": text, "shade": shade})
    return {"name": words.group_name(row["code"]), "customers": row["customers"], "cells": cells}


_AMOUNTS = ("orders", "recency_days", "tenure_days", "categories")


def _types(counts: Mapping[str, Any], people: str, segment: str) -> list[dict[str, Any]]:
    whole = counts["customers"]
    return [
        {
            "label": words.TYPES[row["type"]],
            "customers": row["customers"],
            "share": row["customers"] / whole if whole else None,
            "rule": words.rule_text(row["signals"], row["least"]),
            "url": f"{people}?{urlencode({'type': row['type']})}" if people and row["customers"] else "",
            "segment_url": f"{segment}?{urlencode({'psychology': row['type']})}"
            if segment and row["customers"]
            else "",
        }
        for row in counts["types"]
    ]


def _preferences(counts: Mapping[str, Any], segment: str, *, sees_lines: bool) -> list[dict[str, Any]]:
    """By kind, what most customers prefer; of goods only for who may see what was bought."""
    channels, told = words.channel_names(), []
    for kind, label in words.KINDS.items():
        if kind in words.OF_GOODS and not sees_lines:
            continue
        rows = [
            {
                "value": words.value_name(kind, row["value"], channels),
                "customers": row["customers"],
                "shop_share": row["shop_share"],
                "url": f"{segment}?{urlencode({'preference': code_of(kind, row['value'])})}"
                if segment and sees_lines
                else "",
            }
            for row in counts["preferences"].get(kind, ())
        ]
        if rows:
            told.append({"label": label, "rows": rows})
    return told


def code_of(kind: str, value: str) -> str:
    """A preference as rules of segments name it; a comma divides labels there."""
    return f"{kind}:{value}".replace(",", "，")
