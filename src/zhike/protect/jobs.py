"""Backups by the clock: hourly when something changed; a drill each night."""

from collections.abc import Callable
from typing import Any

from zhike.kit import clock
from zhike.kit.jobs import JobRun, enqueue, every, fail, job
from zhike.protect import backups, drills
from zhike.protect.faults import BackupFault
from zhike.protect.keeping import actions as keeping
from zhike.protect.supervision import actions as supervision
from zhike.secure import queries
from zhike.secure.records import SYSTEM, Viewer


@every(3600)
def hourly() -> None:
    """Ask for a backup; the job itself sees whether anything changed."""
    enqueue("protect.backup", unique_key="protect.backup")


@job("protect.backup", attempts=2)
def backup(run: JobRun, *, always: bool = False, staff_id: int | None = None) -> dict[str, Any]:
    """One backup into the folder of this installation."""
    by = _by(staff_id)
    try:
        made = backups.make(by=by) if always else backups.make_when_changed(by=by)
    except BackupFault as fault:
        fail(fault.code)
    return {"file": made.file.rsplit("/", 1)[-1], "bytes": made.size_bytes} if made else {"unchanged": True}


@job("protect.drill", attempts=1)
def drill(run: JobRun, *, staff_id: int | None = None) -> dict[str, Any]:
    """Prove the newest backup."""
    try:
        return drills.drill(by=_by(staff_id)).detail
    except BackupFault as fault:
        fail(fault.code)


def _by(staff_id: int | None) -> Viewer:
    return queries.viewer_of_staff(staff_id) if staff_id else SYSTEM


@job("protect.preview_keeping", attempts=3)
def preview_keeping(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Count what a keeping period would let go."""
    return {"due": keeping.count_due(run_id, tell=_teller(run)).due_count}


@job("protect.run_keeping", attempts=5)
def run_keeping(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Erase what a preview showed and somebody confirmed."""
    return {"erased": keeping.erase_due(run_id, tell=_teller(run)).erased_count}


@job("protect.nightly_keeping", attempts=3)
def nightly_keeping(run: JobRun) -> dict[str, Any]:
    """Erase what is due in the classes that go by themselves."""
    return {"erased": keeping.run_nightly()}


@job("protect.draw_disclosures", attempts=3)
def draw_disclosures(run: JobRun, *, now: bool = False) -> dict[str, Any]:
    """Draw what was seen, to be judged by a colleague."""
    return {"drawn": supervision.draw(clock.now(), now=now)}


def _teller(run: JobRun) -> Callable[[int, int | None], None]:
    def tell(done: int, of: int | None) -> None:
        run.check()
        run.progress(done, of, note="looking_for_due_files")

    return tell
