"""A person makes a task: for themselves, for a colleague, for a queue."""

import datetime as dt

from django.db import transaction

from zhike.kit import chance, clock, ids
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as staff
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work import kinds
from zhike.work.actions.assigning import MOST_DAYS
from zhike.work.actions.closing import TaskRefused
from zhike.work.models import Task
from zhike.work.queries import facts_of
from zhike.work.records import NORMAL, TaskFacts

MOST_WORDS = 400  # characters


def make_task(
    words: str,
    *,
    by: Viewer,
    about: tuple[str, int] | None = None,
    owner_staff_id: int | None = None,
    queue: str = "",
    due_on: dt.date | None = None,
    priority: int = NORMAL,
) -> TaskFacts:
    """Make a task in one's own words; without owner and queue it is one's own. Identifiers are cut out of the words.

    `about`: (kind of thing, id), in the maker's sight. To others gives who may give tasks; into a queue may anybody. Raises
    TaskRefused (`no_words`, `words_too_long`, `day_gone`, `nobody_there`, `unknown_queue`, `unknown_about`), Forbidden.
    """
    check(by, "work.note")
    said = cutting.cut(" ".join(words.split()))[0]
    owner = owner_staff_id if owner_staff_id is not None or queue else by.staff_id
    if owner != by.staff_id and owner is not None:
        check(by, "work.assign")
    _refuse_bad(said, by, about, owner, queue, due_on)
    kind, about_id = about or ("", 0)
    now, public_id = clock.now(), chance.public_id()
    with transaction.atomic():
        made = Task.objects.create(
            id=ids.take("task")[0],
            public_id=public_id,
            kind=kinds.BY_HAND,
            about_kind=kind,
            about_id=about_id,
            about_part=public_id,  # one may be open about the same thing as often as people like
            owner_staff_id=owner,
            assigned_by_staff_id=by.staff_id if owner is not None else None,
            queue=queue,
            priority=priority if priority in (Task.URGENT, Task.NORMAL, Task.LOW) else NORMAL,
            due_on=due_on,
            why_code=kinds.BY_HAND,
            words=said,
            created_at=now,
            updated_at=now,
        )
        secure.record_audit("work.made", by=by, about=("task", made.id), detail={"to": owner, "queue": queue})
    return facts_of(made)


def _refuse_bad(
    said: str, by: Viewer, about: tuple[str, int] | None, owner: int | None, queue: str, due_on: dt.date | None
) -> None:
    today = clock.today(installation().time_zone)
    if not said:
        raise TaskRefused("no_words")
    if len(said) > MOST_WORDS:
        raise TaskRefused("words_too_long")
    if due_on is not None and not today <= due_on <= today + dt.timedelta(days=MOST_DAYS):
        raise TaskRefused("day_gone")
    if queue and queue not in {q.code for q in kinds.queues()}:
        raise TaskRefused("unknown_queue")
    if (owner is not None or not queue) and owner not in staff.staff_who_can("work.view"):
        raise TaskRefused("nobody_there")
    if about is not None and about[1] not in kinds.abouts(by, about[0], [about[1]]):
        raise TaskRefused("unknown_about")
