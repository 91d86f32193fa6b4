"""Rules within rules: another segment's rule in the place of its name, and circles found before they close."""

from zhike.customers.models import Segment
from zhike.customers.segments.rule import Condition, Group, Inner, Node, RuleRefused, conditions, read_rule

MOST_NESTED = 10
MOST_EXPANDED = 300


def expanded(node: Node, *, within: tuple[str, ...] = ()) -> Node:
    """The tree with each named segment replaced by its rule of now.

    `within` are the ids of the segments around it. Raises RuleRefused: segment_unknown, circle, nested_too_deep, too_many.
    """
    whole = _expanded(node, within)
    if sum(1 for _ in conditions(whole)) > MOST_EXPANDED:
        raise RuleRefused("too_many", most=MOST_EXPANDED)
    return whole


def _expanded(node: Node, within: tuple[str, ...]) -> Node:
    if isinstance(node, Group):
        return Group(node.joint, tuple(_expanded(part, within) for part in node.parts))
    if isinstance(node, Condition) and node.facet == "segment":
        return _inner(node, within)
    return node


def _inner(named: Condition, within: tuple[str, ...]) -> Inner:
    public_id = str(named.value)
    if public_id in within:
        raise RuleRefused("circle", segment=public_id)
    if len(within) > MOST_NESTED:
        raise RuleRefused("nested_too_deep", most=MOST_NESTED)
    found = Segment.objects.filter(public_id=public_id, archived_at=None).first()
    if found is None:
        raise RuleRefused("segment_unknown", segment=public_id)
    node = _expanded(read_rule(found.rule), (*within, public_id))
    return Inner(public_id, found.name, node, named.test == "not_in")
