"""What a check found and what an import did, as the pages show it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.collect.reasons import reason_text
from zhike.collect.records import RunFacts
from zhike.kit.installation import installation
from zhike.kit.money import format_money
from zhike.shop.queries import words


def check_view(run: RunFacts) -> dict[str, Any]:
    """Figures, kinds and problems of a dry run."""
    found = run.check_result
    return {
        **found,
        "figures": _figures(run),
        "facts": _facts(run),
        "lines_by_kind": _bars(found["line_kinds"], words.LINE_KINDS),
        "orders_by_kind": _bars(found["order_kinds"], words.ORDER_KINDS),
        "told": [
            {
                "count": p["count"], "fatal": p["fatal"], "text": reason_text(p["code"], p["params"]),
                "rows": ", ".join(str(row) for row in p["rows"]), "more": p["count"] > len(p["rows"]),
            }
            for p in sorted(found["problems"], key=lambda p: (not p["fatal"], -p["count"]))
        ],
    }  # fmt: skip


def result_view(run: RunFacts) -> dict[str, Any]:
    """Figures of what was recorded, each with the page that shows what stands behind it."""
    counts = run.counts
    customers = f"{reverse('desk:register')}?source={run.source_id}"
    orders = f"{reverse('shop:orders')}?source={run.source_id}"
    nobody = f"{reverse('shop:without_customer')}?source={run.source_id}"
    rows: list[list[dict[str, Any]]] = [[
        {"label": _("New"), "value": counts.get("new", 0), "href": orders if run.kind == "orders" else customers},
        {"label": _("Updated"), "value": counts.get("updated", 0), "href": ""},
        {"label": _("Unchanged"), "value": counts.get("unchanged", 0), "href": ""},
        {"label": _("Kept out"), "value": counts.get("rejected", 0), "href": "#rejects" if counts.get("rejected") else ""},
    ]]
    if run.kind == "orders":
        rows.append([
            {"label": _("New customers"), "value": counts.get("customers_new", 0), "href": customers},
            {"label": _("Joined to known customers"), "value": counts.get("customers_joined", 0), "href": customers},
            {"label": _("Orders without a customer"), "value": counts.get("without_customer", 0), "href": nobody},
            {"label": _("Order lines"), "value": counts.get("lines", 0), "href": ""},
        ])
    elif counts.get("joined"):
        rows[0].append({"label": _("Joined to known customers"), "value": counts["joined"], "href": customers})
    for figure in (figure for row in rows for figure in row):
        figure["value"] = f"{figure['value']:,}"
    changed = sum(counts.get(name, 0) for name in ("new", "updated", "joined", "customers_new", "customers_updated", "customers_joined"))
    nothing_new = run.state == "done" and not changed and bool(counts.get("unchanged"))
    return {"figures": rows, "nothing_new": nothing_new, "rejected": counts.get("rejected", 0), "rejected_rows": counts.get("rejected_rows", 0)}


def _bars(counts: dict[str, int], labels: Any) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [{"label": str(labels.get(code, code)), "value": count, "shown": f"{count:,}"} for code, count in ordered]


def _figures(run: RunFacts) -> list[list[tuple[str, str]]]:
    found = run.check_result
    if run.kind == "customers":
        rows = [[(_("Rows"), "rows"), (_("Customers"), "customers"), (_("Kept out"), "rejected_rows")]]
    else:
        rows = [
            [(_("Rows"), "rows"), (_("Orders"), "orders"), (_("Order lines"), "lines"), (_("Customers"), "customer_keys")],
            [
                (_("Known already"), "known_orders"),
                (_("Orders without a customer"), "without_customer"),
                (_("Repeated rows"), "repeated_rows"),
                (_("Kept out"), "rejected_rows"),
            ],
        ]
    return [[(label, f"{found.get(name, 0):,}") for label, name in row] for row in rows]


def _facts(run: RunFacts) -> list[tuple[str, str]]:
    found = run.check_result
    currency = next(iter(found["currencies"]), "")
    money = format_money(found["total_cents"], currency, get_language() or "en")
    return [
        (_("From"), _at(found["first_at"])),
        (_("To"), _at(found["last_at"])),
        (_("Sum of the lines"), money),
        (_("Encoding"), found["encoding"].upper()),
        (_("Orders scattered over the file"), f"{found['scattered']:,}"),
    ]


def _at(text: str | None) -> str:
    """A moment in the shop's zone, to the minute."""
    if not text:
        return ""
    return f"{dt.datetime.fromisoformat(text).astimezone(ZoneInfo(installation().time_zone)):%Y-%m-%d %H:%M}"
