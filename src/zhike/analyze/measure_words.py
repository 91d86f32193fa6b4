"""Codes of composition, value classes and products in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.analyze import path_words, words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.words import Words
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike_analytics.path_steps import read_steps

TITLES: Words = {
    "composition": _("Composition"),
    "value": _("Value classes"),
    "products": _("Product analysis"),
    "funnel": _("Funnel figures"),
    "lifetime": _("Lifetime value"),
    "retention": _("Retention"),
    "satisfaction": _("Satisfaction"),
    "loyalty": _("Loyalty"),
    "association": _("Products together"),
    "recommendation": _("Recommendations"),
    "replenishment": _("Needed soon"),
    "profit": _("Profit contribution"),
    "portrait": _("Portraits"),
    "lookalike": _("Look-alikes"),
    "paths": _("Paths and abandonment"),
}
# The attribute's words, the field whose sight it needs, and the register's name for it where it can be asked there.
ATTRIBUTES: dict[str, tuple[Any, str, str]] = {
    "province": (_("Province"), "province", "province"),
    "city": (_("City"), "city", "city"),
    "country": (_("Country"), "country", ""),
    "source": (_("First source"), "", "source"),
    "stage": (_("Stage"), "stage", "stage"),
    "kind": (_("Kind"), "kind", "kind"),
    "owner": (_("Owner"), "owner", "owner"),
    "rfm_class": (_("RFM class"), "rfm_class", "class"),
    "abc_class": (_("ABC class"), "metrics", "abc"),
    "level": (_("Level of the pyramid"), "metrics", "level"),
}
CHANGES: Words = {
    "new": pgettext_lazy("bridge", "New"),
    "returned": pgettext_lazy("bridge", "Returned"),
    "more": _("Bought more"),
    "same": _("Bought the same"),
    "less": _("Bought less"),
    "lost": pgettext_lazy("bridge", "Lost"),
    "credited": _("Only gave back"),
}
CHANGE_NOTES: Words = {
    "new": _("First purchase ever"),
    "returned": _("Not in the period before, but earlier"),
    "more": _("In both periods, for more money"),
    "same": _("In both periods, for the same money"),
    "less": _("In both periods, for less money"),
    "lost": _("Bought in the period before, not in this one"),
    "credited": _("Bought in neither, and something was given back"),
}
ABC: Words = {"a": _("Class A"), "b": _("Class B"), "c": _("Class C"), "unknown": _("Unknown")}
LEVELS: Words = {
    "platinum": _("Platinum"),
    "gold": _("Gold"),
    "iron": _("Iron"),
    "lead": pgettext_lazy("pyramid", "Lead"),
    "vip": _("VIP"),
    "major": _("Major customers"),
    "ordinary": _("Ordinary customers"),
    "small": _("Small customers"),
    "unknown": _("Unknown"),
}
STAGES: Words = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
}
KINDS: Words = {"person": _("Person"), "organisation": _("Organization")}
SPANS: Words = {
    "days_90": _("The last 90 days"),
    "days_365": _("The last 365 days"),
    "month": _("The last full month"),
    "quarter": _("The last full quarter"),
    "year": _("The last full year"),
    "own": _("A period of my own"),
}
AGAINST: Words = {"preceding": _("The period before"), "year_before": _("The same period a year earlier")}
CUTS: Words = {
    "default": _("80 % and 95 % (usual)"),
    "handbook": _("55 % and 85 % (sales handbooks)"),
    "composition": _("75 % and 95 %"),
    "wide": _("70 % and 90 %"),
}
BOUNDARIES: Words = {
    "inside": _("Whoever crosses a cut belongs to the better class"),
    "outside": _("Whoever crosses a cut belongs to the class below"),
}
MODELS: Words = {
    "mbg": _("MBG/NBD: may leave after any purchase"),
    "bg": _("BG/NBD: may leave after a repeat purchase"),
    "pareto": _("Pareto/NBD: may leave at any time"),
}
HORIZONS: Words = {
    "days_90": _("The next 90 days"),
    "days_180": _("The next 180 days"),
    "days_365": _("The next 365 days"),
}
DISCOUNTS: dict[str, Any] = {"0": _("none"), "5": "5 %", "10": "10 %", "15": "15 %", "20": "20 %"}
BANDS: Words = {
    "sure": _("Almost certainly active"),
    "likely": _("Probably active"),
    "doubtful": _("Doubtful"),
    "gone": _("Probably gone"),
}
CONTENT: Words = {
    "content": _("Content (75 and more)"),
    "fair": _("In between (50–75)"),
    "unhappy": _("Unhappy (below 50)"),
}
CELLS: Words = {
    "true": _("True loyalty"),
    "habit": _("Habit only"),
    "liking": _("Liking only"),
    "low": _("Neither"),
}
RISKS: Words = {"high": _("High risk"), "medium": _("Some risk"), "low": _("Low risk")}
BASKETS: Words = {"order": _("In one order"), "customer": _("By one customer in the period")}
SUPPORTS: dict[str, Any] = {
    "0.0005": "0.05 %",
    "0.001": "0.1 %",
    "0.002": "0.2 %",
    "0.005": "0.5 %",
    "0.01": "1 %",
    "0.02": "2 %",
}
CONFIDENCES: dict[str, Any] = {"0.1": "10 %", "0.2": "20 %", "0.3": "30 %", "0.5": "50 %", "0.8": "80 %"}
RECOMMENDERS: Words = {
    "auto": _("By the size of the shop"),
    "ease": _("EASE-R: all products at once"),
    "knn": _("Alike products (item cosine)"),
    "als": _("ALS: hidden factors"),
    "popular": _("What most customers buy"),
}
WITHIN_DAYS: Words = {
    "7": _("Within 7 days"),
    "14": _("Within 14 days"),
    "30": _("Within 30 days"),
}
ASSUMED: dict[str, Any] = {
    "known": _("That of the goods whose cost is known"),
    "10": "10 %",
    "20": "20 %",
    "30": "30 %",
    "40": "40 %",
    "50": "50 %",
    "60": "60 %",
}
PROFIT_CLASSES: Words = {
    "profit": _("Leaves a profit"),
    "even": _("Neither profit nor loss"),
    "loss": _("Costs more than it brings"),
}
SERVICE_KINDS: Words = {
    "passive": _("High margin, cheap to serve"),
    "carriage": _("High margin, dear to serve"),
    "bargain": _("Low margin, cheap to serve"),
    "aggressive": _("Low margin, dear to serve"),
}
CLUSTERS: dict[str, Any] = {"auto": _("As many as stand apart best (3 to 8)"), **{str(n): str(n) for n in range(3, 9)}}
CONSENTS: Words = {
    "not_refused": _("All who have not refused to be profiled"),
    "given": _("Only who has agreed to be profiled"),
}
RHYTHMS: Words = {
    "own": _("their own rhythm"),
    "product": _("the rhythm of all who buy it"),
    "category": _("the rhythm of its category"),
}
BASES: Words = {"revenue": _("Net amount"), "margin": _("Gross margin")}
PYRAMIDS: Words = {
    "metals": _("Platinum, gold, iron, lead (20, 50, 80 %)"),
    "textbook": _("VIP, major, ordinary, small (1, 5, 20 %)"),
}
GRAINS: Words = {"month": _("Months"), "quarter": _("Quarters"), "year": _("Years")}
FUNNEL_BY: Words = {
    "month": _("Month of entry"),
    "source": _("Source"),
    "owner": _("Owner"),
    "purchase_class": _("Purchase class"),
}
FUNNEL_WAYS: Words = {"came": _("came"), "on": _("went on"), "off": _("did not go on")}
CLASSES: Words = {
    "a": _("Class A: strong means"),
    "b": _("Class B: weak means"),
    "c": _("Class C: no means for now"),
    "": _("Means unknown"),
}
TIME_GROUPS: Words = {
    "class_a": CLASSES["a"],
    "class_b": CLASSES["b"],
    "class_c": CLASSES["c"],
    "class_": _("Target, means unknown"),
    "target_market": STAGES["target_market"],
    "potential": STAGES["potential"],
    "current": STAGES["current"],
    "former": STAGES["former"],
}
REST = "__other"


def settings_of(kind: str, parameters: MeasureParameters) -> str:
    """The parameters of a run in one line."""
    parts = [SPANS[parameters.span]]
    if kind == "funnel":
        return str(parts[0])
    if kind == "lifetime":
        parts = [MODELS[parameters.model], HORIZONS[parameters.horizon], BASES[parameters.basis]]
        return " · ".join(str(part) for part in parts)
    if kind in ("satisfaction", "loyalty"):
        return str(_now("The newest questionnaire with answers"))
    if kind == "retention":
        return f"{MODELS[parameters.model]} · {HORIZONS[parameters.horizon]}"
    if kind == "portrait":
        return f"{CLUSTERS[parameters.clusters]} · {CONSENTS[parameters.consent]}"
    if kind == "paths":
        return f"{parts[0]} · " + " → ".join(path_words.step_label(step) for step in read_steps(parameters.steps))
    if kind == "lookalike":
        return str(CONSENTS[parameters.consent])
    if kind == "replenishment":
        return str(WITHIN_DAYS[parameters.within])
    if kind == "recommendation":
        return str(RECOMMENDERS[parameters.recommender])
    if kind == "profit":
        rates = _now("hour %(hour)s, order %(handling)s") % {"hour": parameters.hour, "handling": parameters.handling}
        return f"{parts[0]} · {rates} · {ASSUMED[parameters.assumed]}"
    if kind == "association":
        share = _now("at least %(support)s of the baskets, %(confidence)s confidence") % {
            "support": SUPPORTS[parameters.support], "confidence": CONFIDENCES[parameters.confidence],
        }  # fmt: skip
        return f"{parts[0]} · {BASKETS[parameters.basket]} · {share}"
    parts += (
        [AGAINST[parameters.against]] if kind == "composition" else [BASES[parameters.basis], CUTS[parameters.cuts]]
    )
    return " · ".join(str(part) for part in parts)


def offered(viewer: Any, attributes: Mapping[str, Any]) -> list[str]:
    """The attributes of a run the viewer may be told by: what one may not see composes nothing."""
    return [
        code
        for code, (_label, field, _question) in ATTRIBUTES.items()
        if code in attributes and (not field or secure.sight(viewer, field) == "shown")
    ]


def group_names(attribute: str) -> dict[str, str]:
    """Words for the groups of an attribute whose values are codes or ids; places are their own names."""
    named: Mapping[str, Any] = {}
    if attribute == "source":
        named = {str(source.id): source.name for source in customers.sources(archived=True)}
    elif attribute == "owner":
        named = {str(staff): name for staff, name in secure.staff_names().items()}
    elif attribute in (tables := {"stage": STAGES, "kind": KINDS, "abc_class": ABC, "level": LEVELS}):
        named = tables[attribute]
    elif attribute == "rfm_class":
        named = words.CLASSES
    # What lies under "unknown" differs: nobody owns, never bought, nothing is known.
    nothing = {
        "owner": _now("Nobody"),
        "rfm_class": _now("No purchase"),
        "abc_class": _now("No order in the period"),
        "level": _now("No order in the period"),
    }
    told = {code: str(label) for code, label in named.items()}
    return {**told, "unknown": nothing.get(attribute, _now("Unknown")), REST: _now("All others")}


def funnel_groups(by: str) -> dict[str, str]:
    """Words for the groups the funnel is told apart by."""
    if by == "purchase_class":
        return {code: str(label) for code, label in CLASSES.items()}
    return {} if by == "month" else group_names(by)


def funnel_word(asked: str, code: str) -> str:
    """What an address asks of the funnel's customers, in words."""
    if asked == "lost":
        from zhike.customers.queries import loss_reason_names

        return str(loss_reason_names().get(code, code))
    if asked == "time":
        return str(TIME_GROUPS.get(code, code))
    return str(STAGES.get(code, code))
