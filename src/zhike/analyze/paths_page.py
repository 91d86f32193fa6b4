"""What the page of paths shows: sources, usual ways, interest, the funnel of steps, what was left, and what help changed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.analyze import measure_words, path_words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import number, share_text
from zhike_analytics.newcombe import difference

FEWEST = 10  # sessions on each side before a comparison is told


def page(run: RunFacts, *, is_newest: bool, may_open: bool, may_segment: bool) -> dict[str, Any]:
    """Everything the template needs."""
    counts = run.counts
    people = reverse("analyze:paths_people", args=[run.public_id]) if may_open else ""
    steps = _steps(counts["steps"], people)
    return {
        "run": run,
        "counts": counts,
        "currency": "",
        "settings": measure_words.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters))),
        "is_newest": is_newest,
        "stats": _stats(counts, people),
        "steps": steps,
        "steps_chart": _chart(_("Visits that came to each step"), _("Visits"), steps, "sessions"),
        "steps_table": {
            "head": [pgettext("visit", "Step"), _("Visits"), _("Gave up")],
            "rows": [[s["label"], number(s["sessions"]), number(s["gave_up"])] for s in steps],
        },
        "begun": _begun(counts["begun"], people, may_segment=may_segment and is_newest),
        "entries": [
            _entry(row, path_words.ENTRIES.get(row["entry"], row["entry"]), counts) for row in counts["entries"]
        ],
        "named": [_entry(row, row["entry_name"], counts) for row in counts["named"]],
        "transitions": [_transition(row) for row in counts["transitions"]],
        "ways": [_way(row, counts["sessions"]) for row in counts["ways"]],
        "interest": [_interest(row, counts["sessions"]) for row in counts["interest"]],
        "exits": [{**row, "label": path_words.page_label(row["page"])} for row in counts["exits"] if row["gave_up"]],
        "help": [row for told in counts["help"] if (row := _help(told, steps)) is not None],
        "open_share": share_text(counts["open"] / counts["sessions"]) if counts["open"] else "",
    }


def _stats(counts: Mapping[str, Any], people: str) -> list[dict[str, Any]]:
    whole, closed = counts["sessions"], counts["sessions"] - counts["open"]
    basket = next((row for row in counts["begun"] if row["what"] == "basket"), None)
    judged = basket["sessions"] - basket["open"] if basket else 0
    shown = [
        {
            "label": _("Visits"),
            "value": number(whole),
            "note": _("by %(visitors)s visitors") % {"visitors": number(counts["visitors"])},
        },
        {
            "label": _("Known customers"),
            "value": number(counts["customers"]),
            "note": _("in %(share)s of the visits") % {"share": share_text(counts["known"] / whole if whole else None)},
            "href": people,
        },
        {
            "label": _("Left after one page"),
            "value": share_text(counts["one_page"] / closed if closed else None),
            "note": _("of visits that ended"),
        },
        {
            "label": _("Baskets given up"),
            "value": share_text((judged - basket["finished"]) / judged if basket and judged else None),
            "note": _("of visits with a basket"),
            "href": f"{people}?{urlencode({'left': 'basket'})}" if people and basket else "",
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _steps(rows: list[dict[str, Any]], people: str) -> list[dict[str, Any]]:
    first = rows[0]["sessions"] if rows else 0
    return [
        {
            **row,
            "label": path_words.step_label(row),
            "share": row["sessions"] / first if first else None,
            "url": f"{people}?{urlencode({'step': row['step']})}" if people and row["customers"] else "",
            "stopped_url": f"{people}?{urlencode({'stopped': row['step']})}" if people and row["gave_up"] else "",
        }
        for row in rows
    ]


def _chart(title: str, name: str, rows: list[dict[str, Any]], column: str) -> dict[str, Any] | None:
    if not any(row[column] for row in rows):
        return None
    series = [{"name": name, "values": [row[column] for row in rows]}]
    return {"kind": "bar", "flat": True, "title": title, "labels": [str(r["label"]) for r in rows], "series": series}


def _begun(rows: list[dict[str, Any]], people: str, *, may_segment: bool) -> list[dict[str, Any]]:
    shown = []
    for row in sorted(rows, key=lambda one: list(path_words.BEGUN).index(one["what"])):
        judged = row["sessions"] - row["open"]
        segment = f"{reverse('analyze:segment_new')}?{urlencode({'basket_left': 'known'})}"
        shown.append({
            **row,
            "label": path_words.BEGUN[row["what"]],
            "gave_up": judged - row["finished"],
            "rate": (judged - row["finished"]) / judged if judged else None,
            "url": f"{people}?{urlencode({'left': row['what']})}" if people and row["customers"] else "",
            "segment_url": segment if may_segment and row["what"] == "basket" else "",
        })  # fmt: skip
    return shown


def _entry(row: dict[str, Any], label: Any, counts: Mapping[str, Any]) -> dict[str, Any]:
    n = row["sessions"]
    return {
        **row,
        "label": label,
        "share": n / counts["sessions"],
        "one_page_share": row["one_page"] / n,
        "ordered_share": row["ordered"] / n,
        "minutes": (row["seconds"] or 0) / 60,
    }


def _transition(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "from_label": path_words.page_label(row["from_page"]) if row["from_page"] else _("(came in)"),
        "to_label": path_words.page_label(row["to_page"]) if row["to_page"] else _("(left)"),
        "is_end": not row["from_page"] or not row["to_page"],
    }


def _way(row: dict[str, Any], whole: int) -> dict[str, Any]:
    pages = [path_words.page_label(row[name]) for name in sorted(n for n in row if n.startswith("page_"))]
    return {"label": " → ".join(pages), "sessions": row["sessions"], "share": row["sessions"] / whole}


def _interest(row: dict[str, Any], whole: int) -> dict[str, Any]:
    return {**row, "share": row["sessions"] / whole, "minutes": row["seconds"] / 60 / row["sessions"]}


def _help(told: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A comparison, where both sides are enough to be told; the interval decides what may be said of it."""
    if min(told["with_all"], told["without_all"]) < FEWEST:
        return None
    found = difference(told["with_on"], told["with_all"], told["without_on"], told["without_all"])
    return {
        **told,
        "step_label": steps[told["step"] - 1]["label"],
        "help_label": path_words.HELP[told["help"]],
        "with_share": found.with_share,
        "without_share": found.without_share,
        "points": f"{found.difference * 100:+.1f}",
        "low": f"{found.low * 100:+.1f}",
        "high": f"{found.high * 100:+.1f}",
        "is_clear": found.low > 0 or found.high < 0,
    }
