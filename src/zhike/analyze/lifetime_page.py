"""What the page of lifetime value shows: who is still there, what is to come, and whether the model is to be believed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.ui.figures import money_text, number, share_text

WARNINGS = {
    "few_repeaters": gettext_lazy("Fewer than fifty customers have bought again: the figures rest on little."),
    "not_converged": gettext_lazy("The fit did not settle: take the figures as a hint, not as an estimate."),
    "at_the_edge": gettext_lazy("The data hardly determine one of the parameters: customers differ little in it."),
    "no_mean": gettext_lazy("Spend varies so widely that it has no mean; the plain mean is used for everybody."),
    "spend_follows_frequency": gettext_lazy(
        "Who buys more often also spends more (or less) each time. The model takes these for unrelated: values of the best customers are off."
    ),
}  # fmt: skip
REFUSALS = {
    "lifetime.too_few_customers": gettext_lazy("A model needs at least two hundred customers with a purchase."),
    "lifetime.no_repeaters": gettext_lazy("Nobody has bought a second time yet: how often customers come back cannot be learned."),
}  # fmt: skip


def page(run: RunFacts, *, is_newest: bool, may_open: bool, with_money: bool, may_segment: bool) -> dict[str, Any]:
    """Everything the template needs."""
    counts = run.counts
    parameters = MeasureParameters.from_json(dict(run.parameters))
    shown: dict[str, Any] = {
        "run": run,
        "counts": counts,
        "currency": counts["currency"],
        "parameters": parameters,
        "settings": words.settings_of(run.kind, parameters),
        "is_newest": is_newest,
        "with_money": with_money,
        "horizon": words.HORIZONS[parameters.horizon],
        "stats": [],
    }
    if refused := counts.get("refused"):
        return {**shown, "refused": REFUSALS.get(refused, refused)}
    people = reverse("analyze:lifetime_people", args=[run.public_id]) if may_open else ""
    held = counts["held"]
    return {
        **shown,
        "stats": _stats(run, parameters, people, with_money=with_money),
        "bands": _bands(counts["bands"], people, with_money=with_money, may_segment=may_segment and is_newest),
        "warnings": _warnings(counts),
        "held": held,
        "judged": _judged(held) if held else None,
        "tracking": tracking_chart(held) if held else None,
        "tracking_table": _tracking_table(held) if held else None,
        "frequencies": frequency_chart(counts["frequencies"]),
        "frequencies_table": _frequency_table(counts["frequencies"]),
        "by_frequency": [
            {**row, "label": _times(row), "expected": _mean(row["expected"]), "actual": _mean(row["actual"])}
            for row in (held["by_frequency"] if held else [])
        ],
        "fitted": _fitted(counts, with_money=with_money),
        "people": people,
    }


def _stats(run: RunFacts, parameters: MeasureParameters, people: str, *, with_money: bool) -> list[dict[str, Any]]:
    counts = run.counts
    money = money_text(round(counts["value_cents"], -2), counts["currency"]).removesuffix(".00")
    basis = _("gross margin, discounted") if parameters.basis == "margin" else _("net amount, discounted")
    shown = [
        {
            "label": _("Customers who have bought"),
            "value": number(counts["customers"]),
            "note": _("%(count)s of them more than once") % {"count": number(counts["model"]["repeaters"])},
            "href": people,
        },
        {
            "label": _("Still active, as expected"),
            "value": number(round(counts["alive"])),
            "note": share_text(counts["alive"] / counts["customers"]) if counts["customers"] else "",
        },
        {
            "label": _("Purchases to come"),
            "value": number(round(counts["ahead"])),
            "note": str(words.HORIZONS[parameters.horizon]),
        },
        {"label": _("Value to come"), "value": money if with_money else "–", "note": basis},
    ]
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _bands(
    found: list[dict[str, Any]], people: str, *, with_money: bool, may_segment: bool
) -> list[dict[str, Any]]:  # fmt: skip
    whole = sum(row["customers"] for row in found)
    least = {"sure": "≥ 80 %", "likely": "50–80 %", "doubtful": "20–50 %", "gone": "< 20 %"}
    new = reverse("analyze:segment_new")
    return [
        {
            **row,
            "label": words.BANDS[row["band"]],
            "range": least[row["band"]],
            "share": row["customers"] / whole,
            "value_ahead_cents": row["value_ahead_cents"] if with_money else None,
            "historic_cents": row["historic_cents"] if with_money else None,
            "url": f"{people}?{urlencode({'band': row['band']})}" if people else "",
            "segment_url": f"{new}?{urlencode({'alive_band': row['band']})}" if may_segment else "",
        }
        for row in found
    ]


def _warnings(counts: Mapping[str, Any]) -> list[str]:
    codes = [*counts["model"]["warnings"], *counts["spend"].get("warnings", ())]
    return [str(WARNINGS[code]) for code in dict.fromkeys(codes) if code in WARNINGS]


def _judged(held: dict[str, Any]) -> dict[str, Any]:
    """What the same model would have said, beside the two simple ways of guessing."""
    errors, off = held["errors"], held["expected"] / held["actual"] - 1 if held["actual"] else None
    named = {"model": _("This model"), "as_before": _("“Goes on as before”"), "alike": _("“Everybody alike”")}
    best = min(errors, key=lambda name: errors[name])
    return {
        "off": None if off is None else f"{off:+.1%}",
        "rows": [{"label": named[name], "error": f"{errors[name]:.3f}", "is_best": name == best} for name in named],
    }


def tracking_chart(held: dict[str, Any]) -> dict[str, Any]:
    """Repeat purchases week by week, and what the model expected."""
    rows = held["tracking"]
    return {
        "kind": "line",
        "title": _("Repeat purchases a week"),
        "labels": [row["ends"] for row in rows],
        "series": [
            {"name": _("Actual"), "values": [row["actual"] for row in rows]},
            {"name": _("Predicted"), "values": [round(row["expected"], 1) for row in rows]},
        ],
        "y": "",
    }


def _tracking_table(held: dict[str, Any]) -> dict[str, Any]:
    return {
        "head": [_("Week to"), _("Actual"), _("Predicted"), _("Held out")],
        "rows": [
            [row["ends"], number(row["actual"]), f"{row['expected']:.1f}", _("yes") if row["is_holdout"] else _("no")]
            for row in held["tracking"]
        ],
    }


def _times(row: dict[str, Any]) -> str:
    return f"{row['x']}+" if row["is_more"] else str(row["x"])


def _mean(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def frequency_chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many bought again how often, and how many the model expects."""
    return {
        "kind": "bar",
        "title": _("Customers by repeat purchases"),
        "labels": [_times(row) for row in rows],
        "series": [
            {"name": _("Actual"), "values": [row["actual"] for row in rows]},
            {"name": _("Predicted"), "values": [round(row["expected"]) for row in rows]},
        ],
    }


def _frequency_table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "head": [_("Repeat purchases"), _("Actual"), _("Predicted")],
        "rows": [[_times(row), number(row["actual"]), number(round(row["expected"]))] for row in rows],
    }


def _fitted(counts: Mapping[str, Any], *, with_money: bool) -> list[dict[str, str]]:
    """Parameters with their standard errors, as an analyst wants them."""
    lines = []
    for model in (counts["model"], counts["spend"]):
        for name, (value, error) in model.get("parameters", {}).items():
            if model is counts["spend"] and not with_money:
                continue
            said = f"{value:.4f}" + (f" ± {error:.4f}" if error is not None else "")
            lines.append({"label": f"{model['name']} {name}", "value": said})
    correlation = counts["spend"].get("correlation")
    if correlation is not None:
        lines.append({"label": _("Correlation of frequency and spend"), "value": f"{correlation:+.3f}"})
    lines.append({"label": _("Log-likelihood"), "value": f"{counts['model']['log_likelihood']:,.1f}"})
    if counts["margin_share"] != 1:
        lines.append({"label": _("Margin kept of the money"), "value": share_text(counts["margin_share"])})
    return lines


def why(values: Any) -> list[str]:
    """In words, what the figures of one customer stand on."""
    from django.utils.translation import ngettext

    repeats, gap, silent = (int(values.get(name) or 0) for name in ("repeats", "gap_days", "silent_days"))
    if not repeats:
        said = [_("Has bought on one day only, so nothing is known of a rhythm.")]
    else:
        told = ngettext(
            "Came back %(n)s time, after %(days)s days.",
            "Came back %(n)s times, every %(days)s days on average.",
            repeats,
        )
        said = [told % {"n": number(repeats), "days": number(gap)}]
    said.append(_("The last purchase is %(days)s days ago.") % {"days": number(silent)})
    if repeats and gap and silent > 2 * gap:
        said.append(
            _("That is %(times)s times the usual gap: a sign of having left.") % {"times": f"{silent / gap:.1f}"}
        )
    elif repeats and gap and silent <= gap:
        said.append(_("That is within the usual gap."))
    return said
