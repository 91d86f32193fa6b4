"""A mapping file: read, checked word by word, and turned into frozen records. docs/reference/mapping-files.md explains it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from zhike.collect.mapping.names import (
    CASE_FIELDS,
    KEY_KINDS,
    KINDS,
    LINE_FIELDS,
    ORDER_FIELDS,
    PRODUCT_FIELDS,
    RECEIVER_FIELDS,
    TOP,
    VISIT_FIELDS,
)
from zhike.collect.reading import FileProblem, Relation
from zhike.collect.tracking.marks import EVENT_KINDS, MARKS
from zhike.shop.records import CASE_KINDS, CASE_STATES, LINE_KINDS, ORDER_KINDS, ORDER_STATES

_MOST_CHARACTERS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Pick:
    """Where a value comes from: the first present column of `columns`; several `parts` are joined; or a constant."""

    columns: tuple[str, ...] = ()
    parts: tuple["Pick", ...] = ()
    glue: str = " "
    constant: str = ""
    words: tuple[tuple[str, str], ...] = ()
    default: str | None = None  # for a word that is not listed; None refuses it
    is_sum: bool = False  # of an amount of the order: added up over its rows
    first_of: bool = False  # parts are alternatives: the first that is not blank counts

    @property
    def named(self) -> list[str]:
        """Every column this may read, aliases included."""
        return [*self.columns, *(name for part in self.parts for name in part.named)]


@dataclass(frozen=True, slots=True)
class KindRule:
    """When an order or a line is of a kind other than sale or goods. All conditions given must hold."""

    kind: str
    id_prefix: str = ""
    negative_total: bool = False
    status: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()  # patterns with * and ?, letter case ignored
    title: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """What a file's columns mean; `text` is the YAML it was read from, kept with the run."""

    kind: str
    text: str
    platform: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    row_per: str = "order"
    zone: str = ""
    currency: str = ""
    dates: str | None = None
    decimal: str | None = None
    order: dict[str, Pick] = field(default_factory=dict)
    order_kinds: tuple[KindRule, ...] = ()
    keys: tuple[tuple[str, Pick], ...] = ()
    fields: dict[str, Pick] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    name_of_receiver: bool = False
    missing: str = "not_given"
    person_kind: str = "person"
    as_of: Pick | None = None
    receiver: dict[str, Pick] = field(default_factory=dict)
    lines: dict[str, Pick] = field(default_factory=dict)
    line_kinds: tuple[KindRule, ...] = ()
    thing: dict[str, Pick] = field(default_factory=dict)  # of a product or an after-sale case
    attributes: dict[str, Pick] = field(default_factory=dict)  # of a product, by their own names
    tags: Pick | None = None
    consents: dict[str, Pick] = field(default_factory=dict)  # by purpose
    related: tuple[Relation, ...] = ()
    recognized_by: tuple[str, ...] = ()
    code: str = ""

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every header this mapping knows a meaning for, aliases included."""
        picks = [*self.order.values(), *self.fields.values(), *self.receiver.values(), *self.lines.values()]
        picks += [*self.thing.values(), *self.attributes.values(), *(pick for _, pick in self.keys)]
        picks += self.consents.values()
        picks += [pick for pick in (self.as_of, self.tags) if pick]
        return frozenset(name for pick in picks for name in pick.named)


def load(text: str, *, code: str = "") -> Mapping:
    """The mapping in a YAML text. Raises FileProblem mapping_invalid with the place in the file and why."""
    if len(text) > _MOST_CHARACTERS:
        raise _wrong("", "too_long")
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise _wrong("", "alias")
        # Every scalar stays the text it is: YAML would make False of a column called No, and a date of 2021-03-01.
        tree = yaml.load(text, Loader=yaml.BaseLoader)
    except RecursionError:
        raise _wrong("", "not_yaml") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(f"line {mark.line + 1}" if mark else "", "not_yaml") from None
    return parse(tree, text, code=code)


def parse(tree: Any, text: str, *, code: str = "") -> Mapping:
    """Check a parsed YAML tree and make the mapping."""
    top = _table(tree, "", TOP)
    kind = _one_of(top.get("kind"), KINDS, "kind")
    shared = {
        "kind": kind,
        "text": text,
        "code": code,
        "platform": str(top.get("platform") or ""),
        "titles": _titles(top.get("title"), code),
        "notes": _titles(top.get("note"), ""),
        "zone": str(top.get("zone") or ""),
        "currency": str(top.get("currency") or "").upper(),
        "dates": _one_of(top["dates"], ("dmy", "mdy"), "dates") if top.get("dates") else None,
        "decimal": _one_of(top["decimal"], (".", ","), "decimal") if top.get("decimal") else None,
        "related": _relations(top.get("related")),
        "recognized_by": tuple(_words(top.get("recognized_by"), "recognized_by")),
    }
    readers = {"lines": _lines, "orders": _orders, "products": _products, "cases": _cases, "visits": _visits}
    return readers.get(kind, _customers)(top, shared)


def _lines(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    """Lines alone: a file beside an order list, whose orders it gives their lines."""
    order, lines = _picks(top.get("order"), "order", ("id",)), _picks(top.get("lines"), "lines", LINE_FIELDS)
    if "id" not in order:
        raise _wrong("order.id", "missing")
    return Mapping(
        **shared,
        row_per="line",
        order=order,
        lines=lines,
        line_kinds=_rules(top.get("line_kinds"), "line_kinds", LINE_KINDS),
    )


def _orders(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    order = _picks(top.get("order"), "order", ORDER_FIELDS)
    for needed in ("id", "ordered_at"):
        if needed not in order:
            raise _wrong(f"order.{needed}", "missing")
    if "status" in order:
        _known_words(order["status"], ORDER_STATES, "order.status")
    buyer = _table(top.get("buyer") or {}, "buyer", ("keys", "fields", "joins", "name_of_receiver", "missing"))
    return Mapping(
        **shared,
        row_per=_one_of(top.get("row_per"), ("line", "order"), "row_per"),
        order=order,
        order_kinds=_rules(top.get("order_kinds"), "order_kinds", ORDER_KINDS),
        lines=_picks(top.get("lines"), "lines", LINE_FIELDS),
        line_kinds=_rules(top.get("line_kinds"), "line_kinds", LINE_KINDS),
        receiver=_picks(top.get("receiver"), "receiver", RECEIVER_FIELDS),
        keys=_keys(buyer.get("keys"), "buyer.keys"),
        fields=_picks(buyer.get("fields"), "buyer.fields", None),
        joins=tuple(_words(buyer.get("joins"), "buyer.joins")),
        name_of_receiver=_yes(buyer.get("name_of_receiver"), "buyer.name_of_receiver"),
        missing=_one_of(buyer.get("missing") or "not_given", ("not_given", "platform"), "buyer.missing"),
    )


def _products(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    """A catalogue: what the merchant says of products."""
    product = _table(top.get("product"), "product", (*PRODUCT_FIELDS, "attributes"))
    named = product.get("attributes") or {}
    if not isinstance(named, dict):
        raise _wrong("product.attributes", "not_a_table")
    attributes = {str(name)[:60]: _pick(value, f"product.attributes.{name}") for name, value in named.items()}
    thing = _picks({k: v for k, v in product.items() if k != "attributes"}, "product", PRODUCT_FIELDS)
    if "sku" not in thing:
        raise _wrong("product.sku", "missing")
    return Mapping(**shared, row_per="product", thing=thing, attributes=attributes)


def _cases(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    """After-sale cases of orders."""
    thing = _picks(_table(top.get("case"), "case", CASE_FIELDS), "case", CASE_FIELDS)
    for needed in ("id", "order_id", "opened_at"):
        if needed not in thing:
            raise _wrong(f"case.{needed}", "missing")
    for name, allowed in (("kind", CASE_KINDS), ("status", CASE_STATES)):
        if name in thing:
            _known_words(thing[name], allowed, f"case.{name}")
    return Mapping(**shared, row_per="case", thing=thing)


def _visits(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    """What visitors did on a site: by the key of a visitor, by who the customer is, or both."""
    thing = _picks(_table(top.get("visit"), "visit", VISIT_FIELDS), "visit", VISIT_FIELDS)
    customer = _table(top.get("customer") or {}, "customer", ("keys",))
    keys = _keys(customer.get("keys"), "customer.keys")
    for place, missing in (("visit.at", "at" not in thing), ("visit.visitor", "visitor" not in thing and not keys)):
        if missing:
            raise _wrong(place, "missing")
    for name, allowed in (("kind", EVENT_KINDS), ("mark", (*MARKS, ""))):
        if name in thing and thing[name].words:
            _known_words(thing[name], allowed, f"visit.{name}")
    return Mapping(**shared, row_per="visit", thing=thing, keys=keys)


def _customers(top: dict[str, Any], shared: dict[str, Any]) -> Mapping:
    """Customers, or with the kind `tags` labels of customers who are known already."""
    customer = _table(top.get("customer"), "customer", ("keys", "fields", "joins", "kind", "as_of", "tags", "consents"))
    keys = _keys(customer.get("keys"), "customer.keys")
    for name, missing in (("keys", not keys), ("tags", shared["kind"] == "tags" and not customer.get("tags"))):
        if missing:
            raise _wrong(f"customer.{name}", "missing")
    return Mapping(
        **shared,
        keys=keys,
        fields=_picks(customer.get("fields"), "customer.fields", None),
        joins=tuple(_words(customer.get("joins", ["phone", "email", "credit_code"]), "customer.joins")),
        person_kind=_one_of(customer.get("kind") or "person", ("person", "organisation"), "customer.kind"),
        as_of=_pick(customer["as_of"], "customer.as_of") if customer.get("as_of") else None,
        tags=_pick(customer["tags"], "customer.tags") if customer.get("tags") else None,
        consents=_picks(customer.get("consents"), "customer.consents", None),
    )


def _relations(given: Any) -> tuple[Relation, ...]:
    """Tables beside the file, by the names their columns bear."""
    found = []
    for name, value in _table(given or {}, "related", None).items():
        table = _table(value, f"related.{name}", ("key", "on", "sum"))
        for needed in ("key", "on"):
            if not isinstance(table.get(needed), str):
                raise _wrong(f"related.{name}.{needed}", "missing")
        found.append(Relation(name, table["key"], table["on"], tuple(_words(table.get("sum"), f"related.{name}.sum"))))
    return tuple(found)


def _keys(listed: Any, place: str) -> tuple[tuple[str, Pick], ...]:
    keys = []
    for number, entry in enumerate(_list(listed, place), 1):
        if not isinstance(entry, dict) or len(entry) != 1:
            raise _wrong(f"{place}[{number}]", "one_key_each")
        ((kind, value),) = entry.items()
        keys.append((_one_of(kind, KEY_KINDS, f"{place}[{number}]"), _pick(value, f"{place}[{number}]")))
    return tuple(keys)


def _picks(table: Any, place: str, allowed: tuple[str, ...] | None) -> dict[str, Pick]:
    return {name: _pick(value, f"{place}.{name}") for name, value in _table(table or {}, place, allowed).items()}


def _pick(value: Any, place: str) -> Pick:
    if isinstance(value, str | int | list):
        return Pick(columns=tuple(_words(value, place)))
    table = _table(value, place, ("column", "sum", "constant", "join", "first_of", "with", "words", "default"))
    words = table.get("words") or {}
    if not isinstance(words, dict):
        raise _wrong(f"{place}.words", "not_a_table")
    translated = tuple((str(word).strip(), str(code)) for word, code in words.items())
    default = str(table["default"]) if "default" in table else None
    if "constant" in table:
        return Pick(constant=str(table["constant"]))
    for name in ("join", "first_of"):
        if name in table:
            parts = tuple(_pick(part, f"{place}.{name}") for part in _list(table[name], f"{place}.{name}"))
            glue = str(table.get("with", " "))
            return Pick(parts=parts, glue=glue, first_of=name == "first_of", words=translated, default=default)
    if "sum" in table:
        return Pick(columns=tuple(_words(table["sum"], place)), is_sum=True)
    if "column" not in table:
        raise _wrong(place, "no_column")
    return Pick(columns=tuple(_words(table["column"], place)), words=translated, default=default)


def _rules(listed: Any, place: str, kinds: tuple[str, ...]) -> tuple[KindRule, ...]:
    rules = []
    for number, entry in enumerate(_list(listed, place), 1):
        here = f"{place}[{number}]"
        table = _table(entry, here, ("kind", "id_prefix", "negative_total", "status", "sku", "title"))
        if len(table) < 2:
            raise _wrong(here, "rule_without_condition")
        rules.append(
            KindRule(
                kind=_one_of(table.get("kind"), kinds, f"{here}.kind"),
                id_prefix=str(table.get("id_prefix") or ""),
                negative_total=_yes(table.get("negative_total"), here),
                status=tuple(_words(table.get("status"), here)),
                sku=tuple(_words(table.get("sku"), here)),
                title=tuple(_words(table.get("title"), here)),
            )
        )
    return tuple(rules)


def _known_words(pick: Pick, allowed: tuple[str, ...], place: str) -> None:
    for code in [*(code for _, code in pick.words), pick.default, pick.constant or None]:
        if code is not None:
            _one_of(code, allowed, place)


def _titles(value: Any, code: str) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(k): str(v) for k, v in value.items()}
    return {"en": str(value or code), "zh": str(value or code)}


def _table(value: Any, place: str, allowed: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place, "not_a_table")
    for name in value:
        if allowed is not None and name not in allowed:
            raise _wrong(f"{place}.{name}".lstrip("."), "unknown_word")
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_.]{0,59}|_[a-z_]*", name):
            raise _wrong(place, "unknown_word")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong(place, "not_a_list")
    return value


def _words(value: Any, place: str) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str | int):
        return [str(value)]
    if not isinstance(value, list) or not all(isinstance(v, str | int) for v in value):
        raise _wrong(place, "not_words")
    return [str(v) for v in value]


def _yes(value: Any, place: str) -> bool:
    return _one_of(value or "false", ("true", "false"), place) == "true"


def _one_of(value: Any, allowed: tuple[str, ...], place: str) -> str:
    if value not in allowed:
        raise _wrong(place, "not_one_of")
    return str(value)


def _wrong(place: str, why: str) -> FileProblem:
    return FileProblem("mapping_invalid", place=place[:120], why=why)
