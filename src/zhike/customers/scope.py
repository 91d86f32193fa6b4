"""Whose files a viewer may see and touch: own, team or all. Every question and act of this module passes here first."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from zhike.customers.models import Customer, CustomerCard, SourceRecord
from zhike.kit import bulk
from zhike.kit.answering import once_a_page
from zhike.secure.records import Viewer


class CustomerUnknown(LookupError):
    """No such customer, or none this viewer may know of: the two look alike on purpose."""


def within(viewer: Viewer) -> Q:
    """The condition on cards that the viewer's scope sets; a file outside it does not exist for the viewer."""
    owners = viewer.scope_staff_ids()
    return Q() if owners is None else Q(owner_staff_id__in=sorted(owners))


def cards_of(viewer: Viewer) -> QuerySet[CustomerCard]:
    """The cards a viewer may see, archived ones too."""
    return CustomerCard.objects.filter(within(viewer))


@once_a_page
def card_of(viewer: Viewer, customer_id: int) -> CustomerCard | None:
    """The card of one root customer, if the viewer may see it."""
    return cards_of(viewer).filter(customer_id=customer_id).first()


@once_a_page
def numbers_of_group(root_id: int) -> dict[int, str]:
    """{customer: number} of a whole merged group, given its root."""
    return dict(Customer.objects.filter(root_id=root_id).values_list("id", "number"))


def records_in_scope(viewer: Viewer) -> QuerySet[SourceRecord, Any] | None:
    """The ids of source records on files the viewer may see, as a query to nest in another; None means all records."""
    if viewer.scope_staff_ids() is None:
        return None
    members = Customer.objects.filter(root_id__in=cards_of(viewer).values("customer_id"))
    return SourceRecord.objects.filter(customer_id__in=members.values("id")).values("id")


def customers_of_records(viewer: Viewer, record_ids: Iterable[int]) -> dict[int, int]:
    """{record: root customer} for the records whose file the viewer may see: two questions, however many."""
    pairs = dict(SourceRecord.objects.filter(id__in=list(record_ids)).values_list("id", "customer_id"))
    roots = dict(Customer.objects.filter(id__in=set(pairs.values())).values_list("id", "root_id"))
    seen = set(cards_of(viewer).filter(customer_id__in=set(roots.values())).values_list("customer_id", flat=True))
    return {record: roots[c] for record, c in pairs.items() if roots[c] in seen}


def record_ids_of(customer_id: int) -> list[int]:
    """The source records of a customer's whole merged group; empty when there is no such customer."""
    root = Customer.objects.filter(pk=customer_id).values("root_id")
    members = Customer.objects.filter(root_id__in=root).values("id")
    return list(SourceRecord.objects.filter(customer_id__in=members).values_list("id", flat=True))


def erased_among(record_ids: Iterable[int]) -> set[int]:
    """Which of these records belong to people who were erased: what a source says of them is not taken in."""
    sql = "SELECT id FROM customers_sourcerecord WHERE erased_at IS NOT NULL AND id IN {values}"
    return {i for (i,) in bulk.fetch_in(sql, sorted(set(record_ids)))}


def root_within(viewer: Viewer, customer_id: int) -> int:
    """The root of a customer, if the viewer may know of it. Raises CustomerUnknown."""
    root_id = Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first()
    if root_id is None or not cards_of(viewer).filter(pk=root_id).exists():
        raise CustomerUnknown(customer_id)
    return int(root_id)


def roots_within(viewer: Viewer, customer_ids: list[int]) -> list[int]:
    """The roots of the given customers that the viewer may touch; the others are left out without a word."""
    roots = Customer.objects.filter(pk__in=customer_ids).values_list("root_id", flat=True)
    return list(cards_of(viewer).filter(pk__in=set(roots)).values_list("customer_id", flat=True))


def customer_of_record(record_id: int) -> int | None:
    """The root customer a source record stands on today; for machines, asks no right."""
    owner = SourceRecord.objects.filter(pk=record_id).values("customer_id")
    found = Customer.objects.filter(pk__in=owner).values_list("root_id", flat=True).first()
    return int(found) if found is not None else None
