"""Background work of the funnel: find whom rules would move, move them, move them back; each night on its own."""

from typing import Any

from zhike.clean.actions import funnel_runs
from zhike.clean.models import QualificationRun
from zhike.kit.jobs import JobRun, job
from zhike.secure import queries as secure
from zhike.secure.records import SYSTEM, Viewer


@job("clean.qualify")
def qualify(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Find out whom the rules would move, as who asked sees them."""
    row = QualificationRun.objects.get(id=run_id)
    for found in funnel_runs.find(run_id, by=_viewer(row)):
        run.check()
        run.progress(found, None)
    return {"found": QualificationRun.objects.get(id=run_id).found_count}


@job("clean.move")
def move(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Carry a run out in the name of who asked."""
    row = QualificationRun.objects.get(id=run_id)
    for moved in funnel_runs.move_found(run_id, by=_viewer(row)):
        run.check()
        run.progress(moved, row.found_count)
    return {"moved": QualificationRun.objects.get(id=run_id).moved_count}


@job("clean.unmove")
def unmove(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Take a run back."""
    row = QualificationRun.objects.get(id=run_id)
    for looked in funnel_runs.move_back(run_id, by=_viewer(row)):
        run.check()
        run.progress(looked, row.moved_count)
    return {"kept": QualificationRun.objects.get(id=run_id).kept_count}


@job("clean.qualify_nightly")
def qualify_nightly(run: JobRun) -> dict[str, Any]:
    """All rules by night: what they propose waits for people, those that move by themselves do."""
    run_id = run.cursor.get("run_id") or funnel_runs.begin_nightly(by=SYSTEM)
    if run_id is None:
        return {"found": 0, "moved": 0}
    run.save_cursor({"run_id": run_id})
    for _ in funnel_runs.find(run_id, by=SYSTEM):
        run.check()
    for _ in funnel_runs.move_found(run_id, by=SYSTEM, only_own_mode=True):
        run.check()
    row = QualificationRun.objects.get(id=run_id)
    return {"found": row.found_count, "moved": row.moved_count}


def _viewer(row: QualificationRun) -> Viewer:
    return SYSTEM if row.by_staff_id is None else secure.viewer_of_staff(row.by_staff_id)
