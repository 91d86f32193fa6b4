"""Paths and abandonment over the API."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from zhike.analyze import queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.collect import queries as collect
from zhike.customers import queries as customers
from zhike.secure import queries as secure

sites = Routes("Visits")
_MOST_VISITS = 50


class PathStepOut(Strict):
    """A step of the funnel: sessions that came to it, went on, may go on still, gave up; rate = gave_up ÷ (sessions − open)."""

    step: int
    label: str = Field(description="As its funnel names it; empty for a mark.")
    by: Literal["mark", "event", "page"]
    what: str
    sessions: int
    customers: int
    went_on: int
    open: int
    gave_up: int
    rate: float | None


class PathEntryOut(Strict):
    """Sessions by where they came from."""

    entry: str
    sessions: int
    visitors: int
    customers: int
    one_page: int
    ordered: int


class BegunOut(Strict):
    """Sessions that began a form, a basket or a queue: finished, still open; the others gave up."""

    what: Literal["form", "basket", "queue"]
    sessions: int
    finished: int
    open: int


class TransitionOut(Strict):
    """From one page to the next; a blank page is where sessions begin or end."""

    from_page: str
    to_page: str
    times: int
    sessions: int
    share: float


class HelpOut(Strict):
    """Sessions with and without help at a step, and how many of each went on. No experiment: the two differ in more than help."""

    step: int
    help: Literal["any", "chat", "faq", "offer"]
    with_all: int
    with_on: int
    without_all: int
    without_on: int


class PathsOut(Strict):
    """The newest figures of visits."""

    run: str
    as_of: dt.date
    first_day: dt.date
    last_day: dt.date
    sessions: int
    visitors: int
    customers: int
    open: int
    steps: list[PathStepOut]
    entries: list[PathEntryOut]
    begun: list[BegunOut]
    transitions: list[TransitionOut]
    help: list[HelpOut]


class VisitStep(Strict):
    """A page or an act, and what it means."""

    label: str
    mark: str


class VisitOut(Strict):
    """A session of one customer: no query of an address, no host beside the site it came from."""

    began_at: dt.datetime
    ended_at: dt.datetime
    entry: str
    entry_name: str
    steps: list[VisitStep]


class VisitsOut(Strict):
    """The newest sessions of a customer, newest first."""

    items: list[VisitOut]


@sites.get("/paths", answer=PathsOut, scope="insight:read", needs="analyze.view")
def read_paths(request: ApiRequest) -> dict[str, Any]:
    """Sources, ways, funnel and what help went with, of the newest run."""
    run = queries.latest_run("paths")
    if run is None:
        raise Problem("not_found")
    counts = run.counts
    listed: dict[str, type[Strict]] = {
        "steps": PathStepOut,
        "entries": PathEntryOut,
        "begun": BegunOut,
        "transitions": TransitionOut,
        "help": HelpOut,
    }
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "first_day": counts["after"][0],
        "last_day": counts["after"][1],
        **{name: counts[name] for name in ("sessions", "visitors", "customers", "open")},
        **{
            name: [{key: row[key] for key in shape.model_fields} for row in counts[name]]
            for name, shape in listed.items()
        },
    }


@sites.get("/customers/{customer}/visits", answer=VisitsOut, scope="customers:read", needs="customers.view")
def list_visits(request: ApiRequest, customer: str) -> dict[str, Any]:
    """The trajectory of one customer, in the scope of the token's maker, who must see visits."""
    root_id = customers.root_of(request.viewer, customer[:64])
    head = customers.header(request.viewer, root_id) if root_id is not None else None
    if head is None or secure.sight(request.viewer, "visits") != "shown":
        raise Problem("not_found")
    found = collect.visits_of(request.viewer, head.record_ids, limit=_MOST_VISITS)
    return {
        "items": [
            {
                "began_at": one.began_at,
                "ended_at": one.ended_at,
                "entry": one.entry,
                "entry_name": one.entry_name,
                "steps": [{"label": label, "mark": mark} for label, mark in one.steps],
            }
            for one in found
        ]
    }
