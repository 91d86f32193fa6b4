"""Acts of visitors: prepared outside a transaction, written in one, withdrawn by run. Files and programs come through here."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from zhike.collect.models import TrackedEvent, TrackedSighting, Visitor, VisitorLink
from zhike.collect.records import TrackedStatement
from zhike.customers import queries as customers
from zhike.customers.records import Problem, Statement
from zhike.kit import bulk, changes, clock, ids
from zhike.secure import vault
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_EVENT = (
    "id", "source_id", "digest", "visitor_id", "source_record_id", "at", "kind", "name", "path", "title", "section", "entry",
    "entry_name", "mark", "sku", "amount_cents", "change_seq",
)  # fmt: skip
_SAID = ("kind", "name", "path", "title", "section", "entry", "entry_name", "mark", "sku", "amount_cents")
_CHUNK = 500


@dataclass(slots=True)
class TrackedTally:
    """What recording a batch came to: `named` are events of somebody known by name."""

    seen: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    named: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class PreparedEvents:
    """Ready tuples of a batch."""

    source_id: int
    run_id: int
    events: list[tuple[Any, ...]] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    sightings: list[tuple[int, int, int]] = field(default_factory=list)
    visitors: list[tuple[int, int, bytes]] = field(default_factory=list)
    links: list[tuple[int, int, int]] = field(default_factory=list)
    tally: TrackedTally = field(default_factory=TrackedTally)


def prepare_tracked(source_id: int, given: Sequence[TrackedStatement], *, run_id: int) -> PreparedEvents:
    """Compare acts of one source with what is known; writes nothing. Whom a row means is asked of that source's records."""
    made = PreparedEvents(source_id, run_id)
    made.tally.seen = len(given)
    records = _records(source_id, given)
    visitors = _visitors(made, given)
    digests = [_digest(one, visitor_digest(source_id, one)) for one in given]
    known = _known(source_id, digests)
    fresh = dict.fromkeys(digest for digest in digests if digest not in known)
    event_ids = dict(zip(fresh, ids.take("tracked_event", len(fresh)), strict=True))
    told: set[bytes] = set()
    for one, digest, visitor, record in zip(given, digests, visitors, records, strict=True):
        _link(made, one, visitor, record)
        if digest in told:
            made.tally.unchanged += 1
            continue
        told.add(digest)
        if digest in event_ids:
            said = tuple(getattr(one, name) for name in _SAID)
            made.events.append((event_ids[digest], source_id, digest, visitor, record, one.at, *said))
            made.tally.new += 1
        elif known[digest][1] is not None:
            made.revived.append(known[digest][0])
            made.tally.new += 1
        else:
            made.tally.unchanged += 1
        made.sightings.append((event_ids.get(digest) or known[digest][0], run_id, one.row_no))
    made.links = list(dict.fromkeys(made.links))
    return made


def _link(made: PreparedEvents, one: TrackedStatement, visitor: int, record: int | None) -> None:
    if record is not None:
        made.tally.named += 1
        made.links.append((visitor, record, made.run_id))
    elif one.person is not None:
        made.tally.problems.append(Problem(one.row_no, "key", "visitor_unknown"))


def foresee_tracked(source_id: int | None, given: Sequence[TrackedStatement]) -> list[str]:
    """What recording would do with each act: new or unchanged."""
    digests = [_digest(one, visitor_digest(source_id or 0, one)) for one in given]
    known = {digest for digest, (_, gone) in _known(source_id or 0, digests).items() if gone is None}
    outcomes = []
    for digest in digests:
        outcomes.append("unchanged" if digest in known else "new")
        known.add(digest)
    return outcomes


def record_tracked(made: PreparedEvents, *, within: Callable[[], None] | None = None) -> TrackedTally:
    """Write a prepared batch in one transaction; `within` runs inside it."""
    with transaction.atomic():
        seq = changes.next_seq()
        bulk.insert_many(
            "collect_visitor",
            ("id", "source_id", "digest", "change_seq"),
            [(*row, seq) for row in made.visitors],
        )
        bulk.insert_many("collect_trackedevent", _EVENT, [(*row, seq) for row in made.events])
        for start in range(0, len(made.revived), _CHUNK):
            chunk = made.revived[start : start + _CHUNK]
            TrackedEvent.objects.filter(id__in=chunk).update(withdrawn_at=None, change_seq=seq)
        bulk.insert_many(
            "collect_trackedsighting", ("event_id", "run_id", "row_no"), made.sightings, on_conflict="ignore"
        )
        columns = ("visitor_id", "source_record_id", "run_id")
        bulk.insert_many("collect_visitorlink", columns, made.links, on_conflict="ignore")
        point_visitors({visitor for visitor, _, _ in made.links}, seq)
        if within:
            within()
    return made.tally


def withdraw_tracked(run_id: int, *, batch: int = _CHUNK) -> Iterator[int]:
    """Take back what a run told of visitors, batch by batch; may be called again. What another run says too stays."""
    while events := list(TrackedSighting.objects.filter(run_id=run_id).values_list("event_id", flat=True)[:batch]):
        with transaction.atomic():
            TrackedSighting.objects.filter(run_id=run_id, event_id__in=events).delete()
            left = set(TrackedSighting.objects.filter(event_id__in=events).values_list("event_id", flat=True))
            gone = [event for event in events if event not in left]
            TrackedEvent.objects.filter(id__in=gone).update(withdrawn_at=clock.now(), change_seq=changes.next_seq())
        yield len(events)
    while links := list(VisitorLink.objects.filter(run_id=run_id).values_list("visitor_id", flat=True)[:batch]):
        with transaction.atomic():
            VisitorLink.objects.filter(run_id=run_id, visitor_id__in=links).delete()
            point_visitors(set(links), changes.next_seq())
        yield len(links)


def point_visitors(visitor_ids: Iterable[int], seq: int) -> None:
    """Let visitors point at the one customer they were identified as: at nobody where there are several. In a transaction."""
    wanted = sorted(set(visitor_ids))
    said: dict[int, set[int]] = {visitor: set() for visitor in wanted}
    sql = "SELECT visitor_id, source_record_id FROM collect_visitorlink WHERE visitor_id IN {values}"
    for visitor, record in bulk.fetch_in(sql, wanted):
        said[visitor].add(record)
    root_of = customers.records_beside({record for records in said.values() for record in records})
    pointed = {}
    for visitor, records in said.items():
        roots = {root_of[record] for record in records if record in root_of}
        pointed[visitor] = min(records) if len(roots) == 1 else None
    sql = "SELECT id, source_record_id FROM collect_visitor WHERE id IN {values}"
    held = dict(bulk.fetch_in(sql, wanted))
    moved = [(visitor, record, seq) for visitor, record in pointed.items() if held[visitor] != record]
    bulk.update_many("collect_visitor", "id", ["source_record_id", "change_seq"], moved)


def visitor_digest(source_id: int, one: TrackedStatement) -> bytes:
    """The digest a visitor is known by: of the site's key, or of who it is where the site keeps none."""
    if one.visitor:
        return vault.lookup("visitor", f"{source_id}|{one.visitor}")
    assert one.person is not None
    kind, value = one.person.key
    return vault.lookup("visitor", f"{source_id}|{kind}|{value.strip().casefold()}")


def _digest(one: TrackedStatement, visitor: bytes) -> bytes:
    if one.key:
        return vault.lookup("tracked_event", f"id|{one.key}")
    said = "|".join(str(getattr(one, name)) for name in _SAID)
    return vault.lookup("tracked_event", f"said|{visitor.hex()}|{one.at.astimezone(dt.UTC).isoformat()}|{said}")


def _known(source_id: int, digests: Iterable[bytes]) -> dict[bytes, tuple[int, Any]]:
    sql = "SELECT digest, id, withdrawn_at FROM collect_trackedevent WHERE source_id = %s AND digest IN {values}"
    found = bulk.fetch_in(sql, list(dict.fromkeys(digests)), params=[source_id])
    return {bytes(digest): (event, gone) for digest, event, gone in found}


def _records(source_id: int, given: Sequence[TrackedStatement]) -> list[int | None]:
    """The source record each act means; a key is asked about once."""
    asked: dict[tuple[str, str], Statement] = {one.person.key: one.person for one in given if one.person is not None}
    meant = dict(zip(asked, customers.records_meant(source_id, list(asked.values())), strict=True))
    return [meant[one.person.key] if one.person is not None else None for one in given]


def _visitors(made: PreparedEvents, given: Sequence[TrackedStatement]) -> list[int]:
    digests = [visitor_digest(made.source_id, one) for one in given]
    sql = "SELECT digest, id FROM collect_visitor WHERE source_id = %s AND digest IN {values}"
    found = bulk.fetch_in(sql, list(dict.fromkeys(digests)), params=[made.source_id])
    known = {bytes(digest): visitor for digest, visitor in found}
    fresh = [digest for digest in dict.fromkeys(digests) if digest not in known]
    for digest, visitor in zip(fresh, ids.take("visitor", len(fresh)), strict=True):
        known[digest] = visitor
        made.visitors.append((visitor, made.source_id, digest))
    return [known[digest] for digest in digests]


def forget_visitors(customer_id: int) -> None:
    """Erasure: what was done on the site stays, by nobody, and no later event finds the visitor; repeatable. In a transaction."""
    records = sorted(customers.record_ids_of(customer_id))
    seq = changes.next_seq()
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        TrackedEvent.objects.filter(source_record_id__in=chunk).update(source_record_id=None, change_seq=seq)
        links = VisitorLink.objects.filter(source_record_id__in=chunk)
        visitors = sorted(set(links.values_list("visitor_id", flat=True)))
        links.delete()
        point_visitors(visitors, seq)
        for visitor in Visitor.objects.filter(id__in=visitors):
            visitor.digest = vault.lookup("visitor", f"forgotten|{visitor.id}")
            visitor.save(update_fields=["digest"])


def forget_tracked(source_ids: Sequence[int], *, by: Viewer) -> int:
    """Take away everything told of visitors under demo sources; how many acts. Safe to repeat."""
    check(by, "demo.manage")
    gone = 0
    while events := list(TrackedEvent.objects.filter(source_id__in=source_ids).values_list("id", flat=True)[:_CHUNK]):
        with transaction.atomic():
            TrackedSighting.objects.filter(event_id__in=events).delete()
            gone += TrackedEvent.objects.filter(id__in=events).delete()[0]
    while visitors := list(Visitor.objects.filter(source_id__in=source_ids).values_list("id", flat=True)[:_CHUNK]):
        with transaction.atomic():
            VisitorLink.objects.filter(visitor_id__in=visitors).delete()
            Visitor.objects.filter(id__in=visitors).delete()
    return gone
