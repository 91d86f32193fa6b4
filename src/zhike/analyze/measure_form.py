"""The form of a run of composition, value classes or products."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhike.analyze import measure_words as words
from zhike.analyze import words as rfm_words
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike_analytics.path_steps import read_steps
from zhike_analytics.portrait_rules import read_rules
from zhike_analytics.problem import MeasureProblem

_DAY = {"type": "date"}
# Which questions each kind answers; the day and the period are asked of all.
_FIELDS = {
    "composition": ("against",),
    "value": ("basis", "cuts", "boundary", "ties", "levels"),
    "products": ("basis", "cuts", "boundary", "ties"),
    "funnel": (),
    "lifetime": ("model", "horizon", "basis", "discount"),
    "retention": ("model", "horizon"),
    "satisfaction": (),
    "loyalty": (),
    "replenishment": ("within",),
    "recommendation": ("recommender",),
    "profit": ("hour", "handling", "assumed"),
    "portrait": ("clusters", "consent", "psychology"),
    "lookalike": ("segment", "consent"),
    "paths": ("steps",),
    "association": ("basket", "support", "confidence"),
}


class MeasureForm(forms.Form):
    """What may be asked of a run; `parameters()` after `is_valid()`."""

    as_of = forms.DateField(
        label=_("As of"),
        help_text=_("The day the shop is looked at; later orders do not count."),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    span = forms.ChoiceField(label=_("Period"), choices=list(words.SPANS.items()))
    first = forms.DateField(
        label=_("First day of a period of my own"),
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Last day of a period of my own"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    against = forms.ChoiceField(label=_("Held against"), choices=list(words.AGAINST.items()))
    basis = forms.ChoiceField(
        label=_("Value"),
        choices=list(words.BASES.items()),
        help_text=_("Margin counts only goods whose cost price is known."),
    )
    cuts = forms.ChoiceField(
        label=_("Class A ends at, class B ends at"),
        choices=list(words.CUTS.items()),
        help_text=_("Shares of the money, cumulated from the best down. Conventions, not laws."),
    )
    boundary = forms.ChoiceField(label=_("At the boundary"), choices=list(words.BOUNDARIES.items()))
    ties = forms.ChoiceField(label=_("Equal values"), choices=list(rfm_words.TIES.items()))
    model = forms.ChoiceField(
        label=_("Model of buying"),
        choices=list(words.MODELS.items()),
        help_text=_("If in doubt, the first; compare what each would have predicted."),
    )
    horizon = forms.ChoiceField(label=_("How far ahead"), choices=list(words.HORIZONS.items()))
    discount = forms.ChoiceField(
        label=_("Discount a year"),
        choices=list(words.DISCOUNTS.items()),
        help_text=_("Money that comes later is worth less today."),
    )
    recommender = forms.ChoiceField(
        label=_("Model"),
        choices=list(words.RECOMMENDERS.items()),
        help_text=_("If in doubt, the first; each is tried on the last months, beside what most customers buy."),
    )
    within = forms.ChoiceField(label=_("How far ahead"), choices=list(words.WITHIN_DAYS.items()))
    basket = forms.ChoiceField(
        label=_("Bought together"),
        choices=list(words.BASKETS.items()),
        help_text=_("Where orders hold one product only, look at what a customer bought over the period."),
    )
    support = forms.ChoiceField(
        label=_("Least share of the baskets"),
        choices=list(words.SUPPORTS.items()),
        help_text=_("Never fewer than five baskets, whatever the share."),
    )
    confidence = forms.ChoiceField(
        label=_("Least confidence"),
        choices=list(words.CONFIDENCES.items()),
        help_text=_("Of those who bought the one, how many must have bought the other too."),
    )
    hour = forms.DecimalField(
        label=_("An hour of staff costs"),
        min_value=0, max_value=10_000, decimal_places=2,
        help_text=_("Wages and what comes with them, in the shop's currency; minutes noted on contacts are charged at it."),
    )  # fmt: skip
    handling = forms.DecimalField(
        label=_("Handling one order costs"),
        min_value=0, max_value=10_000, decimal_places=2,
        help_text=_("Packing, postage the shop pays, what the platform keeps, on the average order."),
    )  # fmt: skip
    assumed = forms.ChoiceField(
        label=_("Margin of goods without a cost price"),
        choices=list(words.ASSUMED.items()),
        help_text=_("How much of the figure stands on it is always told."),
    )
    clusters = forms.ChoiceField(
        label=_("Groups"),
        choices=list(words.CLUSTERS.items()),
        help_text=_("The same customers are drawn into few large groups or many small ones."),
    )
    consent = forms.ChoiceField(
        label=_("Whom to profile"),
        choices=list(words.CONSENTS.items()),
        help_text=_("Who withdrew consent to profiling is always left out."),
    )
    psychology = forms.CharField(
        label=_("Rules of psychology types"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false"}),
        help_text=_(
            "A line for each type: its signals with their weights, and from which strength (1–100) it is told. A line left out tells the type of nobody."
        ),
    )
    steps = forms.CharField(
        label=_("Steps of the funnel"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "A step a line, in order: a mark (product, favorite, search, basket, checkout, form, form_sent, queue, served, chat, faq, offer, order), event and its name, or page and its path (* at its ends stands for anything). A name of your own may stand before it: Pays = page /checkout/*"
        ),
    )
    segment = forms.ChoiceField(
        label=_("Like the members of"),
        help_text=_("A segment with at least thirty members who have bought."),
    )
    levels = forms.ChoiceField(label=_("Pyramid"), choices=list(words.PYRAMIDS.items()))

    def __init__(self, kind: str, *args: Any, segments: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        undated = (
            "lifetime", "retention", "satisfaction", "loyalty", "recommendation", "replenishment",
            "portrait", "lookalike",
        )  # fmt: skip
        if kind == "lookalike":
            field = self.fields["segment"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = segments
        period = () if kind in undated else ("span", "first", "last")
        asked = {"as_of", *period, *_FIELDS[kind]}
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]

    def clean_psychology(self) -> str:
        """Rules somebody can read, or the line that cannot be."""
        text = str(self.cleaned_data["psychology"]).replace("\r\n", "\n").strip()
        try:
            read_rules(text)
        except MeasureProblem as problem:
            told = _now("Line %(line)s cannot be read. Such as: bargain = 2 discounted + 1 promotion >= 25")
            raise forms.ValidationError(told % problem.params) from None
        return text

    def clean_steps(self) -> str:
        """Steps somebody can read, or the line that cannot be."""
        text = str(self.cleaned_data["steps"]).replace("\r\n", "\n").strip()
        try:
            read_steps(text)
        except MeasureProblem as problem:
            told = {
                "paths.steps_count": _now("A funnel has %(least)s to %(most)s steps, a line each."),
                "paths.step_unknown": _now("Line %(line)s is no step. Such as: basket, event Product Added, page /checkout/*"),
            }  # fmt: skip
            raise forms.ValidationError(told[problem.code] % problem.params) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Together they must make sense."""
        values = super().clean() or {}
        if not self.errors:
            try:
                self.parameters()
            except ParametersRefused:
                raise forms.ValidationError(
                    _now("A period of your own needs a first and a last day, in order.")
                ) from None
        return values

    def parameters(self) -> MeasureParameters:
        """What was asked, as the action takes it."""
        given = dict(self.cleaned_data)
        given.pop("as_of", None)
        for name in ("first", "last"):
            given[name] = given[name].isoformat() if given.get(name) else ""
        for name in ("hour", "handling"):
            if name in given:
                given[name] = f"{given[name]:f}"
        return MeasureParameters(**given)

    @staticmethod
    def initial_of(parameters: MeasureParameters, today: dt.date) -> dict[str, Any]:
        """The form filled in with parameters used before."""
        return {**parameters.as_json(), "as_of": today}
