"""From columns and their meanings, as chosen on a page, to a mapping file."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from zhike.collect.mapping.binding import folded
from zhike.collect.mapping.parse import Mapping as MappingFile
from zhike.collect.mapping.targets import CONSENT, KEYS

_BLANK = {"order.status": "completed", "case.status": "open", "case.kind": "refund"}  # what a blank cell stands for


def yaml_of(
    kind: str,
    headers: Sequence[str],
    meanings: Mapping[int, str],
    *,
    title: str = "",
    platform: str = "",
    row_per: str = "order",
    dates: str = "",
    decimal: str = "",
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """The YAML text; `load` reads it back to the same meanings. A doubled heading is named by its place: 分销员#2."""
    names = {at: _named(headers, at) for at in meanings}
    tree: dict[str, Any] = {"zhike_mapping": "1", "kind": kind}
    if title:
        tree["title"] = title
    if platform:
        tree["platform"] = platform
    tree["recognized_by"] = [names[at] for at in sorted(meanings)]
    if kind == "orders":
        tree["row_per"] = row_per
    for name, value in (("dates", dates), ("decimal", decimal)):
        if value:
            tree[name] = value
    parts: dict[str, dict[str, Any]] = {}
    for at, code in sorted(meanings.items()):
        place, _, name = code.partition(".")
        if code == "product.attributes":
            parts.setdefault("product", {}).setdefault("attributes", {})[headers[at][:60]] = names[at]
        else:
            parts.setdefault(place, {})[name] = _pick(names[at], code, (words or {}).get(code))
    for place in ("order", "receiver", "lines", "product", "case", "visit"):
        if place in parts:
            tree[place] = parts[place]
    for place in ("buyer", "customer"):
        if place in parts:
            tree[place] = _person(parts[place], is_buyer=place == "buyer")
    if kind == "visits" and "customer" in tree:
        tree["customer"] = {"keys": tree["customer"]["keys"]}
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=120)


def _person(named: dict[str, Any], *, is_buyer: bool) -> dict[str, Any]:
    tags = named.pop("tags", None)
    consents = {name.removeprefix(CONSENT): named.pop(name) for name in list(named) if name.startswith(CONSENT)}
    person: dict[str, Any] = {"keys": [{name: named[name]} for name in KEYS if name in named]}
    if named:
        person["fields"] = dict(named)
    person["joins"] = [name for name in ("phone", "email") if name in named]
    if tags:
        person["tags"] = tags
    if consents:
        person["consents"] = consents
    if is_buyer and not person["keys"]:
        del person["keys"]
    return person


def _pick(name: str, code: str, words: Mapping[str, str] | None) -> Any:
    if code not in _BLANK:
        return name
    return {"column": name, "words": {"": _BLANK[code], **{w: state for w, state in (words or {}).items() if state}}}


def _named(headers: Sequence[str], at: int) -> str:
    name = headers[at]
    before = sum(1 for earlier in headers[:at] if earlier == name)
    return f"{name}#{before + 1}" if before else name


def meanings_of(mapping: MappingFile, headers: Sequence[str]) -> dict[int, str]:
    """Back from a mapping file to the meaning of each column, where one column alone gives the value."""
    at = {folded(_named(headers, place)): place for place in range(len(headers))}
    person = "buyer" if mapping.kind == "orders" else "customer"
    thing = {"products": "product", "visits": "visit"}.get(mapping.kind, "case")
    picks = [
        *((f"order.{name}", pick) for name, pick in mapping.order.items()),
        *((f"receiver.{name}", pick) for name, pick in mapping.receiver.items()),
        *((f"lines.{name}", pick) for name, pick in mapping.lines.items()),
        *((f"{person}.{name}", pick) for name, pick in {**dict(mapping.keys), **mapping.fields}.items()),
        *((f"{thing}.{name}", pick) for name, pick in mapping.thing.items()),
        *(("product.attributes", pick) for pick in mapping.attributes.values()),
        *([("customer.tags", mapping.tags)] if mapping.tags else []),
        *((f"customer.{CONSENT}{purpose}", pick) for purpose, pick in mapping.consents.items()),
    ]
    return {at[folded(pick.columns[0])]: code for code, pick in picks if pick.columns and folded(pick.columns[0]) in at}
