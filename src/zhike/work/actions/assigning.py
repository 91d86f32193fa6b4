"""Who does a task, and when: taken, given, handed over, put off; back to the queue when somebody leaves."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import queries as staff
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work.actions.closing import TaskRefused
from zhike.work.models import Task
from zhike.work.queries import visible

MOST_AT_ONCE = 200
MOST_DAYS = 366  # put off for at most a year


@dataclass(frozen=True, slots=True)
class Given:
    """A task that changed hands with what it is about: whose it was, and who had given it to them."""

    task_id: int
    about_id: int
    owner: int | None
    assigned_by: int | None


def take_task(public_id: str, *, by: Viewer) -> None:
    """Make a task one's own: one that waits in a queue, or a colleague's with the right to give. Raises TaskRefused, Forbidden."""
    if by.staff_id is None:
        raise TaskRefused("nobody_there")
    assign_tasks([public_id], by.staff_id, by=by)


def assign_tasks(public_ids: Sequence[str], staff_id: int | None, *, by: Viewer) -> int:
    """Give open tasks to somebody, or (None) back to their queues; returns how many changed hands.

    Everybody may take what is nobody's and hand back what is theirs; the rest asks for the right to give tasks. Tasks out of
    sight are passed over. Raises TaskRefused (`nobody_there`: who gets them cannot see tasks; `many`), Forbidden.
    """
    check(by, "work.view")
    if staff_id is not None and staff_id not in staff.staff_who_can("work.view"):
        raise TaskRefused("nobody_there")
    with transaction.atomic():
        found = _open(public_ids, by)
        if not by.can("work.assign"):
            _refuse_others(found, staff_id, by)
        moved = [t for t in found if t.owner_staff_id != staff_id]
        now = clock.now()
        for queue, ids in _by_queue(moved).items():
            Task.objects.filter(id__in=ids).update(
                owner_staff_id=staff_id,
                assigned_by_staff_id=by.staff_id if staff_id is not None else None,
                queue=queue,
                updated_at=now,
            )
        if moved:
            _note("work.given", [t.id for t in moved], by, to=staff_id)
    return len(moved)


def postpone_tasks(public_ids: Sequence[str], until: dt.date, *, by: Viewer) -> int:
    """Put open tasks out of sight until a day; they stay open. Returns how many. Raises TaskRefused `past`, Forbidden."""
    check(by, "work.note")
    today = clock.today(installation().time_zone)
    if not today < until <= today + dt.timedelta(days=MOST_DAYS):
        raise TaskRefused("past")
    with transaction.atomic():
        found = _open(public_ids, by)
        if not by.can("work.assign") and any(t.owner_staff_id not in (None, by.staff_id) for t in found):
            raise Forbidden("work.assign")
        ids = [t.id for t in found]
        Task.objects.filter(id__in=ids).update(snooze_until=until, updated_at=clock.now())
        if ids:
            _note("work.put_off", ids, by, until=until.isoformat())
    return len(ids)


def follow_owner(
    about_kind: str, owners_before: Mapping[int, int | None], staff_id: int | None, *, by: Viewer
) -> list[Given]:
    """Give the open tasks of things that change hands along with them: those their owner before had. In the caller's transaction.

    `owners_before` is {thing: owner before}; to nobody, they wait in their queues again. Returns what each task was, for
    `give_back`. Asks for no permission: whoever may hand the thing over has been asked there.
    """
    wanted = {about: owner for about, owner in owners_before.items() if owner is not None and owner != staff_id}
    held = Task.objects.select_for_update().filter(
        about_kind=about_kind, about_id__in=sorted(wanted), state=Task.OPEN, owner_staff_id__in=set(wanted.values())
    )
    moved = [task for task in held if task.owner_staff_id == wanted[task.about_id]]
    now = clock.now()
    for queue, ids in _by_queue(moved).items():
        Task.objects.filter(id__in=ids).update(
            owner_staff_id=staff_id, assigned_by_staff_id=by.staff_id if staff_id is not None else None, queue=queue, updated_at=now
        )  # fmt: skip
    if moved:
        _note("work.given", [t.id for t in moved], by, to=staff_id)
    return [Given(t.id, t.about_id, t.owner_staff_id, t.assigned_by_staff_id) for t in moved]


def give_back(given: Sequence[Given], *, left: int | None, by: Viewer) -> int:
    """Take `follow_owner` back: tasks still open and still with `left` are whose they were. Returns how many."""
    before = {one.task_id: one for one in given}
    held = list(Task.objects.select_for_update().filter(id__in=list(before), state=Task.OPEN, owner_staff_id=left))
    for task in held:
        one = before[task.id]
        task.owner_staff_id, task.assigned_by_staff_id, task.updated_at = one.owner, one.assigned_by, clock.now()
        task.save(update_fields=["owner_staff_id", "assigned_by_staff_id", "updated_at"])
    if held:
        _note("work.given", [t.id for t in held], by, to=None)
    return len(held)


def return_to_queue(staff_id: int, *, by: Viewer) -> int:
    """Give back everything open of somebody who left, to the queue of each task's kind; returns how many."""
    now, count = clock.now(), 0
    held = Task.objects.filter(owner_staff_id=staff_id, state=Task.OPEN)
    for code in sorted(set(held.filter(queue="").values_list("kind", flat=True))):
        held.filter(queue="", kind=code).update(queue=kinds.kind(code).queue)
    count = held.update(owner_staff_id=None, assigned_by_staff_id=None, snooze_until=None, updated_at=now)
    if count:
        secure.record_audit("work.returned", by=by, about=("staff", staff_id), detail={"tasks": count})
    return count


def _open(public_ids: Sequence[str], by: Viewer) -> list[Task]:
    if len(public_ids) > MOST_AT_ONCE:
        raise TaskRefused("many")
    found: QuerySet[Task] = visible(by).filter(public_id__in=list(public_ids), state=Task.OPEN)
    tasks = list(found.select_for_update())
    if not tasks:
        raise TaskRefused("unknown_task")
    return tasks


def _refuse_others(found: Sequence[Task], staff_id: int | None, by: Viewer) -> None:
    mine_to_give = all(t.owner_staff_id in (None, by.staff_id) for t in found)
    if not mine_to_give or staff_id not in (None, by.staff_id):
        raise Forbidden("work.assign")


def _by_queue(tasks: Sequence[Task]) -> dict[str, list[int]]:
    """Task ids by the queue they stand in; a task without one gets its kind's, so that it can be given back."""
    queues: dict[str, list[int]] = {}
    for task in tasks:
        queues.setdefault(task.queue or kinds.kind(task.kind).queue, []).append(task.id)
    return queues


def _note(act: str, ids: Sequence[int], by: Viewer, **detail: object) -> None:
    about = ("task", ids[0]) if len(ids) == 1 else None
    secure.record_audit(act, by=by, about=about, detail={"tasks": list(ids), **detail})
