"""Between the address of the list of orders and its filter."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from zhike.shop.queries import words
from zhike.shop.records import OrderFilter


def _day(at: dt.time, zone: str) -> Callable[[str], dt.datetime]:
    return lambda text: dt.datetime.combine(dt.date.fromisoformat(text), at, ZoneInfo(zone))


def _of(allowed: Any) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def read_filter(query: QueryDict, zone: str) -> OrderFilter:
    """The filter an address asks for; days are days of the shop. What cannot be read does not narrow."""
    questions: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
        ("state", "status", _of(words.ORDER_STATES)),
        ("kind", "kind", _of(words.ORDER_KINDS)),
        ("source", "source_id", int),
        ("from", "at_from", _day(dt.time.min, zone)),
        ("to", "at_to", _day(dt.time.max, zone)),
        ("number", "number", lambda text: text[:120]),
        ("why", "no_customer_why", _of(words.NOBODY_WHYS)),
        ("nobody", "without_customer", lambda text: text == "1"),
    )
    found: dict[str, Any] = {}
    for name, field, read in questions:
        text = query.get(name, "").strip()
        try:
            if text:
                found[field] = read(text)
        except (ValueError, OverflowError):
            continue
    return OrderFilter(**found)
