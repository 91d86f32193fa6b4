"""Questions about human tasks."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhike.secure.records import Viewer
from zhike.work.models import Task
from zhike.work.records import TaskFacts, TaskPage


def open_tasks(
    viewer: Viewer, kind: str, *, after: str = "", before: str = "", limit: int = 50, state: str = Task.OPEN
) -> TaskPage:
    """A page of the open tasks of a kind in the viewer's scope (own, team or all, by owner), in order of rank."""
    tasks = _in_scope(viewer).filter(kind=kind, state=state)
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


def open_counts(viewer: Viewer, kinds: Collection[str] = ()) -> dict[str, int]:
    """How many tasks are open in the viewer's scope, by kind."""
    tasks = _in_scope(viewer).filter(state=Task.OPEN)
    if kinds:
        tasks = tasks.filter(kind__in=kinds)
    return dict(tasks.values_list("kind").annotate(n=Count("id")).order_by())


def task(viewer: Viewer, public_id: str) -> TaskFacts | None:
    """A task by the id in its address, when it lies in the viewer's scope."""
    found = _in_scope(viewer).filter(public_id=public_id).first()
    return facts_of(found) if found else None


def tasks_about(viewer: Viewer, about_kind: str, about_id: int, *, limit: int = 20) -> list[TaskFacts]:
    """Open tasks first, then the newest closed ones, about one thing."""
    found = _in_scope(viewer).filter(about_kind=about_kind, about_id=about_id).exclude(state=Task.EXPIRED)
    tasks = sorted(found.order_by("-updated_at")[:limit], key=lambda t: t.state != Task.OPEN)
    return [facts_of(t) for t in tasks]


def facts_of(task: Task) -> TaskFacts:
    """A row as the record that crosses the door."""
    return TaskFacts(**{name: getattr(task, name) for name in TaskFacts.__slots__})


def _in_scope(viewer: Viewer) -> QuerySet[Task, Any]:
    owners = viewer.scope_staff_ids()
    return Task.objects.all() if owners is None else Task.objects.filter(owner_staff_id__in=sorted(owners))


def _place(token: str) -> tuple[int, int] | None:
    rank, _, task_id = token.partition(".")
    return (int(rank), int(task_id)) if rank.isdecimal() and task_id.isdecimal() else None
