"""Background entries: the run somebody asked for, and the nightly one. Lane "analysis" runs them in a child that exits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from zhike.analyze import actions, methods
from zhike.analyze.lake_place import PlaceProblem
from zhike.analyze.records import RunFacts
from zhike.analyze.snapshot import SnapshotFailed
from zhike.analyze.spark_place import SparkAway
from zhike.kit.jobs import JobRun, Stopped, every, fail, job
from zhike.secure.records import SYSTEM
from zhike_analytics.problem import MeasureProblem

_STEPS = (
    "reading_changes",
    "scoring",
    "writing_metrics",
    "drawing_up_lists",
    # The value classes before the composition: they are an attribute of it.
    "measuring_value",
    "measuring_composition",
    "measuring_products",
    "measuring_funnel",
    "measuring_lifetime",
    "measuring_retention",
    "measuring_satisfaction",
    "measuring_loyalty",
    "measuring_association",
    "measuring_recommendation",
    "measuring_replenishment",
    "measuring_profit",
    "measuring_paths",
    "measuring_portrait",
)


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
    with _lake_told():
        return {"rows": actions.compact_lake().rows}


def _carry_out(run: JobRun, run_id: int) -> dict[str, Any]:
    def tell(step: str) -> None:
        run.check()
        if step in _STEPS:
            run.progress(_STEPS.index(step), len(_STEPS), note=step)

    facts = _noted(run_id, lambda: actions.carry_out(run_id, tell=tell))
    if "measures" in facts.parameters.get("only", ()):
        _measures(run, facts, tell)
    run.progress(len(_STEPS), len(_STEPS), note="done")
    return {"run": facts.public_id, "state": facts.state, "scored": facts.counts.get("scored", 0)}


def _measures(run: JobRun, facts: RunFacts, tell: Callable[[str], None]) -> None:
    """The other measures of the same day, each a run of its own; after a crash those not yet done go on."""
    own = [f"measuring_{method.kind}" for method in methods.methods().values()]
    for step in (*(step for step in _STEPS if step.startswith("measuring_")), *own):
        kind = step.removeprefix("measuring_")
        run_id = run.cursor.get(kind)
        if run_id is None:
            by = replace(SYSTEM, staff_id=facts.by_staff_id) if facts.by_staff_id else SYSTEM
            run_id = actions.begin_measure(kind, as_of=facts.as_of, job_id=run.id, by=by).id
            run.save_cursor({**run.cursor, kind: run_id})
        _noted(run_id, partial(actions.measure_beside, run_id, kind, tell=tell))


@contextmanager
def _lake_told() -> Iterator[None]:
    """What went wrong with the lake ends the job by its code."""
    try:
        yield
    except SnapshotFailed as problem:
        fail("snapshot_failed", kind=problem.kind)
    except PlaceProblem as problem:
        fail(problem.code)


def _noted(run_id: int, carry_out: Callable[[], RunFacts]) -> RunFacts:
    """Do it; what goes wrong is written on the run."""
    try:
        return carry_out()
    except MeasureProblem as problem:
        actions.note_failure(run_id, problem.code)
        fail(problem.code, **problem.params)
    except SnapshotFailed as problem:
        actions.note_failure(run_id, "snapshot_failed")
        fail("snapshot_failed", kind=problem.kind)
    except (SparkAway, PlaceProblem) as problem:
        actions.note_failure(run_id, problem.code)
        fail(problem.code)
    except Stopped:
        actions.note_failure(run_id, "stopped")
        raise
    except Exception:
        actions.note_failure(run_id, "unexpected")  # the job tries again, which sets the run going again
        raise


@job("analyze.refresh_segments", lane="analysis", attempts=3)
def refresh_segments(run: JobRun, *, segment_id: int | None = None) -> dict[str, Any]:
    """Find the members of one segment, or of all (every night), from what changed until now."""
    from zhike.analyze.segments.refreshing import refresh

    def tell(done: int, of: int) -> None:
        run.check()
        run.progress(done, of, note="counting_segments")

    with _lake_told():
        return refresh(None if segment_id is None else [segment_id], tell=tell)


@job("analyze.count_rule", lane="quick", attempts=2)
def count_rule(run: JobRun, *, staff_id: int) -> dict[str, Any]:
    """Answer whoever builds a segment: how many does the rule select now?"""
    from zhike.analyze.segments.counting import answer

    with _lake_told():
        return {"answered": answer(staff_id)}


@job("analyze.answer_cube", lane="quick", attempts=2)
def answer_cube(run: JobRun, *, key: str) -> dict[str, Any]:
    """Answer a question of the cube."""
    from zhike.analyze.cubes.asking import answer

    with _lake_told():
        return answer(key)


@job("analyze.send_reports", attempts=5)
def send_reports(run: JobRun) -> dict[str, int]:
    """Mail the dashboards that are due. A job that starts again says `unknown` of the mail it was sending, and goes on."""
    from zhike.analyze.boards.sending import send_waiting

    return send_waiting(run.check)


@every(60)
def ask_for_reports() -> None:
    """Look every minute whether a report is due."""
    from zhike.analyze.boards.sending import ask_due

    ask_due()
