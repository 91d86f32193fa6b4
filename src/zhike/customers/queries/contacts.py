"""Contacts of a file as facts in rows, for lists on paper; the timeline tells them one by one."""

import datetime as dt
from collections.abc import Sequence

from zhike.customers.models import ContactRecord
from zhike.customers.queries.cuttings import offer_of
from zhike.customers.queries.newest import newest_ids
from zhike.customers.records import ContactFacts, TimelinePlace
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_LAST = 2**62


def contacts_of(
    viewer: Viewer, record_ids: Sequence[int], *, limit: int = 20, until: dt.datetime | None = None
) -> list[ContactFacts]:
    """The newest contacts of these records, up to a moment; nothing for whom contact records are hidden."""
    if secure.sight(viewer, "contact_records") != "shown":
        return []
    before = TimelinePlace(until, "contact", _LAST) if until else None
    ids = newest_ids("customers_contactrecord", "at", "contact", record_ids, before, limit)
    found = ContactRecord.objects.filter(id__in=ids).order_by("-at", "-id")[:limit]
    return [
        ContactFacts(
            at=c.at,
            way=c.way,
            place=c.place,
            purpose=c.purpose,
            offer=offer_of(viewer, c),
            outcome=c.outcome,
            cost_cents=c.cost_cents,
            next_step_on=c.next_step_on,
            staff_id=c.staff_id,
        )
        for c in found
    ]
