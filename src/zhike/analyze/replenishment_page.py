"""What the page of needs shows: who will need what, and whether such a list was right before."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import number, share_text


def page(run: RunFacts, entries: list[dict[str, Any]], *, product: str, may_list: bool) -> dict[str, Any]:
    """Everything the template needs; `entries` are rows with their customers, `product` the title they are narrowed to."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    tried = counts["tried"]
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of(run.kind, parameters),
        "within": words.WITHIN_DAYS[parameters.within],
        "stats": _stats(counts, may_list=may_list),
        "tried": tried
        and {
            **tried,
            "rows": _trial(tried),
            "is_better": not tried["listed"] or (tried["hit_rate"] or 0) > (tried["base_rate"] or 0),
        },
        "product": product,
        "products": [{**row, "url": f"?{urlencode({'product': row['product_id']})}"} for row in counts["products"]],
        "entries": [{**entry, "basis_label": words.RHYTHMS[entry["figures"]["basis"]]} for entry in entries],
    }


def _stats(counts: Any, *, may_list: bool) -> list[dict[str, Any]]:
    tried = counts["tried"]
    shown = [
        {
            "label": _("Customers who will need something"),
            "value": number(counts["people"]),
            "note": _("of %(count)s who have bought") % {"count": number(counts["customers"])},
            "href": reverse("analyze:list", args=["need_soon"]) if may_list else "",
        },
        {"label": _("Needs"), "value": number(counts["rows"]), "note": _("a customer and a product each")},
        {
            "label": _("Products bought again and again"),
            "value": number(counts["consumables"]),
            "note": _("%(count)s customers and products in rhythm") % {"count": number(counts["pairs"])},
        },
        {
            "label": _("Bought within the days named"),
            "value": share_text(tried["hit_rate"]) if tried else "–",
            "note": _("of such a list as of %(day)s") % {"day": tried["split"]} if tried else _("not tried yet"),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _trial(tried: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("This list"), "listed": tried["listed"], "hits": tried["hits"], "rate": tried["hit_rate"], "near": tried["near"]},
        {"label": _("The usual gap of all buyers"), "listed": tried["plain_listed"], "hits": tried["plain_hits"], "rate": tried["plain_hit_rate"], "near": tried["plain_near"]},
        {"label": _("Anybody of them"), "listed": tried["pairs"], "hits": None, "rate": tried["base_rate"], "near": None},
    ]  # fmt: skip
