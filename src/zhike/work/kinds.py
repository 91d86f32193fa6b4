"""The kinds of tasks, their queues, and what tasks are about. Modules register theirs in `apps.ready`.

    kinds.register(
        "contradiction", _("Sources disagree"), icon="arrows-diff", queue="archive",
        why={"two_values": _("Two sources state different values of %(field)s: ask which one holds.")},
        do_url=lambda task: reverse("clean:verify_task", args=[task.public_id]),
    )

`why` holds a sentence by code, filled with `why_params`, or is a function (viewer, task) → sentence where params need
words of their own. `close` replaces `actions.close_task` where closing does more (a note on the customer's file). A kind
without outcomes is closed only where it is done: at its `do_url`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer
from zhike.work.records import About, TaskFacts

Words = str | Promise
Why = Mapping[str, Words] | Callable[[Viewer, TaskFacts], str]
Resolve = Callable[[Viewer, Collection[int]], Mapping[int, About]]
Find = Callable[[Viewer, str], int | None]
BY_HAND = "by_hand"  # what people make themselves; its words stand in the task


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may come of a task: its code, its words, and the state it closes with (done, not_now or wrong)."""

    code: str
    label: Words
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task. `see` and `act` are the permissions to see its tasks and to close them."""

    code: str
    label: Words
    icon: str
    queue: str
    why: Why
    outcomes: tuple[Outcome, ...]
    see: str
    act: str
    do_url: Callable[[TaskFacts], str] | None
    close: Callable[..., object] | None
    list_url: Callable[[], str] | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: people who hold its permission see what waits in it for nobody in particular, and may take it."""

    code: str
    label: Words
    permission: str


_kinds: dict[str, Kind] = {}
_queues: dict[str, Queue] = {}
_abouts: dict[str, Resolve] = {}
_finds: dict[str, Find] = {}

PLAIN = (Outcome("done", _("Done")), Outcome("wrong", _("Not needed"), "wrong"))
LISTED = (
    Outcome("done", _("Done")),
    Outcome("not_now", _("Not now"), "not_now"),
    Outcome("wrong", _("Wrong"), "wrong"),
)


def register(
    code: str,
    label: Words,
    *,
    icon: str,
    why: Why,
    queue: str = "",
    outcomes: tuple[Outcome, ...] = PLAIN,
    see: str = "work.view",
    act: str = "work.note",
    do_url: Callable[[TaskFacts], str] | None = None,
    close: Callable[..., object] | None = None,
    list_url: Callable[[], str] | None = None,
) -> None:
    """Make a kind of task known; again under the same code it replaces the former. `list_url`: a page of its own."""
    _kinds[code] = Kind(code, label, icon, queue, why, outcomes, see, act, do_url, close, list_url)


def register_queue(code: str, label: Words, *, permission: str = "work.view") -> None:
    """Make a queue known, and who works in it."""
    _queues[code] = Queue(code, label, permission)


def register_about(about_kind: str, resolve: Resolve, find: Find | None = None) -> None:
    """Say how things of a kind are named and opened: (viewer, ids) → {id: About}, without what the viewer may not see.

    `find`: (viewer, number or public id) → id, so that people can make tasks about them.
    """
    _abouts[about_kind] = resolve
    if find is not None:
        _finds[about_kind] = find


def kind(code: str) -> Kind:
    """A kind by its code; one nobody registered stands under its code and is closed plainly."""
    return _kinds.get(code) or Kind(code, code, "checklist", "", {}, PLAIN, "work.view", "work.note", None, None, None)


def kinds() -> list[Kind]:
    """All kinds, in the order they were registered."""
    return list(_kinds.values())


def queues() -> list[Queue]:
    """All queues, in the order they were registered."""
    return list(_queues.values())


def queue_label(code: str) -> str:
    """A queue in words; nothing for none."""
    return str(_queues[code].label) if code in _queues else code


def barred_kinds(viewer: Viewer) -> list[str]:
    """Kinds whose tasks the viewer may not see."""
    return [k.code for k in _kinds.values() if not viewer.can(k.see)]


def barred_queues(viewer: Viewer) -> list[str]:
    """Queues the viewer does not work in: what waits there for nobody is not theirs to take."""
    return [q.code for q in _queues.values() if not viewer.can(q.permission)]


def abouts(viewer: Viewer, about_kind: str, ids: Collection[int]) -> Mapping[int, About]:
    """The things tasks are about, for one viewer; empty when nobody says how they are opened."""
    resolve = _abouts.get(about_kind)
    return resolve(viewer, ids) if resolve and ids else {}


def find_about(viewer: Viewer, about_kind: str, text: str) -> int | None:
    """The thing a person names by its number, or a program by its public id; None when there is none in sight."""
    find = _finds.get(about_kind)
    return find(viewer, text.strip()[:64]) if find and text.strip() else None


def why_words(viewer: Viewer, task: TaskFacts) -> str:
    """Why a task is there, in one sentence for this viewer."""
    why = kind(task.kind).why
    if callable(why):
        return why(viewer, task)
    sentence = why.get(task.why_code)
    return str(sentence) % task.why_params if sentence is not None else task.why_code
