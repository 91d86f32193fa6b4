"""The form of a run: the ways of scoring, the day, fixed cut points."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhike.analyze import words
from zhike.analyze.parameters import BINS, ParametersRefused, RfmParameters

_WINDOWS = [
    (0, _("The whole history")),
    (365, _("The last year")),
    (730, _("The last two years")),
    (1095, _("The last three years")),
]
_REFUSALS = {
    "thresholds": _("Give four cut points, each greater than the one before."),
    "thresholds_with_ties": _("Fixed cut points need independent sorting and equal values together."),
}


class RunForm(forms.Form):
    """What may be asked of a run; `parameters()` after `is_valid()`."""

    as_of = forms.DateField(
        label=_("As of"),
        help_text=_("The day the shop is looked at; later orders do not count."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    window_days = forms.TypedChoiceField(label=_("Orders of"), choices=_WINDOWS, coerce=int)
    sorting = forms.ChoiceField(
        label=_("Sorting"),
        choices=list(words.SORTINGS.items()),
        help_text=_(
            "Independent: scores compare between all customers. Nested: groups of equal size, F within R, M within R and F."
        ),
    )
    ties = forms.ChoiceField(
        label=_("Equal values"),
        choices=list(words.TIES.items()),
        help_text=_("Together: equal values score equally. By rank: groups of equal size, ties broken by customer."),
    )
    cut = forms.ChoiceField(
        label=_("High and low by"),
        choices=list(words.CUTS.items()),
        help_text=_("What divides high from low for the eight classes."),
    )
    recency_days = forms.CharField(label=_("Cut points of recency, in days"), required=False, max_length=80)
    frequency = forms.CharField(label=_("Cut points of frequency, in purchases"), required=False, max_length=80)
    monetary = forms.CharField(label=_("Cut points of money"), required=False, max_length=80)

    def clean_recency_days(self) -> list[int]:
        """Whole days."""
        return self._points("recency_days", 1)

    def clean_frequency(self) -> list[int]:
        """Whole purchases."""
        return self._points("frequency", 1)

    def clean_monetary(self) -> list[int]:
        """Money in units of the currency becomes cents."""
        return self._points("monetary", 100)

    def _points(self, name: str, factor: int) -> list[int]:
        text = self.cleaned_data[name].replace("，", ",").replace("、", ",")
        if not text.strip():
            return []
        try:
            points = [round(float(part) * factor) for part in text.split(",")]
        except (ValueError, OverflowError):
            raise forms.ValidationError(gettext("Numbers, divided by commas.")) from None
        if len(points) != BINS - 1 or points != sorted(set(points)):
            raise forms.ValidationError(_REFUSALS["thresholds"])
        return points

    def clean(self) -> dict[str, Any]:
        """Together they must make sense."""
        values = super().clean() or {}
        if not self.errors:
            try:
                self.parameters()
            except ParametersRefused as refusal:
                raise forms.ValidationError(_REFUSALS.get(refusal.code, refusal.code)) from None
        return values

    def parameters(self) -> RfmParameters:
        """What was asked, as the action takes it."""
        values = self.cleaned_data
        points = {
            "recency_days": values.get("recency_days"),
            "frequency": values.get("frequency"),
            "monetary_cents": values.get("monetary"),
        }
        return RfmParameters(
            sorting=values["sorting"],
            ties=values["ties"],
            cut=values["cut"],
            window_days=values["window_days"],
            thresholds={measure: found for measure, found in points.items() if found},
        )

    @staticmethod
    def initial_of(parameters: RfmParameters, today: dt.date) -> dict[str, Any]:
        """The form filled in with parameters used before."""
        points = parameters.thresholds

        def text(measure: str, divisor: int = 1) -> str:
            return ", ".join(f"{value / divisor:g}" for value in points.get(measure, ()))

        return {
            "as_of": today,
            "window_days": parameters.window_days,
            "sorting": parameters.sorting,
            "ties": parameters.ties,
            "cut": parameters.cut,
            "recency_days": text("recency_days"),
            "frequency": text("frequency"),
            "monetary": text("monetary_cents", 100),
        }
