"""What the page of products shows: coverage, totals, classes, and one line a product."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.analyze.value_page import rows as class_rows
from zhike.ui.figures import money_text, number, share_text

_CHARTED = 12


def page(
    run: RunFacts, found: list[dict[str, Any]], *, abc: str, may_open: bool, with_money: bool
) -> dict[str, Any]:  # fmt: skip
    """Everything the template needs; `found` are the rows of one page of the result file."""
    counts = run.counts
    coverage, currency = counts["coverage"], counts["currency"]
    parameters = MeasureParameters.from_json(dict(run.parameters))
    classes = class_rows(counts["classes"], "abc_class", words.ABC, "abc", links=False, with_money=with_money)
    return {
        "run": run,
        "counts": counts,
        "currency": currency,
        "parameters": parameters,
        "settings": words.settings_of(run.kind, parameters),
        "boundary": words.BOUNDARIES[parameters.boundary],
        "basis": words.BASES[parameters.basis],
        "with_money": with_money,
        "coverage": coverage,
        "coverage_text": share_text(coverage["revenue_share"]),
        "stats": _stats(counts, with_money=with_money),
        "classes": [{**row, "url": f"?abc={row['code']}"} for row in classes],
        "composed": _composed(counts, with_money=with_money),
        "abc": abc,
        "abc_label": words.ABC.get(abc, ""),
        "products": [_row(run, row, may_open=may_open, with_money=with_money) for row in found],
        "chart": _chart(found, currency) if with_money and found else None,
    }


def _stats(counts: Mapping[str, Any], *, with_money: bool) -> list[dict[str, Any]]:
    coverage = counts["coverage"]
    known = _("%(known)s of %(all)s products with a cost price") % {
        "known": number(coverage["products_with_cost"]),
        "all": number(coverage["products"]),
    }
    total = money_text(round(coverage["revenue_cents"], -2), counts["currency"]).removesuffix(".00")
    margin = money_text(round(coverage["margin_cents"], -2), counts["currency"]).removesuffix(".00")
    shown = [
        {
            "label": _("Products sold"),
            "value": number(coverage["products"]),
            "note": f"{counts['after'][0]} – {counts['after'][1]}",
        },
        {"label": _("Sales of goods"), "value": total if with_money else "–", "note": ""},
        {
            "label": _("Gross margin"),
            "value": share_text(coverage["margin_rate"]) if with_money else "–",
            "note": margin if with_money and coverage["products_with_cost"] else _("no cost price known"),
        },
        {"label": _("Money with a known cost"), "value": share_text(coverage["revenue_share"]), "note": known},
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _composed(counts: Mapping[str, Any], *, with_money: bool) -> list[dict[str, Any]]:
    """Sales by category and by brand: a table each, where the catalogue knows them."""
    titles = {"category": _("By category"), "brand": _("By brand")}
    whole, tables = counts["coverage"]["revenue_cents"], []
    for name, rows in counts.get("composed", {}).items():
        shown = [
            {
                "label": _("Unknown") if row["item_id"] == "unknown" else row["item_id"],
                "revenue_cents": row["revenue_cents"] if with_money else None,
                "share": row["revenue_cents"] / whole if whole > 0 else None,
                "margin_rate": row["margin_rate"] if with_money else None,
                "coverage": row["coverage_share"],
            }
            for row in rows
        ]
        if shown:
            tables.append({"title": titles[name], "rows": shown})
    return tables


def _row(run: RunFacts, row: dict[str, Any], *, may_open: bool, with_money: bool) -> dict[str, Any]:
    hidden = {} if with_money else dict.fromkeys(("revenue_cents", "margin_cents", "margin_rate"))
    return {
        **row,
        **hidden,
        "title": row["title"] or row["sku"] or "–",
        "abc_label": words.ABC.get(row["abc_class"] or "", ""),
        "url": reverse("analyze:buyers", args=[run.public_id, row["product_id"]]) if may_open else "",
    }


def _chart(found: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    """The products of this page's head as bars: sales, and margin where it is known."""
    top = found[:_CHARTED]
    names = [(row["title"] or row["sku"] or "–")[:18] for row in top]
    series = [{"name": _("Sales of goods"), "values": [row["revenue_cents"] / 100 for row in top]}]
    if any(row["margin_cents"] is not None for row in top):
        values = [None if row["margin_cents"] is None else row["margin_cents"] / 100 for row in top]
        series.append({"name": _("Gross margin"), "values": values})
    table = [
        [name, money_text(row["revenue_cents"], currency), money_text(row["margin_cents"], currency)]
        for name, row in zip(names, top, strict=True)
    ]
    spec = {"kind": "bar", "flat": True, "title": _("Products by sales"), "labels": names, "series": series}
    return {"spec": spec, "table": {"head": [_("Product"), _("Sales of goods"), _("Gross margin")], "rows": table}}
