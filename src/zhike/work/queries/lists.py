"""Which tasks a viewer sees, and pages of them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhike.kit import clock
from zhike.kit.paging import Column, Sort, page_of
from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work.models import Task
from zhike.work.records import TaskFacts, TaskFilter, TaskPage

WEEK_DAYS = 7
SORTS: dict[str, Sort] = {
    "urgency": (Column("priority"), Column("due_on", nullable=True), Column("rank"), Column("id")),
    "closed": (Column("closed_at", descending=True), Column("id", descending=True)),
}


def this_day() -> dt.date:
    """Today in the shop: pages and the API run in its time zone."""
    return timezone.localdate(clock.now())


def visible(viewer: Viewer) -> QuerySet[Task, Any]:
    """The tasks a viewer may see: by the owner's scope, by the permission of kind and queue."""
    owners = viewer.scope_staff_ids()
    found = Task.objects.all() if owners is None else Task.objects.filter(owner_staff_id__in=sorted(owners))
    if barred := kinds.barred_kinds(viewer):
        found = found.exclude(kind__in=barred)
    if barred := kinds.barred_queues(viewer):
        found = found.exclude(queue__in=barred, owner_staff_id=None)
    return found


def narrowed(viewer: Viewer, wanted: TaskFilter) -> QuerySet[Task, Any]:
    """The tasks a page asks for."""
    found, today = visible(viewer), this_day()
    if wanted.tab == "mine":
        found = found.filter(owner_staff_id=viewer.staff_id or 0)
    elif wanted.tab == "queue":
        found = found.filter(owner_staff_id=None)
    found = found.filter(_in_state(wanted.state, today))
    exact = {"kind": wanted.kind, "queue": wanted.queue}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.owner is not None:
        found = found.filter(owner_staff_id=wanted.owner or None)
    return found.filter(_due(wanted.due, today)) if wanted.due else found


def tasks(viewer: Viewer, wanted: TaskFilter, *, after: str = "", before: str = "", limit: int = 50) -> TaskPage:
    """A page of tasks: open ones by urgency and due day, closed ones newest first. Raises kit.paging.BadPageKey."""
    sort = "closed" if wanted.state == "closed" else "urgency"
    page = page_of(narrowed(viewer, wanted), sorts=SORTS, sort=sort, after=after, before=before, size=limit)
    return TaskPage(tuple(facts_of(t) for t in page.items), page.next_key or "", page.previous_key or "")


def open_tasks(
    viewer: Viewer, kind: str, *, after: str = "", before: str = "", limit: int = 50, state: str = Task.OPEN
) -> TaskPage:
    """A page of the open tasks of a kind in the viewer's scope (own, team or all, by owner), in order of rank."""
    tasks = visible(viewer).filter(kind=kind, state=state)
    if state == Task.OPEN:
        tasks = tasks.filter(_in_state("", this_day()))
    backwards = bool(before) and not after
    place = _place(before if backwards else after)
    if place:
        rank, task_id = place
        tasks = tasks.filter(
            Q(rank__lt=rank) | Q(rank=rank, id__lt=task_id)
            if backwards
            else Q(rank__gt=rank) | Q(rank=rank, id__gt=task_id)
        )
    order = ("-rank", "-id") if backwards else ("rank", "id")
    found = list(tasks.order_by(*order)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    onward, back = (True, more) if backwards else (more, place is not None)
    return TaskPage(
        tasks=tuple(facts_of(task) for task in found),
        next_key=f"{found[-1].rank}.{found[-1].id}" if found and onward else "",
        previous_key=f"{found[0].rank}.{found[0].id}" if found and back else "",
    )


def task(viewer: Viewer, public_id: str) -> TaskFacts | None:
    """A task by the id in its address, when the viewer may see it."""
    found = visible(viewer).filter(public_id=public_id).first()
    return facts_of(found) if found else None


def tasks_about(
    viewer: Viewer, about_kind: str, about_id: int | Sequence[int], *, limit: int = 20, kind: str = ""
) -> list[TaskFacts]:
    """Open tasks first, the most urgent before, then the newest closed ones, about one thing (or all of a merged group)."""
    ids = [about_id] if isinstance(about_id, int) else list(about_id)
    found = visible(viewer).filter(about_kind=about_kind, about_id__in=ids).exclude(state=Task.EXPIRED)
    if kind:
        found = found.filter(kind=kind)
    tasks = list(found.order_by("-updated_at")[:limit])
    return [
        facts_of(t) for t in sorted(tasks, key=lambda t: (t.state != Task.OPEN, t.priority, t.due_on or dt.date.max))
    ]


def facts_of(task: Task) -> TaskFacts:
    """A row as the record that crosses the door."""
    return TaskFacts(**{name: getattr(task, name) for name in TaskFacts.__slots__})


def _in_state(state: str, today: dt.date) -> Q:
    if state == "closed":
        return Q(state__in=(Task.DONE, Task.NOT_NOW, Task.WRONG))
    put_off = Q(snooze_until__gt=today)
    return Q(state=Task.OPEN) & (put_off if state == "put_off" else ~put_off | Q(snooze_until=None))


def _due(due: str, today: dt.date) -> Q:
    if due == "none":
        return Q(due_on=None)
    if due == "overdue":
        return Q(due_on__lt=today)
    return Q(due_on__lte=today + dt.timedelta(days=WEEK_DAYS if due == "week" else 0))


def _place(token: str) -> tuple[int, int] | None:
    rank, _, task_id = token.partition(".")
    return (int(rank), int(task_id)) if rank.isdecimal() and task_id.isdecimal() else None


def given_by_hand(about_kind: str, about_ids: list[int]) -> set[int]:
    """Which of these things have an open task that no list drew up: somebody, or something that happened, asked for it."""
    found = Task.objects.filter(about_kind=about_kind, about_id__in=about_ids, state=Task.OPEN, run_id=None)
    return set(found.values_list("about_id", flat=True))
