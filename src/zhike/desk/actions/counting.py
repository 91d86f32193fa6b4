"""Exact counts: where a list says "1,000+", a job counts to the end."""

from django.db import transaction
from django.http import QueryDict

from zhike.customers import queries as customers
from zhike.desk.actions.bulk import asked_filter
from zhike.desk.models import ExactCount
from zhike.kit import chance, clock, jobs
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


def count_exactly(query: str, *, by: Viewer) -> ExactCount:
    """Let a job count what a register's query matches for this person."""
    check(by, "customers.view")
    with transaction.atomic():
        made = ExactCount.objects.create(
            public_id=chance.public_id(), staff_id=by.staff_id or 0, query=query[:1000], created_at=clock.now()
        )
        made.job_id = jobs.enqueue("desk.count", by=by, count_id=made.pk)
        made.save(update_fields=["job_id"])
    return made


def number(counted: ExactCount, viewer: Viewer) -> int:
    """The count itself, in the viewer's scope."""
    return customers.exact_count(viewer, asked_filter(QueryDict(counted.query), viewer, at=counted.created_at))
