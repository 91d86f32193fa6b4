"""Worklists over the API. Segments, composition and ABC have their place here as routes of their own."""

import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from zhike.analyze.records import LIST_KINDS
from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Receipted, Strict
from zhike.customers import actions
from zhike.customers import queries as customers
from zhike.customers.api.files import line
from zhike.customers.api.shapes import CustomerLine
from zhike.work import queries as work
from zhike.work.actions import TaskRefused

routes = Routes("Worklists")
ROUTES = [routes]
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
    items = [
        {
            "task": task.public_id,
            "rank": task.rank,
            "why": task.why_code,
            "facts": {n: v for n, v in task.why_params.items() if isinstance(v, str | int | float | bool | None)},
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
