"""Merged groups: who is in one, how it came about, and what came since a merge that may be taken apart."""

from collections.abc import Iterable

from django.db.models import Q

from zhike.customers import cards, survivorship
from zhike.customers.identity.grouping import below
from zhike.customers.identity.records import MergeFacts, Side, SinceMerge
from zhike.customers.identity.regrouping import edges_of
from zhike.customers.models import Attachment, ContactRecord, Customer, Merge, Source, SourceRecord, SourceVersion
from zhike.customers.queries.timeline import items_since
from zhike.customers.scope import CustomerUnknown, cards_of, root_within
from zhike.kit import bulk
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

__all__ = ["MergeFacts", "Side", "SinceMerge", "facts_since", "group_of", "merge", "merges_of", "roots_of"]

_MOST = 200
SHOWN_SINCE = 20


def group_of(customer_id: int) -> tuple[int, ...]:
    """The ids of all customers of a merged group, the root among them; just the one where nobody was merged, none for an unknown id."""
    root = Customer.objects.filter(pk=customer_id).values("root_id")
    return tuple(Customer.objects.filter(root_id__in=root).order_by("id").values_list("id", flat=True))


def groups_of(customer_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """{customer: all customers of its merged group}, ascending: one question for many."""
    sql = (
        "SELECT c.id, m.id FROM customers_customer c JOIN customers_customer m ON m.root_id = c.root_id "
        "WHERE c.id IN {values}"
    )
    groups: dict[int, list[int]] = {}
    for customer, member in bulk.fetch_in(sql, sorted(set(customer_ids))):
        groups.setdefault(customer, []).append(member)
    return {customer: tuple(sorted(members)) for customer, members in groups.items()}


def roots_of(customer_ids: Iterable[int]) -> dict[int, int]:
    """{customer: its root}, for things that were laid about customers before they were merged."""
    return dict(Customer.objects.filter(id__in=set(customer_ids)).values_list("id", "root_id"))


def merges_of(viewer: Viewer, customer_id: int) -> list[MergeFacts]:
    """The history of merges of a file, newest first, those taken apart too; empty outside the viewer's scope."""
    group = group_of(customer_id)
    if not group or not cards_of(viewer).filter(customer_id=_root(group[0])).exists():
        return []
    found = Merge.objects.filter(Q(absorbed_id__in=group) | Q(survivor_id__in=group)).order_by("-id")[:_MOST]
    return _facts(viewer, list(found))


def merge(viewer: Viewer, merge_id: int) -> MergeFacts | None:
    """One merge, or None where the viewer may not know of it."""
    found = Merge.objects.filter(pk=merge_id).first()
    if found is None or not cards_of(viewer).filter(customer_id=_root(found.survivor_id)).exists():
        return None
    return _facts(viewer, [found])[0]


def facts_since(viewer: Viewer, merge_id: int) -> SinceMerge:
    """What came since a merge, by the file on which it lies once it is taken apart: for the clerk who is about to.

    Facts of other modules are asked there, by the `record_ids` of each side. Raises CustomerUnknown for a merge that is not
    there, was taken apart, or lies outside the viewer's scope.
    """
    row = Merge.objects.filter(pk=merge_id, undone_at=None).first()
    if row is None:
        raise CustomerUnknown(merge_id)
    root_id = root_within(viewer, row.survivor_id)
    members = set(group_of(root_id))
    off = below(row.absorbed_id, edges_of(members))
    return SinceMerge(
        merge=_facts(viewer, [row])[0],
        restored=_side(viewer, row, row.absorbed_id, off),
        remaining=_side(viewer, row, root_id, members - off),
    )


def _root(customer_id: int) -> int:
    return Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first() or 0


def _facts(viewer: Viewer, merges: list[Merge]) -> list[MergeFacts]:
    ids = {m.absorbed_id for m in merges} | {m.survivor_id for m in merges}
    customers = {c.id: c for c in Customer.objects.filter(id__in=ids).only("id", "number", "root_id")}
    seen = set(
        cards_of(viewer).filter(customer_id__in={c.root_id for c in customers.values()}).values_list("pk", flat=True)
    )
    names = _names(viewer, [m.absorbed_id for m in merges if customers[m.absorbed_id].root_id in seen])
    return [
        MergeFacts(
            id=m.id,
            absorbed_id=m.absorbed_id,
            absorbed_number=customers[m.absorbed_id].number,
            absorbed_name=names.get(m.absorbed_id, ""),
            survivor_id=m.survivor_id,
            survivor_number=customers[m.survivor_id].number,
            why=m.why,
            evidence=m.evidence,
            by_staff_id=m.by_staff_id,
            is_by_machine=m.is_by_machine,
            at=m.at,
            undone_at=m.undone_at,
            undone_by_staff_id=m.undone_by_staff_id,
        )
        for m in merges
        if m.absorbed_id in customers and m.survivor_id in customers
    ]


def _names(viewer: Viewer, customer_ids: Iterable[int]) -> dict[int, str]:
    """What each customer is called by its own sources and house record, as the viewer may see it."""
    said: dict[int, list[survivorship.LiveVersion]] = {}
    for customer_id, version in cards.versions_of_customers(customer_ids):
        said.setdefault(customer_id, []).append(version)
    return {c: secure.show(viewer, "name", cards.shown_name(own)) for c, own in said.items()}


def _side(viewer: Viewer, row: Merge, customer_id: int, members: set[int]) -> Side:
    records = dict(SourceRecord.objects.filter(customer_id__in=members).values_list("id", "created_at"))
    here = {"source_record_id__in": list(records)}
    entered = SourceRecord.objects.filter(id__in=list(records), source_id__in=Source.objects.filter(is_house=True))
    said = SourceVersion.objects.filter(**here, created_at__gt=row.at, withdrawn_at=None)
    counts = {
        "record": sum(at > row.at for at in records.values()),
        "statement": said.exclude(source_record_id__in=entered.values("id")).count(),
        "edit": said.filter(source_record_id__in=entered.values("id")).count(),
        "contact": ContactRecord.objects.filter(**here, created_at__gt=row.at).count(),
        "attachment": Attachment.objects.filter(**here, at__gt=row.at, removed_at=None).count(),
    }
    number = Customer.objects.values_list("number", flat=True).get(pk=customer_id)
    names = _names(viewer, [customer_id])
    items = items_since(viewer, sorted(records), row.at, SHOWN_SINCE)
    return Side(customer_id, number, names.get(customer_id, ""), tuple(sorted(records)), counts, tuple(items))
