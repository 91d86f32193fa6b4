"""How much there is to do."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Count, Q

from zhike.secure.records import Viewer
from zhike.work.models import Task
from zhike.work.queries.lists import narrowed, this_day, visible
from zhike.work.records import TaskFilter


@dataclass(frozen=True, slots=True)
class Summary:
    """What waits for one person: theirs, theirs overdue, and what waits in queues for nobody."""

    mine: int
    overdue: int
    queued: int


def open_counts(viewer: Viewer, kinds: Collection[str] = ()) -> dict[str, int]:
    """How many tasks are open in the viewer's scope, by kind; what is put off is not counted."""
    tasks = visible(viewer).filter(state=Task.OPEN).filter(_awake())
    if kinds:
        tasks = tasks.filter(kind__in=kinds)
    return dict(tasks.values_list("kind").annotate(n=Count("id")).order_by())


def my_count(viewer: Viewer) -> int:
    """How many open tasks are the viewer's own today."""
    return narrowed(viewer, TaskFilter("mine")).count() if viewer.staff_id is not None else 0


def tab_counts(viewer: Viewer, wanted: TaskFilter) -> dict[str, int]:
    """Under the same filters: how many are mine, how many nobody's, how many there are. One question."""
    found = narrowed(viewer, replace(wanted, tab="all"))
    mine, nobody = Q(owner_staff_id=viewer.staff_id or 0), Q(owner_staff_id=None)
    return dict(found.aggregate(mine=Count("id", filter=mine), queue=Count("id", filter=nobody), all=Count("id")))


def summary(viewer: Viewer) -> Summary:
    """The three figures of the home page, in one question."""
    today = this_day()
    mine = Q(owner_staff_id=viewer.staff_id or 0)
    found = visible(viewer).filter(state=Task.OPEN).filter(_awake())
    told = found.aggregate(
        mine=Count("id", filter=mine),
        overdue=Count("id", filter=mine & Q(due_on__lt=today)),
        queued=Count("id", filter=Q(owner_staff_id=None)),
    )
    return Summary(told["mine"], told["overdue"], told["queued"])


def _awake() -> Q:
    return Q(snooze_until=None) | Q(snooze_until__lte=this_day())
