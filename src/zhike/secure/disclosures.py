"""Disclosures 查看: values opened and lists taken out, read from the audit for the supervision of what was seen."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F

from zhike.secure.models import AuditEvent

DISCLOSURES = ("reveal", "export")
_BESIDE = dt.timedelta(days=1)
_MOST_BESIDE = 20


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One look: by whom, when, at what, and the purpose that was given."""

    event_id: int
    staff_id: int
    at: dt.datetime
    action: str
    object_kind: str
    object_id: str
    field: str
    purpose: str
    has_reason: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What surrounds a look: the same person's other acts on the same thing, and how much they looked at that day."""

    acts: tuple[tuple[dt.datetime, str], ...]  # within a day before or after, in order of time
    count_that_day: int


def disclosures_between(since: dt.datetime, until: dt.datetime) -> dict[int, list[int]]:
    """{member of staff: ids of the audit events of their looks}, `until` exclusive; looks that were refused are left out."""
    found = AuditEvent.objects.filter(
        action__in=DISCLOSURES, outcome="ok", actor_id__isnull=False, at__gte=since, at__lt=until
    )  # fmt: skip
    told: dict[int, list[int]] = {}
    for event_id, staff_id in found.order_by("pk").values_list("pk", F("actor_id")).iterator(chunk_size=5000):
        told.setdefault(staff_id, []).append(event_id)
    return told


def disclosures(event_ids: Collection[int]) -> dict[int, Disclosure]:
    """{audit event: the look}."""
    return {
        e.pk: Disclosure(
            e.pk, e.actor_id or 0, e.at, e.action, e.object_kind, e.object_id, e.field, e.purpose,
            bool(e.detail.get("reason_length")),
        )
        for e in AuditEvent.objects.filter(pk__in=list(event_ids), action__in=DISCLOSURES)
    }  # fmt: skip


def beside(look: Disclosure) -> Beside:
    """What the same person did with the same thing within a day, and how many looks they took in those two days."""
    around = AuditEvent.objects.filter(
        actor_id=look.staff_id, at__gte=look.at - _BESIDE, at__lte=look.at + _BESIDE
    )  # fmt: skip
    same = around.filter(object_kind=look.object_kind, object_id=look.object_id).exclude(action__in=DISCLOSURES)
    acts = tuple(same.order_by("at").values_list("at", "action")[:_MOST_BESIDE]) if look.object_id else ()
    count = around.filter(action__in=DISCLOSURES, outcome="ok").aggregate(n=Count("pk"))["n"]
    return Beside(acts, int(count))
