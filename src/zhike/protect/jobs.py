"""Backups by the clock: hourly when something changed; a drill each night."""

from typing import Any

from zhike.kit.jobs import JobRun, enqueue, every, fail, job
from zhike.protect import backups, drills
from zhike.protect.faults import BackupFault
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
