"""Fields a merchant defines: their list, one of them with its versions, and the form that makes and changes them."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.secure import custom_fields, fields
from zhike.secure.custom_fields import Definition, FieldRefused
from zhike.secure.models import CustomField
from zhike.secure.permissions import needs

KINDS = {
    "text": _("Words"),
    "long": _("Long text"),
    "list": _("Several words"),
    "number": _("Number"),
    "date": _("Date"),
    "choice": _("One choice"),
    "many": _("Several choices"),
    "yes_no": _("Yes or no"),
}
ABOUTS = {
    "person+organisation": _("Persons and organizations"),
    "person": _("Persons"),
    "organisation": _("Organizations"),
}
FORMS = {"open": _("Open: can be filtered by"), "sealed": _("Sealed: encrypted, shown as a mask")}
MASKS = {
    "hidden": _("Hide all"),
    "handle": _("First and last character"),
    "name": _("As a name"),
    "phone": _("As a phone"),
    "email": _("As an e-mail"),
    "id_number": _("As an ID number"),
    "bank_card": _("As a card number"),
    "plate": _("As a number plate"),
}
REFUSALS = {
    "name": _("The field needs a name in both languages, at most 60 characters each."),
    "code": _("A code has small letters, digits and underscores, and begins with a letter."),
    "code_taken": _("There is a field of this code already."),
    "too_many": _("There are as many own fields as there can be."),
    "choices": _("One choice a line, each once: at least one, at most 60."),
    "choices_stay": _("A choice stays once it exists; it may be renamed."),
    "class": _("This class is not for own fields."),
    "form": _("Sensitive values have to be sealed."),
    "fixed": _("Kind, storage and whom it is about stay as they are. Make another field and put this one away."),
    "value": _("One of the values is not allowed."),
}


class FieldForm(forms.Form):
    """One field. `fixed` locks what cannot change once it exists."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        help_text=_("For imports and the API; made from the English name."),
    )
    about = forms.ChoiceField(label=_("About"), choices=list(ABOUTS.items()))
    group = forms.ChoiceField(label=_("Group on the file"))
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()))
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line: Chinese | English. For one choice and several choices only."),
    )  # fmt: skip
    cls = forms.ChoiceField(
        label=_("Class: who may see it"), help_text=_("The field policy says what each role sees of a class.")
    )
    form = forms.ChoiceField(label=_("Storage"), choices=list(FORMS.items()))
    mask = forms.ChoiceField(label=_("Mask"), choices=list(MASKS.items()))
    weight = forms.IntegerField(
        label=_("Weight in completeness"), min_value=0, max_value=5, initial=1, help_text=_("0: does not count.")
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = [(c, fields.CLASS_LABELS[c]) for c in fields.CLASSES if c not in ("financial", "secret")]
        for name, choices in (("group", list(fields.GROUPS.items())), ("cls", classes)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.initial = {"group": "custom", "cls": "internal", **self.initial}
        for name in ("code", "about", "kind", "form") if fixed else ():
            self.fields[name].disabled = True

    def definition(self) -> Definition:
        """What the form says."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("code", "choices")}
        return Definition(**given, choices=_choices(self.cleaned_data["choices"]))

    def code_or_made(self) -> str:
        """The code as typed, or one made of the English name."""
        typed = self.cleaned_data["code"].strip()
        return typed or re.sub(r"[^a-z0-9]+", "_", self.cleaned_data["name_en"].lower()).strip("_")


@needs("fields.define")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All own fields, those put away last."""
    found = custom_fields.definitions()
    context = {
        "rows": [(row, fields.field(f"{fields.CUSTOM_PREFIX}{row.code}")) for row in found],
        "kinds": KINDS,
        "abouts": ABOUTS,
        "classes": fields.CLASS_LABELS,
        "groups": fields.GROUPS,
        "forms": FORMS,
    }
    return render(request, "secure/fields.html", context)


@needs("fields.define")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a field."""
    form = FieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            custom_fields.define(form.code_or_made(), form.definition(), by=request.viewer)  # type: ignore[attr-defined]
        except FieldRefused as refusal:
            form.add_error(None, REFUSALS.get(refusal.code, REFUSALS["value"]))
        else:
            messages.success(request, _("The field is there: on files, in filters, in imports."))
            return redirect("secure:fields")
    return render(request, "secure/field.html", {"form": form, "row": None})


@needs("fields.define")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Change a field; how it read before stands below."""
    row = custom_fields.definition(code)
    if row is None:
        raise Http404
    form = FieldForm(request.POST or None, fixed=True, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            custom_fields.change(code, form.definition(), by=request.viewer)  # type: ignore[attr-defined]
        except FieldRefused as refusal:
            form.add_error(None, REFUSALS.get(refusal.code, REFUSALS["value"]))
        else:
            messages.success(request, _("The field is changed."))
            return redirect("secure:fields")
    versions = row.versions.order_by("-version")
    return render(request, "secure/field.html", {"form": form, "row": row, "versions": versions})


@needs("fields.define")
@require_POST
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Put a field away, or take it into use again."""
    act = custom_fields.take_back if "back" in request.POST else custom_fields.put_away
    try:
        act(code, by=request.viewer)  # type: ignore[attr-defined]
    except FieldRefused:
        raise Http404 from None
    return redirect("secure:fields")


def _initial(row: CustomField) -> dict[str, Any]:
    names = ("name_zh", "name_en", "code", "about", "group", "kind", "cls", "form", "mask", "weight")
    return {name: getattr(row, name) for name in names} | {"choices": "\n".join(" | ".join(c) for c in row.choices)}


def _choices(text: str) -> tuple[tuple[str, str, str], ...]:
    """Lines of `Chinese | English`, or `code | Chinese | English` as the form shows those that exist."""
    lines = [[part.strip() for part in re.split(r"[|｜]", line)] for line in text.splitlines() if line.strip()]
    taken = {parts[0] for parts in lines if len(parts) == 3}
    found: list[tuple[str, str, str]] = []
    for parts in lines:
        if len(parts) == 3:
            found.append((parts[0], parts[1], parts[2]))
            continue
        number = next(n for n in range(1, 1000) if f"c{n}" not in taken)
        taken.add(f"c{number}")
        found.append((f"c{number}", parts[0], parts[-1]))
    return tuple(found)
