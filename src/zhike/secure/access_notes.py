"""The consultation log 查阅记录: who looked at which file, when and for what.

A page that is only read writes nothing: it leaves a note in memory, and a thread of the web process writes what has
gathered once a second. What lies in memory is shown with what is stored. Notes are not chained; a crash loses a second's.
"""

import atexit
import datetime as dt
import os
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import DatabaseError, close_old_connections

from zhike.kit import bulk, clock, ids
from zhike.secure.models import AccessNote
from zhike.secure.records import Viewer

FLUSH_EVERY_S = 1.0
SAME_WITHIN = dt.timedelta(minutes=5)  # one look: the same person, the same file, the same part of it
KEEP_DAYS = 365  # half a year at least, by the rule for network logs
_MOST_HELD = 20_000
# The page before → what it was opened for; the first that fits.
_FROM = (
    ("/search/", "search"), ("/insight/lists/", "list"), ("/work/", "task"), ("/insight/", "analysis"),
    ("/clean/", "clean"), ("/shop/", "order"), ("/customers/", "register"), ("/collect/", "collect"),
)  # fmt: skip
_COLUMNS = ("id", "about_kind", "about_id", "staff_id", "what", "came_from", "at")


@dataclass(frozen=True, slots=True)
class Note:
    """One look: who, at what, coming from which page, when."""

    about_kind: str
    about_id: int
    staff_id: int
    what: str
    came_from: str
    at: dt.datetime
    id: int = 0


_held: list[Note] = []
_last: dict[tuple[str, int, int, str], dt.datetime] = {}
_lock = threading.Lock()
_thread: threading.Thread | None = None


def note_access(viewer: Viewer, about_kind: str, about_id: int, *, what: str = "file", referer: str = "") -> None:
    """Note that somebody looks at something. Touches no database; the same look again within five minutes is one."""
    if viewer.staff_id is None:
        return
    at, key = clock.now(), (about_kind, about_id, viewer.staff_id, what)
    with _lock:
        before = _last.get(key)
        if before is not None and at - before < SAME_WITHIN:
            return
        if len(_last) > _MOST_HELD:
            _last.clear()
        _last[key] = at
        if len(_held) < _MOST_HELD:
            _held.append(Note(about_kind, about_id, viewer.staff_id, what, _came_from(referer), at))
    _start()


def _came_from(referer: str) -> str:
    path = urlsplit(referer).path
    return next((code for head, code in _FROM if path.startswith(head)), "home" if path == "/" else "direct")


def flush() -> int:
    """Write what has gathered; how many notes."""
    with _lock:
        gathered, _held[:] = list(_held), []
    if not gathered:
        return 0
    taken = ids.take("access_note", len(gathered))
    rows = [
        (i, n.about_kind, n.about_id, n.staff_id, n.what, n.came_from, n.at)
        for i, n in zip(taken, gathered, strict=True)
    ]
    return bulk.insert_many("secure_accessnote", _COLUMNS, rows)


def looks(
    *, about: tuple[str, int] | None = None, staff_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> list[Note]:
    """The newest looks first: at one thing, of one person, or all; those still in memory stand first."""
    found = AccessNote.objects.order_by("-id")
    if about is not None:
        found = found.filter(about_kind=about[0], about_id=about[1])
    if staff_id is not None:
        found = found.filter(staff_id=staff_id)
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    stored = [Note(r.about_kind, r.about_id, r.staff_id, r.what, r.came_from, r.at, r.id) for r in found[:limit]]
    if before_id is not None:
        return stored
    with _lock:
        fresh = [
            n
            for n in reversed(_held)
            if (about is None or (n.about_kind, n.about_id) == about) and staff_id in (None, n.staff_id)
        ]
    return fresh + stored


def sweep() -> int:
    """Delete notes older than a year; how many."""
    return AccessNote.objects.filter(at__lt=clock.now() - dt.timedelta(days=KEEP_DAYS)).delete()[0]


def forget(about_kind: str, about_id: int) -> None:
    """Delete what was noted about something that is erased; repeatable."""
    with _lock:
        _held[:] = [n for n in _held if (n.about_kind, n.about_id) != (about_kind, about_id)]
    AccessNote.objects.filter(about_kind=about_kind, about_id=about_id).delete()


def _start() -> None:
    """Begin to write once a second; tests flush by hand."""
    global _thread
    if os.environ.get("ZHIKE_TESTING") == "1" or (_thread is not None and _thread.is_alive()):
        return
    _thread = threading.Thread(target=_write_on, name="access-notes", daemon=True)
    _thread.start()
    atexit.register(_at_exit)


def _write_on() -> None:
    pause = threading.Event()
    while not pause.wait(FLUSH_EVERY_S):
        _try_flush()


def _try_flush() -> None:
    close_old_connections()
    try:
        flush()
    except DatabaseError:
        return  # a locked database: these notes are lost, the next second's are not
    finally:
        close_old_connections()


def _at_exit() -> None:
    if _held:
        _try_flush()
