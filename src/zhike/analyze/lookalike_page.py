"""What the page of look-alikes shows: how well they were found, by what, and the way to a segment."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words
from zhike.analyze import portrait_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import number

SIZES = (100, 500, 1000, 5000)
_SHOWN = 8
_TOO_GOOD = 0.97  # who is in the segment is then told by its own rule


def page(run: RunFacts, *, name: str, is_newest: bool, may_segment: bool) -> dict[str, Any]:
    """Everything the template needs; `name`: the segment's, as far as the viewer may know of it."""
    counts, tried = run.counts, run.counts.get("tried")
    parameters = MeasureParameters.from_json(dict(run.parameters))
    draft = reverse("analyze:segment_new")
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": measure_words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "segment_name": name or _("a segment"),
        "refused": words.REFUSALS.get(counts["refused"] or "", ""),
        "stats": _stats(counts, tried),
        "is_beaten": tried is not None and not tried["is_better"],
        "is_too_good": tried is not None and tried["area"] > _TOO_GOOD,
        "weights": [_weight(feature, value) for feature, value in counts.get("weights", ())[:_SHOWN]],
        "sizes": [
            {"size": size, "url": f"{draft}?{urlencode({'lookalike_place': size})}"}
            for size in SIZES
            if may_segment and is_newest and size <= counts["ranked"]
        ],
    }


def _stats(counts: Any, tried: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    shown = [
        {
            "label": _("Members"),
            "value": number(counts["members"]),
            "note": _("of the segment, when it was last counted"),
        },
        {
            "label": _("Area under the curve"),
            "value": f"{tried['area']:.3f}" if tried else "–",
            "note": _("± %(error)s; .5 is a coin") % {"error": f"{1.96 * tried['error']:.3f}"} if tried else "",
        },
        {
            "label": _("Members in the best tenth"),
            "value": f"{number(tried['lift'], 1)} ×" if tried else "–",
            "note": _("as many as chance would put there"),
        },
        {"label": _("Customers ranked"), "value": number(counts["ranked"]), "note": _("no member among them")},
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _weight(feature: str, value: float) -> dict[str, Any]:
    return {
        "label": words.FEATURES[feature],
        "side": _("more than others") if value > 0 else _("less than others"),
        "weight": f"{value:+.2f}",
    }
