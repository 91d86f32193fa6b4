"""Runs without a file: the demo shop says its orders itself, and still stands in the history and can be undone."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from zhike.collect.actions.storing import take_run_id
from zhike.collect.models import ImportRun, RejectRow
from zhike.kit import chance, clock, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

GENERATED = "demo"  # stands where other runs name their template


def begin_generated(source_id: int, *, kind: str, name: str, by: Viewer) -> int:
    """A run that is being recorded now, by a generator; returns its id."""
    check(by, "demo.manage")
    run_id, at = take_run_id(), clock.now()
    with transaction.atomic():
        ImportRun.objects.create(
            id=run_id,
            public_id=chance.public_id(),
            kind=kind,
            state=ImportRun.RUNNING,
            source_id=source_id,
            file_name=name,
            file_key="",
            files_destroyed_at=at,
            template=GENERATED,
            phase=ImportRun.ROWS,
            by_staff_id=by.staff_id,
            created_at=at,
            started_at=at,
        )
        secure.record_audit(
            "import.started", by=by, about=("import", run_id), detail={"kind": kind, "source": source_id}
        )
    return run_id


def end_generated(run_id: int, counts: Mapping[str, int]) -> None:
    """The generator has said all it had to say."""
    ImportRun.objects.filter(id=run_id, template=GENERATED).update(
        state=ImportRun.DONE, phase="", counts=dict(counts), finished_at=clock.now()
    )
    jobs.enqueue("collect.count_sources", unique_key="count-sources")


def files_given_to(source_ids: Sequence[int]) -> list[int]:
    """Runs of real files that somebody recorded under these sources and that still stand."""
    runs: Iterable[int] = (
        ImportRun.objects.filter(source_id__in=source_ids)
        .exclude(template=GENERATED)
        .exclude(state=ImportRun.UNDONE)
        .exclude(started_at=None)
        .values_list("id", flat=True)
    )
    return list(runs)


def forget_generated(source_ids: Sequence[int], *, by: Viewer) -> int:
    """Strike generated runs from the history; returns how many."""
    check(by, "demo.manage")
    runs = ImportRun.objects.filter(source_id__in=source_ids, template=GENERATED)
    with transaction.atomic():
        RejectRow.objects.filter(run_id__in=list(runs.values_list("id", flat=True))).delete()
        return runs.delete()[0]
