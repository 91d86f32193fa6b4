"""Credit files of who is erased or gone."""

from collections.abc import Iterable

from zhike.credit.models import CreditReport, FinancialStatement, Receivable
from zhike.customers import queries as customers
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer

_HELD = (FinancialStatement, CreditReport, Receivable)


def forget_credit(record_ids: Iterable[int]) -> None:
    """Delete statements, reports and invoices of records that are erased or never were; repeatable."""
    wanted = list(record_ids)
    for model in _HELD:
        model._default_manager.filter(source_record_id__in=wanted).delete()


def forget_credit_of(customer_id: int) -> None:
    """Delete what is held of an erased customer; again after each restore."""
    forget_credit(customers.record_ids_of(customer_id))


def forget_lost_credit(*, by: Viewer) -> None:
    """Delete what is held of customers who are no more: the demo shop's, once it was taken out."""
    check(by, "demo.manage")
    records = {r for model in _HELD for r in model._default_manager.values_list("source_record_id", flat=True)}
    forget_credit(records - set(customers.customers_of_records(SYSTEM, records)))
