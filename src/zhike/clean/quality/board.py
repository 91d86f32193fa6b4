"""What the board of quality shows: a heat table of fields by dimensions, groups, and how it went over time."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.clean.queries.quality import DayFacts
from zhike.clean.queries.verification import Accuracy
from zhike.secure import fields
from zhike.secure import queries as rights
from zhike.secure.records import Viewer
from zhike.ui.figures import number, share_text
from zhike_analytics.quality_bits import DIMENSIONS

WORDS: Mapping[str, Promise] = {
    "completeness": gettext_lazy("Completeness"),
    "validity": gettext_lazy("Validity"),
    "uniqueness": gettext_lazy("Uniqueness"),
    "timeliness": gettext_lazy("Timeliness"),
    "consistency": gettext_lazy("Consistency"),
}
# What the customers behind a cell have in common.
FAULT_WORDS: Mapping[str, Promise] = {
    "completeness": gettext_lazy("not known"),
    "validity": gettext_lazy("not usable"),
    "uniqueness": gettext_lazy("shared with another customer"),
    "timeliness": gettext_lazy("out of date"),
    "consistency": gettext_lazy("sources contradict each other"),
}
GROUPINGS: Mapping[str, Promise] = {"source": gettext_lazy("First source"), "owner": gettext_lazy("Owner")}
# Dimension → the facet of segments that asks for its faults.
FACETS = {
    "completeness": "quality_missing",
    "validity": "quality_invalid",
    "timeliness": "quality_stale",
    "consistency": "quality_contradicted",
}


def page(
    day: DayFacts, history: Sequence[DayFacts], viewer: Viewer, *, by: str, group: str, names: Mapping[str, Mapping[str, str]],
    accuracy: Mapping[str, Mapping[int, Accuracy]],
) -> dict[str, Any]:  # fmt: skip
    """Everything the board's template needs. `names` gives the words of sources and owners by id.

    `accuracy` tells, of sources and of members of staff, how much of what they stated was found right by asking.
    """
    told = _fields_of(day, by, group)
    narrowed = {by: group} if by and group else {}
    return {
        "day": day,
        "heads": [WORDS[d] for d in DIMENSIONS],
        "rows": _rows(day, told, viewer, narrowed),
        "stats": _stats(day, history),
        "by": by,
        "group": group,
        "group_label": names[by].get(group, _("Nobody")) if narrowed else "",
        "groups": [
            (code, label, _groups(day, code, names[code], accuracy.get(code, {}))) for code, label in GROUPINGS.items()
        ],
        "trend": _trend(history),
        "table": _table(history),
    }


def may_know(viewer: Viewer, field: str) -> bool:
    """Whether a viewer may know that there is a value of a field: sees it in any form."""
    return fields.known(field) and rights.sight(viewer, field) != "hidden"


def _fields_of(day: DayFacts, by: str, group: str) -> Mapping[str, Any]:
    if by and group:
        return day.detail.get(by, {}).get(group, {})
    return day.totals.get("fields", {})


def _rows(day: DayFacts, told: Mapping[str, Any], viewer: Viewer, narrowed: dict[str, str]) -> list[dict[str, Any]]:
    shown = [name for name in told if may_know(viewer, name)]
    shown.sort(key=lambda name: _worst(told[name]))
    may_open = viewer.can("customers.view")
    return [
        {
            "label": fields.field(name).label,
            "cells": [_cell(day, name, d, told[name].get(d), narrowed, may_open=may_open) for d in DIMENSIONS],
        }
        for name in shown
    ]


def _worst(dimensions: Mapping[str, list[int]]) -> float:
    return min((good / of for good, of in dimensions.values() if of), default=1.0)


def _cell(
    day: DayFacts, name: str, dimension: str, pair: list[int] | None, narrowed: dict[str, str], *, may_open: bool
) -> dict[str, Any] | None:
    if not pair or not pair[1]:
        return None
    good, of = pair
    asked = f"?{urlencode(narrowed)}" if narrowed else ""
    opens = may_open and good < of
    return {
        "share": share_text(good / of, 1),
        "bad": number(of - good),
        "of": number(of),
        "level": level(good / of),
        "url": reverse("clean:quality_behind", args=[day.public_id, name, dimension]) + asked if opens else "",
    }


def level(share: float) -> int:
    """0 (calm: all good) to 9 of the heat scale; the last percents make the difference."""
    bad = 1 - share
    return next(
        (n for n, limit in enumerate((0.0005, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6)) if bad <= limit), 9
    )


def _stats(day: DayFacts, history: Sequence[DayFacts]) -> list[dict[str, Any]]:
    before = next((d for d in reversed(history) if d.day < day.day), None)
    shown: list[dict[str, Any]] = [
        {"label": _("Mean score of files"), "value": "–" if day.score is None else f"{day.score:.1f}", "trend": None}
    ]
    now, then = overall(day), overall(before) if before else {}
    for dimension in DIMENSIONS:
        if dimension in now:
            change = now[dimension] - then[dimension] if dimension in then else None
            shown.append({"label": str(WORDS[dimension]), "value": share_text(now[dimension], 1), "trend": change})
    return shown


def overall(day: DayFacts) -> dict[str, float]:
    """Each dimension over all fields: sum of the good ÷ sum of those looked at."""
    found = {}
    for dimension in DIMENSIONS:
        pairs = [told[dimension] for told in day.totals.get("fields", {}).values() if dimension in told]
        if of := sum(p[1] for p in pairs):
            found[dimension] = sum(p[0] for p in pairs) / of
    return found


def _groups(day: DayFacts, by: str, names: Mapping[str, str], accuracy: Mapping[int, Accuracy]) -> list[dict[str, Any]]:
    rows = []
    for group, told in day.totals.get(by, {}).items():
        shares = [told[d][0] / told[d][1] if told.get(d) and told[d][1] else None for d in DIMENSIONS]
        rows.append(
            {
                "label": names.get(group) or (_("Nobody") if by == "owner" else _("No source")),
                "customers": told["customers"],
                "score": f"{told['score']:.0f}",
                "shares": list(zip((WORDS[d] for d in DIMENSIONS), shares, strict=True)),
                "accuracy": accuracy.get(int(group)) if group.isdecimal() else None,
                "url": f"{reverse('clean:quality')}?{urlencode({'by': by, 'group': group})}#fields",
            }
        )
    return sorted(rows, key=lambda r: -r["customers"])


def _trend(history: Sequence[DayFacts]) -> dict[str, Any] | None:
    if len(history) < 2:
        return None
    told = [overall(d) for d in history]
    return {
        "kind": "line",
        "title": _("Quality over time, in percent"),
        "labels": [d.day.isoformat() for d in history],
        "series": [
            {"name": str(WORDS[d]), "values": [round(100 * t[d], 2) if d in t else None for t in told]}
            for d in DIMENSIONS
            if any(d in t for t in told)
        ],
    }


def _table(history: Sequence[DayFacts]) -> dict[str, Any]:
    rows = [
        [d.day.isoformat(), number(d.customers), "–" if d.score is None else f"{d.score:.1f}"]
        + [share_text(overall(d).get(dim)) if dim in overall(d) else "–" for dim in DIMENSIONS]
        for d in reversed(history[-60:])
    ]
    return {"head": [_("Day"), _("Customers"), _("Score"), *(str(WORDS[d]) for d in DIMENSIONS)], "rows": rows}
