"""Why a customer is in a segment or out: each condition with its truth and the value it saw, now."""

from dataclasses import dataclass
from typing import Any

from zhike.analyze.segments.live import judge
from zhike.analyze.segments.shelf import Asking, Plan, kept_plan, plan_for
from zhike.customers.queries import segments as asked
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure.records import SYSTEM, Viewer


class NotCompiled(LookupError):
    """The rule has not been counted yet, and this process does not compile rules."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A line of the explanation: a condition, or a group; `value` in words, empty where the viewer may not see it."""

    path: str
    text: str
    is_true: bool
    value: str = ""
    parts: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a customer is in a segment now, and was when it was counted; `reason` is None for a hidden rule."""

    segment: asked.SegmentFacts
    is_member: bool
    was_member: bool
    reason: Reason | None


def explain(
    viewer: Viewer, facts: asked.SegmentFacts, customer_id: int, *, compile_now: bool = False
) -> Explanation | None:
    """Judge a root customer (within the viewer's scope) now, on the rows as they stand; None for no live customer.

    Raises NotCompiled unless `compile_now` lets the compiler be loaded.
    """
    whole = asked.segment_by_id(facts.id)
    node = asked.usable_rule(whole) if whole else None
    if node is None or not asked.in_scope(viewer, [customer_id]):
        return None
    plan = _plan(node, compile_now)
    judged = judge(plan, customer_id, _asking(facts))
    if judged is None:
        return None
    reason = None
    if facts.rule is not None:
        names = {s.public_id: s.name for s in asked.segments(viewer)}
        reason = _reason(viewer, node, judged.truths, judged.values, names, "")
    return Explanation(facts, judged.is_member, asked.is_member(facts.public_id, customer_id), reason)


def _plan(node: asked.Node, compile_now: bool) -> Plan:
    plan = plan_for(node) if compile_now else kept_plan(node)
    if plan is None:
        raise NotCompiled
    return plan


def _asking(facts: asked.SegmentFacts) -> Asking:
    shop = installation()
    newest = next(iter(asked.segment_runs(SYSTEM, facts.public_id, limit=1)), None)
    currency = newest.currency if newest else ""
    return Asking(clock.today(shop.time_zone), shop.time_zone, currency or shop.currency)


def _reason(
    viewer: Viewer, node: asked.Node, truths: dict[str, bool], values: dict[str, Any], names: dict[str, str], path: str
) -> Reason:
    if isinstance(node, asked.Condition):
        own = asked.facet(node.facet)
        assert own is not None
        text = asked.words.condition_text(node, viewer, names)
        return Reason(path, text, truths[path], _value_text(viewer, own, values[path]))
    if isinstance(node, asked.Inner):
        named = asked.Condition("segment", "not_in" if node.negated else "in", node.segment)
        inside = _reason(viewer, node.node, truths, values, names, f"{path}>")
        parts = (inside,) if node.segment in names and asked.sees(viewer, node.node) else ()
        return Reason(path, asked.words.condition_text(named, viewer, names), inside.is_true != node.negated, "", parts)
    below = tuple(
        _reason(viewer, part, truths, values, names, f"{path}.{n}" if path else str(n))
        for n, part in enumerate(node.parts)
    )
    met = all(p.is_true for p in below) if node.joint == "all" else any(p.is_true for p in below)
    return Reason(path, str(asked.words.JOINTS[node.joint]), met != (node.joint == "none"), "", below)


def _value_text(viewer: Viewer, own: asked.Facet, value: Any) -> str:
    if value in (None, "") or not asked.allowed(viewer, own):
        return ""
    if own.kind == "labels":
        names = asked.words.labels_of(own, viewer)
        held = [int(tag) if own.numbers else tag for tag in str(value).strip(",").split(",") if tag]
        return ", ".join(str(names.get(tag, tag)) for tag in held)
    if own.kind == "day":
        return f"{value:%Y-%m-%d}"
    if own.kind == "flag":
        return str(asked.words.TESTS["yes" if value else "no"])
    names = asked.words.labels_of(own, viewer) if own.choices else {}
    return str(names.get(value) or asked.words.value_text(own, value))
