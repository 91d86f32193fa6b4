"""The attachments of a file, as one viewer may know of them."""

from collections.abc import Sequence

from zhike.customers.actions.attachments import FIELD_OF
from zhike.customers.models import Attachment
from zhike.customers.queries.newest import newest_ids
from zhike.customers.records import AttachmentFacts, TimelineItem, TimelinePlace
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def attachments(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 50) -> list[AttachmentFacts]:
    """The newest attachments of a file's records; kinds hidden from the viewer are not there."""
    kinds = kinds_seen(viewer)
    rows = Attachment.objects.filter(source_record_id__in=record_ids, removed_at=None, kind__in=kinds)
    return [_facts(viewer, a) for a in rows.order_by("-at", "-id")[:limit]]


def attachments_about(
    viewer: Viewer, about_kind: str, about_id: int, record_ids: Sequence[int]
) -> list[AttachmentFacts]:
    """The attachments that belong to one thing on a file: an agreement, say."""
    rows = Attachment.objects.filter(source_record_id__in=record_ids, about_kind=about_kind, about_id=about_id)
    return [_facts(viewer, a) for a in rows.filter(removed_at=None, kind__in=kinds_seen(viewer)).order_by("-at", "-id")]


def kinds_seen(viewer: Viewer) -> list[str]:
    """Kinds of attachments the viewer may know of."""
    return [kind for kind, field in FIELD_OF.items() if secure.sight(viewer, field) != "hidden"]


def kinds_added(viewer: Viewer) -> list[str]:
    """Kinds of attachments the viewer may add."""
    return [k for k, field in FIELD_OF.items() if secure.may_edit(viewer, field) and viewer.can("customers.edit")]


def attachment_items(
    viewer: Viewer, kind: str, record_ids: Sequence[int], before: TimelinePlace | None, limit: int
) -> list[TimelineItem]:
    """Attachments on the timeline, those taken off too (the bytes are gone, that they were here is not)."""
    ids = newest_ids("customers_attachment", "at", kind, record_ids, before, limit)
    return attachments_as_items(viewer, kind, ids)


def attachments_as_items(viewer: Viewer, kind: str, attachment_ids: Sequence[int]) -> list[TimelineItem]:
    """Some attachments as items of the timeline, as far as the viewer may know of them."""
    found = Attachment.objects.filter(id__in=attachment_ids, kind__in=kinds_seen(viewer))
    return [
        TimelineItem(
            at=a.at,
            kind=kind,
            key=str(a.id),
            title=a.kind,
            detail=a.title,
            state="removed" if a.removed_at else "",
        )
        for a in found
    ]


def _facts(viewer: Viewer, a: Attachment) -> AttachmentFacts:
    field = FIELD_OF[a.kind]
    return AttachmentFacts(
        id=a.id,
        public_id=a.public_id,
        kind=a.kind,
        title=a.title,
        media_type=a.media_type,
        size_bytes=a.size_bytes,
        at=a.at,
        staff_id=a.staff_id,
        can_download=secure.may_reveal(viewer, field),
        can_remove=secure.may_edit(viewer, field) and viewer.can("customers.edit"),
    )
