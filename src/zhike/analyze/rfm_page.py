"""What the RFM page shows, made from a run's figures: heat maps, classes, movement, groups, what was left out."""

import datetime as dt
from math import sqrt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.analyze import measure_words, methods, words
from zhike.analyze.measure_parameters import MEASURE_KINDS, MeasureParameters
from zhike.analyze.parameters import RfmParameters
from zhike.analyze.records import CLASSES, RunFacts
from zhike.customers.queries import CELLS_OF_GROUP
from zhike.ui.figures import money_text, number, share_text

PLANES = {"rf": ("r", "f"), "rm": ("r", "m"), "fm": ("f", "m")}
_MEASURE_OF = {"r": "recency_days", "f": "frequency", "m": "monetary_cents"}
_SCORES = (1, 2, 3, 4, 5)


def page(run: RunFacts, plane: str, *, is_newest: bool, may_open: bool, with_money: bool = True) -> dict[str, Any]:
    """Everything the template needs. Links to the customers only on the newest run: files carry its classes alone.

    Without `with_money` no amount is told: a cell with one customer would tell theirs.
    """
    links = is_newest and may_open
    classes, movement = class_rows(run, links=links), movement_table(run, links=links)
    stats = _stats(run, classes, movement)
    if not with_money:
        stats.update(net_text="–", important_note="")
        classes = [{**row, "money_cents": None, "money_share": None, "mean_cents": None} for row in classes]
    return {
        **stats,
        "run": run,
        "parameters": RfmParameters.from_json(dict(run.parameters)),
        "settings": settings_of(run),
        "counts": run.counts,
        "currency": run.counts["currency"],
        "plane": plane,
        "planes": [
            {
                "label": " × ".join(letter.upper() for letter in pair),
                "title": " × ".join(str(words.MEASURES[letter]) for letter in pair),
                "url": f"?plane={code}",
                "current": code == plane,
            }
            for code, pair in PLANES.items()
        ],
        "heat": heat_rows(run, plane, links=links, with_money=with_money),
        "side": plane[0].upper(),
        "foot": plane[1].upper(),
        "classes": classes,
        "segments": group_rows(run, links=links, with_money=with_money),
        "movement": movement,
        "groups": [group for group in group_tables(run) if with_money or group["letter"] != "M"],
        "left_out": left_out(run),
        "is_newest": is_newest,
    }


def _stats(run: RunFacts, classes: list[dict[str, Any]], movement: dict[str, Any] | None) -> dict[str, str]:
    """The figures at the head of the page, and a word beside each."""
    important = [row for row in classes if row["code"].startswith("important_")]
    people = sum(row["customers"] for row in important)
    money = sum(row["money_share"] or 0 for row in important)
    orders = run.counts["orders"]
    said = {
        "scored_text": number(run.counts["scored"]),
        "scored_note": _("%(count)s orders looked at") % {"count": number(orders["of_customers"])},
        "net_text": _whole(run.counts["net_cents"], run.counts["currency"]),
        "net_note": f"{orders['first_day']} – {orders['last_day']}",
        "important_text": number(people),
        "important_note": _("%(share)s of the money") % {"share": share_text(money, 0)},
    }
    if movement:
        said["moved_text"] = number(movement["moved"])
        told = {"entered": number(movement["entered"]), "left": number(movement["left"])}
        said["moved_note"] = _("%(entered)s entered, %(left)s left") % told
        said["movement_note"] = _("%(count)s stayed where they were") % {"count": number(movement["stayed"])}
    return said


def heat_rows(run: RunFacts, plane: str, *, links: bool, with_money: bool = True) -> list[dict[str, Any]]:
    """Rows from the best score down: one cell for each score of the other measure, empty ones too."""
    down, across = PLANES[plane]
    cells = {(cell[down], cell[across]): cell for cell in run.counts["planes"][plane]}
    top = max((cell["customers"] for cell in cells.values()), default=0)
    currency = run.counts["currency"]

    def drawn(one: int, other: int) -> dict[str, Any]:
        cell = cells.get((one, other), {"customers": 0, "monetary_cents": 0})
        count = cell["customers"]
        url = f"{register_url()}?{urlencode({down: one, across: other})}" if links and count else ""
        note = _whole(cell["monetary_cents"], currency) if count and with_money else ""
        # By the root: a few large cells must not leave all others equally pale.
        return {
            "f": other,
            "count": count,
            "level": round(9 * sqrt(count / top)) if top else 0,
            "url": url,
            "note": note,
        }

    return [{"r": one, "cells": [drawn(one, other) for other in _SCORES]} for one in reversed(_SCORES)]


def class_rows(run: RunFacts, *, links: bool) -> list[dict[str, Any]]:
    """The eight classes in the order of the textbook, with figures; classes nobody is in show zeros."""
    found = {row["class_code"]: row for row in run.counts["classes"]}
    everybody, money = run.counts["scored"], sum(row["monetary_cents"] for row in found.values())
    rows = []
    for code, flags in CLASSES:
        row = found.get(code, {})
        count, cents = row.get("customers", 0), row.get("monetary_cents", 0)
        rows.append(
            {
                "code": code,
                "label": words.CLASSES[code],
                "act": words.ACTS[code],
                "flags": flags,
                "customers": count,
                "share": count / everybody if everybody else None,
                "money_cents": cents,
                "money_share": cents / money if money > 0 else None,
                "mean_cents": round(row["monetary_cents_mean"]) if row else None,
                "mean_orders": row.get("frequency_mean"),
                "mean_days": row.get("recency_days_mean"),
                "url": f"{register_url()}?{urlencode({'class': code})}" if links and count else "",
            }
        )
    return rows


def group_rows(run: RunFacts, *, links: bool, with_money: bool = True) -> list[dict[str, Any]]:
    """The ten groups of the R × F map, from the best down, added up from the cells of the heat map."""
    cells = {f"{cell['r']}{cell['f']}": cell for cell in run.counts["planes"]["rf"]}
    everybody = run.counts["scored"]
    rows = []
    for code, inside in CELLS_OF_GROUP.items():
        found = [cells[pair] for pair in inside if pair in cells]
        count = sum(cell["customers"] for cell in found)
        rows.append(
            {
                "label": words.GROUPS[code],
                "act": words.GROUP_ACTS[code],
                "cells": "、".join(inside),
                "customers": count,
                "share": count / everybody if everybody else None,
                "money_cents": sum(cell["monetary_cents"] for cell in found) if with_money else None,
                "url": f"{register_url()}?{urlencode({'group': code})}" if links and count else "",
            }
        )
    return rows


def movement_table(run: RunFacts, *, links: bool) -> dict[str, Any] | None:
    """Rows: the class before; columns: the class now; with those who entered and left. None before a second run."""
    moves = run.counts.get("movement")
    if not moves:
        return None
    found = {(m["before"], m["after"]): m["customers"] for m in moves}
    codes = [code for code, _flags in CLASSES]
    befores = [code for code in [*codes, "unscored", "absent"] if any(b == code for b, _a in found)]
    afters = [code for code in [*codes, "unscored", "absent"] if any(a == code for _b, a in found)]
    top = max((n for (b, a), n in found.items() if b != a), default=0)

    def cell(before: str, after: str) -> dict[str, Any]:
        count = found.get((before, after), 0)
        same = before == after
        url = (
            reverse("analyze:moved", args=[before, after]) if links and count and not same and after != "absent" else ""
        )
        level = 0 if same or not top or not count else max(1, round(6 * sqrt(count / top)))
        return {"count": count, "url": url, "level": level, "same": same}

    return {
        "heads": [{"code": code, "label": words.of_class(code, after=True)} for code in afters],
        "rows": [{"code": b, "label": words.of_class(b), "cells": [cell(b, a) for a in afters]} for b in befores],
        "moved": sum(n for (b, a), n in found.items() if b != a and "absent" not in (b, a)),
        "entered": sum(n for (b, _a), n in found.items() if b == "absent"),
        "left": sum(n for (_b, a), n in found.items() if a == "absent"),
        "stayed": sum(n for (b, a), n in found.items() if b == a),
    }


def group_tables(run: RunFacts) -> list[dict[str, Any]]:
    """For each measure the realized groups, from 5 down: how many, and the values from least to most; with the cut points."""
    currency, tables = run.counts["currency"], []
    for letter, measure in _MEASURE_OF.items():
        points = [p for p in run.cuts["points"] if p["measure"] == measure and p["r"] is None]
        limit = run.cuts["classes"].get(letter)
        tables.append(
            {
                "letter": letter.upper(),
                "label": words.MEASURES[letter],
                "rows": [
                    {
                        "score": group["score"],
                        "customers": group["customers"],
                        "least": _value(letter, group["least"], currency),
                        "most": _value(letter, group["most"], currency),
                    }
                    for group in reversed(run.counts["bins"][letter])
                ],
                "points": [_value(letter, p["value"], currency) for p in sorted(points, key=lambda p: p["step"])],
                "limit": None if limit is None else _value(letter, limit, currency),
            }
        )
    return tables


def left_out(run: RunFacts) -> list[dict[str, Any]]:
    """What does not count, and how much of it there was; only what there was."""
    orders = run.counts["orders"]
    told = [
        (_("Orders without a customer"), orders["without_customer"]),
        (_("Orders after the day of analysis"), orders["after_as_of"]),
        (
            _("Orders in another currency than %(currency)s") % {"currency": run.counts["currency"]},
            orders["other_currency"],
        ),
        (_("Bookkeeping adjustments"), orders["adjustments"]),
        (_("Customers whose orders were all given back or cancelled"), run.counts["unscored"]),
    ]
    return [{"label": label, "count": count} for label, count in told if count]


def settings_of(run: RunFacts) -> str:
    """The parameters of a run in one line."""
    parameters = RfmParameters.from_json(dict(run.parameters))
    parts = [
        _("sorting: %(way)s") % {"way": words.SORTINGS[parameters.sorting]},
        _("equal values: %(way)s") % {"way": words.TIES[parameters.ties]},
        _("high and low by: %(way)s") % {"way": words.CUTS[parameters.cut]},
    ]
    if parameters.window_days:
        parts.append(_("last %(days)s days") % {"days": number(parameters.window_days)})
    if parameters.thresholds:
        parts.append(_("fixed cut points"))
    return " · ".join(parts)


def summary(run: RunFacts) -> dict[str, Any]:
    """A run as a line of the history."""
    took = (run.finished_at - run.started_at) if run.finished_at and run.started_at else dt.timedelta()
    return {
        "run": run,
        "state": words.STATES[run.state],
        "tone": words.STATE_TONES[run.state],
        "title": _title(run.kind),
        "url": f"analyze:{run.kind}_of_run" if run.state == "done" and _has_page(run.kind) else "",
        "settings": _settings(run),
        "scored": run.counts.get("scored", run.counts.get("customers")),
        "seconds": took.total_seconds(),
        "error": words.ERRORS.get(run.error, run.error) if run.error else "",
    }


def _title(kind: str) -> Any:
    if kind == "rfm":
        return "RFM"
    return measure_words.TITLES.get(kind) or methods.title_of(kind) or words.PARTS["lists"]


def _has_page(kind: str) -> bool:
    """Of a method of one's own the page shows the newest run."""
    return kind == "rfm" or kind in MEASURE_KINDS


def _settings(run: RunFacts) -> str:
    if run.kind in MEASURE_KINDS:
        return measure_words.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters)))
    return settings_of(run) if run.kind == "rfm" else ""


def register_url() -> str:
    """The register of customers (the desk's page)."""
    return reverse("desk:register")


def _whole(cents: int, currency: str) -> str:
    """Money in whole units, where cents would only be noise."""
    return money_text(round(cents, -2), currency).removesuffix(".00")


def _value(letter: str, value: float, currency: str) -> str:
    if letter == "m":
        return money_text(round(value), currency)
    return number(value, 0 if float(value).is_integer() else 1)
