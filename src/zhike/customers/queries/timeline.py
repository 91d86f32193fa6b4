"""What the customers module knows of a file's history: contacts noted, values edited by staff, sources that spoke."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from zhike.customers.models import Attachment, ContactRecord, SourceRecord, SourceVersion
from zhike.customers.queries.attachments import attachment_items, attachments_as_items
from zhike.customers.queries.cuttings import parts_of
from zhike.customers.queries.newest import newest_ids
from zhike.customers.queries.sources import names_of_sources
from zhike.customers.records import TimelineItem, TimelinePlace
from zhike.secure import fields
from zhike.secure.records import Viewer

CONTACT_KINDS = ("contact", "edit", "statement", "attachment")


def timeline(
    viewer: Viewer,
    record_ids: Sequence[int],
    before: TimelinePlace | None = None,
    limit: int = 30,
    *,
    kinds: Sequence[str] = CONTACT_KINDS,
) -> list[TimelineItem]:
    """Items of these records before a place, newest first: `contact`, `edit` (staff changed values), `statement` (a source).

    The words of a contact are there for whom notes are not hidden, with offers to reveal what was cut out of them.
    """
    found: list[TimelineItem] = []
    if "contact" in kinds:
        found += _contacts(viewer, record_ids, before, limit)
    stated = [kind for kind in ("edit", "statement") if kind in kinds]
    names = _source_names(record_ids) if stated else {}
    for kind in stated:
        found += _versions(kind, names, record_ids, before, limit)
    if "attachment" in kinds:
        found += attachment_items(viewer, "attachment", record_ids, before, limit)
    return sorted(found, key=place_of, reverse=True)[:limit]


def items_since(viewer: Viewer, record_ids: Sequence[int], moment: dt.datetime, limit: int) -> list[TimelineItem]:
    """The newest things that were recorded after a moment, whenever they happened: what came on these records since then."""
    names = _source_names(record_ids)
    here = {"source_record_id__in": record_ids}
    said = SourceVersion.objects.filter(**here, created_at__gt=moment, withdrawn_at=None).order_by("-id")
    found = [
        _statement("edit" if v.by_staff_id else "statement", v, names)
        for v in said.only("id", "source_record_id", "as_of", "facts", "by_staff_id")[:limit]
    ]
    contacts = ContactRecord.objects.filter(**here, created_at__gt=moment).order_by("-id")[:limit]
    found += [_contact(viewer, c) for c in contacts]
    attached = Attachment.objects.filter(**here, at__gt=moment).order_by("-id").values_list("id", flat=True)[:limit]
    found += attachments_as_items(viewer, "attachment", list(attached))
    return sorted(found, key=place_of, reverse=True)[:limit]


def place_of(item: TimelineItem) -> TimelinePlace:
    """An item's place in the one order all modules share."""
    return TimelinePlace(item.at, item.kind, int(item.key))


def _contacts(
    viewer: Viewer, record_ids: Sequence[int], before: TimelinePlace | None, limit: int
) -> list[TimelineItem]:
    ids = newest_ids("customers_contactrecord", "at", "contact", record_ids, before, limit)
    return [_contact(viewer, c) for c in ContactRecord.objects.filter(id__in=ids)]


def _contact(viewer: Viewer, c: ContactRecord) -> TimelineItem:
    return TimelineItem(
        at=c.at,
        kind="contact",
        key=str(c.id),
        title=c.way,
        detail=c.purpose,
        parts=parts_of(viewer, c),
        amount_cents=c.cost_cents or None,
        state=c.outcome,
    )


def _source_names(record_ids: Sequence[int]) -> dict[int, str]:
    """{record: the name of its source}, the house by its own words."""
    records = dict(SourceRecord.objects.filter(id__in=record_ids).values_list("id", "source_id"))
    names = names_of_sources(records.values())
    return {record: names.get(source, "") for record, source in records.items()}


def _versions(
    kind: str, names: Mapping[int, str], record_ids: Sequence[int], before: TimelinePlace | None, limit: int
) -> list[TimelineItem]:
    only = "withdrawn_at IS NULL AND by_staff_id IS " + ("NOT NULL" if kind == "edit" else "NULL")
    ids = newest_ids("customers_sourceversion", "as_of", kind, record_ids, before, limit, only=only)
    versions = SourceVersion.objects.filter(id__in=ids).only("id", "source_record_id", "as_of", "facts")
    return [_statement(kind, v, names) for v in versions]


def _statement(kind: str, v: SourceVersion, names: Mapping[int, str]) -> TimelineItem:
    title = names.get(v.source_record_id, "")
    return TimelineItem(at=v.as_of, kind=kind, key=str(v.id), title=title, detail=_fields_of(v.facts))


def _fields_of(facts: dict[str, object]) -> str:
    """The fields a version states, by label: what was said, never the values."""
    return gettext(", ").join(str(fields.field(name).label) for name in facts if fields.known(name))
