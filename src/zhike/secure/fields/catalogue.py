"""The catalogue itself: fields of the product, registered at start-up, and those the merchant defined.

Defined fields are read from the database once a process and again when the policy's stamp moves; a name that is not known
is looked for once more before it is refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from zhike.secure.fields.field import Field

CUSTOM_PREFIX = "custom."
_CATALOGUE: dict[str, Field] = {}
_custom: Mapping[str, Field] = {}
_custom_stamp: int | None = None
_readers: list[Callable[[], tuple[int, list[Field]]]] = []


def register(*fields: Field) -> None:
    """Add fields of the product (modules at start-up); a name is taken once."""
    for new in fields:
        if _CATALOGUE.get(new.name, new) != new:
            raise ValueError(f"field {new.name} is already in the catalogue with other properties")
        if new.cls in ("sensitive", "secret") and new.form == "open":
            raise ValueError(f"field {new.name} is {new.cls} and may not lie open")
        _CATALOGUE[new.name] = new


def custom_fields_from(reader: Callable[[], tuple[int, list[Field]]]) -> None:
    """Say where defined fields are read: a function that gives (stamp, fields)."""
    _readers[:] = [reader]


def refresh(stamp: int | None = None) -> None:
    """Read the defined fields anew, unless the stamp given is the one they were read at."""
    global _custom, _custom_stamp
    if _readers and (stamp is None or stamp != _custom_stamp):
        _custom_stamp, found = _readers[0]()
        _custom = {f.name: f for f in found}


def _defined(name: str) -> Field | None:
    if not name.startswith(CUSTOM_PREFIX):
        return None
    if name not in _custom:
        refresh()
    return _custom.get(name)


def is_custom(name: str) -> bool:
    """Whether a name is that of a defined field."""
    return name.startswith(CUSTOM_PREFIX)


def field(name: str) -> Field:
    """The catalogue's row of a field; an unknown name is a programming error (KeyError)."""
    found = _CATALOGUE.get(name) or _defined(name)
    if found is None:
        raise KeyError(name)
    return found


def known(name: str) -> bool:
    """Whether the catalogue has a field of this name."""
    return name in _CATALOGUE or _defined(name) is not None


def catalogue(about: str | None = None, *, archived: bool = False) -> list[Field]:
    """All fields in their order, or those about `person`, `organisation`, `order`, `metric` (a party is both of the first two).

    Defined fields stand last; those put away are given only when asked for.
    """
    return [f for f in _rows() if (about is None or f.is_about(about)) and (archived or not f.is_archived)]


def product_fields() -> list[Field]:
    """The fields of the product alone: what is known before any database is asked."""
    return list(_CATALOGUE.values())


def _rows() -> Iterator[Field]:
    if _custom_stamp is None:
        refresh()
    rows: Iterable[Field] = (*_CATALOGUE.values(), *_custom.values())
    return iter(rows)
