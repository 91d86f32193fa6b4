"""A rule in words, for people: each condition one line, groups as a tree of lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhike.customers.segments.facets import Facet, facet
from zhike.customers.segments.rule import Condition, Group, Inner, Node, OrderWhere, RuleRefused
from zhike.customers.segments.windows import Window
from zhike.kit.installation import installation
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number

JOINTS: Mapping[str, Promise] = {"all": _("All of these"), "any": _("Any of these"), "none": _("None of these")}
TESTS: Mapping[str, Promise] = {
    "any_of": _("is one of"),
    "none_of": _("is none of"),
    "all_of": _("has all of"),
    "known": _("is known"),
    "unknown": _("is unknown"),
    "yes": _("is known"),
    "no": _("is unknown"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "between": _("from … to"),
    "within": _("is within"),
    "not_within": _("is not within"),
    "before": _("is before"),
    "in": _("is in"),
    "not_in": _("is not in"),
}
THIS: Mapping[str, Promise] = {
    "week": _("this week"),
    "month": _("this month"),
    "quarter": _("this quarter"),
    "year": _("this year"),
}
PREVIOUS: Mapping[str, Promise] = {
    "week": _("last week"),
    "month": _("last month"),
    "quarter": _("last quarter"),
    "year": _("last year"),
}
_REFUSALS: Mapping[str, Promise] = {
    "version": _("This is not a rule of this version."),
    "not_a_part": _("A part of the rule is neither a condition nor a group."),
    "empty_group": _("A group needs at least one condition."),
    "too_deep": _("Groups nest at most %(most)s deep."),
    "too_many": _("The rule has too many conditions; at most %(most)s."),
    "too_many_values": _("A condition takes at most %(most)s values."),
    "unknown_facet": _("Nobody can be selected by %(facet)s."),
    "unknown_test": _("This test does not fit what is asked."),
    "value": _("A value does not fit what is asked."),
    "no_values": _("Choose or write at least one value."),
    "number": _("Write a number."),
    "order": _("The first number must not be greater than the second."),
    "segment": _("Choose a segment."),
    "segment_unknown": _("The rule names a segment that is not there."),
    "circle": _("The rule would stand on itself: that segment is built on this one."),
    "nested_too_deep": _("Segments stand on each other at most %(most)s deep."),
    "window": _("Choose a stretch of time."),
    "window_days": _("Days are a whole number from 1 to 36,500."),
    "window_unit": _("Choose week, month, quarter or year."),
    "window_day": _("Write days as year-month-day."),
    "window_order": _("The first day must not be after the last."),
    "where": _("What narrows the orders cannot be read."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A condition in words, or a group with its lines; `path` is its place in the rule."""

    path: str
    text: str
    parts: tuple["Line", ...] = ()
    joint: str = ""


def refusal(refused: RuleRefused) -> str:
    """Why a rule was refused, in words."""
    return str(_REFUSALS[refused.code]) % refused.params


def told(node: Node, viewer: Viewer, names: Mapping[str, str], path: str = "") -> Line:
    """A rule as lines. `names` gives the names of segments the viewer may know of."""
    if isinstance(node, Group):
        below = (told(p, viewer, names, f"{path}.{n}" if path else str(n)) for n, p in enumerate(node.parts))
        return Line(path, str(JOINTS[node.joint]), tuple(below), node.joint)
    if isinstance(node, Inner):
        return told(Condition("segment", "not_in" if node.negated else "in", node.segment), viewer, names, path)
    return Line(path, condition_text(node, viewer, names))


def condition_text(condition: Condition, viewer: Viewer, names: Mapping[str, str]) -> str:
    """One condition in words."""
    asked = facet(condition.facet)
    if asked is None:
        return condition.facet
    if asked.kind == "segment":
        name = names.get(condition.value, gettext("a segment you may not see"))
        said = gettext("is in “%(name)s”") if condition.test == "in" else gettext("is not in “%(name)s”")
        return said % {"name": name}
    parts = [f"{asked.label} {_test_text(asked, condition, viewer)}".strip(), *_where_texts(condition.where, viewer)]
    return " · ".join(parts)


def value_text(asked: Facet, value: Any) -> str:
    """A figure or value of a facet in words."""
    if asked.unit == "cents":
        return money_text(value, installation().currency)
    if isinstance(value, float):
        return f"{value:,.10g}"
    return number(value) if isinstance(value, int) else str(value)


def window_text(window: Window) -> str:
    """A stretch of time in words."""
    if window.days is not None:
        return ngettext("the last %(days)s day", "the last %(days)s days", window.days) % {"days": number(window.days)}
    if window.kind in ("this", "previous"):
        return str(THIS[window.this] if window.this else PREVIOUS[window.previous])
    if window.first and window.last:
        return gettext("%(first)s to %(last)s") % {"first": window.first, "last": window.last}
    if window.first:
        return gettext("from %(first)s on") % {"first": window.first}
    return gettext("until %(last)s") % {"last": window.last} if window.last else gettext("ever")


def labels_of(asked: Facet, viewer: Viewer) -> dict[Any, str]:
    """The words of a facet's choices."""
    return {value: str(label) for value, label in asked.choices(viewer)} if asked.choices else {}


def _test_text(asked: Facet, condition: Condition, viewer: Viewer) -> str:
    test, value = str(TESTS[condition.test]), condition.value
    if condition.test in ("any_of", "none_of", "all_of"):
        words = labels_of(asked, viewer)
        return f"{test} {gettext(', ').join(str(words.get(v, v)) for v in value)}"
    if condition.test in ("within", "not_within", "before"):
        return f"{test} {window_text(value)}"
    if condition.test == "between":
        low, high = (value_text(asked, v) for v in value)
        return gettext("from %(low)s to %(high)s") % {"low": low, "high": high}
    return f"{test} {value_text(asked, value)}" if value is not None else test


def _where_texts(where: OrderWhere, viewer: Viewer) -> list[str]:
    comma, parts = gettext(", "), []
    if where.window.kind != "ever":
        parts.append(gettext("in %(window)s") % {"window": window_text(where.window)})
    if where.skus:
        parts.append(gettext("products %(codes)s") % {"codes": comma.join(where.skus)})
    if where.titles:
        parts.append(gettext("titles with %(words)s") % {"words": comma.join(where.titles)})
    if where.categories:
        parts.append(gettext("categories %(names)s") % {"names": comma.join(where.categories)})
    if where.brands:
        parts.append(gettext("brands %(names)s") % {"names": comma.join(where.brands)})
    if where.sources:
        source = facet("source")
        names = labels_of(source, viewer) if source else {}
        parts.append(gettext("from %(sources)s") % {"sources": comma.join(str(names.get(s, s)) for s in where.sources)})
    return parts
