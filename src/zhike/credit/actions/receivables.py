"""Invoices and how far they are paid: entered one by one."""

from django.db import transaction

from zhike.credit.models import Receivable
from zhike.credit.records import InvoiceStated
from zhike.customers import actions as customers
from zhike.kit import clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

_MOST_CENTS = 10**15


class InvoiceRefused(ValueError):
    """An invoice cannot read so. `code`: number, amount, paid, dates."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def note_invoice(customer_id: int, invoice: InvoiceStated, *, by: Viewer) -> bool:
    """Note an invoice, or how far one of the same number is paid now; whether it is new.

    Raises InvoiceRefused, Forbidden, CustomerUnknown.
    """
    check(by, "credit.edit")
    if not policy.may_edit(by, "receivables"):
        raise Forbidden("receivables")
    _refuse_bad(invoice)
    number = " ".join(invoice.number.split())[:60]
    columns = {
        "currency": installation().currency,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "amount_cents": invoice.amount_cents,
        "paid_cents": invoice.paid_cents,
        "paid_on": invoice.paid_on,
        "updated_at": clock.now(),
    }
    with transaction.atomic():
        record_id = customers.house_record(customer_id, by=by)
        known = Receivable.objects.select_for_update().filter(source_record_id=record_id, number=number).first()
        if known is not None:
            Receivable.objects.filter(pk=known.pk).update(**columns)
        else:
            known = Receivable.objects.create(
                id=ids.take("receivable")[0],
                source_record_id=record_id,
                number=number,
                by_staff_id=by.staff_id,
                created_at=clock.now(),
                **columns,
            )
            secure.record_audit("receivable.noted", by=by, about=("receivable", known.pk))
            return True
        secure.record_audit("receivable.noted", by=by, about=("receivable", known.pk), detail={"again": True})
    return False


def _refuse_bad(invoice: InvoiceStated) -> None:
    if not invoice.number.strip():
        raise InvoiceRefused("number")
    if not 0 < invoice.amount_cents <= _MOST_CENTS:
        raise InvoiceRefused("amount")
    if not 0 <= invoice.paid_cents <= invoice.amount_cents:
        raise InvoiceRefused("paid")
    today = clock.today(installation().time_zone)
    if invoice.issued_on is not None and invoice.issued_on > invoice.due_on:
        raise InvoiceRefused("dates")
    if (invoice.paid_on is not None and invoice.paid_on > today) or (
        invoice.paid_on is None and invoice.paid_cents == invoice.amount_cents
    ):
        raise InvoiceRefused("dates")
