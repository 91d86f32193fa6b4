"""Forms of surveys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhike.survey import classes
from zhike.survey.actions import Steps
from zhike.survey.records import QuestionnaireFacts

_LONG = forms.Textarea({"rows": 2})


class NewForm(forms.Form):
    """A questionnaire begins with a title and a method."""

    title = forms.CharField(label=_("Title"), max_length=120)
    method = forms.ChoiceField(
        label=_("Method"),
        choices=list(classes.METHODS.items()),
        help_text=_("It decides with which questions you begin; their words can be changed until answers count."),
    )


class StepsForm(forms.Form):
    """The steps of a survey in their order: content, weights, whom, means, pilot."""

    content = forms.CharField(label=_("What is measured, and what for"), required=False, max_length=2000, widget=_LONG)
    model = forms.ChoiceField(
        label=_("Model"), choices=list(classes.MODELS.items()), required=False,
        help_text=_("Paths between what was asked; of a model only those that have questions are used."),
    )  # fmt: skip
    weighting = forms.ChoiceField(label=_("Weights"), choices=list(classes.WEIGHTINGS.items()))
    judgements = forms.CharField(
        label=_("Comparison in pairs"), required=False, widget=_LONG,
        help_text=_("One line for each indicator, numbers divided by blanks, such as 1 3 5; 1/3 is allowed. Contradictions (CR ≥ 0.10) are refused."),
    )  # fmt: skip
    audience = forms.CharField(label=_("Who is asked"), required=False, max_length=2000, widget=_LONG)
    population_count = forms.IntegerField(label=_("How many they are"), required=False, min_value=1)
    means = forms.CharField(label=_("By which means"), required=False, max_length=2000, widget=_LONG)
    pilot_state = forms.ChoiceField(label=_("Pilot"), choices=list(classes.PILOTS.items()))
    pilot_note = forms.CharField(
        label=_("What the pilot taught, or why there is none"), required=False, max_length=2000, widget=_LONG
    )

    def steps(self) -> Steps:
        """What was written. Raises ValueError for a comparison that is no table of numbers."""
        given = dict(self.cleaned_data)
        lines = [line.split() for line in given.pop("judgements").splitlines() if line.strip()]
        return Steps(**given, judgements=tuple(tuple(_number(word) for word in line) for line in lines))

    @staticmethod
    def initial_of(found: QuestionnaireFacts) -> dict[str, Any]:
        """The form filled in."""
        named = ("content", "model", "weighting", "audience", "population_count", "means", "pilot_state", "pilot_note")
        lines = "\n".join(" ".join(f"{value:g}" for value in row) for row in found.judgements)
        return {name: getattr(found, name) for name in named} | {"judgements": lines}


def _number(word: str) -> float:
    above, _slash, below = word.partition("/")
    return float(above) / float(below) if below else float(above)
