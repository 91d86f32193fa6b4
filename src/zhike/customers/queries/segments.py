"""Segments: which there are for a viewer, who is in them, how they grew."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet

from zhike.customers.models import CustomerCard, Segment, SegmentMember, SegmentRun
from zhike.customers.scope import cards_of, within
from zhike.customers.segments import nesting, words
from zhike.customers.segments.consent_facets import CONSENT, NEVER, PREFIX
from zhike.customers.segments.facets import STATED, Facet, allowed, facet, facets, may_narrow, offer, offer_made
from zhike.customers.segments.own_facets import listed
from zhike.customers.segments.records import SegmentFacts, SegmentRunFacts
from zhike.customers.segments.rights import check_rule, readable_rule, sees, visible
from zhike.customers.segments.rule import (
    JOINTS,
    Condition,
    Group,
    Inner,
    Node,
    OrderWhere,
    RuleRefused,
    conditions,
    read_rule,
    used_segments,
    write_rule,
)
from zhike.customers.segments.windows import EVER, UNITS, Window, days_of, moments_of
from zhike.secure.records import Viewer

__all__ = [
    "CONSENT",
    "EVER",
    "JOINTS",
    "NEVER",
    "STATED",
    "UNITS",
    "Condition",
    "Facet",
    "Group",
    "Inner",
    "Node",
    "OrderWhere",
    "RuleRefused",
    "SegmentFacts",
    "SegmentRunFacts",
    "Window",
    "allowed",
    "archived_with_members",
    "check_rule",
    "conditions",
    "days_of",
    "expanded_rule",
    "facet",
    "facets",
    "is_member",
    "listed",
    "live_segment_ids",
    "may_narrow",
    "members",
    "members_filter",
    "moments_of",
    "newest_runs",
    "offer",
    "offer_made",
    "read_rule",
    "sees",
    "segment",
    "segment_by_id",
    "segment_named",
    "segment_runs",
    "segments",
    "segments_of",
    "usable_rule",
    "used_segments",
    "using_consent",
    "words",
    "write_rule",
]


def segments(viewer: Viewer) -> list[SegmentFacts]:
    """The segments a viewer may know of, by name."""
    return _facts(viewer, Segment.objects.filter(visible(viewer), archived_at=None).order_by("name", "id"))


def segment(viewer: Viewer, public_id: str) -> SegmentFacts | None:
    """One segment, or None when there is none or the viewer may not know of it."""
    found = _facts(viewer, Segment.objects.filter(visible(viewer), archived_at=None, public_id=public_id))
    return found[0] if found else None


def segment_named(viewer: Viewer, text: str) -> SegmentFacts | None:
    """A segment by its id or its name, for those who type."""
    by_name = Segment.objects.filter(visible(viewer), archived_at=None, name=" ".join(text.split()))
    return segment(viewer, text) or next(iter(_facts(viewer, by_name.order_by("id"))), None)


def segments_of(viewer: Viewer, customer_id: int) -> list[SegmentFacts]:
    """The segments a customer was in when they were last counted, as far as the viewer may know of them."""
    own = SegmentMember.objects.filter(customer_id=customer_id).values("segment_id")
    found = Segment.objects.filter(visible(viewer), archived_at=None, id__in=own).order_by("name", "id")
    return _facts(viewer, found, counted=False)


def live_segment_ids() -> list[int]:
    """All segments in use, for the job that counts them; those others are built on come as they come."""
    return list(Segment.objects.filter(archived_at=None).order_by("id").values_list("id", flat=True))


def using_consent(purposes: Iterable[str], *, also: Iterable[str] = ()) -> list[int]:
    """The segments in use whose rule stands on one of these purposes, by itself or through a segment it names;
    `also`: facets that stand on a purpose without asking for it."""
    codes = {*(f"{PREFIX}{purpose}" for purpose in purposes), *also}
    found = []
    for segment_id in live_segment_ids():
        facts = segment_by_id(segment_id)
        node = usable_rule(facts) if facts else None
        if node is not None and any(condition.facet in codes for _, condition in conditions(node)):
            found.append(segment_id)
    return found


def archived_with_members(limit: int = 100) -> list[int]:
    """Removed segments whose members are still noted."""
    gone = Segment.objects.exclude(archived_at=None).order_by("-archived_at").values_list("id", flat=True)
    return [i for i in gone[: limit * 10] if SegmentMember.objects.filter(segment_id=i).exists()][:limit]


def segment_by_id(segment_id: int) -> SegmentFacts | None:
    """A segment for a machine."""
    from zhike.secure.records import SYSTEM

    found = Segment.objects.filter(id=segment_id, archived_at=None)
    return next(iter(_facts(SYSTEM, found)), None)


def expanded_rule(node: Node, *, own: str = "") -> Node:
    """A rule with every named segment's rule in its place; `own` is the id of the segment it is the rule of."""
    return nesting.expanded(node, within=(own,) if own else ())


def usable_rule(facts: SegmentFacts) -> Node | None:
    """A segment's rule, expanded; None while it stands on something that is no longer offered."""
    try:
        return expanded_rule(facts.rule, own=facts.public_id) if facts.rule else None
    except RuleRefused:
        return None


def members_filter(viewer: Viewer, public_id: str) -> QuerySet[SegmentMember, Any]:
    """The ids of a segment's members as a query to nest in another; nobody for a segment the viewer may not know of."""
    own = Segment.objects.filter(visible(viewer), archived_at=None, public_id=public_id).values_list("id", flat=True)
    found = own.first()
    members = SegmentMember.objects.filter(segment_id=found) if found is not None else SegmentMember.objects.none()
    return members.values("customer_id")


def members(viewer: Viewer, public_id: str, *, chunk: int = 1000) -> Iterator[list[int]]:
    """The members in the viewer's scope, ascending by id, in chunks: an audience for those who send or call."""
    last = 0
    while True:
        inside = members_filter(viewer, public_id).filter(customer_id__gt=last).order_by("customer_id")
        ids = list(inside.values_list("customer_id", flat=True)[:chunk])
        live = CustomerCard.objects.filter(within(viewer), customer_id__in=ids, archived_at=None)
        found = list(live.order_by("customer_id").values_list("customer_id", flat=True))
        if found:
            yield found
        if len(ids) < chunk:
            return
        last = ids[-1]


def is_member(public_id: str, customer_id: int) -> bool:
    """Whether a customer was in a segment when it was last counted."""
    ids = Segment.objects.filter(public_id=public_id, archived_at=None).values("id")
    return SegmentMember.objects.filter(segment_id__in=ids, customer_id=customer_id).exists()


def segment_runs(viewer: Viewer, public_id: str, *, limit: int = 100) -> list[SegmentRunFacts]:
    """The counts of a segment, newest first. Whole-base figures, so only for viewers of all customers."""
    own = Segment.objects.filter(visible(viewer), archived_at=None, public_id=public_id).values("id")
    if viewer.scope != "all":
        return []
    found = SegmentRun.objects.filter(segment_id__in=own).order_by("-id")[:limit]
    return [_run(run) for run in found]


def newest_runs(viewer: Viewer, found: Iterable[SegmentFacts]) -> dict[int, SegmentRunFacts]:
    """The newest count of each segment, by segment; whole-base figures, so only for viewers of all customers."""
    if viewer.scope != "all":
        return {}
    ids = {s.run_id: s.id for s in found if s.run_id is not None}
    return {ids[run.id]: _run(run) for run in SegmentRun.objects.filter(id__in=ids)}


def in_scope(viewer: Viewer, customer_ids: Iterable[int]) -> set[int]:
    """Of given customers, those whose file the viewer may see."""
    return set(cards_of(viewer).filter(customer_id__in=list(customer_ids)).values_list("customer_id", flat=True))


def _run(run: SegmentRun) -> SegmentRunFacts:
    return SegmentRunFacts(**{name: getattr(run, name) for name in SegmentRunFacts.__slots__})


def _facts(viewer: Viewer, found: QuerySet[Segment], *, counted: bool = True) -> list[SegmentFacts]:
    rows = list(found)
    counts = _own_counts(viewer, [s.id for s in rows]) if counted and viewer.scope != "all" else None
    base = cards_of(viewer).filter(archived_at=None).count() if counts is not None else None
    return [_fact(viewer, s, counts, base) for s in rows]


def _own_counts(viewer: Viewer, segment_ids: list[int]) -> dict[int, int]:
    """Members among the customers of some owners: they are few, so their memberships are looked up one by one."""
    mine = cards_of(viewer).filter(archived_at=None).values("customer_id")
    inside = SegmentMember.objects.filter(segment_id__in=segment_ids, customer_id__in=mine)
    return dict(inside.order_by().values_list("segment_id").annotate(n=Count("customer_id")))


def _fact(viewer: Viewer, s: Segment, counts: dict[int, int] | None, base: int | None) -> SegmentFacts:
    rule = readable_rule(viewer, s)
    is_own = viewer.is_machine or s.by_staff_id == viewer.staff_id
    whole = viewer.scope == "all"
    return SegmentFacts(
        id=s.id,
        public_id=s.public_id,
        name=s.name,
        note=s.note,
        sharing=s.sharing,
        by_staff_id=s.by_staff_id,
        revision=s.revision,
        counted_revision=s.counted_revision,
        member_count=s.member_count if whole else (counts or {}).get(s.id, 0),
        base_count=s.base_count if whole else base or 0,
        data_at=s.data_at,
        run_id=s.run_id,
        rule=rule,
        may_edit=viewer.can("segments.edit") and rule is not None and (is_own or s.sharing != "own"),
        created_at=s.created_at,
        updated_at=s.updated_at,
    )
