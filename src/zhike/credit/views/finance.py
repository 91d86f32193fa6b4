"""The figures of one organization 经营情况, and its statements entered by hand."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.credit import actions, finance_page, queries, refusals, words
from zhike.credit.records import AMOUNTS, Stated, StatementFacts
from zhike.credit.views.party import head_of
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike_analytics.values import amounts
from zhike_analytics.values.problem import ValueProblem

_UNITS = {"100": gettext_lazy("yuan"), "1000000": gettext_lazy("10,000 yuan")}


class StatementForm(forms.Form):
    """A statement, amounts in the unit chosen."""

    ends_on = forms.DateField(label=gettext_lazy("End of the period"), widget=forms.DateInput({"type": "date"}))
    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=list(words.PERIODS.items()))
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the amounts"), choices=list(_UNITS.items()), initial="1000000")
    is_audited = forms.BooleanField(label=gettext_lazy("Audited"), required=False)
    is_consolidated = forms.BooleanField(label=gettext_lazy("Consolidated"), required=False)
    origin = forms.CharField(
        label=gettext_lazy("Where it comes from"), max_length=120, required=False,
        help_text=gettext_lazy("Such as: annual report, from the customer, credit bureau."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in AMOUNTS:
            widget = forms.TextInput({"inputmode": "decimal", "class": "num"})
            self.fields[name] = forms.CharField(
                max_length=24, required=False, widget=widget
            )  # fmt: skip
            self.fields[name].label = words.AMOUNTS[name]  # type: ignore[assignment]

    def amount_fields(self) -> list[Any]:
        """The fields of amounts, bound."""
        return [self[name] for name in AMOUNTS]

    def head_fields(self) -> list[Any]:
        """The other fields, bound."""
        return [self[name] for name in self.fields if name not in AMOUNTS]

    def clean(self) -> dict[str, Any]:
        """Amounts as whole cents; what is no amount is told at its field."""
        given = super().clean() or {}
        unit = int(given.get("unit") or 100)
        for name in AMOUNTS:
            text = (given.get(name) or "").strip()
            if not text:
                given[name] = None
                continue
            try:
                given[name] = int((Decimal(amounts.amount(text).text) * unit).to_integral_value())
            except ValueProblem:
                self.add_error(name, refusals.statement("amount", name))
        return given

    def stated(self) -> Stated:
        """What was typed."""
        given = self.cleaned_data
        return Stated(
            ends_on=given["ends_on"],
            period=given["period"],
            is_audited=given["is_audited"],
            is_consolidated=given["is_consolidated"],
            origin=given["origin"],
            note=given["note"],
            amounts={name: given.get(name) for name in AMOUNTS},
        )


@needs("credit.view")
@require_GET
def finance(request: HttpRequest, customer: str) -> HttpResponse:
    """The figures of an organization: ratios, their way, warnings, peers, statements."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, customer)
    if head.row.kind != "organisation":
        raise Http404
    found = queries.analysis(viewer, head.row.customer_id, head.record_ids)
    context = {
        "head": head,
        "row": head.row,
        "sees": queries.sees_statements(viewer),
        "may_edit": _may_edit(viewer),
        "currency": installation().currency,
        "periods_words": words.PERIODS,
        **(finance_page.page(found, queries.statements_of(viewer, head.record_ids)) if found else {}),
    }
    return render(request, "credit/finance.html", context)


@needs("credit.edit")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, customer: str) -> HttpResponse:
    """Enter a statement."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, customer)
    if not _may_edit(viewer) or head.row.kind != "organisation":
        raise Http404
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_statement(head.row.customer_id, form.stated(), by=viewer)
        except actions.StatementRefused as refusal:
            form.add_error(refusal.part or None, refusals.statement(refusal.code, refusal.part))
        else:
            return redirect("credit:finance", head.row.public_id)
    return render(request, "credit/statement_form.html", {"form": form, "row": head.row, "statement": None})


@needs("credit.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, customer: str, public_id: str) -> HttpResponse:
    """Correct a statement."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, held = _held(viewer, customer, public_id)
    form = StatementForm(request.POST or None, initial=_initial(held))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_statement(public_id, form.stated(), by=viewer)
        except actions.StatementRefused as refusal:
            form.add_error(refusal.part or None, refusals.statement(refusal.code, refusal.part))
        else:
            return redirect("credit:finance", head.row.public_id)
    return render(request, "credit/statement_form.html", {"form": form, "row": head.row, "statement": held})


@needs("credit.edit")
@require_POST
def remove(request: HttpRequest, customer: str, public_id: str) -> HttpResponse:
    """Take a statement away."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, _statement = _held(viewer, customer, public_id)
    actions.remove_statement(public_id, by=viewer)
    messages.success(request, _("The statement is gone."))
    return redirect("credit:finance", head.row.public_id)


def _held(viewer: Viewer, customer: str, public_id: str) -> tuple[Any, StatementFacts]:
    head, held = head_of(viewer, customer), queries.statement(viewer, public_id)
    if held is None or held.source_record_id not in head.record_ids or not _may_edit(viewer):
        raise Http404
    return head, held


def _initial(held: StatementFacts) -> dict[str, Any]:
    known = {name: cents for name, cents in held.amounts.items() if cents is not None}
    unit = 1_000_000 if all(cents % 1_000_000 == 0 for cents in known.values()) else 100
    names = ("ends_on", "period", "is_audited", "is_consolidated", "origin", "note")
    typed = {name: f"{Decimal(cents) / unit:f}" for name, cents in known.items()}
    return {name: getattr(held, name) for name in names} | {"unit": str(unit)} | typed


def _may_edit(viewer: Viewer) -> bool:
    return viewer.can("credit.edit") and secure.may_edit(viewer, "statements")
