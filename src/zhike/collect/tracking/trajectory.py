"""Trajectory 访问轨迹: the pages a customer went through, a session an item. A session ends with thirty minutes of silence."""

import datetime as dt
from collections.abc import Iterable, Sequence

from zhike.collect.models import TrackedEvent, Visitor
from zhike.collect.records import VisitFacts
from zhike.collect.tracking.marks import NAMING
from zhike.customers import queries as customers
from zhike.customers.records import TimelinePlace
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

SILENCE_SECONDS = 30 * 60
_READ = 400  # events of each record and visitor looked at for a page
_LONGEST_SESSION = dt.timedelta(days=1)
_MOST_STEPS = 40
_MOST_VISITORS = 100
_LIVE = "withdrawn_at IS NULL"


def visits_of(
    viewer: Viewer, record_ids: Sequence[int], before: TimelinePlace | None = None, limit: int = 30
) -> list[VisitFacts]:
    """Sessions of these records before a place of the timeline, newest first; none for whom visits are hidden.

    An event belongs to who it named itself; one that names nobody to the one customer its visitor was identified as.
    """
    if secure.sight(viewer, "visits") != "shown":
        return []
    # A session that began before the place may go on after it: it is read whole, and then asked where it began.
    edge = TimelinePlace(before.at + _LONGEST_SESSION, "", 2**62) if before else None
    events = _events(record_ids, edge)
    sessions = [_facts(one) for one in _parted(events)]
    if before is not None:
        sessions = [one for one in sessions if (one.began_at, "visit", one.id) < (before.at, before.kind, before.id)]
    return sorted(sessions, key=lambda one: (one.began_at, one.id), reverse=True)[:limit]


def _events(record_ids: Sequence[int], edge: TimelinePlace | None) -> list[TrackedEvent]:
    table = "collect_trackedevent"
    ids = customers.newest_ids(table, "at", "visit", record_ids, edge, _READ, only=_LIVE)
    pointed = Visitor.objects.filter(source_record_id__in=list(record_ids)).order_by("-id")
    visitors = list(pointed.values_list("id", flat=True)[:_MOST_VISITORS])
    nameless = f"{_LIVE} AND source_record_id IS NULL"
    ids += customers.newest_ids(table, "at", "visit", visitors, edge, _READ, only=nameless, column="visitor_id")
    found: list[TrackedEvent] = []
    for start in range(0, len(ids), 500):
        found += TrackedEvent.objects.filter(id__in=ids[start : start + 500]).exclude(kind__in=NAMING)
    return found


def _parted(events: Iterable[TrackedEvent]) -> list[list[TrackedEvent]]:
    sessions: list[list[TrackedEvent]] = []
    for event in sorted(events, key=lambda one: (one.visitor_id, one.at, one.id)):
        last = sessions[-1][-1] if sessions else None
        silent = last is None or (event.at - last.at).total_seconds() >= SILENCE_SECONDS
        if last is None or silent or last.visitor_id != event.visitor_id:
            sessions.append([event])
        else:
            sessions[-1].append(event)
    return sessions


def _facts(events: list[TrackedEvent]) -> VisitFacts:
    first, steps = events[0], list[tuple[str, str]]()
    for event in events:
        step = (event.title or event.path or event.name, event.mark)
        if step[0] and (not steps or steps[-1] != step):
            steps.append(step)
    return VisitFacts(
        id=first.id,
        began_at=first.at,
        ended_at=events[-1].at,
        source_id=first.source_id,
        entry=first.entry,
        entry_name=first.entry_name,
        steps=tuple(steps[:_MOST_STEPS]),
        event_count=len(events),
    )
