"""Who may see a segment, its rule, and change it."""

from django.db.models import Q

from zhike.customers.models import Segment
from zhike.customers.segments.facets import allowed, facet, may_narrow
from zhike.customers.segments.rule import Node, RuleRefused, conditions, read_rule, used_segments
from zhike.secure.permissions import Forbidden
from zhike.secure.records import Viewer


def visible(viewer: Viewer) -> Q:
    """The segments a viewer may know of: their own, those of their team shared with it, those shared with all."""
    if viewer.is_machine:
        return Q()
    team = Q(sharing="team", by_staff_id__in=sorted(viewer.team_staff_ids))
    return Q(sharing="all") | team | Q(by_staff_id=viewer.staff_id or 0)


def readable_rule(viewer: Viewer, segment: Segment) -> Node | None:
    """The rule, for a viewer who may ask by every facet it stands on; else None: the name alone is told.

    A rule that stands on a facet no module offers any more is None too.
    """
    try:
        node = read_rule(segment.rule)
    except RuleRefused:
        return None
    return node if sees(viewer, node) else None


def sees(viewer: Viewer, node: Node) -> bool:
    """Whether a viewer may ask by everything a rule names (other segments by their names)."""
    for _, condition in conditions(node):
        asked = facet(condition.facet)
        if asked is None or not allowed(viewer, asked):
            return False
        if condition.where.by_line and not may_narrow(viewer, asked):
            return False
    return True


def check_rule(viewer: Viewer, node: Node) -> None:
    """Raise Forbidden for a facet the viewer may not ask by, RuleRefused for a segment they may not know of."""
    if not sees(viewer, node):
        raise Forbidden("segments.facet")
    wanted = used_segments(node)
    live = Segment.objects.filter(visible(viewer), public_id__in=wanted, archived_at=None)
    unknown = wanted - set(live.values_list("public_id", flat=True))
    if unknown:
        raise RuleRefused("segment_unknown", segment=min(unknown))
