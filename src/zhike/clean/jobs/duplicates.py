"""Searches for duplicates and bulk merges. Searches run in a spawned child, where values are in memory and nowhere else."""

from typing import Any

from zhike.clean.actions import bulk_merging, duplicates, models_learned, pair_tasks
from zhike.clean.match import keeping, searching
from zhike.clean.match.searching import Searched
from zhike.clean.models import MatchRun
from zhike.customers import queries as customers
from zhike.kit import failpoints
from zhike.kit.jobs import JobRun, Stopped, fail, job
from zhike.secure import queries as secure

failpoints.declare("clean.pairs_weighed", "clean.pairs_kept")
_STEPS = ("reading_files", "learning", "pairing", "weighing", "keeping_pairs")
# More changed files than this, or than this share of the base: the whole base is searched instead.
_MOST_CHANGES, _MOST_SHARE = 20_000, 0.3


@job("clean.find_duplicates", lane="analysis", attempts=3)
def find_duplicates(run: JobRun, *, learn: bool = False) -> dict[str, Any]:
    """Search the whole base: every night, and when asked for. Killed, it starts again; its pairs are written the same."""
    run_id = duplicates.begin_run(MatchRun.FULL, job_id=run.id, by_staff_id=run.by_staff_id)
    parameters, model_id = (None, None) if learn else models_learned.to_use(customers.count_files())
    with _noted(run_id):
        found = searching.search_all(parameters, tell=_tell(run))
        if found.fit is not None:
            model_id = models_learned.keep(found.fit, found.parameters)
        return _keep(run, run_id, found, model_id, whole_base=True)


@job("clean.match_changes", lane="analysis", attempts=3)
def match_changes(
    run: JobRun, *, import_run_id: int | None = None, root_ids: list[int] | None = None
) -> dict[str, Any]:
    """Search for duplicates of the customers an import spoke of, or of the given ones, with the model at hand."""
    fresh = sorted(root_ids or []) if import_run_id is None else customers.roots_of_run(import_run_id)
    if not fresh:
        return {"customers": 0}
    if len(fresh) > min(_MOST_CHANGES, max(customers.count_files() * _MOST_SHARE, 2_000)):
        return find_duplicates(run)
    parameters, model_id = models_learned.at_hand(customers.count_files())
    run_id = duplicates.begin_run(
        MatchRun.CHANGES, job_id=run.id, by_staff_id=run.by_staff_id, import_run_id=import_run_id
    )
    with _noted(run_id):
        found = searching.search_changes(fresh, parameters, tell=_tell(run))
        return _keep(run, run_id, found, model_id, whole_base=False)


@job("clean.bulk_merge", attempts=5)
def bulk_merge(run: JobRun, *, bulk_id: int) -> dict[str, Any]:
    """Merge all pairs from a weight on, in the name of whoever asked."""
    done = 0
    for done, of in bulk_merging.merge_in_bulk(bulk_id, by=secure.viewer_of_staff(run.by_staff_id)):
        run.check()
        run.progress(done, of, "merging_pairs")
    return {"pairs": done}


@job("clean.undo_bulk_merge", attempts=5)
def undo_bulk_merge(run: JobRun, *, bulk_id: int) -> dict[str, Any]:
    """Take the merges of a bulk apart."""
    done = 0
    for done, of in bulk_merging.undo_in_bulk(bulk_id, by=secure.viewer_of_staff(run.by_staff_id)):
        run.check()
        run.progress(done, of, "taking_apart")
    return {"pairs": done}


def _keep(run: JobRun, run_id: int, found: Searched, model_id: int | None, *, whole_base: bool) -> dict[str, Any]:
    run.check()
    run.progress(0, len(found.pairs), "keeping_pairs")
    row = MatchRun.objects.get(pk=run_id)
    failpoints.hit("clean.pairs_weighed")
    counts = keeping.keep(found.pairs, row, model_id=model_id, whole_base=whole_base)
    pair_tasks.settle_gone()
    counts |= {"customers": found.records, "looked_at": found.looked_at, "candidates": len(found.pairs)}
    failpoints.hit("clean.pairs_kept")
    models_learned.finish_run(run_id, counts, found.capped, model_id)
    run.progress(len(found.pairs), len(found.pairs), "keeping_pairs")
    return {"run": row.public_id, **counts}


def _tell(run: JobRun) -> searching.Tell:
    def tell(step: str, done: int, total: int) -> None:
        run.check()
        run.progress(done, total or None, step)

    return tell


class _noted:
    """What stops a search is written on its row too, as a code; the error goes on to the job."""

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if kind is None:
            return
        import duckdb

        is_memory = isinstance(error, duckdb.OutOfMemoryException)
        code = "matching_memory" if is_memory else "stopped" if issubclass(kind, Stopped) else "unexpected"
        models_learned.fail_run(self.run_id, code)
        if is_memory:
            # The database's own words may hold values: only the code goes on.
            fail("matching_memory", limit_mb=searching.MEMORY_MB)
        if isinstance(error, duckdb.Error):
            fail("matching_failed", kind=kind.__name__)
