"""One timeline of a customer, merged from what each module knows."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from zhike.collect import queries as collect
from zhike.customers import queries as customers
from zhike.customers.records import TimelineItem, TimelinePlace
from zhike.desk import words
from zhike.reach import queries as reach
from zhike.secure.records import Viewer
from zhike.shop import queries as shop

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Items newest first, and the key of the older ones (empty at the end)."""

    items: tuple[TimelineItem, ...]
    older_key: str


def page(
    viewer: Viewer,
    record_ids: Sequence[int],
    kind: str = "",
    before: str = "",
    *,
    limit: int = PAGE_SIZE,
    with_orders: bool = True,
    with_messages: bool = True,
) -> TimelinePage:
    """A page of everything, or of one kind, as the viewer may read it. Each module reads no more than a page from its index."""
    place = _read(before)
    found: list[TimelineItem] = []
    if with_orders and kind in ("", "order"):
        found += shop.timeline(record_ids, place, limit + 1)
    own = tuple(k for k in ("contact", "edit", "statement", "attachment") if kind in ("", k))
    if own:
        found += customers.timeline(viewer, record_ids, place, limit + 1, kinds=own)
    if with_orders and kind in ("", "contract"):
        found += shop.contract_items(viewer, record_ids, place, limit + 1)
    if with_messages and kind in ("", "message"):
        found += reach.timeline(record_ids, place, limit + 1)
    if kind in ("", "visit"):
        found += _visits(viewer, record_ids, place, limit + 1)
    found.sort(key=customers.place_of, reverse=True)
    older = _token(customers.place_of(found[limit - 1])) if len(found) > limit else ""
    return TimelinePage(tuple(found[:limit]), older)


def _visits(viewer: Viewer, record_ids: Sequence[int], place: TimelinePlace | None, limit: int) -> list[TimelineItem]:
    """One item a session: where it came from, how many pages, and the way through them."""
    return [
        TimelineItem(
            at=one.began_at,
            kind="visit",
            key=str(one.id),
            title=words.visit_title(len(one.steps), one.entry, one.entry_name),
            detail=" → ".join(label for label, _ in one.steps),
            state=one.entry,
        )
        for one in collect.visits_of(viewer, record_ids, place, limit)
    ]


def kinds() -> list[tuple[str, str]]:
    """The kinds a reader may keep to: (code, label)."""
    return [(code, str(label)) for code, label in words.TIMELINE_KINDS.items()]


def is_place(token: str) -> bool:
    """Whether a text is the key of a page."""
    return _read(token) is not None


def _token(place: TimelinePlace) -> str:
    text = json.dumps([place.at.isoformat(), place.kind, place.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(token: str) -> TimelinePlace | None:
    """A place from an address; a damaged one begins at the top."""
    if not token or len(token) > 200:
        return None
    try:
        at, kind, number = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        moment = dt.datetime.fromisoformat(at)
        return TimelinePlace(moment, str(kind), int(number)) if moment.tzinfo and abs(int(number)) < 2**63 else None
    except (ValueError, TypeError):
        return None
