"""What the page of recommendations shows: how the models did, and to whom each product is recommended."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import number, share_text

_SHOWN = 50


def page(run: RunFacts, *, is_newest: bool, may_open: bool, may_segment: bool, sees_lines: bool) -> dict[str, Any]:
    """Everything the template needs; products only for who may see what was bought."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    tried = counts["tried"]
    best = max((row["ndcg"] for row in tried), default=0)
    shown: dict[str, Any] = {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "sees_lines": sees_lines,
        "stats": _stats(run),
        "tried": [_tried(row, best, counts.get("model", "")) for row in tried],
        "trial": tried[0] if tried else None,
    }
    if counts.get("refused"):
        told = _(
            "This model squares the products, and there are too many of them (at most %(most)s): choose another one."
        )
        return {**shown, "refused": told % {"most": number(counts["most"])}}
    return {
        **shown,
        "is_beaten": bool(tried) and best > 0 and tried[0]["ndcg"] >= best and counts["model"] != "popular",
        "products": [
            _product(run, row, may_open=may_open and is_newest, may_segment=may_segment and is_newest)
            for row in (counts["products"][:_SHOWN] if sees_lines else ())
        ],
        "popular": counts["popular"] if sees_lines else [],
        "resting": "、".join(counts["resting"]),
        "gone": counts["gone"],
    }


def _stats(run: RunFacts) -> list[dict[str, Any]]:
    counts = run.counts
    used = next((row for row in counts["tried"] if row["model"] == counts.get("model")), None)
    base = next((row for row in counts["tried"] if row["model"] == "popular"), None)
    against = _("%(share)s by what most customers buy") % {"share": share_text(base["hit_rate"])} if base else ""
    shown = [
        {
            "label": _("Customers with a recommendation"),
            "value": number(counts.get("served", 0)),
            "note": _("of %(count)s who bought in two years") % {"count": number(counts["customers"])},
        },
        {"label": _("Products learned from"), "value": number(counts["items"]), "note": ""},
        {
            "label": _("Hit rate of ten products"),
            "value": share_text(used["hit_rate"]) if used else "–",
            "note": against if used else _("not tried yet"),
        },
        {
            "label": _("Products recommended to somebody"),
            "value": share_text(used["coverage"]) if used else "–",
            "note": str(words.RECOMMENDERS.get(counts.get("model", ""), "")),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _tried(row: dict[str, Any], best: float, used: str) -> dict[str, Any]:
    return {
        "label": words.RECOMMENDERS[row["model"]],
        "is_used": row["model"] == used,
        "is_best": row["ndcg"] == best and best > 0,
        "hit_rate": row["hit_rate"],
        "recall": row["recall"],
        "ndcg": f"{row['ndcg']:.4f}",
        "map": f"{row['map']:.4f}",
        "coverage": row["coverage"],
    }


def _product(run: RunFacts, row: dict[str, Any], *, may_open: bool, may_segment: bool) -> dict[str, Any]:
    people = reverse("analyze:recommendation_people", args=[run.public_id, row["product_id"]])
    segment = f"{reverse('analyze:segment_new')}?{urlencode({'recommended': row['product_id']})}"
    return {**row, "url": people if may_open else "", "segment_url": segment if may_segment else ""}
