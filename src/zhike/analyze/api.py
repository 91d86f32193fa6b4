"""Worklists over the API. Segments, composition and ABC have their place here as routes of their own."""

import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from zhike.analyze import queries
from zhike.analyze.api_answers import voices
from zhike.analyze.boards.api import routes as dashboards
from zhike.analyze.cubes.api import routes as cubes
from zhike.analyze.goods_api import goods
from zhike.analyze.methods_api import own
from zhike.analyze.paths_api import sites
from zhike.analyze.portrait_api import portraits
from zhike.analyze.profit_api import profits
from zhike.analyze.records import LIST_KINDS
from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Receipted, Strict
from zhike.customers import actions
from zhike.customers import queries as customers
from zhike.customers.api.files import line
from zhike.customers.api.shapes import CustomerLine
from zhike.secure import queries as secure
from zhike.work import queries as work
from zhike.work.actions import TaskRefused

routes = Routes("Worklists")
figures = Routes("Funnel")
values = Routes("Lifetime value")
ROUTES = [routes, figures, values, voices, cubes, goods, profits, sites, portraits, own, dashboards]
ListKind = Literal[LIST_KINDS]  # type: ignore[valid-type]


class EntryOut(Strict):
    """Somebody to contact, and why."""

    task: str
    rank: int
    why: str = Field(description="A code.")
    facts: dict[str, str | int | float | bool | None] = Field(description="Counts, days and cents behind it.")
    due_on: dt.date | None = None
    customer: CustomerLine


class EntryPage(Page):
    """Open entries in order."""

    items: list[EntryOut]


class ListQuery(Strict):
    """Where the list goes on."""

    after: Cursor = ""
    limit: Limit = 50


class OutcomeIn(Strict):
    """What came of an entry."""

    outcome: Literal["done", "not_now", "wrong"]
    note: str = Field("", max_length=4000)


class Noted(Receipted):
    """The entry that is closed."""

    task: str


@answers(TaskRefused)
def _refused(error: TaskRefused) -> Problem:
    return Problem("state_conflict") if error.code == "closed_already" else refused("body", error.code)


@routes.get("/worklists/{kind}", answer=EntryPage, scope="worklists:read", needs="worklist.view")
def list_entries(request: ApiRequest, kind: ListKind, query: Query[ListQuery]) -> dict[str, Any]:
    """Open entries of a worklist in the scope of the token's maker, in order of rank."""
    page = work.open_tasks(request.viewer, kind, after=query.after, limit=query.limit)
    if query.after and page.tasks and not page.previous_key:
        raise refused("query.after", "cursor")
    rows = customers.lines(request.viewer, [task.about_id for task in page.tasks])
    hidden = set() if secure.sight(request.viewer, "order_lines") == "shown" else {"product", "product_id"}
    items = [
        {
            "task": task.public_id,
            "rank": task.rank,
            "why": task.why_code,
            "facts": {
                n: v
                for n, v in task.why_params.items()
                if n not in hidden and isinstance(v, str | int | float | bool | None)
            },
            "due_on": task.due_on,
            "customer": line(rows[task.about_id]),
        }
        for task in page.tasks
        if task.about_id in rows
    ]
    return {"items": items, "next": page.next_key or None}


@routes.write(
    "POST", "/worklists/tasks/{task}/outcome", scope="worklists:write", needs="worklist.note", answers={200: Noted}
)  # fmt: skip
def note_outcome(request: ApiRequest, task: str, outcome: OutcomeIn) -> dict[str, Any]:
    """Note what came of an entry; it is a contact on the customer's file, and closes the entry."""
    found = work.task(request.viewer, task[:64])
    if found is None or found.about_kind != "customer":
        raise Problem("not_found")
    actions.note_outcome(found.id, outcome.outcome, outcome.note, by=request.viewer)
    return {"task": found.public_id}


class StepOut(Strict):
    """Of those who came to a stage, how many went on to the next one or beyond."""

    stage: str
    came: int
    went_on: int
    share: float | None


class FunnelGroup(Strict):
    """A cohort of entry: its month, and its steps."""

    group: str
    customers: int
    steps: list[StepOut]
    overall: float | None


class StayOut(Strict):
    """Time in a stage: the median counts those who are still there; null where fewer than half have left."""

    stage: str
    stays: int
    still: int
    median_days: int | None


class LossOut(Strict):
    """How many were lost from a stage for a reason."""

    lost_reason: str
    lost_from: str
    customers: int


class PipelineOut(Strict):
    """What is expected of those at a stage, and weighted by its chance; no amounts for who may not see them."""

    stage: str
    customers: int
    amount_cents: int | None = None
    weighted_cents: int | None = None


class FunnelOut(Strict):
    """The newest figures of the funnel."""

    run: str
    as_of: dt.date
    first: dt.date
    last: dt.date
    whole: FunnelGroup | None
    cohorts: list[FunnelGroup]
    times: list[StayOut]
    losses: list[LossOut]
    pipeline: list[PipelineOut]


@figures.get("/funnel", answer=FunnelOut, scope="insight:read", needs="analyze.view")
def read_funnel(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run: conversion by month of entry, time in stage, losses, pipeline."""
    run = queries.latest_run("funnel")
    if run is None or secure.sight(request.viewer, "stage") != "shown":
        raise Problem("not_found")
    counts, with_money = run.counts, secure.sight(request.viewer, "expected_amount") == "shown"
    with_reasons = secure.sight(request.viewer, "loss_reason") == "shown"
    group = ("group", "customers", "steps", "overall")
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "first": counts["after"][0],
        "last": counts["after"][1],
        "whole": {name: counts["all"][name] for name in group} if counts["all"] else None,
        "cohorts": [{name: row[name] for name in group} for row in counts["groups"]["month"]],
        "times": [{n: time[n] for n in ("stage", "stays", "still", "median_days")} for time in counts["times"]],
        "losses": counts["losses"] if with_reasons else [],
        "pipeline": [
            {
                "stage": row["group"],
                "customers": row["customers"],
                **({n: row[n] for n in ("amount_cents", "weighted_cents")} if with_money else {}),
            }
            for row in counts["pipeline"]
        ],
    }


class BandOut(Strict):
    """Customers by their chance to be active; no amounts for who may not see them."""

    band: Literal["sure", "likely", "doubtful", "gone"]
    customers: int
    expected_orders: float
    value_ahead_cents: int | None = None


class HeldOut(Strict):
    """How the model did on time it had not seen: purchases, and mean absolute errors beside two simple guesses."""

    split: dt.date
    weeks: int
    actual: int
    expected: float
    errors: dict[str, float]


class LifetimeOut(Strict):
    """The newest figures of lifetime value; `refused` says why there is no model."""

    run: str
    as_of: dt.date
    customers: int
    refused: str | None = None
    model: str | None = None
    warnings: list[str] = Field(default_factory=list)
    weeks: int
    alive: float | None = None
    expected_orders: float | None = None
    value_ahead_cents: int | None = None
    bands: list[BandOut] = Field(default_factory=list)
    held_out: HeldOut | None = None


class CustomerOutlook(Strict):
    """What is to come of one customer, with its reasons in words."""

    as_of: dt.date
    alive_percent: int
    expected_orders: float
    value_ahead_cents: int | None = None
    reasons: list[str]
    risk_percent: int | None = Field(None, description="Risk of no purchase over the horizon of the newest run.")


@values.get("/lifetime-value", answer=LifetimeOut, scope="insight:read", needs="analyze.view")
def read_lifetime(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run: who is still there, what is to come, how the model did."""
    run = queries.latest_run("lifetime")
    if run is None:
        raise Problem("not_found")
    counts, with_money = run.counts, secure.sight(request.viewer, "net_amount") == "shown"
    told: dict[str, Any] = {
        "run": run.public_id, "as_of": run.as_of, "customers": counts["customers"], "refused": counts.get("refused"),
        "weeks": counts["weeks"],
    }  # fmt: skip
    if told["refused"]:
        return told
    held, amount = counts["held"], ["value_ahead_cents"] if with_money else []
    return {
        **told,
        "model": counts["model"]["name"],
        "warnings": [*counts["model"]["warnings"], *counts["spend"].get("warnings", [])],
        "alive": counts["alive"],
        "expected_orders": counts["ahead"],
        "value_ahead_cents": counts["value_cents"] if with_money else None,
        "bands": [
            {name: band[name] for name in ("band", "customers", "expected_orders", *amount)} for band in counts["bands"]
        ],
        "held_out": {n: held[n] for n in ("split", "weeks", "actual", "expected", "errors")} if held else None,
    }


@values.get("/customers/{customer}/outlook", answer=CustomerOutlook, scope="customers:read", needs="customers.view")
def read_outlook(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What is to come of one customer, in the scope of the token's maker."""
    root_id = customers.root_of(request.viewer, customer[:64])
    found = queries.outlook(request.viewer, root_id) if root_id is not None else None
    if found is None:
        raise Problem("not_found")
    return {
        "as_of": found.as_of, "alive_percent": found.alive_percent, "expected_orders": found.expected_orders,
        "value_ahead_cents": found.value_ahead_cents, "reasons": list(found.reasons),
        "risk_percent": found.risk_percent,
    }  # fmt: skip


class CohortOut(Strict):
    """Customers of a month of first purchase; `active[k]`: how many bought in the k-th month after, null where not over."""

    month: dt.date
    size: int
    active: list[int | None]
    net_cents: list[int | None] | None = None


class RiskOut(Strict):
    """Customers at a level of risk to stay away."""

    risk_level: Literal["high", "medium", "low"]
    customers: int


class RetentionOut(Strict):
    """The newest figures of retention. `survival`: share still customers by months since the first purchase, with its
    interval; `auc`: of the risk on time it had not seen."""

    run: str
    as_of: dt.date
    cohorts: list[CohortOut]
    silent_days: int | None
    survival: list[list[float]]
    risks: list[RiskOut]
    auc: float | None = None


@values.get("/retention", answer=RetentionOut, scope="insight:read", needs="analyze.view")
def read_retention(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run: cohorts, survival, how many are likely to stay away."""
    run = queries.latest_run("retention")
    if run is None:
        raise Problem("not_found")
    counts, with_money = run.counts, secure.sight(request.viewer, "net_amount") == "shown"
    names = ("month", "size", "active", *(["net_cents"] if with_money else []))
    curve, tested = counts["survival"], counts["warned"].get("tested")
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "cohorts": [{name: cohort[name] for name in names} for cohort in counts["cohorts"]],
        "silent_days": counts["silent_days"],
        "survival": curve["months"] if curve else [],
        "risks": [{n: row[n] for n in ("risk_level", "customers")} for row in counts["warned"]["levels"]],
        "auc": tested["auc"] if tested else None,
    }
