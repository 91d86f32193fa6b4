"""What the living page /ui/ shows: invented figures and people, no data of the shop."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kit import clock
from zhike.ui.snippets import SNIPPETS


class SampleForm(forms.Form):
    """A form with one of each control and, once asked with ?wrong=1, an error."""

    name = forms.CharField(
        label=gettext_lazy("Name of the list"),
        max_length=40,
        help_text=gettext_lazy("As your colleagues will read it."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), choices=[("a", "淘宝"), ("b", "Shopify")])
    words = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    shared = forms.BooleanField(label=gettext_lazy("Show it to the whole team"), required=False)


def showcase(request: HttpRequest) -> dict[str, Any]:
    """Samples for every building block."""
    now = clock.now()
    return {
        "sample_form": SampleForm({"source": "a"} if request.GET.get("wrong") else None),
        "sample_views": [
            {"label": _("All"), "url": "#all", "count": "12,480", "current": True},
            {"label": _("Gone quiet"), "url": "#quiet", "count": 214},
            {"label": _("Mine"), "url": "#mine"},
        ],
        "sample_chips": [
            {"label": _("City"), "value": "杭州", "remove_url": "#a"},
            {"label": _("Orders"), "value": "≥ 3", "remove_url": "#b"},
        ],
        "sample_rows": _rows(now),
        "sample_page": {"next_key": "2", "previous_key": ""},
        "sample_bars": _bars(),
        "sample_heat": _heat(),
        "sample_chart": _chart(),
        "sample_table": {
            "head": [_("Month"), _("Orders")],
            "rows": [[f"{m:02d}", 120 + 17 * m % 60] for m in range(1, 13)],
        },
        "sample_steps": _steps(),
        "sample_at": [now - dt.timedelta(minutes=4), now - dt.timedelta(hours=26), now - dt.timedelta(days=90)],
        "themes": ["light", "dark"],
        "snippets": SNIPPETS,
    }


def _rows(now: dt.datetime) -> list[dict[str, Any]]:
    people = [
        ("沈若溪", "K10482", "important_value", _("Important: keep close"), "5·5·5", 1284500, 3, ["老客"]),
        (
            "Marianne Okafor",
            "K10317",
            "important_win_back",
            _("Important: win back"),
            "1·4·5",
            842000,
            71,
            ["VIP", "WhatsApp"],
        ),
        ("杭州云栖茶业有限公司", "K09991", "important_keep", _("Important: keep"), "2·5·5", 2310080, 33, []),
        ("周牧", "K10533", "general_develop", _("Ordinary: grow"), "5·1·2", 12900, 1, [_("new")]),
    ]
    return [
        {"id": i, "name": n, "number": k, "rfm": c, "rfm_label": w, "cell": x, "cents": m, "last": now - dt.timedelta(days=d), "tags": t}
        for i, (n, k, c, w, x, m, d, t) in enumerate(people)
    ]  # fmt: skip


def _bars() -> list[dict[str, Any]]:
    return [
        {"label": "淘宝", "value": 5210, "shown": "5,210", "url": "#taobao"},
        {"label": "京东", "value": 3122, "shown": "3,122", "url": "#jd"},
        {"label": "Shopify", "value": 940, "shown": "940", "url": "#shopify"},
        {"label": _("By hand"), "value": 61, "shown": "61"},
    ]


def _heat() -> list[dict[str, Any]]:
    """Five rows of recency from 5 down to 1, five cells of frequency each, levels 0–9."""
    rows = []
    for r in range(5, 0, -1):
        counts = [int(40 + 380 * abs(r * f - 9) / 16 + 13 * r * f) for f in range(1, 6)]
        rows.append(
            {"r": r, "cells": [{"f": f, "count": c, "level": min(9, c // 72)} for f, c in enumerate(counts, 1)]}
        )
    return rows


def _chart() -> dict[str, Any]:
    months = [f"{m:02d}" for m in range(1, 13)]
    return {
        "kind": "line", "title": _("Orders by month"), "labels": months, "area": True,
        "series": [
            {"name": _("This year"), "values": [120 + 17 * m % 60 + 4 * m for m in range(1, 13)]},
            {"name": _("Last year"), "values": [98 + 23 * m % 50 + 3 * m for m in range(1, 13)]},
        ],
    }  # fmt: skip


def _steps() -> list[dict[str, Any]]:
    return [
        {"title": _("Say where your shop is"), "words": _("Time zone and currency decide what a day and an amount mean."), "done": True},
        {"title": _("Import your first orders"), "words": _("The export of your shop is enough."), "done": False, "url": "#import", "action": _("Import")},
        {"title": _("Act on your first list"), "words": _("Customers to contact today, with reasons."), "done": False, "url": "#list", "action": _("Open")},
    ]  # fmt: skip
