"""Tasks over the API: what is to do, one of them, and what came of it."""

import datetime as dt
from typing import Any, Literal

from ninja import Query, Status
from pydantic import Field

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Receipted, Strict
from zhike.kit.paging import BadPageKey
from zhike.secure.records import Viewer
from zhike.work import actions, kinds, queries, words
from zhike.work.actions import TaskRefused
from zhike.work.records import Shown, TaskFilter

routes = Routes("Tasks")
ROUTES = [routes]
READ: dict[str, Any] = {"scope": "tasks:read", "needs": "work.view"}
Plain = str | int | float | bool | None


class TaskOut(Strict):
    """Something a person has to do."""

    task: str
    kind: str
    about_kind: str
    about: str | None = Field(None, description="Public id of what it is about, where the token's maker may see it.")
    part: str | None = Field(None, description="Which part of it: a field, a code.")
    why: str = Field(description="A code.")
    facts: dict[str, Plain] = Field(description="Counts, days and cents behind it.")
    state: str
    outcome: str | None = None
    priority: int = Field(description="1 urgent, 2 normal, 3 can wait.")
    due_on: dt.date | None = None
    put_off_until: dt.date | None = None
    words: str | None = Field(None, description="What is to be done, of one made by hand.")
    is_mine: bool
    is_taken: bool
    queue: str | None = None
    created_at: dt.datetime
    closed_at: dt.datetime | None = None


class TaskList(Page):
    """Tasks by urgency and due day; closed ones newest first."""

    items: list[TaskOut]


class TaskQuery(Strict):
    """Whose, of which kind, due when, and where the list goes on."""

    tab: Literal["mine", "queue", "all"] = "mine"
    kind: str = Field("", max_length=24)
    queue: str = Field("", max_length=24)
    due: Literal["", "overdue", "today", "week", "none"] = ""
    state: Literal["", "put_off", "closed"] = ""
    after: Cursor = Field("", max_length=400)
    limit: Limit = 50


class TaskChange(Strict):
    """What happens to a task: one of these."""

    outcome: str | None = Field(None, max_length=24, description="Closes it with an outcome its kind offers.")
    note: str = Field("", max_length=4000)
    owner: Literal["me", "nobody"] | None = Field(None, description="Takes it, or gives it back to its queue.")
    put_off_until: dt.date | None = None


class TaskIn(Strict):
    """A task in one's own words."""

    words: str = Field(
        min_length=1, max_length=400, description="What is to be done; telephones and addresses of mail are cut out."
    )
    customer: str | None = Field(
        None, max_length=64, description="Public id or file number of the customer it is about."
    )
    queue: str | None = Field(
        None, max_length=24, description="The queue it waits in; without one it is the token's maker's own."
    )
    due_on: dt.date | None = None
    priority: Literal[1, 2, 3] = Field(2, description="1 urgent, 2 normal, 3 can wait.")


class TaskChanged(Receipted):
    """The task that changed."""

    task: str
    state: str


@answers(TaskRefused)
def _refused(error: TaskRefused) -> Problem:
    if error.code == "unknown_task":
        return Problem("not_found")
    conflict = error.code in ("closed_already", "done_elsewhere")
    return Problem("state_conflict") if conflict else refused("body", error.code)


@routes.get("/tasks", answer=TaskList, **READ)
def list_tasks(request: ApiRequest, query: Query[TaskQuery]) -> dict[str, Any]:
    """Tasks the token's maker may see: theirs, nobody's, or (with the right to give tasks) everybody's."""
    tab = query.tab if query.tab != "all" or request.viewer.can("work.assign") else "mine"
    wanted = TaskFilter(tab, query.kind, query.queue, None, query.due, query.state)
    try:
        page = queries.tasks(request.viewer, wanted, after=query.after, limit=query.limit)
    except BadPageKey:
        raise refused("query.after", "cursor") from None
    items = [_out(request.viewer, row) for row in queries.shown(request.viewer, page.tasks)]
    return {"items": items, "next": page.next_key or None}


@routes.get("/tasks/{task}", answer=TaskOut, **READ)
def get_task(request: ApiRequest, task: str) -> dict[str, Any]:
    """One task."""
    found = queries.task(request.viewer, task[:64])
    if found is None:
        raise Problem("not_found")
    return _out(request.viewer, queries.shown(request.viewer, [found])[0])


@routes.write("POST", "/tasks", scope="tasks:write", needs="work.note", answers={201: TaskChanged})
def make_task(request: ApiRequest, task: TaskIn) -> Status:
    """Make a task, about a customer or nothing, for the token's maker or for a queue."""
    about_id = kinds.find_about(request.viewer, "customer", task.customer) if task.customer else None
    if task.customer and about_id is None:
        raise refused("body.customer", "unknown_about")
    made = actions.make_task(
        task.words,
        by=request.viewer,
        about=("customer", about_id) if about_id else None,
        queue=task.queue or "",
        due_on=task.due_on,
        priority=task.priority,
    )
    return Status(201, {"task": made.public_id, "state": made.state})


@routes.write("PATCH", "/tasks/{task}", scope="tasks:write", needs="work.note", answers={200: TaskChanged})
def change_task(request: ApiRequest, task: str, change: TaskChange) -> dict[str, Any]:
    """Close a task with an outcome, take it or give it back, or put it off."""
    wanted = [change.outcome, change.owner, change.put_off_until]
    if sum(part is not None for part in wanted) != 1:
        raise refused("body", "one_change")
    number = task[:64]
    if change.outcome is not None:
        actions.finish_task(number, change.outcome, change.note, by=request.viewer)
    elif change.put_off_until is not None:
        actions.postpone_tasks([number], change.put_off_until, by=request.viewer)
    elif change.owner == "me":
        actions.take_task(number, by=request.viewer)
    else:
        actions.assign_tasks([number], None, by=request.viewer)
    found = queries.task(request.viewer, number)
    return {"task": number, "state": found.state if found else "open"}


def _out(viewer: Viewer, row: Shown) -> dict[str, Any]:
    task = row.task
    return {
        "task": task.public_id,
        "kind": task.kind,
        "about_kind": task.about_kind,
        "about": row.about.public_id or None if row.about else None,
        "part": task.about_part or None,
        "why": task.why_code,
        "facts": {n: v for n, v in task.why_params.items() if isinstance(v, Plain)},
        "state": task.state,
        "outcome": task.outcome or None,
        "priority": task.priority,
        "due_on": task.due_on,
        "put_off_until": task.snooze_until,
        "words": words.readable(task.words) or None,
        "is_mine": task.owner_staff_id is not None and task.owner_staff_id == viewer.staff_id,
        "is_taken": task.owner_staff_id is not None,
        "queue": task.queue or None,
        "created_at": task.created_at,
        "closed_at": task.closed_at,
    }
