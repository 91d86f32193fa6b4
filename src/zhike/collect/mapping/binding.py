"""A mapping bound to the headers of one file: every field becomes a function of a row's cells."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from zhike.collect.mapping.parse import Mapping, Pick
from zhike.collect.reading import FileProblem
from zhike_analytics.values import strip_export_quirks

Cells = list[str]
Getter = Callable[[Cells], str]

# Only cells that begin or end with one of these need the slower look.
_QUIRKS = frozenset("='‘’＇ \t\r\n\u00a0\ufeff\u200b\u3000")
_NEEDED = {
    "orders": ("id", "ordered_at"),
    "lines": ("id",),
    "products": ("sku",),
    "cases": ("id", "order_id", "opened_at"),
    "visits": ("at",),
}


class UnknownWord(Exception):
    """A cell holds a word that the mapping gives no meaning."""

    def __init__(self, word: str) -> None:
        super().__init__("unknown_word")
        self.word = word


@dataclass(frozen=True, slots=True)
class Bound:
    """A mapping on a file. `buyer_columns` and `used` are the header positions that the buyer's
    fields and all fields read, `unused` the headers nobody reads."""

    mapping: Mapping
    headers: tuple[str, ...]
    order: dict[str, Getter]
    keys: tuple[tuple[str, Getter], ...]
    fields: tuple[tuple[str, Getter], ...]
    receiver: tuple[tuple[str, Getter], ...]
    lines: dict[str, Getter]
    as_of: Getter | None
    thing: dict[str, Getter]
    attributes: dict[str, Getter]
    tags: Getter | None
    consents: tuple[tuple[str, Getter], ...]
    buyer_columns: tuple[int, ...]
    used: frozenset[int]
    last_used: int

    @property
    def unused(self) -> list[str]:
        """Headers that no field reads."""
        return [name for at, name in enumerate(self.headers) if at not in self.used and name]


def clean(cell: str) -> str:
    """A cell without what exporters add against spreadsheets (`="…"`, an apostrophe, TABs)."""
    if not cell or (cell[0] not in _QUIRKS and cell[-1] not in _QUIRKS):
        return cell
    return strip_export_quirks(cell)


def folded(header: str) -> str:
    """A header as it is compared: width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())


def bind(mapping: Mapping, headers: tuple[str, ...]) -> Bound:
    """Find every column. Raises FileProblem columns_missing when one that an import cannot do without is absent."""
    places = _Places(headers)
    keys = tuple((kind, getter) for kind, pick in mapping.keys if (getter := places.getter(pick)))
    fields = tuple(places.all_of(mapping.fields).items())
    buyer_columns = tuple(sorted(places.used))
    order = places.all_of(mapping.order)
    thing = places.all_of(mapping.thing)
    needed = _NEEDED.get(mapping.kind, ())
    picks = {**mapping.order, **mapping.thing}
    missing = [" / ".join(picks[name].named) for name in needed if name not in order and name not in thing]
    if mapping.kind == "visits" and not keys and "visitor" not in thing:
        missing += [name for pick in filter(None, [picks.get("visitor")]) for name in pick.named]
        missing += [name for _, pick in mapping.keys for name in pick.named]
    if mapping.kind in ("customers", "tags") and not keys:
        missing = [" / ".join(name for _, pick in mapping.keys for name in pick.named)]
    if missing:
        raise FileProblem("columns_missing", columns=missing)
    return Bound(
        mapping=mapping,
        headers=headers,
        order=order,
        keys=keys,
        fields=fields,
        receiver=tuple(places.all_of(mapping.receiver).items()),
        lines=places.all_of(mapping.lines),
        as_of=places.getter(mapping.as_of) if mapping.as_of else None,
        thing=thing,
        attributes=places.all_of(mapping.attributes),
        tags=places.getter(mapping.tags) if mapping.tags else None,
        consents=tuple(places.all_of(mapping.consents).items()),
        buyer_columns=buyer_columns,
        used=frozenset(places.used),
        last_used=max(places.used, default=0),
    )


class _Places:
    def __init__(self, headers: tuple[str, ...]) -> None:
        self.at: dict[str, int] = {}
        self.used: set[int] = set()
        for place, header in enumerate(headers):
            name = folded(header)
            self.at.setdefault(name, place)
            # A doubled header is addressed by its occurrence: 分销员#2.
            occurrence = sum(1 for earlier in headers[: place + 1] if folded(earlier) == name)
            self.at[f"{name}#{occurrence}"] = place

    def all_of(self, picks: dict[str, Pick]) -> dict[str, Getter]:
        found = {name: self.getter(pick) for name, pick in picks.items()}
        return {name: getter for name, getter in found.items() if getter is not None}

    def getter(self, pick: Pick) -> Getter | None:
        raw = self._raw(pick)
        if raw is None or not (pick.words or pick.default is not None):
            return raw
        words, default = dict(pick.words), pick.default

        def translated(cells: Cells) -> str:
            word = raw(cells)
            code = words.get(word, default)
            if code is None:
                raise UnknownWord(word)
            return code

        return translated

    def _raw(self, pick: Pick) -> Getter | None:
        if pick.constant:
            constant = pick.constant
            return lambda cells: constant
        if pick.parts:
            return self._joined(pick)
        place = next((self.at[name] for column in pick.columns if (name := folded(column)) in self.at), None)
        if place is None:
            return None
        self.used.add(place)
        return lambda cells: clean(cells[place])

    def _joined(self, pick: Pick) -> Getter | None:
        parts = [getter for part in pick.parts if (getter := self.getter(part))]
        if not parts:
            return None
        if pick.first_of:
            return lambda cells: next((text for part in parts if (text := part(cells))), "")
        glue = pick.glue
        return lambda cells: glue.join(text for part in parts if (text := part(cells)))
