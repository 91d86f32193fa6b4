"""The form of a merchant's own rule."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.clean.quality.rules import CHECK_WORDS, OWN_CHECKS, SEVERITIES, Rule
from zhike.secure import fields

STAGE_WORDS: Mapping[str, Promise] = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
    "key": _("Key customer"),
}
REFUSALS: Mapping[str, Promise] = {
    "field": _("There is no such field in use."),
    "check": _("This check does not go with this field: numbers are for fields that hold numbers."),
    "severity": _("Choose how grave a fault is."),
    "threshold": _("This check needs a number above zero."),
    "stages": _("There is no such kind or stage."),
    "taken": _("There is such a rule already; change that one."),
    "too_many": _("There are as many own rules as there can be."),
    "sealed": _("This field is sealed: its length and size are not looked at."),
}


class RuleForm(forms.Form):
    """Field, check, threshold, severity, and whom it is about."""

    field = forms.ChoiceField(label=_("Field"))
    check = forms.ChoiceField(label=_("Check"), choices=[(code, CHECK_WORDS[code]) for code in OWN_CHECKS])
    threshold = forms.IntegerField(
        label=_("Days, characters or number"), required=False, min_value=0, max_value=1_000_000,
        help_text=_("For checks that say “so many”."),
    )  # fmt: skip
    severity = forms.ChoiceField(label=_("A fault is"), choices=list(SEVERITIES.items()), initial="medium")
    kind = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("All customers")), ("person", _("Persons")), ("organisation", _("Organizations"))],
    )
    stages = forms.MultipleChoiceField(
        label=_("Only at these stages"), required=False, choices=list(STAGE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[str, str]]] = {}
        for own in fields.catalogue():
            if own.is_stated and not own.is_archived:
                grouped.setdefault(str(fields.group_label(own.group)), []).append((own.name, str(own.label)))
        self.fields["field"].choices = list(grouped.items())  # type: ignore[attr-defined]

    def rule(self) -> Rule:
        """What the form says."""
        given = self.cleaned_data
        threshold = given["threshold"] or 0
        return Rule(
            "", given["field"], given["check"], threshold, given["severity"], given["kind"], tuple(given["stages"])
        )  # fmt: skip
