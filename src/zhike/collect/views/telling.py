"""What a check found and what an import did, as the pages show it."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.collect.queries import field_label
from zhike.collect.reasons import reason_text
from zhike.collect.records import RunFacts
from zhike.collect.telling import KINDS, consents_of, would_rows
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
        "would_rows": would_rows(run),
        "consents": consents_of(run),
        "lines_by_kind": _bars(found["line_kinds"], words.LINE_KINDS),
        "orders_by_kind": _bars(found["order_kinds"], words.ORDER_KINDS),
        "told": [
            {
                "count": p["count"], "fatal": p["fatal"], "text": reason_text(p["code"], p["params"]), "field": field_label(p["field"]),
                "rows": ", ".join(str(row) for row in p["rows"]), "more": p["count"] > len(p["rows"]),
            }
            for p in sorted(found["problems"], key=lambda p: (not p["fatal"], -p["count"]))
        ],
    }  # fmt: skip


def result_view(run: RunFacts) -> dict[str, Any]:
    """Figures of what was recorded, each with the page that shows what stands behind it."""
    counts = run.counts
    changes = ("new", "updated", "joined", "customers_new", "customers_updated", "customers_joined")
    changed = sum(counts.get(name, 0) for name in changes)
    return {
        "figures": _result_figures(run),
        "nothing_new": run.state == "done" and not changed and bool(counts.get("unchanged")),
        "rejected": counts.get("rejected", 0),
        "rejected_rows": counts.get("rejected_rows", 0),
        "consents": consents_of(run),
    }


def _result_figures(run: RunFacts) -> list[list[dict[str, str]]]:
    customers = f"{reverse('desk:register')}?source={run.source_id}"
    orders = f"{reverse('shop:orders')}?source={run.source_id}"
    nobody = f"{reverse('shop:without_customer')}?source={run.source_id}"
    of_orders = run.kind == "orders"
    pages = {"orders": orders, "products": f"{reverse('shop:products')}?source={run.source_id}"}
    pages["visits"] = reverse("analyze:paths")
    pages["cases"] = f"{reverse('shop:cases')}?source={run.source_id}"
    rows = [
        [
            (_("New"), "new", pages.get(run.kind, customers)),
            (_("Updated"), "updated", ""),
            (_("Unchanged"), "unchanged", ""),
            (_("Kept out"), "rejected", "#rejects" if run.counts.get("rejected") else ""),
        ]
    ]
    if of_orders:
        rows.append(
            [
                (_("New customers"), "customers_new", customers),
                (_("Joined to known customers"), "customers_joined", customers),
                (_("Orders without a customer"), "without_customer", nobody),
                (_("Order lines"), "lines", ""),
            ]
        )
    elif run.counts.get("joined"):
        rows[0].append((_("Joined to known customers"), "joined", customers))
    return [
        [{"label": label, "value": f"{run.counts.get(name, 0):,}", "href": href} for label, name, href in row]
        for row in rows
    ]


def _bars(counts: dict[str, int], labels: Any) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [{"label": str(labels.get(code, code)), "value": count, "shown": f"{count:,}"} for code, count in ordered]


def _figures(run: RunFacts) -> list[list[tuple[str, str]]]:
    found = run.check_result
    if run.kind != "orders":
        told = [(str(KINDS[run.kind]), run.kind)]
        if run.kind in ("customers", "tags"):
            told = [(_("Customers"), "customers"), *([(_("Tags"), "tags")] if found.get("tags") else [])]
        rows = [[(_("Rows"), "rows"), *told, (_("Kept out"), "rejected_rows")]]
    else:
        rows = [
            [
                (_("Rows"), "rows"),
                (_("Orders"), "orders"),
                (_("Order lines"), "lines"),
                (_("Customers"), "customer_keys"),
            ],
            [
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
