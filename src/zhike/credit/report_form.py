"""The form of a credit report: factors of each set, sections, sources, proposal."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.credit import words
from zhike.credit.records import SECTIONS, SETS, ReportDraft, ReportFacts
from zhike.credit.telling import cents_of
from zhike_analytics.credit import FACTORS, GRADES

SOURCES = 5
_GRADES = [("", gettext_lazy("as computed")), *((grade, grade) for grade, _ in GRADES)]
_JUDGED = [("", "–"), *((str(n), str(n)) for n in range(10, 0, -1))]


class ReportForm(forms.Form):
    """What an author writes."""

    leading = forms.ChoiceField(
        label=gettext_lazy("Set whose grade counts"), choices=list(words.SETS.items()),
        help_text=gettext_lazy("The three sets look at the same firm: they are never added together."),
    )  # fmt: skip
    override_grade = forms.ChoiceField(label=gettext_lazy("Grade set by hand"), choices=_GRADES, required=False)
    override_why = forms.CharField(label=gettext_lazy("Why by hand"), max_length=400, required=False)
    limit = forms.CharField(label=gettext_lazy("Limit proposed"), max_length=24, required=False)
    terms_days = forms.IntegerField(
        label=gettext_lazy("Days of terms (0: pay before delivery)"), min_value=0, max_value=3650, required=False
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput({"type": "date"})
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in SETS:
            for factor in FACTORS[kind]:
                name = f"{kind}_{factor}"
                self.fields[name] = forms.ChoiceField(choices=_JUDGED, required=False)
                self.fields[name].label = words.FACTORS[factor]  # type: ignore[assignment]
                self.fields[f"{name}_why"] = forms.CharField(
                    label=gettext_lazy("Evidence"), max_length=400, required=False
                )  # fmt: skip
        for code in SECTIONS:
            box = forms.Textarea({"rows": 3})
            self.fields[f"section_{code}"] = forms.CharField(
                max_length=4000, required=False, widget=box
            )  # fmt: skip
            self.fields[f"section_{code}"].label = words.SECTIONS[code]  # type: ignore[assignment]
        for place in range(SOURCES):
            self.fields[f"source_{place}"] = forms.CharField(
                label=gettext_lazy("Source"), max_length=80, required=False
            )  # fmt: skip
            self.fields[f"source_{place}_on"] = forms.DateField(
                label=gettext_lazy("Day"), required=False, widget=forms.DateInput({"type": "date"})
            )
            self.fields[f"source_{place}_says"] = forms.CharField(
                label=pgettext_lazy("credit", "What it says"), max_length=200, required=False
            )

    def judged(self) -> list[tuple[str, Any, list[tuple[Any, Any, Any]]]]:
        """(set, its name, rows of factor, control of the score, control of the evidence) as the template shows them."""
        return [
            (
                kind,
                words.SETS[kind],
                [(words.ABOUT_FACTORS[f], self[f"{kind}_{f}"], self[f"{kind}_{f}_why"]) for f in FACTORS[kind]],
            )
            for kind in SETS
        ]

    def section_fields(self) -> list[Any]:
        """The sections, bound."""
        return [self[f"section_{code}"] for code in SECTIONS]

    def source_fields(self) -> list[tuple[Any, Any, Any]]:
        """The sources, bound."""
        return [(self[f"source_{n}"], self[f"source_{n}_on"], self[f"source_{n}_says"]) for n in range(SOURCES)]

    def draft(self) -> ReportDraft:
        """What was typed. An amount that is none counts as not given."""
        given = self.cleaned_data
        scores = {
            kind: {
                f: (float(given[f"{kind}_{f}"]) if given[f"{kind}_{f}"] else None, given[f"{kind}_{f}_why"])
                for f in FACTORS[kind]
                if given[f"{kind}_{f}"] or given[f"{kind}_{f}_why"]
            }
            for kind in SETS
        }
        sources = [
            (given[f"source_{n}"], given[f"source_{n}_on"].isoformat() if given[f"source_{n}_on"] else "",
             given[f"source_{n}_says"])
            for n in range(SOURCES)
            if given[f"source_{n}"]
        ]  # fmt: skip
        return ReportDraft(
            leading=given["leading"],
            scores={kind: factors for kind, factors in scores.items() if factors},
            sections={code: given[f"section_{code}"] for code in SECTIONS},
            sources=sources,
            override_grade=given["override_grade"],
            override_why=given["override_why"],
            limit_cents=cents_of(given["limit"]),
            terms_days=given["terms_days"],
            valid_until=given["valid_until"],
        )


def initial_of(report: ReportFacts) -> dict[str, Any]:
    """A draft as the form shows it."""
    told: dict[str, Any] = {
        "leading": report.leading,
        "override_grade": report.override_grade,
        "override_why": report.override_why,
        "limit": "" if report.limit_cents is None else f"{report.limit_cents / 100:.2f}",
        "terms_days": report.terms_days,
        "valid_until": report.valid_until,
    }
    for kind, factors in report.scores.items():
        for factor, (value, evidence) in factors.items():
            told[f"{kind}_{factor}"] = "" if value is None else str(round(value))
            told[f"{kind}_{factor}_why"] = evidence
    told |= {f"section_{code}": text for code, text in report.sections.items()}
    for place, (name, day, says) in enumerate(report.sources[:SOURCES]):
        told |= {f"source_{place}": name, f"source_{place}_on": day, f"source_{place}_says": says}
    return told


def first_values(review_days: int, today: dt.date) -> Mapping[str, Any]:
    """What a new report begins with."""
    return {"leading": "5c", "valid_until": today + dt.timedelta(days=review_days)}
