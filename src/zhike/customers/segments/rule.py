"""The rule of a segment: its tree, read from JSON with clear errors, and written back.

    {"version": 1, "rule": {"all": [
        {"on": "province", "is": "any_of", "value": ["浙江省"]},
        {"any": [
            {"on": "bought_orders", "is": "at_least", "value": 2,
             "where": {"window": {"last_days": 90}, "skus": ["T-100"]}},
            {"none": [{"on": "segment", "is": "in", "value": "…"}]}]}]}}

`all`, `any` and `none` are and, or and not-or; they nest. docs/reference/segment-rules.md defines every word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhike.customers.segments.facets import Facet, facet
from zhike.customers.segments.windows import EVER, Window, read_window

VERSION = 1
JOINTS = ("all", "any", "none")
MOST_DEPTH = 6
MOST_CONDITIONS = 60
MOST_VALUES = 200
LONGEST_WORD = 200
_MOST_NUMBER = 10**15


class RuleRefused(ValueError):
    """A rule makes no sense; `code` says how, `path` where (`0.2` is the third part of the first part)."""

    def __init__(self, code: str, path: str = "", **params: Any) -> None:
        super().__init__(f"{code} at {path or 'the top'}")
        self.code, self.path, self.params = code, path, params


@dataclass(frozen=True, slots=True)
class OrderWhere:
    """Which orders a condition speaks of: a stretch of time, sources, and lines by merchant code, title, category or brand."""

    window: Window = EVER
    sources: tuple[int, ...] = ()
    skus: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    @property
    def by_line(self) -> bool:
        """Whether the condition looks at lines instead of whole orders."""
        return bool(self.skus or self.titles or self.categories or self.brands)

    def as_json(self) -> dict[str, Any]:
        """As a rule stores it, empty parts left out."""
        stored: dict[str, Any] = {"window": self.window.as_json()}
        stored |= {name: list(getattr(self, name)) for name in _WHERE_LISTS}
        return {name: value for name, value in stored.items() if value}


_WHERE_LISTS = ("sources", "skus", "titles", "categories", "brands")


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one facet. `value` is a number, a pair, a tuple of values, a window, a segment's id, or None."""

    facet: str
    test: str
    value: Any = None
    where: OrderWhere = OrderWhere()


@dataclass(frozen=True, slots=True)
class Group:
    """Parts joined by `all`, `any` or `none`."""

    joint: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Inner:
    """Another segment's rule in the place of its name (only in an expanded rule); `negated` for `not_in`."""

    segment: str
    name: str
    node: "Node"
    negated: bool = False


Node = Condition | Group | Inner


def read_rule(stored: Any) -> Node:
    """The tree of a stored rule. Raises RuleRefused."""
    if not isinstance(stored, dict) or stored.get("version") != VERSION or "rule" not in stored:
        raise RuleRefused("version")
    node = _node(stored["rule"], "", 0)
    if sum(1 for _ in conditions(node)) > MOST_CONDITIONS:
        raise RuleRefused("too_many", most=MOST_CONDITIONS)
    return node


def write_rule(node: Node) -> dict[str, Any]:
    """A tree as it is stored; `read_rule` gives it back."""
    return {"version": VERSION, "rule": _stored(node)}


def conditions(node: Node, path: str = "") -> Iterator[tuple[str, Condition]]:
    """(path, condition) of the whole tree, those inside other segments too, from the top."""
    if isinstance(node, Condition):
        yield path, node
    elif isinstance(node, Inner):
        yield from conditions(node.node, f"{path}>")
    else:
        for number, part in enumerate(node.parts):
            yield from conditions(part, f"{path}.{number}" if path else str(number))


def used_segments(node: Node) -> set[str]:
    """The ids of the segments a rule names."""
    return {str(c.value) for _, c in conditions(node) if c.facet == "segment"}


def _node(stored: Any, path: str, depth: int) -> Node:
    if not isinstance(stored, dict):
        raise RuleRefused("not_a_part", path)
    if "on" in stored:
        return _condition(stored, path)
    joints = [j for j in JOINTS if j in stored]
    if len(joints) != 1 or len(stored) != 1:
        raise RuleRefused("not_a_part", path)
    if depth >= MOST_DEPTH:
        raise RuleRefused("too_deep", path, most=MOST_DEPTH)
    parts = stored[joints[0]]
    if not isinstance(parts, list) or not parts:
        raise RuleRefused("empty_group", path)
    if len(parts) > MOST_CONDITIONS:
        raise RuleRefused("too_many", path, most=MOST_CONDITIONS)
    read = (_node(part, f"{path}.{n}" if path else str(n), depth + 1) for n, part in enumerate(parts))
    return Group(joints[0], tuple(read))


def _condition(stored: Mapping[str, Any], path: str) -> Condition:
    asked = facet(str(stored["on"]))
    if asked is None:
        raise RuleRefused("unknown_facet", path, facet=str(stored["on"])[:60])
    test = stored.get("is")
    if test not in asked.tests:
        raise RuleRefused("unknown_test", path, facet=asked.code)
    if set(stored) - {"on", "is", "value", "where"} or ("where" in stored and asked.kind != "orders"):
        raise RuleRefused("not_a_part", path)
    value = _value(asked, str(test), stored.get("value"), path)
    return Condition(asked.code, str(test), value, _where(stored.get("where", {}), path))


def _value(asked: Facet, test: str, value: Any, path: str) -> Any:
    if test in ("known", "unknown", "yes", "no"):
        if value is not None:
            raise RuleRefused("value", path, facet=asked.code)
        return None
    if test in ("any_of", "none_of", "all_of"):
        return _values(asked.numbers, value, path)
    if test in ("within", "not_within", "before"):
        return _window(value, path)
    if test in ("in", "not_in"):
        if not isinstance(value, str) or not 0 < len(value) <= 24:
            raise RuleRefused("segment", path)
        return value
    if test == "between":
        if not isinstance(value, list) or len(value) != 2:
            raise RuleRefused("number", path)
        low, high = (_number(v, path) for v in value)
        if low > high:
            raise RuleRefused("order", path)
        return low, high
    return _number(value, path)


def _values(numbers: bool, value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or not value:
        raise RuleRefused("no_values", path)
    if len(value) > MOST_VALUES:
        raise RuleRefused("too_many_values", path, most=MOST_VALUES)
    for one in value:
        if numbers and (type(one) is not int or not 0 <= one < 2**63):
            raise RuleRefused("value", path)
        if not numbers and not _is_word(one):
            raise RuleRefused("value", path)
    return tuple(dict.fromkeys(one if numbers else one.strip() for one in value))


def _is_word(value: Any) -> bool:
    """A text that every database and engine takes: not blank, not long, no control characters, no half pairs."""
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= LONGEST_WORD
        and value.isprintable()
        and not any("\ud800" <= c <= "\udfff" for c in value)
    )


def _number(value: Any, path: str) -> int:
    if type(value) is not int or abs(value) > _MOST_NUMBER:
        raise RuleRefused("number", path)
    return value


def _window(value: Any, path: str) -> Window:
    try:
        window = read_window(value)
    except ValueError as refusal:
        raise RuleRefused(str(refusal), path) from None
    if window == EVER:
        raise RuleRefused("window", path)
    return window


def _where(stored: Any, path: str) -> OrderWhere:
    if not isinstance(stored, dict) or set(stored) - {"window", *_WHERE_LISTS}:
        raise RuleRefused("where", path)
    lists = {n: _values(n == "sources", stored[n], path) for n in _WHERE_LISTS if n in stored}
    window = _window(stored["window"], path) if stored.get("window") else EVER
    return OrderWhere(window, **lists)


def _stored(node: Node) -> dict[str, Any]:
    if isinstance(node, Group):
        return {node.joint: [_stored(part) for part in node.parts]}
    if isinstance(node, Inner):
        return {"on": "segment", "is": "not_in" if node.negated else "in", "value": node.segment}
    stored: dict[str, Any] = {"on": node.facet, "is": node.test}
    if node.value is not None:
        plain = node.value.as_json() if isinstance(node.value, Window) else node.value
        stored["value"] = list(plain) if isinstance(plain, tuple) else plain
    where = node.where.as_json()
    return {**stored, "where": where} if where else stored
