"""What the page of loyalty shows: who buys again, and whether out of liking or out of habit."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import measure_words as words
from zhike.analyze import satisfaction_page
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.survey.queries import words as classes
from zhike.ui.figures import number, share_text

NOTES = {
    "true": gettext_lazy("buy again and like the shop: keep them, let them speak for you"),
    "habit": gettext_lazy("buy again without liking it: they leave when leaving gets easy"),
    "liking": gettext_lazy("like the shop and seldom buy: find out what keeps them from it"),
    "low": gettext_lazy("neither: do not spend on them before you know why"),
}
_TONES = {"true": "good", "habit": "warn", "liking": "info", "low": "neutral"}
_LAID = ("habit", "true", "low", "liking")  # as on the chart: attitude to the right, behavior upwards


def page(
    run: RunFacts, *, is_newest: bool, may_open: bool, with_money: bool, may_segment: bool
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs."""
    counts = run.counts
    people = reverse("analyze:loyalty_people", args=[run.public_id]) if may_open else ""
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "is_newest": is_newest,
        "with_money": with_money,
        "settings": words.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters))),
        "stats": _stats(counts),
        "cells": _cells(counts, people, may_segment=may_segment and is_newest),
        "said": [_said(one) for one in counts["said"]],
    }


def _stats(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    again = counts["repurchase"]
    held = {one["cell"]: one["customers"] for one in counts["cells"]}
    shown = [
        {"label": _("Customers who bought in the year"), "value": number(counts["customers"]), "note": ""},
        {
            "label": _("Bought again"),
            "value": share_text(again["value"]),
            "note": _("95 %%: %(range)s") % {"range": satisfaction_page.interval(again, share=True)},
        },
        {
            "label": _("Said what they feel"),
            "value": number(counts["placed"]),
            "note": _("known customers with answers"),
        },
        {
            "label": _("Of these, true loyalty"),
            "value": share_text(held["true"] / counts["placed"]) if counts["placed"] else "–",
            "note": "",
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _cells(counts: Mapping[str, Any], people: str, *, may_segment: bool) -> list[dict[str, Any]]:
    found = {one["cell"]: one for one in counts["cells"]}
    new = reverse("analyze:segment_new")
    return [
        {
            **found[cell],
            "label": words.CELLS[cell],
            "note": NOTES[cell],
            "tone": _TONES[cell],
            "share": found[cell]["customers"] / counts["placed"] if counts["placed"] else None,
            "url": f"{people}?{urlencode({'cell': cell})}" if people and found[cell]["customers"] else "",
            "segment_url": f"{new}?{urlencode({'loyalty_cell': cell})}" if may_segment else "",
        }
        for cell in _LAID
    ]


def _said(one: Mapping[str, Any]) -> dict[str, Any]:
    value = (
        "–" if one["value"] is None else f"{one['value']:+.0f}" if one["role"] == "recommend" else f"{one['value']:.1f}"
    )
    return {
        "label": _("Would recommend (NPS)") if one["role"] == "recommend" else classes.ROLES[one["role"]],
        "value": value,
        "range": satisfaction_page.interval(one),
        "n": number(one["n"]),
    }
