"""What a rule may ask about: each module offers its facets here, and each facet names the field whose sight it needs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

from zhike.customers import lake_values
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

Kind = Literal["state", "choice", "words", "flag", "number", "day", "labels", "orders", "segment"]
Choices = Callable[[Viewer], Sequence[tuple[Any, Any]]]

# The tests each kind of facet knows, in the order a page offers them.
TESTS: dict[str, tuple[str, ...]] = {
    "state": ("any_of", "none_of"),  # of which one always holds
    "choice": ("any_of", "none_of", "known", "unknown"),
    "words": ("any_of", "none_of", "known", "unknown"),
    "flag": ("yes", "no"),
    "number": ("at_least", "at_most", "between", "known", "unknown"),
    "day": ("within", "not_within", "before", "known", "unknown"),
    "labels": ("any_of", "all_of", "none_of"),
    "orders": ("at_least", "at_most", "between"),
    "segment": ("in", "not_in"),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """Something rules and filters may ask. `table` and `column` say where the lake holds it.

    `field` is the catalogue field whose sight decides whether somebody may ask; `through_mask` lets those ask who see the
    field masked (that a phone is known shows through its mask anyway). `unit` is cents, days or nothing. `choices` lists
    (value, label) for a viewer; `numbers` says that the values chosen are ids and not codes.
    """

    code: str
    label: Promise | str
    group: Promise | str
    field: str
    kind: Kind
    table: str = ""
    column: str = ""
    unit: str = ""
    choices: Choices | None = None
    numbers: bool = False
    through_mask: bool = False
    where_field: str = ""  # what narrowing an order condition to products shows
    right: str = ""  # a permission that asking needs besides

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests this facet knows."""
        return TESTS[self.kind]


_FACETS: dict[str, Facet] = {}
_makers: list[Callable[[str], Facet | None]] = []
_listings: list[Callable[[], Sequence[Facet]]] = []


def offer(*new: Facet) -> None:
    """Add facets (modules at start-up); a code is taken once."""
    for facet in new:
        if facet.code in _FACETS and _FACETS[facet.code].column != facet.column:
            raise ValueError(f"facet {facet.code} is offered twice")
        _FACETS[facet.code] = facet


def offer_made(make: Callable[[str], Facet | None], listed: Callable[[], Sequence[Facet]]) -> None:
    """Add facets that come and go with what the merchant defines: one by its code, and all of now."""
    if make not in _makers:
        _makers.append(make)
        _listings.append(listed)


def facet(code: str) -> Facet | None:
    """A facet by its code."""
    return _FACETS.get(code) or next((made for make in _makers if (made := make(code))), None) or _of_field(code)


# Kinds of fields a rule can ask by, and the facet each makes. Words never reach the lake, so nothing asks by them.
_KIND_OF: dict[str, Kind] = {
    "choice": "choice",
    "yes_no": "choice",
    "many": "labels",
    "number": "number",
    "date": "day",
}
STATED = "stated:"  # a column that begins so is a value in the lake's packed text of stated values


def _of_field(name: str) -> Facet | None:
    """The facet a field of the catalogue makes by itself: one nobody offered, the merchant's own among them."""
    if not fields.known(name) or not lake_values.is_packed(name):
        return None
    own = fields.field(name)
    if own.is_archived or not own.facet or own.kind not in _KIND_OF:
        return None
    listed = fields.choices_of(own)
    choices = (lambda viewer: listed) if listed else None
    label, group = own.label, fields.group_label(own.group)
    return Facet(name, label, group, name, _KIND_OF[own.kind], "cards", f"{STATED}{name}", choices=choices)


def _all() -> Iterator[Facet]:
    yield from _FACETS.values()
    for listed in _listings:
        yield from listed()
    for own in fields.catalogue():
        if own.name not in _FACETS and (made := _of_field(own.name)):
            yield made


def facets(viewer: Viewer | None = None) -> list[Facet]:
    """All facets in their order, or those a viewer may ask about: what one may not see is not offered."""
    return [f for f in _all() if viewer is None or allowed(viewer, f)]


def allowed(viewer: Viewer, asked: Facet) -> bool:
    """Whether a viewer may ask by a facet."""
    if asked.right and not viewer.can(asked.right):
        return False
    if not asked.field:
        return True
    seen = secure.sight(viewer, asked.field)
    return seen == "shown" or (seen == "masked" and asked.through_mask)


def may_narrow(viewer: Viewer, asked: Facet) -> bool:
    """Whether a viewer may narrow an order condition to products."""
    return not asked.where_field or secure.sight(viewer, asked.where_field) == "shown"
