"""What the page of satisfaction shows: how content customers are, where to begin, what moves it, and whether to believe it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import measure_words as words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.survey.queries import words as classes
from zhike.ui.figures import number, share_text

QUADRANTS = {
    "concentrate": (gettext_lazy("Improve first"), gettext_lazy("matters much, done poorly"), "bad"),
    "keep_up": (gettext_lazy("Keep it up"), gettext_lazy("matters much, done well"), "good"),
    "low_priority": (gettext_lazy("Low priority"), gettext_lazy("matters little, done poorly"), "neutral"),
    "overkill": (gettext_lazy("Perhaps too much"), gettext_lazy("matters little, done well"), "info"),
}
WARNINGS = {
    "collinear": gettext_lazy("Some drivers say nearly the same: their coefficients are unstable, trust the shares."),
    "negative_beta": gettext_lazy("A driver counts against satisfaction only because others say the same: trust the shares."),
    "singular": gettext_lazy("Some drivers repeat each other exactly: there are no coefficients, only shares."),
    "few_answers": gettext_lazy("Fewer answers than drivers need: take this as a hint."),
    "explains_little": gettext_lazy("The drivers explain little of satisfaction: something else was not asked."),
    "small_sample": gettext_lazy("The model rests on few answers."),
    "negative_weight": gettext_lazy("An item counts against what it should measure: look at its wording."),
    "weak_item": gettext_lazy("An item hardly measures what it should (loading below .5)."),
    "many_filled": gettext_lazy("Many missing answers were replaced by means."),
    "not_converged": gettext_lazy("The model did not settle."),
}  # fmt: skip
REFUSALS = {
    "satisfaction.too_few_answers": gettext_lazy("Too few complete answers for this."),
    "satisfaction.constant_item": gettext_lazy("Everybody gave the same answer to one of the questions."),
    "satisfaction.empty_item": gettext_lazy("One of the questions was never answered."),
    "satisfaction.singular": gettext_lazy("Some questions repeat each other exactly."),
    "satisfaction.no_attributes": gettext_lazy("The questionnaire asks too little for this."),
    "satisfaction.bad_judgements": gettext_lazy("The comparison in pairs does not fit the questions: weights are missing."),
    "satisfaction.bad_model": gettext_lazy("The questionnaire asks too little for this model."),
    "satisfaction.one_item": gettext_lazy("One question alone cannot be tested so."),
}  # fmt: skip
_HOW = {
    "asked": gettext_lazy("Importance as customers rate it"),
    "derived": gettext_lazy("Importance derived from what moves satisfaction"),
    "improved": gettext_lazy("Importance given away, performance against the best rival"),
}
_CLASS_WORDS = {
    "need_class": (gettext_lazy("By need"), classes.NEEDS),
    "object_class": (gettext_lazy("By object"), classes.OBJECTS),
    "content_class": (gettext_lazy("By content"), classes.CONTENTS),
    "factor": (gettext_lazy("By factor"), classes.FACTORS),
}


def page(run: RunFacts, *, is_newest: bool, may_open: bool, may_segment: bool) -> dict[str, Any]:
    """Everything the template needs."""
    counts = run.counts
    people = reverse("analyze:satisfaction_people", args=[run.public_id]) if may_open else ""
    texts = {one["code"]: one["text"] for one in counts["items"]}
    return {
        "run": run,
        "counts": counts,
        "currency": "",
        "is_newest": is_newest,
        "settings": words.settings_of(run.kind, MeasureParameters.from_json(dict(run.parameters))),
        "about": counts["questionnaire"],
        "method": classes.METHODS.get(counts["questionnaire"]["method"], ""),
        "weighting": classes.WEIGHTINGS.get(counts["questionnaire"]["weighting"], ""),
        "survey_url": reverse("survey:questionnaire", args=[counts["questionnaire"]["public_id"]]),
        "stats": _stats(counts),
        "items": [_line(one, one["text"], _weight(counts, one["code"])) for one in _worst_first(counts["items"])],
        "classes": [
            {
                "label": label,
                "rows": [_line(one, named.get(one["code"], one["code"])) for one in counts["classes"][name]],
            }
            for name, (label, named) in _CLASS_WORDS.items()
            if counts["classes"][name]
        ],
        "weights_refused": _refused(counts["weights"]),
        "quadrants": _quadrants(counts["chart"], texts),
        "chart_refused": _refused(counts["chart"]),
        "chart_words": _HOW.get((counts["chart"] or {}).get("how", ""), ""),
        "chart_how": counts["chart"].get("how", "") if counts["chart"] else "",
        "drivers": _drivers(counts["drivers"], texts),
        "drivers_refused": _refused(counts["drivers"]),
        "model": _model(counts["model"]),
        "model_refused": _refused(counts["model"]),
        "reliability": _reliability(counts["reliability"]),
        "levels": _levels(counts, people, may_segment=may_segment and is_newest),
        "people": people,
    }


def interval(one: Mapping[str, Any], *, share: bool = False) -> str:
    """“61.2 – 66.8”, or nothing where there is none."""
    if one.get("low") is None or one.get("high") is None:
        return ""
    low, high = (round(one[name] * (100 if share else 1), 1) for name in ("low", "high"))
    return f"{low:.1f} – {high:.1f}" + (" %" if share else "")


def _stats(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    index, content, recommend, effort = (counts[name] for name in ("index", "satisfied", "recommend", "effort"))
    shown = [{"label": _("Responses"), "value": number(counts["customers"]),
              "note": _("%(known)s of known customers") % {"known": number(counts["known"])}}]  # fmt: skip
    if index:
        shown.append({"label": _("Satisfaction index (0–100)"), "value": _figure(index), "note": _note(index)})
    if content:
        shown.append({"label": _("Satisfied (CSAT)"), "value": _share(content), "note": _note(content, share=True)})
    if recommend:
        shown.append(
            {"label": _("Would recommend (NPS)"), "value": _figure(recommend, signed=True), "note": _note(recommend)}
        )
    if effort:
        shown.append({"label": _("Found it easy (CES)"), "value": _share(effort), "note": _note(effort, share=True)})
    return [{"href": "", "trend": None, **stat} for stat in shown]


def _figure(one: Mapping[str, Any], *, signed: bool = False) -> str:
    # Below thirty answers a figure would be believed; the interval and the count are told instead.
    if one["value"] is None or one["few"]:
        return "–"
    return f"{one['value']:+.0f}" if signed else f"{one['value']:.1f}"


def _share(one: Mapping[str, Any]) -> str:
    return "–" if one["value"] is None or one["few"] else share_text(one["value"])


def _note(one: Mapping[str, Any], *, share: bool = False) -> str:
    if one["few"]:
        return _("%(n)s answers: too few") % {"n": number(one["n"])}
    return _("95 %%: %(range)s · n = %(n)s") % {"range": interval(one, share=share), "n": number(one["n"])}


def _worst_first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda one: (one["value"] is None, one["value"] or 0.0, one["code"]))


def _weight(counts: Mapping[str, Any], code: str) -> str:
    values = (counts["weights"] or {}).get("values", {})
    return share_text(values[code]) if code in values else ""


def _line(one: Mapping[str, Any], label: Any, weight: str = "") -> dict[str, Any]:
    value = "–" if one["value"] is None else f"{one['value']:.1f}"
    return {
        "label": label,
        "value": value,
        "range": interval(one),
        "n": one["n"],
        "weight": weight,
        "part": (one["value"] or 0) / 100,
    }


def _refused(part: Mapping[str, Any] | None) -> Any:
    if not part or "refused" not in part:
        return ""
    return REFUSALS.get(part["refused"], part["refused"])


def _quadrants(chart: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The four fields of the chart as they lie on it: importance upwards, performance to the right."""
    if not chart or "attributes" not in chart:
        return []
    as_share = chart["how"] != "asked"
    told = []
    for code, (label, note, tone) in QUADRANTS.items():
        inside = [one for one in chart["attributes"] if one["quadrant"] == code]
        rows = [
            {
                "text": texts.get(one["name"], one["name"]),
                "importance": share_text(one["importance"]) if as_share else f"{one['importance']:.1f}",
                "performance": f"{one['performance']:.1f}",
                "lead": "" if one["lead"] is None else f"{one['lead']:+.1f}",
            }
            for one in sorted(inside, key=lambda one: -one["importance"])
        ]
        told.append({"code": code, "label": label, "note": note, "tone": tone, "rows": rows})
    return [told[0], told[1], told[2], told[3]]


def _drivers(found: Mapping[str, Any] | None, texts: Mapping[str, str]) -> dict[str, Any] | None:
    if not found or "drivers" not in found:
        return None
    rows = [
        {
            "text": texts.get(one["name"], one["name"]),
            "share": share_text(one["share"]),
            "part": one["share"],
            "beta": "–" if one["beta"] is None else f"{one['beta']:.2f}",
            "range": "" if one["low"] is None else f"{one['low']:.2f} – {one['high']:.2f}",
            "vif": "–" if one["vif"] is None else f"{one['vif']:.1f}",
            "certain": one["certain"],
        }
        for one in found["drivers"]
    ]
    warnings = [WARNINGS[code] for code in found["warnings"]]
    return {"rows": rows, "r_squared": share_text(found["r_squared"]), "n": found["n"], "warnings": warnings}


def _model(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not found or "paths" not in found:
        return None
    named = classes.LATENTS
    paths = [
        {
            "source": named.get(one["source"], one["source"]),
            "target": named.get(one["target"], one["target"]),
            "estimate": f"{one['estimate']:.3f}",
            "range": f"{one['low']:.3f} – {one['high']:.3f}",
            "certain": one["certain"],
        }
        for one in found["paths"]
    ]
    latents = [
        {
            "name": named.get(one["name"], one["name"]),
            "index": f"{found['indices'][one['name']]:.1f}" if one["name"] in found["indices"] else "–",
            "r_squared": "–" if one["r_squared"] is None else f"{one['r_squared']:.3f}",
            "alpha": "–" if one["alpha"] is None else f"{one['alpha']:.2f}",
            "reliability": f"{one['composite_reliability']:.2f}",
            "extracted": f"{one['variance_extracted']:.2f}",
        }
        for one in found["latents"]
    ]
    warnings = [WARNINGS[code] for code in found["warnings"]]
    return {**found, "paths": paths, "latents": latents, "warnings": warnings, "fit": f"{found['goodness_of_fit']:.3f}"}


def _reliability(found: Mapping[str, Any]) -> dict[str, Any]:
    adequacy, sphericity = found["adequacy"] or {}, found["sphericity"] or {}
    rows = [
        {
            "label": classes.LATENTS.get(one["latent"], one["latent"]),
            "alpha": "–" if one["alpha"] is None else f"{one['alpha']:.2f}",
            "good": one["alpha"] is not None and one["alpha"] >= 0.7,
            "items": one["items"],
        }
        for one in found["alphas"]
    ]
    p = sphericity.get("p")
    return {
        "rows": rows,
        "kmo": f"{adequacy['overall']:.2f}" if "overall" in adequacy else "",
        "kmo_good": adequacy.get("overall", 0) >= 0.6,
        "bartlett": "" if p is None else ("p < .001" if p < 0.001 else f"p = {p:.3f}"),
        "refused": _refused(adequacy),
    }


def _levels(counts: Mapping[str, Any], people: str, *, may_segment: bool) -> list[dict[str, Any]]:
    new = reverse("analyze:segment_new")
    return [
        {
            **row,
            "label": words.CONTENT[row["level"]],
            "url": f"{people}?{urlencode({'level': row['level']})}" if people and row["customers"] else "",
            "segment_url": f"{new}?{urlencode({'satisfaction_level': row['level']})}" if may_segment else "",
        }
        for row in counts["levels"]
    ]
