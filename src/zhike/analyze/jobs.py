"""Background entries: the run somebody asked for, and the nightly one. Lane "analysis" runs them in a child that exits."""

from typing import Any

from zhike.analyze import actions
from zhike.analyze.snapshot import SnapshotFailed
from zhike.kit.jobs import JobRun, Stopped, fail, job
from zhike.secure.records import SYSTEM
from zhike_analytics.problem import MeasureProblem

_STEPS = ("reading_changes", "scoring", "writing_metrics", "drawing_up_lists")


@job("analyze.run_rfm", lane="analysis", attempts=3)
def run_rfm(run: JobRun, *, run_id: int) -> dict[str, Any]:
    """Carry out a requested run."""
    return _carry_out(run, run_id)


@job("analyze.nightly", lane="analysis", attempts=3)
def nightly(run: JobRun) -> dict[str, Any]:
    """Tonight's run; after a crash the same run is carried out again."""
    run_id = run.cursor.get("run_id")
    if run_id is None:
        run_id = actions.begin_nightly(run.id, by=SYSTEM).id
        run.save_cursor({"run_id": run_id})
    return _carry_out(run, run_id)


@job("analyze.compact", lane="analysis", attempts=3)
def compact(run: JobRun) -> dict[str, Any]:
    """Make the lake forget what the database forgot."""
    return {"rows": actions.compact_lake().rows}


def _carry_out(run: JobRun, run_id: int) -> dict[str, Any]:
    def tell(step: str) -> None:
        run.check()
        if step in _STEPS:
            run.progress(_STEPS.index(step), len(_STEPS), note=step)

    try:
        facts = actions.carry_out(run_id, tell=tell)
    except MeasureProblem as problem:
        actions.note_failure(run_id, problem.code)
        fail(problem.code, **problem.params)
    except SnapshotFailed as problem:
        actions.note_failure(run_id, "snapshot_failed")
        fail("snapshot_failed", kind=problem.kind)
    except Stopped:
        actions.note_failure(run_id, "stopped")
        raise
    except Exception:
        actions.note_failure(run_id, "unexpected")  # the job tries again, which sets the run going again
        raise
    run.progress(len(_STEPS), len(_STEPS), note="done")
    return {"run": facts.public_id, "state": facts.state, "scored": facts.counts.get("scored", 0)}
