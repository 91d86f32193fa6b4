"""The source records of a file: how each came to stand there, and the moves by hand that can be taken back."""

from zhike.customers.identity.records import RecordFacts
from zhike.customers.models import Customer, Link, Source, SourceRecord
from zhike.customers.queries.merges import group_of
from zhike.customers.scope import cards_of
from zhike.secure.records import Viewer

BY_HAND = "by_hand"


def moves_of(viewer: Viewer, root_id: int) -> list[RecordFacts]:
    """The records of a file, the first to come first; empty outside the viewer's scope."""
    if not cards_of(viewer).filter(customer_id=root_id).exists():
        return []
    numbers = dict(Customer.objects.filter(id__in=group_of(root_id)).values_list("id", "number"))
    records = list(SourceRecord.objects.filter(customer_id__in=numbers).order_by("id"))
    sources = {s.id: s for s in Source.objects.filter(id__in={r.source_id for r in records})}
    joined: dict[int, Link] = {}
    moved: dict[int, Link] = {}
    for link in Link.objects.filter(source_record_id__in=[r.id for r in records], undone_at=None).order_by("id"):
        (moved if link.why == BY_HAND else joined)[link.source_record_id] = link
    return [_facts(r, sources[r.source_id], numbers[r.customer_id], joined.get(r.id), moved.get(r.id)) for r in records]


def _facts(record: SourceRecord, source: Source, number: str, joined: Link | None, moved: Link | None) -> RecordFacts:
    return RecordFacts(
        id=record.id,
        source_id=source.id,
        source_name=source.name,
        is_house=source.is_house,
        customer_number=number,
        created_at=record.created_at,
        joined_why=joined.why if joined and not moved else "",
        moved_link_id=moved.id if moved else None,
        moved_at=moved.at if moved else None,
        moved_by_staff_id=moved.by_staff_id if moved else None,
    )
