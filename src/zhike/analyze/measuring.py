"""Runs of composition, value classes and products: asked for, carried out, kept, forgotten."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from zhike.analyze import (
    association_recipe,
    composition_recipe,
    events,
    funnel_recipe,
    leads_recipe,
    lifetime_recipe,
    lookalike_recipe,
    loyalty_recipe,
    methods,
    methods_recipe,
    paths_recipe,
    portrait_recipe,
    products_recipe,
    profit_recipe,
    queries,
    recommendation_recipe,
    replenishment_recipe,
    results,
    retention_recipe,
    satisfaction_recipe,
    value_recipe,
)
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.models import AnalysisRun
from zhike.analyze.records import RunFacts
from zhike.customers.actions import write_metrics
from zhike.kit import chance, clock, failpoints, ids, jobs
from zhike.kit.events import publish
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

failpoints.declare("analyze.after_measure")
# Who bought what, kept of the newest run alone: these files are many times the size of the results.
_BUYERS = {"products": "product_buyers", "association": "association_buyers", "recommendation": "recommendation_people"}

# Kinds whose figures are written down to the customers, too.
_ON_FILES: dict[str, Any] = {
    "value": value_recipe,
    "lifetime": lifetime_recipe,
    "retention": retention_recipe,
    "satisfaction": satisfaction_recipe,
    "loyalty": loyalty_recipe,
    "profit": profit_recipe,
    "portrait": portrait_recipe,
    "lookalike": lookalike_recipe,
    "paths": paths_recipe,
}
_BESIDE = ("composition", "profit")  # kinds told apart by the classes of others, too


def request_measure(
    kind: str, parameters: MeasureParameters, *, as_of: dt.date | None = None, by: Viewer
) -> RunFacts:  # fmt: skip
    """Ask for a run of `composition`, `value` or `products` (default day: today); a job does it. Raises Forbidden."""
    check(by, "analyze.run")
    with transaction.atomic():
        row = _new(kind, parameters, as_of, by)
        row.job_id = jobs.enqueue("analyze.run_rfm", unique_key=f"analyze.run_rfm:{row.id}", by=by, run_id=row.id)
        row.save(update_fields=["job_id"])
        detail = {"as_of": row.as_of.isoformat(), "kind": kind}
        secure.record_audit("analysis.run", by=by, about=("analysis_run", row.id), detail=detail)
    return queries.facts_of(row)


def begin_measure(kind: str, *, as_of: dt.date, job_id: int | None, by: Viewer) -> RunFacts:
    """A run beside another one: the parameters of the newest run of its kind. A period of one's own is not repeated."""
    last = queries.latest_run(kind)
    settings = dict(last.parameters) if last and last.parameters.get("span") != "own" else {}
    row = _new(kind, MeasureParameters.from_json(settings), as_of, by)
    row.job_id = job_id
    row.save(update_fields=["job_id"])
    return queries.facts_of(row)


def _new(kind: str, parameters: MeasureParameters, as_of: dt.date | None, by: Viewer) -> AnalysisRun:
    if not methods.is_measure(kind):
        raise ValueError(f"unknown kind of measure: {kind}")
    return AnalysisRun.objects.create(
        id=ids.take("analysis_run")[0],
        public_id=chance.public_id(),
        kind=kind,
        as_of=as_of or clock.today(installation().time_zone),
        parameters=parameters.as_json(),
        by_staff_id=by.staff_id,
        created_at=clock.now(),
    )


def carry_out_measure(row: AnalysisRun, lake: Lake, *, tell: Callable[[str], None]) -> RunFacts:
    """Compute on an opened lake, write metrics down where there are any, finish. Safe to repeat after a crash."""
    parameters, zone = MeasureParameters.from_json(row.parameters), installation().time_zone
    path = results.result_path(row.kind, row.public_id)
    row.state, row.data_at = AnalysisRun.RUNNING, lake.read_at
    row.started_at = row.started_at or clock.now()
    row.save(update_fields=["state", "data_at", "started_at"])
    tell(f"measuring_{row.kind}")
    asked: dict[str, Any] = {"as_of": row.as_of, "zone": zone, "path": path}
    if row.kind in _BESIDE:
        asked["beside"] = _beside()
    if row.kind == "composition":
        counts = composition_recipe.compute(lake, parameters, **asked)
    elif row.kind == "products":
        counts = products_recipe.compute(lake, parameters, **asked)
    elif row.kind == "association":
        counts = association_recipe.compute(lake, parameters, **asked)
    elif row.kind == "recommendation":
        counts = recommendation_recipe.compute(lake, parameters, **asked)
        tell("writing_metrics")
        write_metrics("recommendation", recommendation_recipe.metric_rows(lake), as_of=row.as_of, run_id=row.id)
    elif row.kind == "replenishment":
        counts = replenishment_recipe.compute(lake, parameters, **asked)
        tell("writing_metrics")
        write_metrics("replenishment", replenishment_recipe.metric_rows(lake), as_of=row.as_of, run_id=row.id)
        tell("drawing_up_lists")
        counts["offered"] = replenishment_recipe.offer_needs(lake, as_of=row.as_of, run_id=row.id)
    elif method := methods.of_kind(row.kind):
        counts = methods_recipe.compute(lake, parameters, method, **asked)
        tell("writing_metrics")
        write_metrics(row.kind, methods_recipe.metric_rows(lake, method), as_of=row.as_of, run_id=row.id)
    elif row.kind == "funnel":
        counts = _funnel(row, lake, asked, parameters, tell)
    else:
        recipe = _ON_FILES[row.kind]
        counts = recipe.compute(lake, parameters, **asked)
        tell("writing_metrics")
        write_metrics(row.kind, recipe.metric_rows(lake), as_of=row.as_of, run_id=row.id)
    failpoints.hit("analyze.after_measure")
    return _finish(row, counts)


def _funnel(
    row: AnalysisRun, lake: Lake, asked: dict[str, Any], parameters: MeasureParameters, tell: Callable[[str], None]
) -> dict[str, Any]:
    """The figures; then scores go down to the cards, and leads left alone become tasks."""
    counts = funnel_recipe.compute(lake, parameters, **asked)
    zone = asked["zone"]
    people = funnel_recipe.people_of(lake)
    stayed = funnel_recipe.stays_of(lake, people, as_of=row.as_of, zone=zone).cache()
    counts["calibration"] = leads_recipe.calibrated(lake, stayed, as_of=row.as_of, zone=zone)
    tell("writing_metrics")
    figures = leads_recipe.metric_rows(lake, as_of=row.as_of, zone=zone)
    counts["scored"] = write_metrics("lead", figures, as_of=row.as_of, run_id=row.id)
    tell("drawing_up_lists")
    counts["alone"] = leads_recipe.offer_alone(lake, stayed, as_of=row.as_of, zone=zone, run_id=row.id)
    return counts


def _beside() -> dict[str, Any]:
    """The newest results of other kinds whose classes are attributes of customers."""
    newest = {kind: queries.latest_run(kind) for kind in ("rfm", "value")}
    paths = {kind: results.result_path(kind, run.public_id) for kind, run in newest.items() if run}
    return {kind: path for kind, path in paths.items() if path.exists()}


def _finish(row: AnalysisRun, counts: dict[str, Any]) -> RunFacts:
    everything = {
        "products": lambda: counts["coverage"]["products"],
        "association": lambda: counts["baskets"],
        "paths": lambda: counts["sessions"],
    }.get(row.kind, lambda: counts["customers"])()
    row.state = AnalysisRun.DONE if everything else AnalysisRun.EMPTY
    row.counts, row.error, row.finished_at = counts, "", clock.now()
    with transaction.atomic():
        row.save()
        publish(events.AnalysisFinished(run_id=row.id, kind=row.kind))
    _forget_older(row.kind)
    return queries.facts_of(row)


def _forget_older(kind: str) -> None:
    """Only so many nights are kept: the figures of a composition are many."""
    rows = AnalysisRun.objects.filter(kind=kind).order_by("-id").values_list("id", "public_id")
    kept = list(rows[: results.KEEP_RESULTS])
    results.forget_old(kind, [public_id for _, public_id in kept])
    if kind in _BUYERS:
        results.forget_old(_BUYERS[kind], [public_id for _, public_id in kept[:1]])
    if len(kept) == results.KEEP_RESULTS:
        AnalysisRun.objects.filter(kind=kind, id__lt=kept[-1][0]).exclude(state=AnalysisRun.RUNNING).delete()
