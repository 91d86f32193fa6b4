"""Counting what sources brought, and noting the hours worked for them."""

import datetime as dt

from django.db import transaction

from zhike.collect.models import SourceFigures, SourceWork
from zhike.customers import queries as customers
from zhike.kit import clock, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


def count_sources() -> int:
    """Count every source anew and keep the figures; returns how many sources. For jobs: it reads the whole base."""
    at, brought = clock.now(), customers.what_sources_brought()
    with transaction.atomic():
        SourceFigures.objects.all().delete()
        SourceFigures.objects.bulk_create(
            [SourceFigures(source_id=one.source_id, counted_at=at, figures=one.figures) for one in brought]
        )
    return len(brought)


def start_count(*, by: Viewer) -> int:
    """Queue a count; returns the job's id."""
    check(by, "collect.view")
    return jobs.enqueue("collect.count_sources", unique_key="count-sources", by=by)


def note_work(source_id: int, *, worked_on: dt.date, minutes: int, note: str = "", by: Viewer) -> None:
    """Note time spent on a source."""
    check(by, "sources.manage")
    with transaction.atomic():
        SourceWork.objects.create(
            source_id=source_id, worked_on=worked_on, minutes=minutes, note=note, by_staff_id=by.staff_id
        )
        secure.record_audit("source.work_noted", by=by, about=("source", source_id), detail={"minutes": minutes})
