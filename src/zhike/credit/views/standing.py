"""Where a customer stands with us: credit in force, what it owes, how it pays, and whether an order would wait."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from zhike.credit import actions, queries, refusals, words
from zhike.credit.records import CreditStanding, InvoiceStated
from zhike.credit.telling import cents_of, labels, payment_rows, terms_text
from zhike.credit.views.party import head_of
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text


class InvoiceForm(forms.Form):
    """An invoice, and how far it is paid."""

    number = forms.CharField(label=gettext_lazy("Invoice number"), max_length=60)
    amount = forms.CharField(label=gettext_lazy("Amount"), max_length=24)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), required=False)
    due_on = forms.DateField(label=gettext_lazy("Due"))
    paid = forms.CharField(label=gettext_lazy("Paid"), max_length=24, required=False)
    paid_on = forms.DateField(label=gettext_lazy("Paid on"), required=False)


@needs("credit.view")
@require_GET
def standing(request: HttpRequest, customer: str) -> HttpResponse:
    """The credit of a customer. `order=` asks whether an order of this amount would wait."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, customer)
    found = queries.standing(viewer, head.row.customer_id)
    if found is None:
        raise Http404
    asked = request.GET.get("order", "")
    cents = cents_of(asked)
    shown = secure.sight(viewer, "credit") == "shown"
    context = {
        "head": head,
        "row": head.row,
        "is_person": head.row.kind != "organisation",
        "standing": found,
        "report": found.report,
        "stats": _stats(found, shown=shown),
        "ages": _ages(found),
        "payments": payment_rows(found.payments),
        "reports": queries.reports_of(viewer, head.record_ids),
        "invoices": queries.receivables_of(viewer, head.record_ids, limit=30),
        "asked": asked if cents is not None else "",
        "hold": queries.hold_for(viewer, head.row.customer_id, cents) if cents is not None else None,
        "asked_cents": cents,
        "shown": shown,
        "sees_invoices": secure.sight(viewer, "receivables") == "shown",
        "may_write": viewer.can("credit.edit") and secure.may_edit(viewer, "credit"),
        "may_note": viewer.can("credit.edit") and secure.may_edit(viewer, "receivables"),
        **labels(),
    }
    return render(request, "credit/standing.html", context)


@needs("credit.edit")
@require_POST
def invoice(request: HttpRequest, customer: str) -> HttpResponse:
    """Note an invoice, or how far it is paid."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, form = head_of(viewer, customer), InvoiceForm(request.POST)
    amount, paid = cents_of(request.POST.get("amount", "")), cents_of(request.POST.get("paid", "") or "0")
    if not form.is_valid() or amount is None or paid is None:
        messages.error(request, refusals.invoice("amount" if amount is None else "paid" if paid is None else "dates"))
        return redirect("credit:standing", head.row.public_id)
    given = form.cleaned_data
    stated = InvoiceStated(
        number=given["number"], issued_on=given["issued_on"], due_on=given["due_on"], amount_cents=amount, paid_cents=paid,
        paid_on=given["paid_on"],
    )  # fmt: skip
    try:
        is_new = actions.note_invoice(head.row.customer_id, stated, by=viewer)
    except actions.InvoiceRefused as refusal:
        messages.error(request, refusals.invoice(refusal.code))
    else:
        messages.success(request, _("The invoice is noted.") if is_new else _("The invoice is brought up to date."))
    return redirect("credit:standing", head.row.public_id)


def _stats(found: CreditStanding, *, shown: bool) -> list[dict[str, Any]]:
    report = found.report
    limit = report.limit_cents if report else None
    return [
        {
            "label": _("Grade") if shown else _("Class of credit"),
            "value": (report.grade if report and report.grade else "–") if shown else (found.band or "–"),
            "note": _("expired") if found.is_expired else "",
        },
        {"label": pgettext("credit", "Limit"), "value": money_text(limit, found.currency), "note": terms_text(report.terms_days) if report else ""},
        {"label": _("Owed and on order"), "value": money_text(found.owed_cents, found.currency), "note": ""},
        {"label": _("Still free"), "value": money_text(found.free_cents, found.currency), "note": ""},
    ]  # fmt: skip


def _ages(found: CreditStanding) -> list[dict[str, Any]]:
    tones = {"not_due": "good", "to_30": "warn", "to_60": "warn", "to_90": "bad", "over_90": "bad"}
    return [
        {"label": words.AGES[code], "value": cents, "shown": money_text(cents, found.currency), "tone": tones[code]}
        for code, cents in found.ages.items()
        if cents
    ]
