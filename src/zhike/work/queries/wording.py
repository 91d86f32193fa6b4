"""Tasks in words, for one viewer: what they are, why they are there, what they are about, where they are done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work.models import Task
from zhike.work.queries.counts import _awake
from zhike.work.queries.lists import facts_of, tasks_about, this_day, visible
from zhike.work.records import About, Shown, TaskFacts


def shown(viewer: Viewer, tasks: Iterable[TaskFacts]) -> list[Shown]:
    """These tasks in words; what they are about is asked once per kind of thing."""
    held = list(tasks)
    wanted: dict[str, set[int]] = defaultdict(set)
    for task in held:
        wanted[task.about_kind].add(task.about_id)
    known = {kind: kinds.abouts(viewer, kind, ids) for kind, ids in wanted.items()}
    return [_shown(viewer, task, known) for task in held]


def file_tasks(viewer: Viewer, about_kind: str, about_ids: Sequence[int]) -> list[Shown]:
    """Open tasks about one thing (or all of a merged group), for its own page: without saying again what it is."""
    found = [t for t in tasks_about(viewer, about_kind, about_ids) if t.state == Task.OPEN]
    return [_shown(viewer, task, {}) for task in found]


def first_of_each(viewer: Viewer, *, limit: int = 6) -> list[tuple[str, int, list[TaskFacts]]]:
    """Of each kind with open tasks its code, how many there are, and the first of them: one question for the home page."""
    own, order = [F("kind")], [F("priority").asc(), F("rank").asc(), F("id").asc()]
    found = visible(viewer).filter(state=Task.OPEN).filter(_awake())
    numbered = found.annotate(
        place=Window(RowNumber(), partition_by=own, order_by=order),
        many=Window(Count("id"), partition_by=own),
    )
    groups: dict[str, tuple[int, list[TaskFacts]]] = {}
    for task in numbered.filter(place__lte=limit).order_by("kind", "place"):
        groups.setdefault(task.kind, (task.many, []))[1].append(facts_of(task))
    return [(kind, many, tasks) for kind, (many, tasks) in groups.items()]


def _shown(viewer: Viewer, task: TaskFacts, known: Mapping[str, Mapping[int, About]]) -> Shown:
    own = kinds.kind(task.kind)
    about = known.get(task.about_kind, {}).get(task.about_id)
    is_open = task.state == Task.OPEN
    return Shown(
        task=task,
        label=str(own.label),
        icon=own.icon,
        why=kinds.why_words(viewer, task),
        about=about,
        do_url=own.do_url(task) if own.do_url and is_open else "",
        outcomes=tuple((o.code, str(o.label)) for o in own.outcomes),
        queue=str(kinds.queue_label(task.queue)),
        is_overdue=is_open and task.due_on is not None and task.due_on < this_day(),
        may_close=is_open and viewer.can(own.act),
    )
