"""What a check found and what an import did, as short sentences for people."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from zhike.collect.reasons import reason_text
from zhike.collect.records import RunFacts
from zhike.kit.installation import installation
from zhike.kit.money import format_money

KINDS: dict[str, Promise] = {
    "orders": _lazy("Orders"),
    "customers": _lazy("Customers"),
    "products": _lazy("Products"),
    "cases": _lazy("After-sale cases"),
    "tags": _lazy("Tags"),
    "visits": _lazy("Visits"),
}
KIND_COUNTS: dict[str, Promise] = {
    "customers": _lazy("%(count)s customers"),
    "products": _lazy("%(count)s products"),
    "cases": _lazy("%(count)s after-sale cases"),
    "tags": _lazy("tags of %(count)s customers"),
    "visits": _lazy("%(count)s acts of visitors"),
}


def check_lines(run: RunFacts) -> list[str]:
    """The dry run in a few lines."""
    found = run.check_result
    lines = [_("%(rows)s rows, encoding %(encoding)s, template %(template)s") % {
        "rows": f"{found['rows']:,}", "encoding": found["encoding"], "template": found["template"] or _("own mapping")
    }]  # fmt: skip
    if run.kind == "orders":
        lines += _order_lines(run)
    else:
        lines.append(KIND_COUNTS[run.kind] % {"count": f"{found['customers' if run.kind == 'tags' else run.kind]:,}"})
    lines += [f"  {label}: {told}" for label, told in _would_lines(run)]
    if answers := found.get("would", {}).get("consents"):
        lines.append(f"  {consents_text(answers)}")
    if found["rejected"]:
        lines.append(_("%(rows)s rows would be kept out:") % {"rows": f"{found['rejected_rows']:,}"})
    for problem in found["problems"]:
        rows = ", ".join(str(row) for row in problem["rows"])
        lines.append(
            f"  {problem['count']:,} × {reason_text(problem['code'], problem['params'])} ({_('rows')} {rows} …)"
        )
    return lines


def consents_text(counts: Mapping[str, int]) -> str:
    """What becomes of the answers to purposes in a file; `counts` by outcome."""
    words = {
        "given": _("%(count)s given"),
        "withdrawn": _("%(count)s withdrawn"),
        "unchanged": _("%(count)s unchanged"),
        "kept": _("%(count)s stay withdrawn"),
    }
    told = [word % {"count": f"{counts[name]:,}"} for name, word in words.items() if counts.get(name)]
    return _("Consents: %(told)s") % {"told": ", ".join(told)} if told else ""


def consents_of(run: RunFacts) -> str:
    """The same of an import that is recorded, or of its dry run before that; empty for a file without answers."""
    counted = {name.removeprefix("consents_"): n for name, n in run.counts.items() if name.startswith("consents_")}
    return consents_text(counted or run.check_result.get("would", {}).get("consents", {}))


def would_rows(run: RunFacts) -> list[tuple[str, list[str]]]:
    """What recording would do, as rows of a table: new, joined to known customers, updated, unchanged."""
    would = run.check_result.get("would", {})
    rows = []
    for kind, label in KINDS.items():
        if kind in would and kind != "tags":
            counts = [would[kind].get(name) for name in ("new", "joined", "updated", "unchanged")]
            rows.append((str(label), ["–" if count is None else f"{count:,}" for count in counts]))
    return rows


def _would_lines(run: RunFacts) -> list[tuple[str, str]]:
    words = (_("%(count)s new"), _("%(count)s join known customers"), _("%(count)s updated"), _("%(count)s unchanged"))
    return [
        (label, ", ".join(word % {"count": count} for word, count in zip(words, counts, strict=True) if count != "–"))
        for label, counts in would_rows(run)
    ]


def _order_lines(run: RunFacts) -> list[str]:
    found = run.check_result
    currency = next(iter(found["currencies"]), "")
    money = format_money(found["total_cents"], currency, get_language() or "en")
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in found["line_kinds"].items())
    return [
        _("%(orders)s orders with %(lines)s lines of %(keys)s customers") % {
            "orders": f"{found['orders']:,}", "lines": f"{found['lines']:,}", "keys": f"{found['customer_keys']:,}"
        },
        _("lines: %(kinds)s") % {"kinds": kinds},
        _("%(count)s orders without a customer, %(repeated)s repeated rows") % {
            "count": f"{found['without_customer']:,}", "repeated": f"{found['repeated_rows']:,}"
        },
        _("%(first)s to %(last)s, sum of the lines %(money)s") % {
            "first": _day(found["first_at"]), "last": _day(found["last_at"]), "money": money
        },
    ]  # fmt: skip


def result_lines(run: RunFacts) -> list[str]:
    """What an import did, or that it was undone."""
    counts = run.counts
    if run.state == "undone":
        lines = [_("Import %(id)s is undone.") % {"id": run.id}]
        if told := run.undo_result:
            of = {name: f"{told[name]:,}" for name in ("stay", "archived")}
            lines.append(_("%(archived)s customers archived, %(stay)s stay because others speak of them") % of)
        return lines
    named = {name: f"{counts.get(name, 0):,}" for name in ("new", "updated", "unchanged", "rejected", "rejected_rows")}
    lines = [
        _("Import %(id)s: %(new)s new, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s kept out")
        % {"id": run.id, **named}
    ]
    if run.kind == "customers" and (answers := consents_of(run)):
        lines.append(answers)
    if run.kind == "orders":
        buyers = {
            name: f"{counts.get(name, 0):,}"
            for name in ("customers_new", "customers_updated", "customers_joined", "without_customer")
        }
        lines.append(
            _(
                "Customers: %(customers_new)s new, %(customers_updated)s updated, %(customers_joined)s joined; %(without_customer)s orders without a customer"
            )
            % buyers
        )
    return lines


def _day(text: str | None) -> str:
    if not text:
        return "–"
    return f"{dt.datetime.fromisoformat(text).astimezone(ZoneInfo(installation().time_zone)):%Y-%m-%d %H:%M}"
