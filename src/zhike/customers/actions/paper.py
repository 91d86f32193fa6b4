"""Number and place of paper files: where one stands, and that a leaf of it is missing."""

import datetime as dt

from django.db import transaction

from zhike.customers.models import Customer, PaperFile
from zhike.customers.scope import root_within
from zhike.kit import clock
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

FIELD = "paper_place"


class PaperRefused(ValueError):
    """The place cannot stand so; `code` is `too_long`, `identifier` or `no_place` (a leaf is missing of what has no place)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place_paper(customer_id: int, *, by: Viewer, volume: str, leaf: str, shelf: str) -> None:
    """Say where the paper of a file stands; empty everywhere: there is none. Raises PaperRefused, Forbidden, CustomerUnknown."""
    root_id = _allowed(customer_id, by)
    placed = [" ".join(text.split()) for text in (volume, leaf, shelf)]
    if any(len(text) > 24 for text in placed):
        raise PaperRefused("too_long")
    if cutting.cut(" ".join(placed))[1]:
        raise PaperRefused("identifier")
    with transaction.atomic():
        if not any(placed):
            PaperFile.objects.filter(customer_id=root_id).delete()
        else:
            names = dict(zip(("volume", "leaf", "shelf"), placed, strict=True))
            PaperFile.objects.update_or_create(
                customer_id=root_id, defaults={**names, "updated_at": clock.now(), "by_staff_id": by.staff_id}
            )
        secure.record_audit("paper.placed", by=by, about=("customer", root_id))


def mark_missing(customer_id: int, leaves: str, *, by: Viewer, today: dt.date) -> None:
    """Mark leaves of a paper file as missing, or (with an empty text) as found. Raises PaperRefused, Forbidden, CustomerUnknown."""
    root_id = _allowed(customer_id, by)
    calm = " ".join(leaves.split())
    if len(calm) > 60:
        raise PaperRefused("too_long")
    if cutting.cut(calm)[1]:
        raise PaperRefused("identifier")
    with transaction.atomic():
        group = Customer.objects.filter(root_id=root_id).values("id")
        held = PaperFile.objects.select_for_update().filter(customer_id__in=group).order_by("customer_id").first()
        if held is None:
            raise PaperRefused("no_place")
        held.missing_since = (held.missing_since or today) if calm else None
        held.missing, held.updated_at, held.by_staff_id = calm, clock.now(), by.staff_id
        held.save()
        secure.record_audit("paper.missing" if calm else "paper.found", by=by, about=("customer", root_id))


def forget_paper(customer_id: int) -> None:
    """Where the paper of an erased customer stood is forgotten too: the paper itself has to be destroyed by hand."""
    PaperFile.objects.filter(customer_id__in=Customer.objects.filter(root_id=customer_id).values("id")).delete()


def _allowed(customer_id: int, by: Viewer) -> int:
    check(by, "customers.edit")
    if not policy.may_edit(by, FIELD):
        raise Forbidden(f"edit.{FIELD}")
    return root_within(by, customer_id)
