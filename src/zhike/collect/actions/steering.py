"""Starting, pausing, resuming and undoing an import."""

from django.db import transaction

from zhike.collect.actions.planning import ImportRefused
from zhike.collect.models import ImportRun
from zhike.kit import clock, jobs
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_STARTABLE = (ImportRun.STORED, ImportRun.CHECKING, ImportRun.CHECKED)
_UNDOABLE = (ImportRun.DONE, ImportRun.PAUSED, ImportRun.FAILED)


def start_import(run_id: int, *, by: Viewer) -> int:
    """Queue the recording of a file; imports run one after the other. Returns the job's id.

    Raises ImportRefused: source_missing, already_started.
    """
    check(by, "collect.import")
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id)
        if run.state not in _STARTABLE:
            raise ImportRefused("already_started", state=run.state)
        if run.source_id is None:
            raise ImportRefused("source_missing")
        run.job_id = jobs.enqueue("collect.run_import", unique_key=f"import:{run_id}", by=by, run_id=run_id)
        run.state, run.started_at = ImportRun.QUEUED, clock.now()
        run.save(update_fields=["state", "started_at", "job_id"])
        secure.record_audit(
            "import.started", by=by, about=("import", run_id), detail={"kind": run.kind, "source": run.source_id}
        )
    return run.job_id


def pause_import(run_id: int, *, by: Viewer) -> None:
    """Hold an import back after its batch. Raises ImportRefused `not_running`."""
    check(by, "collect.import")
    run = ImportRun.objects.get(id=run_id)
    if run.job_id is None or run.state not in (ImportRun.QUEUED, ImportRun.RUNNING) or not jobs.pause(run.job_id):
        raise ImportRefused("not_running", state=run.state)
    if run.state == ImportRun.QUEUED:
        ImportRun.objects.filter(id=run_id, state=ImportRun.QUEUED).update(state=ImportRun.PAUSED)


def resume_import(run_id: int, *, by: Viewer) -> int:
    """Let an import (or an undoing) that stopped go on from its cursor; returns the job's id.

    Raises ImportRefused `not_stopped`.
    """
    check(by, "collect.import")
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id)
        if run.state in (ImportRun.QUEUED, ImportRun.RUNNING, ImportRun.UNDOING):
            name = "collect.undo_import" if run.state == ImportRun.UNDOING else "collect.run_import"
        elif run.state in (ImportRun.PAUSED, ImportRun.FAILED) and run.started_at is not None:
            name = "collect.run_import"
            run.state = ImportRun.QUEUED
        else:
            raise ImportRefused("not_stopped", state=run.state)
        if run.job_id is None or not (jobs.resume(run.job_id) or jobs.retry(run.job_id)):
            key = f"{'undo' if name.endswith('undo_import') else 'import'}:{run_id}"
            run.job_id = jobs.enqueue(name, unique_key=key, by=by, run_id=run_id)
        run.error_code, run.error_params = "", {}
        run.save(update_fields=["state", "job_id", "error_code", "error_params"])
    return run.job_id


def undo_import(run_id: int, *, by: Viewer) -> int:
    """Queue the undoing of a whole import; returns the job's id. Raises ImportRefused `not_undoable`.

    What the run said is withdrawn; files and orders show again what other sources and staff say. To have it back,
    import the file again.
    """
    check(by, "collect.undo")
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(id=run_id)
        if run.state not in _UNDOABLE or run.started_at is None:
            raise ImportRefused("not_undoable", state=run.state)
        run.job_id = jobs.enqueue("collect.undo_import", unique_key=f"undo:{run_id}", by=by, run_id=run_id)
        run.state, run.phase = ImportRun.UNDOING, "orders"
        run.save(update_fields=["state", "phase", "job_id"])
        secure.record_audit("import.undo_started", by=by, about=("import", run_id))
    return run.job_id
