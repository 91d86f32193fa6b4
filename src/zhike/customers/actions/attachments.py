"""Attachments: taking a file in, handing it out with the audit first, taking it off the file."""

from collections.abc import Iterable
from typing import IO

from django.db import transaction
from django.db.models import Q

from zhike.customers import attached_files
from zhike.customers.attached_files import FileRefused
from zhike.customers.house import house_record_id
from zhike.customers.models import Attachment, Customer, Relation, SourceRecord
from zhike.customers.scope import CustomerUnknown, root_within
from zhike.kit import chance, clock, ids
from zhike.secure import actions as secure
from zhike.secure import cutting, vault
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import SealedRef, Viewer

SEALED_COLUMN = "customers_attachment.sealed"
# Kind → the field of the catalogue whose rules hold for it.
FIELD_OF = {
    "document": "attachments",
    "picture": "attachments",
    "card": "attachments",
    "contract": "attachments",
    "credit_report": "credit_reports",
    "visit_report": "credit_reports",
}
MOST_FILES = 200


def attach(
    customer_id: int,
    kind: str,
    file_name: str,
    content: bytes,
    *,
    by: Viewer,
    title: str = "",
    about: tuple[str, int] | None = None,
) -> int:
    """Attach a file to a customer's file; returns its id. Raises FileRefused, Forbidden, CustomerUnknown."""
    check(by, "customers.edit")
    if kind not in FIELD_OF:
        raise FileRefused("kind")
    if not policy.may_edit(by, FIELD_OF[kind]):
        raise Forbidden(f"edit.{FIELD_OF[kind]}")
    if len(content) > attached_files.LARGEST_BYTES:
        raise FileRefused("too_large")
    media_type = attached_files.media_type(content)
    calm = " ".join(title.split())[:120]
    if cutting.cut(calm)[1]:
        raise FileRefused("identifier")
    root_id = root_within(by, customer_id)
    attachment_id, public_id = ids.take("attachment")[0], chance.public_id()
    with transaction.atomic():
        record_id = house_record_id(root_id)
        if Attachment.objects.filter(source_record_id=record_id, removed_at=None).count() >= MOST_FILES:
            raise FileRefused("too_many")
        key = vault.ensure_keys([record_id])[record_id]
        context = vault.SealContext(SEALED_COLUMN, attachment_id, record_id)
        Attachment.objects.create(
            id=attachment_id,
            public_id=public_id,
            source_record_id=record_id,
            kind=kind,
            title=calm,
            sealed=vault.seal(key, context, {FIELD_OF[kind]: file_name[:200]}),
            media_type=media_type,
            size_bytes=len(content),
            about_kind=about[0] if about else "",
            about_id=about[1] if about else None,
            at=clock.now(),
            staff_id=by.staff_id,
        )
        secure.record_audit(
            "attachment.added", by=by, about=("customer", root_id), detail={"attachment": attachment_id, "kind": kind}
        )
        # Last, inside the transaction: a row without its bytes cannot be, bytes without a row are swept by nobody's loss.
        attached_files.keep(record_id, public_id, content)
    return attachment_id


def download(public_id: str, *, by: Viewer, purpose: str) -> tuple[str, IO[bytes]]:
    """An attachment's file name and bytes: permission → quota → audit committed → stream. Not inside a transaction.

    Raises Forbidden, QuotaExceeded, ReasonMissing, CustomerUnknown, FileNotFoundError when the bytes are gone.
    """
    check(by, "customers.view")
    row, root_id = _seen(public_id, by)
    field = FIELD_OF[row.kind]
    about = ("customer", root_id)
    ref = SealedRef(SEALED_COLUMN, row.id, row.source_record_id, bytes(row.sealed))
    name = secure.open_file_name(by, ref, field, about=about, purpose=purpose)
    ending = attached_files.ENDINGS.get(row.media_type, "")
    stem = name.rsplit(".", 1)[0] or "file"
    return f"{stem}{ending}", attached_files.opened(row.source_record_id, row.public_id)


def remove_attachment(public_id: str, *, by: Viewer) -> int:
    """Destroy an attachment's bytes; that it was here stays on the timeline. Returns the customer's id."""
    check(by, "customers.edit")
    row, root_id = _seen(public_id, by)
    if not policy.may_edit(by, FIELD_OF[row.kind]):
        raise Forbidden(f"edit.{FIELD_OF[row.kind]}")
    with transaction.atomic():
        Attachment.objects.filter(id=row.id).update(removed_at=clock.now())
        secure.record_audit("attachment.removed", by=by, about=("customer", root_id), detail={"attachment": row.id})
    attached_files.destroy(public_id)
    return root_id


def forget_attachments(record_ids: Iterable[int]) -> None:
    """Destroy rows and bytes of records that are erased; repeatable."""
    rows = list(Attachment.objects.filter(source_record_id__in=list(record_ids)).values_list("id", "public_id"))
    for _, public_id in rows:
        attached_files.destroy(public_id)
    Attachment.objects.filter(id__in=[i for i, _ in rows]).delete()


def forget_attachments_of(customer_id: int) -> None:
    """Destroy what is attached to an erased customer's file, and whom it is linked to; again after each restore."""
    group = list(Customer.objects.filter(root_id=customer_id).values_list("id", flat=True))
    forget_attachments(SourceRecord.objects.filter(customer_id__in=group).values_list("id", flat=True))
    Relation.objects.filter(Q(from_customer_id__in=group) | Q(to_customer_id__in=group)).delete()


def _seen(public_id: str, by: Viewer) -> tuple[Attachment, int]:
    row = Attachment.objects.filter(public_id=public_id, removed_at=None).first()
    if row is None or policy.sight(by, FIELD_OF[row.kind]) == "hidden":
        raise CustomerUnknown(public_id)
    customer_id = SourceRecord.objects.values_list("customer_id", flat=True).get(id=row.source_record_id)
    root_id = Customer.objects.values_list("root_id", flat=True).get(id=customer_id)
    return row, root_within(by, root_id)
