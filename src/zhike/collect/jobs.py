"""Background entries of the collect module."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction

from zhike.collect import storage
from zhike.collect.actions import projects, reporting
from zhike.collect.models import ImportRun, RejectRow
from zhike.collect.reading import FileProblem
from zhike.collect.running import check_file, index_unfinished, prepare_file, record_file
from zhike.collect.running.undoing import undo_run
from zhike.kit import clock
from zhike.kit.jobs import Cancelled, JobRun, Paused, enqueue, fail, job
from zhike.secure import actions as secure
from zhike.secure.records import SYSTEM


@job("collect.check_import")
def check_import(run: JobRun, *, run_id: int) -> None:
    """The dry run of a file: writes what it found on the run, nothing else."""
    one = ImportRun.objects.get(id=run_id)
    with _failing(one):
        file = prepare_file(one)
        result = check_file(file, tell=_telling(run))
    ImportRun.objects.filter(id=run_id, state__in=(ImportRun.CHECKING, ImportRun.FAILED), started_at=None).update(
        state=ImportRun.CHECKED, check_result=result, kind=file.mapping.kind, error_code="", error_params={}
    )


@job("collect.run_import", lane="import", attempts=8)
def run_import(run: JobRun, *, run_id: int) -> dict[str, int]:
    """Record a file from where it stopped last."""
    one = ImportRun.objects.get(id=run_id)
    if one.state in (ImportRun.DONE, ImportRun.UNDONE, ImportRun.UNDOING):
        return dict(one.counts)
    ImportRun.objects.filter(id=run_id).update(state=ImportRun.RUNNING)
    with _failing(one):
        record_file(prepare_file(one), run)
    with transaction.atomic():
        ImportRun.objects.filter(id=run_id).update(
            state=ImportRun.DONE, phase="", finished_at=clock.now(), error_code="", error_params={}
        )
        one.refresh_from_db()
        secure.record_audit("import.done", by=SYSTEM, about=("import", run_id), detail=dict(one.counts))
        enqueue("collect.count_sources", unique_key="count-sources")
    return dict(one.counts)


@job("collect.undo_import", lane="import", attempts=8)
def undo_import(run: JobRun, *, run_id: int) -> None:
    """Withdraw everything a run said."""
    one = ImportRun.objects.get(id=run_id)
    if one.state == ImportRun.UNDONE:
        return
    undo_run(one, run)
    with transaction.atomic():
        ImportRun.objects.filter(id=run_id).update(state=ImportRun.UNDONE, phase="", undone_at=clock.now())
        secure.record_audit("import.undone", by=SYSTEM, about=("import", run_id))
        enqueue("collect.count_sources", unique_key="count-sources")


@job("collect.index_stopped", lane="import")
def index_stopped(run: JobRun) -> None:
    """Let staff find what paused and broken imports recorded so far."""
    index_unfinished(run)


@job("collect.count_sources")
def count_sources(run: JobRun) -> dict[str, int]:
    """What every source brought, counted for the report."""
    return {"sources": reporting.count_sources()}


@job("collect.reconcile")
def reconcile(run: JobRun, *, project_id: int) -> dict[str, int]:
    """What a migration's imports brought, counted beside the figures that were typed in."""
    return projects.reconcile(project_id)


@job("collect.forget_files")
def forget_files(run: JobRun) -> dict[str, int]:
    """Destroy the files of imports after 30 days, keys first; what was recorded from them stays."""
    old = ImportRun.objects.filter(files_destroyed_at=None, created_at__lt=clock.after(-storage.KEPT_DAYS * 86_400))
    busy = (ImportRun.QUEUED, ImportRun.RUNNING)
    count = 0
    for one in old.exclude(state__in=busy).order_by("id"):
        for key in filter(None, (one.file_key, one.lines_key, one.table_key, one.joined_key, *one.related.values())):
            storage.destroy(key)
        with transaction.atomic():
            ImportRun.objects.filter(id=one.id).update(files_destroyed_at=clock.now())
            RejectRow.objects.filter(run_id=one.id).delete()
        count += 1
        run.check()
    return {"files": count}


def _telling(run: JobRun) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        run.check()
        run.progress(done, total, "checking")

    return tell


@contextmanager
def _failing(one: ImportRun) -> Iterator[None]:
    """What stops an import is told on the run too: a bad file ends it, a pause or a full disk holds it back."""
    try:
        yield
    except FileProblem as problem:
        _mark(one, ImportRun.FAILED, problem.code, problem.params)
        enqueue("collect.index_stopped", unique_key="index-stopped")
        fail(problem.code, **problem.params)
    except Paused:
        _mark(one, ImportRun.PAUSED, "", {})
        enqueue("collect.index_stopped", unique_key="index-stopped")
        raise
    except Cancelled:
        _mark(one, ImportRun.FAILED, "cancelled", {})
        enqueue("collect.index_stopped", unique_key="index-stopped")
        raise
    except (OSError, OperationalError) as error:
        if not storage.disk_is_full(error):
            raise  # a locked database, a lost connection: the job tries again
        _mark(one, ImportRun.PAUSED, "disk_full", {})
        fail("disk_full")
    except Exception:
        # The job tries again; should it give up, the page must not say for ever that the file is being checked.
        ImportRun.objects.filter(id=one.id, state=ImportRun.CHECKING).update(
            state=ImportRun.FAILED, error_code="job_unexpected"
        )
        raise


def _mark(one: ImportRun, state: str, code: str, params: dict[str, Any]) -> None:
    ImportRun.objects.filter(id=one.id).update(state=state, error_code=code, error_params=params)
