"""Verbs of analysis: ask for a run, carry it out."""

import datetime as dt
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from zhike.analyze import (
    events,
    lake_place,
    lake_sharing,
    lists_recipe,
    methods,
    queries,
    results,
    rfm_recipe,
    snapshot,
)
from zhike.analyze.boards.shelf import forget_boards_of
from zhike.analyze.boards.shelf import make as make_board
from zhike.analyze.lake import Lake, open_lake
from zhike.analyze.lake_place import PlaceProblem
from zhike.analyze.measure_parameters import MEASURE_KINDS, MeasureParameters
from zhike.analyze.measuring import begin_measure, carry_out_measure, request_measure
from zhike.analyze.models import AnalysisRun, MovedCustomer
from zhike.analyze.parameters import PARTS, RfmParameters
from zhike.analyze.records import RunFacts
from zhike.customers.actions import write_metrics
from zhike.kit import bulk, chance, clock, failpoints, home, ids, jobs
from zhike.kit.events import publish
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

__all__ = [
    "MeasureParameters",
    "begin_measure",
    "begin_nightly",
    "carry_out",
    "compact_lake",
    "forget_boards_of",
    "forget_lake",
    "make_board",
    "measure_beside",
    "note_download",
    "note_failure",
    "request_measure",
    "request_run",
    "result_file",
    "start_over",
]
_log = logging.getLogger(__name__)
Tell = Callable[[str], None]

failpoints.declare("analyze.after_snapshot", "analyze.after_result", "analyze.after_metrics")
_BATCH = 1000


def request_run(parameters: RfmParameters, *, as_of: dt.date | None = None, by: Viewer) -> RunFacts:
    """Ask for an RFM run for a day of the shop (default today); a job does it. Raises Forbidden."""
    check(by, "analyze.run")
    with transaction.atomic():
        row = _new_run(parameters, as_of, by)
        row.job_id = jobs.enqueue("analyze.run_rfm", unique_key=f"analyze.run_rfm:{row.id}", by=by, run_id=row.id)
        row.save(update_fields=["job_id"])
        secure.record_audit(
            "analysis.run", by=by, about=("analysis_run", row.id), detail={"as_of": row.as_of.isoformat()}
        )
    return queries.facts_of(row)


def begin_nightly(job_id: int, *, by: Viewer) -> RunFacts:
    """Tonight's run: the parameters of the newest run, today's day."""
    last = queries.latest_run()
    settings = {**last.parameters, "only": PARTS} if last else {}
    parameters = RfmParameters.from_json(settings)
    with transaction.atomic():
        row = _new_run(parameters, None, by)
        row.job_id = job_id
        row.save(update_fields=["job_id"])
    return queries.facts_of(row)


def _new_run(parameters: RfmParameters, as_of: dt.date | None, by: Viewer) -> AnalysisRun:
    return AnalysisRun.objects.create(
        id=ids.take("analysis_run")[0],
        public_id=chance.public_id(),
        kind="rfm" if "rfm" in parameters.only else "lists",  # the newest rfm run is the one customers carry
        as_of=as_of or clock.today(installation().time_zone),
        parameters=parameters.as_json(),
        by_staff_id=by.staff_id,
        created_at=clock.now(),
    )


def carry_out(run_id: int, *, tell: Tell = lambda step: None) -> RunFacts:
    """Snapshot, score, write metrics down, draw up the lists. Safe to run again from the beginning after a crash.

    In the analysis child: it opens the lake. `tell` hears the code of each step.
    """
    row = AnalysisRun.objects.get(id=run_id)
    row.state, row.started_at = AnalysisRun.RUNNING, clock.now()
    row.save(update_fields=["state", "started_at"])
    tell("reading_changes")
    report = snapshot.take(on_table=lambda table: tell(f"read_{table.table}"))
    failpoints.hit("analyze.after_snapshot")
    with open_lake() as lake:
        if methods.is_measure(row.kind):
            return carry_out_measure(row, lake, tell=tell)
        parameters = RfmParameters.from_json(row.parameters)
        row.data_at = lake.read_at
        previous = _previous(row)
        result = _scored(row, lake, parameters, previous, tell)
        result.counts["snapshot"] = {"rows": report.rows, "peak_memory_bytes": report.peak_memory_bytes}
        failpoints.hit("analyze.after_metrics")
        if "lists" in parameters.only:
            tell("drawing_up_lists")
            orders, left_out = rfm_recipe.counted_orders(lake, as_of=row.as_of, zone=installation().time_zone)
            result.counts["lists"] = lists_recipe.offer_lists(
                lake, orders, as_of=row.as_of, currency=left_out["currency"], run_id=row.id
            )
    return _finish(row, result, previous)


def measure_beside(run_id: int, kind: str, *, tell: Tell = lambda step: None) -> RunFacts:
    """Carry out a run of a measure on the lake as it stands, without reading the database again; in the child."""
    with open_lake() as lake:
        return carry_out_measure(AnalysisRun.objects.get(id=run_id, kind=kind), lake, tell=tell)


def _scored(
    row: AnalysisRun, lake: Lake, parameters: RfmParameters, previous: AnalysisRun | None, tell: Tell
) -> rfm_recipe.RfmResult:
    """Score and write down; nothing for a run of the lists alone."""
    path = results.result_path("rfm", row.public_id)
    if row.kind != "rfm":
        return rfm_recipe.RfmResult(path)
    tell("scoring")
    before = _result(previous) if previous else None
    zone = installation().time_zone
    result = rfm_recipe.compute(lake, parameters, as_of=row.as_of, zone=zone, path=path, before=before)
    failpoints.hit("analyze.after_result")
    tell("writing_metrics")
    write_metrics("rfm", rfm_recipe.metric_rows(lake), as_of=row.as_of, run_id=row.id)
    if "movement" in result.counts:
        _keep_moved(row.id, lake)
    return result


def _previous(row: AnalysisRun) -> AnalysisRun | None:
    """The run this one's movement is measured from: the newest earlier one whose result still lies there."""
    earlier = AnalysisRun.objects.filter(kind=row.kind, state=AnalysisRun.DONE, id__lt=row.id).order_by("-id").first()
    return earlier if earlier and _result(earlier).exists() else None


def _result(row: AnalysisRun) -> Path:
    return results.result_path(row.kind, row.public_id)


def _keep_moved(run_id: int, lake: Lake) -> None:
    _forget_moved()
    batch: list[tuple[Any, ...]] = []
    columns = ["run_id", "customer_id", "before", "after", "rank"]
    for customer, before, after, rank in rfm_recipe.moved_people(lake):
        batch.append((run_id, customer, before, after, rank))
        if len(batch) == _BATCH:
            bulk.insert_many("analyze_movedcustomer", columns, batch)
            batch = []
    bulk.insert_many("analyze_movedcustomer", columns, batch)


def _forget_moved() -> None:
    """Empty the table in short transactions: only the newest run's people are kept."""
    while found := list(MovedCustomer.objects.values_list("run_id", "customer_id")[:_BATCH]):
        for old in {run for run, _customer in found}:
            people = [customer for run, customer in found if run == old]
            MovedCustomer.objects.filter(run_id=old, customer_id__in=people).delete()


def _finish(row: AnalysisRun, result: rfm_recipe.RfmResult, previous: AnalysisRun | None) -> RunFacts:
    row.state = AnalysisRun.DONE if row.kind != "rfm" or result.counts["scored"] else AnalysisRun.EMPTY
    row.cuts, row.counts, row.error = result.cuts, result.counts, ""
    row.previous_id = previous.id if previous else None
    row.finished_at = clock.now()
    with transaction.atomic():
        row.save()
        publish(events.AnalysisFinished(run_id=row.id, kind=row.kind))
    kept = AnalysisRun.objects.filter(kind="rfm").order_by("-id").values_list("public_id", flat=True)
    results.forget_old("rfm", list(kept[: results.KEEP_RESULTS]))
    return queries.facts_of(row)


def note_failure(run_id: int, code: str) -> None:
    """Write on a run that it failed, and why (a code)."""
    AnalysisRun.objects.filter(id=run_id).update(state=AnalysisRun.FAILED, error=code, finished_at=clock.now())


def start_over(*, forget_runs: bool, by: Viewer) -> None:
    """Read the whole lake anew, after rows were deleted; with `forget_runs` the history of analyses goes too."""
    check(by, "demo.manage")
    if forget_runs:
        _forget_moved()
        AnalysisRun.objects.all().delete()
        own = [method.kind for method in methods.methods().values()]
        for kind in ("rfm", "product_buyers", "association_buyers", "recommendation_people", *MEASURE_KINDS, *own):
            results.forget_old(kind, [])
    snapshot.take(full=True)


def result_file(public_id: str, kind: str = "rfm") -> Path | None:
    """Where the result of a run lies, while it lies there."""
    path = results.result_path(kind, public_id)
    return path if path.exists() else None


def note_download(run: RunFacts, form: str, *, by: Viewer) -> None:
    """Audit that a run's result leaves the house, before it does. Raises Forbidden."""
    check(by, "customers.export")
    with transaction.atomic():
        detail = {"what": run.kind, "form": form, "rows": run.counts.get("rows", run.counts.get("customers", 0))}
        secure.record_audit("export", by=by, about=("analysis_run", run.id), detail=detail)


def forget_lake() -> None:
    """Delete the lake and its results: after rows were deleted for good, or an older database was restored.

    The next run reads everything anew. Cheap, and safe to call when there is no lake. Of a folder or place that a setting names
    only the lake's own files go. What lies far away where nobody answers stays for now, and is not read again.
    """
    shutil.rmtree(home.path("lake/runs"))
    try:
        snapshot.forget_copies()
        if (place := lake_place.far()) is not None:
            lake_sharing.forget(place, snapshot.lake_owner())
    except PlaceProblem as problem:
        _log.warning("the lake is left where it lies: %s", problem.code)


def compact_lake() -> snapshot.SnapshotReport:
    """Fold everything into new files, so that Parquet forgets what the database forgot (after an erasure)."""
    return snapshot.take(compact=True)
