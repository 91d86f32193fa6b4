"""A customer made by hand, and the pattern of file numbers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.desk import problems, words
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_ASKED = ("name", "sex", "birth_date", "occupation", "phone", "email", "wechat", "address", "credit_code", "company")


class CustomerForm(forms.Form):
    """The smallest form of a file: number, name, sex, birth date, occupation, phone, address, e-mail."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=list(words.KINDS.items()), initial="person", widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=120, required=False)
    wechat = forms.CharField(label=gettext_lazy("WeChat"), max_length=60, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300, required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=[("", "–"), *words.SEXES.items()], required=False)
    birth_date = forms.CharField(
        label=gettext_lazy("Birth date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    occupation = forms.CharField(label=gettext_lazy("Occupation"), max_length=60, required=False)
    credit_code = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=18, required=False)


@needs("customers.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a file by hand; the rest is filled in on the file itself."""
    form = CustomerForm(request.POST or None)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            customer_id = do.add_customer(form.cleaned_data["kind"], _stated(form), by=viewer)
        except do.EditRefused as refusal:
            form.add_error(refusal.params.get("field"), problems.words(refusal.code, refusal.params))
        except do.KnownAlready as known:
            form.add_error(
                None, _("There is a file with this phone or e-mail already: %(number)s.") % {"number": known.number}
            )
        else:
            head = customers.header(viewer, customer_id)
            return redirect("desk:file", head.row.public_id) if head else redirect("desk:register")
    return render(request, "desk/new.html", {"form": form})


def _stated(form: CustomerForm) -> dict[str, str]:
    given = form.cleaned_data
    left_out = ("sex", "birth_date", "occupation", "wechat") if given["kind"] == "organisation" else ("credit_code",)
    return {name: given[name] for name in _ASKED if given.get(name) and name not in left_out}


@needs("fields.define")
@require_http_methods(["GET", "POST"])
def numbering(request: HttpRequest) -> HttpResponse:
    """How file numbers are written from now on, for each kind and for shops with numbers of their own."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    held = customers.number_patterns()
    lines = _lines(held)
    problem = ""
    if request.method == "POST":
        problem = _keep(request, lines, held, viewer)
        if not problem:
            messages.success(request, _("New files are numbered so from now on; numbers given out stay."))
            return redirect("desk:numbering")
    return render(request, "desk/numbering.html", {"lines": lines, "problem": problem, "given": request.POST})


def _lines(held: dict[tuple[str, int | None], str]) -> list[dict[str, Any]]:
    """One line a kind, and one for each source and kind that may have a pattern of its own."""
    found: list[dict[str, Any]] = []
    for kind, label in words.KINDS.items():
        found.append(
            {
                "name": f"{kind}.",
                "kind": kind,
                "source_id": None,
                "label": label,
                "value": held.get((kind, None), customers.DEFAULT_PATTERN),
            }
        )
    for source in customers.sources():
        for kind, label in words.KINDS.items() if not source.is_house else ():
            line = {
                "name": f"{kind}.{source.id}",
                "kind": kind,
                "source_id": source.id,
                "value": held.get((kind, source.id), ""),
            }
            found.append(line | {"label": f"{source.name} · {label}"})
    return found


def _keep(
    request: HttpRequest, lines: list[dict[str, Any]], held: dict[tuple[str, int | None], str], viewer: Viewer
) -> str:
    for line in lines:
        typed = request.POST.get(line["name"], "").strip().upper()
        for part in ("KIND", "REGION", "YEAR", "SERIAL", "CHECK"):
            typed = typed.replace(f"{{{part}}}", f"{{{part.lower()}}}")
        if typed and typed != held.get((line["kind"], line["source_id"])):
            try:
                do.set_pattern(line["kind"], typed, by=viewer, source_id=line["source_id"])
            except do.PatternRefused as refusal:
                return f"{line['label']}: {problems.words(f'pattern.{refusal.code}', {})}"
    return ""
