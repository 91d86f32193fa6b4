"""Closing tasks: by a person, because the matter was settled elsewhere, or because its customer is no more."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction

from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work.models import Task
from zhike.work.queries import facts_of, task
from zhike.work.records import OUTCOMES, TaskFacts

SNOOZE_DAYS = 14  # not now
REST_DAYS = 30  # done: the customer is left in peace
MOST_NOTE = 4000  # characters


class TaskRefused(ValueError):
    """A task cannot be handled so.

    `code`: unknown_task, closed_already, unknown_outcome, done_elsewhere, note_too_long, nobody_there, past or many; of one
    made by hand no_words, words_too_long, day_gone, unknown_queue or unknown_about.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def close_task(task_id: int, outcome: str, note: str = "", *, by: Viewer) -> TaskFacts:
    """Close an open task with an outcome its kind offers; `not_now` gives two weeks' peace, `wrong` until a newer fact.

    Identifiers are cut out of the note and not kept: what belongs on a file is noted there. Opens no transaction of its
    own: the caller notes the outcome elsewhere in the same one. Raises TaskRefused, Forbidden.
    """
    held = Task.objects.filter(id=task_id).first()
    check(by, kinds.kind(held.kind).act if held else "work.note")
    state = _state(held.kind if held else "", outcome)
    if len(note) > MOST_NOTE:
        raise TaskRefused("note_too_long")
    now, today = clock.now(), clock.today(installation().time_zone)
    closed = Task.objects.filter(id=task_id, state=Task.OPEN).update(
        state=state,
        outcome=outcome,
        note=cutting.cut(note.strip())[0],
        snooze_until=today + dt.timedelta(days=SNOOZE_DAYS) if state == Task.NOT_NOW else None,
        closed_at=now,
        updated_at=now,
        closed_by_staff_id=by.staff_id,
    )
    if not closed:
        raise TaskRefused("closed_already" if held else "unknown_task")
    return facts_of(Task.objects.get(id=task_id))


def finish_task(public_id: str, outcome: str, note: str = "", *, by: Viewer) -> TaskFacts:
    """Close a task the viewer sees as its kind wants it closed (a list's entry leaves a contact on the file).

    Raises TaskRefused (`done_elsewhere` where the kind is closed only at its own page), Forbidden, or the kind's refusal.
    """
    found = task(by, public_id)
    if found is None:
        raise TaskRefused("unknown_task")
    own = kinds.kind(found.kind)
    check(by, own.act)
    if outcome not in {o.code for o in own.outcomes}:
        raise TaskRefused("unknown_outcome" if own.outcomes else "done_elsewhere")
    if own.close is not None:
        own.close(found.id, outcome, note, by=by)
        return facts_of(Task.objects.get(id=found.id))
    with transaction.atomic():
        close_task(found.id, outcome, note, by=by)
        detail = {"kind": found.kind, "outcome": outcome}
        secure.record_audit("work.closed", by=by, about=("task", found.id), detail=detail)
    return facts_of(Task.objects.get(id=found.id))


def settle_tasks(
    kind: str, about_kind: str, about_ids: Collection[int], *, by: Viewer, about_part: str | None = None, outcome: str = "done",
    owner_staff_id: int | None = None, due_by: dt.date | None = None,
) -> int:  # fmt: skip
    """Close what is open of a kind about these things, because the matter was settled elsewhere; returns how many.

    Narrowed to one part, to those of one owner, to those due by a day, where these are given.

    Asks for no permission: whoever may do what settles the matter has been asked there.
    """
    now = clock.now()
    found = Task.objects.filter(kind=kind, about_kind=about_kind, about_id__in=list(about_ids), state=Task.OPEN)
    if about_part is not None:
        found = found.filter(about_part=about_part)
    if owner_staff_id is not None:
        found = found.filter(owner_staff_id=owner_staff_id)
    if due_by is not None:
        found = found.filter(due_on__lte=due_by)
    state = outcome if outcome in OUTCOMES else Task.DONE
    return found.update(
        state=state, outcome=outcome, closed_at=now, updated_at=now, closed_by_staff_id=by.staff_id, snooze_until=None
    )


def forget_tasks(about_kind: str, about_ids: Sequence[int], *, by: Viewer) -> int:
    """Delete every task about things that never were (the demo shop's customers), or are erased; returns how many."""
    check(by, "demo.manage")
    return Task.objects.filter(about_kind=about_kind, about_id__in=list(about_ids)).delete()[0]


def _state(kind_code: str, outcome: str) -> str:
    offered = {o.code: o.state for o in kinds.kind(kind_code).outcomes}
    state = offered.get(outcome) or (outcome if outcome in OUTCOMES else "")
    if not state:
        raise TaskRefused("unknown_outcome")
    return state
