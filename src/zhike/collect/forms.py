"""Forms of the collect pages."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.collect import source_kinds
from zhike.collect.mapping import templates
from zhike.customers import queries as customers

NEW_SOURCE = "new"
GUESS = "guess"
FILES = ".csv,.txt,.tsv,.gz,.xlsx,.xls,.ods,.jsonl,.ndjson"


class ManyFiles(forms.FileInput):
    """A field that takes several files; the form looks at one of them, the view reads them all."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """One of the files."""
        return files.get(name)


class UploadForm(forms.Form):
    """The first step: the file."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": FILES}))
    lines = forms.FileField(
        label=_("Order details"), required=False, widget=forms.FileInput(attrs={"accept": FILES}),
        help_text=_("Taobao and Tmall only: the ExportOrderDetailList of the same orders, with each item."),
    )  # fmt: skip
    related = forms.FileField(
        label=_("Related tables"), required=False, widget=ManyFiles(attrs={"accept": FILES, "multiple": True}),
        help_text=_("Tables your mapping file joins; each is known by its file name, items.csv as “items”."),
    )  # fmt: skip
    mapping = forms.FileField(
        label=_("Mapping file"),
        required=False,
        help_text=_("Only for a file no template knows: a YAML file that says what its columns mean."),
    )
    project = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput())
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[
            ("", _("Detect")),
            ("utf-8", "UTF-8"),
            ("gb18030", "GBK / GB18030"),
            ("utf-16", "UTF-16"),
            ("big5", "Big5"),
            ("cp1252", "Windows-1252"),
        ],
    )


def _template_choices() -> list[tuple[str, str]]:
    spoken = "zh" if (get_language() or "").startswith("zh") else "en"
    return [(code, found.titles.get(spoken, code)) for code, found in templates().items() if found.kind != "lines"]


class DescribeForm(forms.Form):
    """The second step: what the file is, and where it comes from."""

    template = forms.ChoiceField(label=_("What the file is"))
    source = forms.ChoiceField(label=_("Source"), help_text=_("Every value keeps where it came from."))
    name = forms.CharField(label=_("Name of the new source"), required=False, max_length=120)
    channel_kind = forms.ChoiceField(label=_("Kind of source"), required=False)
    legal_basis = forms.ChoiceField(label=_("Legal basis"), required=False)
    notice_text = forms.CharField(
        label=_("Notice given to the persons"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What people were told about the use of their data, for example the shop's privacy notice."),
    )  # fmt: skip

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(
        self,
        *args: Any,
        own_mapping: bool = False,
        may_add_source: bool = True,
        sheets: tuple[str, ...] = (),
        saved: list[tuple[str, str]] = (),  # type: ignore[assignment]
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in (
            "name",
            "channel_kind",
            "legal_basis",
        ):  # asked for as soon as the source is a new one: not optional
            self.fields[name].asked_for = True  # type: ignore[attr-defined]
        recognized = bool((kwargs.get("initial") or {}).get("template"))
        own = [("", _("Own mapping file"))] if own_mapping else [] if recognized else [("", _("Choose …"))]
        guess = [(GUESS, _("Another kind of file: say what its columns mean"))]
        _set_choices(self, "template", [*own, *guess, *saved, *_template_choices()])
        _set_choices(self, "sheet", [(name, name) for name in sheets])
        self.fields["template"].required = not own_mapping
        sources = [(str(s.id), s.name) for s in customers.sources() if not s.is_house]
        _set_choices(self, "source", [*sources, *([(NEW_SOURCE, _("A new source …"))] if may_add_source else [])])
        _set_choices(self, "channel_kind", list(source_kinds.KINDS.items()))
        _set_choices(self, "legal_basis", [("", _("Choose …")), *source_kinds.LEGAL_BASES.items()])

    def clean(self) -> dict[str, Any]:
        """A new source needs a name and a legal basis."""
        values = super().clean() or {}
        if values.get("source") == NEW_SOURCE:
            if not values.get("name", "").strip():
                self.add_error("name", _("Give the new source a name."))
            if not values.get("legal_basis"):
                self.add_error("legal_basis", _("Say on what legal basis the data is used."))
        return values


class SourceForm(forms.Form):
    """A place data comes from."""

    name = forms.CharField(label=_("Name of the source"), max_length=120)
    channel_kind = forms.ChoiceField(label=_("Kind"))
    platform = forms.CharField(
        label=_("Platform"),
        max_length=40,
        required=False,
        help_text=_("taobao, shopify …: decides by what a customer is known."),
    )
    legal_basis = forms.ChoiceField(label=_("Legal basis"))
    notice_text = forms.CharField(
        label=_("Notice given to the persons"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    trust_grade = forms.TypedChoiceField(
        label=_("Trust"),
        coerce=int,
        initial=3,
        help_text=_("Of two values, the one from the more trusted source stands."),
    )
    is_direct = forms.BooleanField(
        label=_("Direct: from the customer, not through others"), required=False, initial=True
    )
    is_internal = forms.BooleanField(label=_("Internal: from our own dealings"), required=False, initial=True)
    is_first_hand = forms.BooleanField(label=_("First hand"), required=False, initial=True)
    is_online = forms.BooleanField(label=_("Online"), required=False, initial=True)
    owner_staff_id = forms.TypedChoiceField(label=_("In charge"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, staff: list[tuple[int, str]] = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        grouped = [
            (_("Internal"), list(source_kinds.INTERNAL.items())),
            (_("External"), list(source_kinds.EXTERNAL.items())),
        ]
        _set_choices(self, "channel_kind", grouped)
        _set_choices(self, "legal_basis", list(source_kinds.LEGAL_BASES.items()))
        _set_choices(self, "trust_grade", list(source_kinds.TRUST.items()))
        _set_choices(self, "owner_staff_id", [("", "–"), *staff])


class WorkForm(forms.Form):
    """Time spent on a source."""

    worked_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.DecimalField(label=_("Hours worked"), min_value=0, max_value=1000, max_digits=6, decimal_places=2)
    work_note = forms.CharField(label=_("Note"), max_length=120, required=False)


class IncentiveForm(forms.Form):
    """What somebody earned by collecting."""

    staff = forms.TypedChoiceField(label=_("Collector"), coerce=int)
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    rate = forms.DecimalField(label=_("Amount for each record"), min_value=0, max_digits=9, decimal_places=2)
    records = forms.IntegerField(
        label=_("Records"), min_value=1, required=False,
        help_text=_("Left empty, the files this person entered by hand are counted, without those found to be invented."),
    )  # fmt: skip
    incentive_note = forms.CharField(label=_("Note"), max_length=120, required=False)

    def __init__(self, *arguments: Any, staff: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        _set_choices(self, "staff", list(staff))


class ProjectForm(forms.Form):
    """A migration out of a former system."""

    name = forms.CharField(label=_("Name of the migration"), max_length=120)
    former_system = forms.CharField(label=_("Former system"), max_length=120, required=False)
    extracted = forms.CharField(
        label=_("How the data was taken out"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which export or query, by whom, on what day: so that it can be done again."),
    )  # fmt: skip


class CostForm(forms.Form):
    """Money spent on a source."""

    spent_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.CharField(label=_("What for"), max_length=40)
    amount = forms.DecimalField(label=_("Amount"), max_digits=12, decimal_places=2)


def _set_choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
