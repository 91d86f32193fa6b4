"""The suppression list as pages show it."""

import datetime as dt
from dataclasses import dataclass

from zhike.kit.paging import Column, Page, page_of
from zhike.reach.models import Suppression
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

SORTS = {"newest": (Column("id", descending=True),)}


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One entry. `mark` is the beginning of the digest, enough to tell two entries apart and nothing else."""

    id: int
    mark: str
    purpose: str
    reason: str
    at: dt.datetime
    by_staff_id: int | None
    lifted_at: dt.datetime | None
    lifted_why: str


def suppressed(viewer: Viewer, *, view: str = "standing", after: str = "", before: str = "") -> Page[SuppressionRow]:
    """Entries that stand, or those that were lifted; the newest first. Raises BadPageKey, Forbidden."""
    check(viewer, "reach.view")
    rows = Suppression.objects.filter(lifted_at__isnull=view != "lifted")
    page = page_of(rows, sorts=SORTS, sort="newest", after=after, before=before)
    return Page([_row(row) for row in page.items], page.next_key, page.previous_key)


def _row(row: Suppression) -> SuppressionRow:
    mark = bytes(row.digest).hex()[:10]
    return SuppressionRow(row.id, mark, row.purpose, row.reason, row.at, row.by_staff_id, row.lifted_at, row.lifted_why)
