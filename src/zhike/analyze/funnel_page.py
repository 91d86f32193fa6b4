"""What the page of the funnel shows: steps by cohort, time in stage, losses, pipeline, calibration, whose time goes where."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.customers import queries as customers
from zhike.secure import queries as rights
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number, share_text

STEP_STAGES = ("target_market", "potential", "target")
_FIELD_OF = {"owner": "owner", "purchase_class": "purchase_class"}
_TIME_ORDER = ("class_a", "class_b", "class_c", "class_", "potential", "target_market", "current", "former")


def page(run: RunFacts, viewer: Viewer, *, by: str, is_newest: bool) -> dict[str, Any]:
    """Everything the template needs."""
    counts = run.counts
    by = by if by in offered(viewer) else "month"
    with_money = rights.sight(viewer, "expected_amount") == "shown"
    opens = _opener(run, viewer)
    return {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "settings": words.settings_of("funnel", MeasureParameters.from_json(dict(run.parameters))),
        "is_newest": is_newest,
        "stats": _stats(counts, with_money=with_money),
        "by": by,
        "bys": [(code, words.FUNNEL_BY[code]) for code in offered(viewer)],
        "steps": _steps(counts["all"], opens, {}),
        "rows": [_row(row, by, opens) for row in counts["groups"][by]],
        "times": [{**time, "label": words.STAGES[time["stage"]]} for time in counts["times"]],
        "losses": _losses(counts["losses"], opens) if rights.sight(viewer, "loss_reason") == "shown" else [],
        "pipeline": _pipeline(counts["pipeline"], opens, with_money=with_money),
        "calibration": counts.get("calibration"),
        "chart": _chart(counts["all"]),
        "chart_table": _chart_table(counts["all"]),
        "stage_words": words.STAGES,
        **time_use(run, viewer),
    }


def offered(viewer: Viewer) -> list[str]:
    """By what a viewer may have the funnel told apart."""
    return [
        code for code in words.FUNNEL_BY if code not in _FIELD_OF or rights.sight(viewer, _FIELD_OF[code]) == "shown"
    ]


def time_use(run: RunFacts, viewer: Viewer) -> dict[str, Any]:
    """Who gets whose time: minutes by class against what is expected of it, and by who gave them."""
    told, opens = run.counts["time_use"], _opener(run, viewer)
    if rights.sight(viewer, "purchase_class") != "shown" or rights.sight(viewer, "contact_records") != "shown":
        return {"time_rows": [], "time_staff": [], "time_groups": []}
    with_money = rights.sight(viewer, "expected_amount") == "shown"
    held = {row["time_group"]: row for row in told["groups"]}
    shown = [code for code in _TIME_ORDER if code in held]
    minutes = sum(held[code]["minutes"] for code in shown) or None
    expected = sum(held[code]["expected_cents"] for code in shown) or None
    rows = [
        {
            **held[code],
            "label": words.TIME_GROUPS[code],
            "minutes_share": held[code]["minutes"] / minutes if minutes else None,
            "expected_share": held[code]["expected_cents"] / expected if expected and with_money else None,
            "expected_cents": held[code]["expected_cents"] if with_money else None,
            "url": opens({"time": code}),
        }
        for code in shown
    ]
    given: dict[int, dict[str, int]] = {}
    for row in told["staff"]:
        given.setdefault(row["staff"] or 0, {})[row["time_group"]] = row["minutes"]
    scope = viewer.scope_staff_ids()
    people = {i: cells for i, cells in given.items() if scope is None or i in scope}
    names = rights.staff_names([i for i in people if i])
    staff = [
        {"name": names.get(i, _("Nobody")), "cells": [cells.get(code, 0) for code in shown], "all": sum(cells.values())}
        for i, cells in sorted(people.items(), key=lambda pair: -sum(pair[1].values()))
    ][:20]
    return {"time_rows": rows, "time_staff": staff, "time_groups": [words.TIME_GROUPS[code] for code in shown]}


def _opener(run: RunFacts, viewer: Viewer) -> Any:
    """Makes the address of the customers behind a figure; empty for who may not see customers."""
    base = reverse("analyze:funnel_people", args=[run.public_id])
    may = viewer.can("customers.view")
    return lambda asked: f"{base}?{urlencode(asked)}" if may else ""


def _stats(counts: Mapping[str, Any], *, with_money: bool) -> list[dict[str, Any]]:
    speed, weighted = counts["velocity"], sum(row["weighted_cents"] for row in counts["pipeline"])
    whole = counts["all"]["overall"] if counts["all"] else None
    money = money_text(weighted, counts["currency"]) if with_money else "–"
    a_day = speed["cents_a_day"]
    shown = [
        {"label": _("Leads of the period"), "value": number(counts["cohort"]), "note": " – ".join(counts["after"])},
        {"label": _("The whole way"), "value": share_text(whole), "note": _("product of the steps")},
        {"label": _("Weighted pipeline"), "value": money, "note": _("amount × chance of the stage")},
        {
            "label": _("Velocity a day"),
            "value": money_text(round(a_day), counts["currency"]) if with_money and a_day is not None else "–",
            "note": _("opportunities × share won × mean deal ÷ days"),
        },
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _steps(row: Mapping[str, Any] | None, opens: Any, narrowed: dict[str, str]) -> list[dict[str, Any]]:
    """Each step with how many came, went on, did not; every number opens its customers."""
    return [
        {
            **step,
            "label": words.STAGES[step["stage"]],
            "came_url": opens({**narrowed, "came": step["stage"]}),
            "on_url": opens({**narrowed, "on": step["stage"]}),
            "off_url": opens({**narrowed, "off": step["stage"]}),
            "off": step["came"] - step["went_on"],
        }
        for step in (row["steps"] if row else [])
    ]


def _row(row: Mapping[str, Any], by: str, opens: Any) -> dict[str, Any]:
    named = words.funnel_groups(by)
    narrowed = {"by": by, "group": row["group"]}
    return {
        "label": named.get(row["group"], row["group"]) or _("Unknown"),
        "customers": row["customers"],
        "url": opens(narrowed),
        "steps": _steps(row, opens, narrowed),
        "overall": row["overall"],
    }


def _losses(rows: list[dict[str, Any]], opens: Any) -> list[dict[str, Any]]:
    names, whole = customers.loss_reason_names(), sum(row["customers"] for row in rows) or None
    by_reason: dict[str, dict[str, int]] = {}
    for row in rows:
        by_reason.setdefault(row["lost_reason"], {})[row["lost_from"]] = row["customers"]
    return [
        {
            "label": names.get(reason, reason),
            "customers": sum(cells.values()),
            "share": sum(cells.values()) / whole if whole else None,
            "froms": [
                {"label": words.STAGES.get(stage, stage), "customers": n, "url": opens({"lost": reason, "from": stage})}
                for stage, n in cells.items()
            ],
            "url": opens({"lost": reason}),
        }
        for reason, cells in sorted(by_reason.items(), key=lambda pair: -sum(pair[1].values()))
    ]


def _pipeline(rows: list[dict[str, Any]], opens: Any, *, with_money: bool) -> list[dict[str, Any]]:
    hidden = {} if with_money else {"amount_cents": None, "weighted_cents": None}
    return [
        {**row, **hidden, "label": words.STAGES[row["group"]], "url": opens({"open": row["group"]})} for row in rows
    ]


def _chart(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not row or not row["customers"]:
        return None
    steps = row["steps"]
    labels = [str(words.STAGES[step["stage"]]) for step in steps] + [str(words.STAGES["current"])]
    values = [step["came"] for step in steps] + [steps[-1]["went_on"]]
    return {"kind": "bar", "flat": True, "title": _("Came to each stage"), "labels": labels,
            "series": [{"name": _("Customers"), "values": values}]}  # fmt: skip


def _chart_table(row: Mapping[str, Any] | None) -> dict[str, Any]:
    rows = [
        [str(words.STAGES[s["stage"]]), number(s["came"]), number(s["went_on"]), share_text(s["share"])]
        for s in (row["steps"] if row else [])
    ]
    return {"head": [_("Stage"), pgettext("to a stage", "Came"), _("Went on"), _("Share")], "rows": rows}
