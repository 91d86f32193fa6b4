"""A rule on the screen: a form whose field names carry each part's place, read leniently, changed part by part, drawn again.

`joint:0` is the joint of the first part when it is a group; `on:0.1`, `is:0.1`, `value:0.1` … belong to the condition there.
Nothing is kept between two answers: the form is the state, so the builder works without scripts too.
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from zhike.customers.queries import segments as asked
from zhike.customers.queries.segments import Condition, Facet, Group, Node, Window

_TEXTS = ("on", "is", "low", "high", "words", "days", "unit", "first", "last", "when", "skus", "titles", "categories", "brands")  # fmt: skip
_LISTS = ("value", "sources")
_NAMES = ("joint", *_TEXTS, *_LISTS)
_MOST_PARTS = 100


@dataclass(slots=True)
class Part:
    """A group (with `joint`) or a condition, as the form has it: texts as typed."""

    joint: str = ""
    parts: list["Part"] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in one field."""
        return self.typed.get(name, "")


def read_form(form: QueryDict) -> Part:
    """The tree a form holds; its top is always a group."""
    found: dict[str, Part] = {}
    for key in list(form)[: _MOST_PARTS * 20]:
        name, colon, path = key.partition(":")
        if colon and name in _NAMES and all(p.isdecimal() and len(p) < 4 for p in path.split(".") if path):
            part = found.setdefault(path, Part())
            if name == "joint":
                joint = str(form[key])
                part.joint = joint if joint in asked.JOINTS else "all"
            elif name in _LISTS:
                part.chosen[name] = [str(v) for v in form.getlist(key)[:200] if v]
            else:
                part.typed[name] = str(form[key])[:2000]
    top = found.get("") or Part()
    top.joint = top.joint or "all"
    for path in sorted((p for p in found if p), key=lambda p: [int(n) for n in p.split(".")])[:_MOST_PARTS]:
        above = found.get(path.rpartition(".")[0])
        if above is not None and above.joint:
            above.parts.append(found[path])
    return top


def asked_for(query: QueryDict) -> Part:
    """A first draft from an address: each `facet=value` a condition, as links of other pages give them; else one empty one.

    A figure is asked for up to a number, a day for being known or not. A facet of orders takes merchant codes: `bought_orders=TEA&bought_orders=-CUP`, bought tea and no cup.
    """
    parts = []
    for name in list(query)[:8]:
        own = asked.facet(name)
        if own is not None and own.kind == "orders":
            parts += [_bought(name, value[:80]) for value in query.getlist(name)[:20]]
        elif own is not None and own.kind == "number":
            low = next(iter(query.getlist(name)), "")[:12]
            parts.append(Part(typed={"on": name, "is": "at_most", "low": low if low.isdecimal() else ""}))
        elif own is not None and own.kind == "day":
            parts += [Part(typed={"on": name, "is": test}) for test in query.getlist(name)[:1] if test in own.tests]
        elif own is not None and "any_of" in own.tests:
            values = [v[:80] for v in query.getlist(name)[:20]]
            parts.append(Part(typed={"on": name, "is": "any_of", "words": "，".join(values)}, chosen={"value": values}))
    return Part(joint="all", parts=parts or [Part()])


def _bought(facet: str, code: str) -> Part:
    """An order with a product of a merchant code; `-` before it asks for those who have none."""
    has = not code.startswith("-")
    typed = {"on": facet, "is": "at_least" if has else "at_most", "low": "1" if has else "0", "when": "ever"}
    return Part(typed={**typed, "skus": code.removeprefix("-")})


def part_at(top: Part, path: str) -> Part | None:
    """The part at a place, after renumbering as `read_form` leaves it."""
    part = top
    for number in path.split(".") if path else []:
        if not number.isdecimal() or int(number) >= len(part.parts):
            return None
        part = part.parts[int(number)]
    return part


def change(top: Part, act: str) -> str:
    """`add:PATH`, `group:PATH` into a group, `remove:PATH`; anything else changes nothing. Returns the id to focus then."""
    verb, _, path = act.partition(":")
    if verb == "remove" and path:
        above, number = part_at(top, path.rpartition(".")[0]), int(path.rpartition(".")[2] or 0)
        if above is not None and number < len(above.parts):
            del above.parts[number]
        return f"joint-{path.rpartition('.')[0]}"
    place = part_at(top, path)
    if place is not None and place.joint and verb in ("add", "group"):
        new = Part()
        place.parts.append(Part(joint="any", parts=[new]) if verb == "group" else new)
        new_path = f"{path}.{len(place.parts) - 1}" if path else str(len(place.parts) - 1)
        return f"on-{new_path}.0" if verb == "group" else f"on-{new_path}"
    return ""


def from_node(node: Node) -> Part:
    """A stored rule as the form shows it."""
    if isinstance(node, Group):
        return Part(joint=node.joint, parts=[from_node(p) for p in node.parts])
    assert isinstance(node, Condition)
    own = asked.facet(node.facet)
    part = Part(typed={"on": node.facet, "is": node.test})
    if isinstance(node.value, Window):
        _show_window(part, node.value)
    elif node.test == "between":
        part.typed |= {"low": _shown(own, node.value[0]), "high": _shown(own, node.value[1])}
    elif isinstance(node.value, int):
        part.typed["low"] = _shown(own, node.value)
    elif isinstance(node.value, tuple):
        part.chosen["value"] = [str(v) for v in node.value]
        part.typed["words"] = "，".join(str(v) for v in node.value)
    elif node.value is not None:
        part.chosen["value"] = [str(node.value)]
    if own is not None and own.kind == "orders":
        _show_window(part, node.where.window)
        part.typed |= {
            name: "，".join(getattr(node.where, name)) for name in ("skus", "titles", "categories", "brands")
        }
        part.chosen["sources"] = [str(s) for s in node.where.sources]
    return part


def top_of(node: Node) -> Part:
    """A stored rule as the form shows it, under a group at the top."""
    part = from_node(node)
    return part if part.joint else Part(joint="all", parts=[part])


def stored(part: Part) -> dict[str, Any]:
    """The rule a form states, for `read_rule`, which says what is wrong with it."""
    if part.joint:
        return {part.joint: [stored(p) for p in part.parts]}
    own = asked.facet(part.text("on"))
    test = part.text("is")
    condition: dict[str, Any] = {"on": part.text("on"), "is": test}
    if own is None:
        return condition
    if test not in own.tests:
        condition["is"] = test = own.tests[0]
    value = _value(own, test, part)
    if value is not None:
        condition["value"] = value
    where = _where(part) if own.kind == "orders" else {}
    return {**condition, "where": where} if where else condition


def _value(own: Facet, test: str, part: Part) -> Any:
    if test in ("known", "unknown", "yes", "no"):
        return None
    if test in ("any_of", "all_of", "none_of"):
        if own.kind == "words":
            return _words(part.text("words"))
        chosen = part.chosen.get("value", [])
        return [int(v) if own.numbers and v.isdecimal() else v for v in chosen]
    if test in ("in", "not_in"):
        return next(iter(part.chosen.get("value", [])), "")
    if test in ("within", "not_within", "before"):
        return _window(part)
    low = _number(own, part.text("low"))
    return [low, _number(own, part.text("high"))] if test == "between" else low


def _where(part: Part) -> dict[str, Any]:
    held: dict[str, Any] = {"window": _window(part)}
    held |= {name: _words(part.text(name)) for name in ("skus", "titles", "categories", "brands")}
    held["sources"] = [int(v) for v in part.chosen.get("sources", []) if v.isdecimal()]
    return {name: value for name, value in held.items() if value}


def _window(part: Part) -> dict[str, Any]:
    when = part.text("when")
    if when == "last_days":
        days = part.text("days").strip()
        return {"last_days": int(days) if days.isdecimal() and len(days) < 8 else 0}
    if when in ("this", "previous"):
        return {when: part.text("unit") or "month"}
    if when == "dates":
        held = {"from": part.text("first").strip(), "to": part.text("last").strip()}
        return {name: day for name, day in held.items() if day} or {"from": ""}
    return {}


def _show_window(part: Part, window: Window) -> None:
    part.typed["when"] = window.kind
    part.typed["days"] = str(window.days or "")
    part.typed["unit"] = window.this or window.previous
    part.typed["first"] = window.first.isoformat() if window.first else ""
    part.typed["last"] = window.last.isoformat() if window.last else ""


def _words(text: str) -> list[str]:
    """Words divided by commas of either script, or lines."""
    for comma in "，、\n;；":
        text = text.replace(comma, ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _number(own: Facet, text: str) -> int | None:
    """A number as typed, money in units of the currency; None for what is no number, which the rule then refuses."""
    try:
        number = Decimal(text.strip().replace(",", "").removeprefix("¥"))
        scaled = number * 100 if own.unit == "cents" else number
        return int(scaled) if scaled == scaled.to_integral_value() and abs(scaled) < 10**18 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _shown(own: Facet | None, number: int) -> str:
    return f"{Decimal(number) / 100:f}" if own is not None and own.unit == "cents" else str(number)
