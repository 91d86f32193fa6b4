"""Figures that leave the house as a file."""

from django.db import transaction

from zhike.secure import actions as secure
from zhike.secure.records import Viewer


def note_download(rows: int, *, by: Viewer) -> None:
    """Write to the audit that somebody took the figures of so many enterprises along."""
    with transaction.atomic():
        secure.record_audit("statements.taken_out", by=by, detail={"rows": rows})
