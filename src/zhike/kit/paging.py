"""Lists page by page without offsets: a key holds the sort values of the edge row, signed, and says nothing to others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

T = TypeVar("T")

_SALT = "zhike.kit.paging"


class BadPageKey(ValueError):
    """The key was not made here, or for another order. `code` is for the reader: start from the first page."""

    code = "bad_page_key"


@dataclass(frozen=True)
class Column:
    """A sort column: an attribute of the row. Nullable ones stand last in either direction."""

    name: str
    descending: bool = False
    nullable: bool = False


Sort = tuple[Column, ...]
"""Columns from the strongest to the last, which must be unique (an id)."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page, and the keys of the pages around it: None at an end."""

    items: list[T]
    next_key: str | None
    previous_key: str | None


def page_of(
    rows: QuerySet[Any], *, sorts: Mapping[str, Sort], sort: str, after: str = "", before: str = "", size: int = 50
) -> Page[Any]:
    """One page of a queryset, sorted by one of the named orders, after or before a key.

    Raises LookupError for a sort that is not offered, BadPageKey for a key that is forged, damaged or of another sort.
    """
    if sort not in sorts:
        raise LookupError(f"no such order: {sort}")
    columns, backwards = sorts[sort], bool(before)
    edge = after or before
    if edge:
        rows = rows.filter(beyond(columns, read_key(edge, sort, len(columns)), backwards=backwards))
    found = list(rows.order_by(*order_by(columns, backwards=backwards))[: size + 1])
    has_more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    has_next, has_previous = (True, has_more) if backwards else (has_more, bool(edge))
    return Page(
        items,
        make_key(sort, columns, items[-1]) if items and has_next else None,
        make_key(sort, columns, items[0]) if items and has_previous else None,
    )


def order_by(columns: Sort, *, backwards: bool = False) -> list[OrderBy]:
    """The ORDER BY of a sort, or of walking it backwards."""
    ordered = []
    for column in columns:
        nulls: dict[str, Any] = {}
        if column.nullable:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        down = column.descending != backwards
        ordered.append(F(column.name).desc(**nulls) if down else F(column.name).asc(**nulls))
    return ordered


def beyond(columns: Sort, values: list[Any], *, backwards: bool = False) -> Q:
    """The condition for rows strictly beyond the edge row with these values."""
    column, value, rest = columns[0], values[0], columns[1:]
    strictly = _strictly(column, value, backwards)
    if not rest:
        return strictly
    same = Q(**{f"{column.name}__isnull": True}) if value is None else Q(**{column.name: value})
    either = strictly | (same & beyond(rest, values[1:], backwards=backwards))
    if value is None or column.nullable:
        return either
    # Said twice so that the index gives the range: an OR alone is walked from the start.
    down = column.descending != backwards
    return Q(**{f"{column.name}__{'lte' if down else 'gte'}": value}) & either


def make_key(sort: str, columns: Sort, row: Any) -> str:
    """The signed key of a row (an object or a dict)."""
    values = [row[c.name] if isinstance(row, dict) else getattr(row, c.name) for c in columns]
    return signing.dumps([sort, [_plain(v) for v in values]], salt=_SALT)


def read_key(key: str, sort: str, count: int) -> list[Any]:
    """The sort values in a key made for this sort."""
    try:
        made_for, values = signing.loads(key, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadPageKey(key[:20]) from None
    if made_for != sort or len(values) != count:
        raise BadPageKey(key[:20])
    return [_rich(v) for v in values]


def _strictly(column: Column, value: Any, backwards: bool) -> Q:
    nothing = Q(pk__in=[])
    if value is None:
        return Q(**{f"{column.name}__isnull": False}) if backwards else nothing
    down = column.descending != backwards
    strictly = Q(**{f"{column.name}__{'lt' if down else 'gt'}": value})
    return strictly | Q(**{f"{column.name}__isnull": True}) if column.nullable and not backwards else strictly


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"m": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "n":
        return Decimal(text)
    return dt.datetime.fromisoformat(text) if kind == "m" else dt.date.fromisoformat(text)
