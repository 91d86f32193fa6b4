"""Values of rows read by plain SQL, alike on both databases."""

import datetime as dt
from functools import lru_cache
from typing import Any

import orjson


def moment(value: Any) -> dt.datetime:
    """A moment: SQLite gives text in UTC, PostgreSQL an aware datetime."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return _read(value)


@lru_cache(maxsize=8192)
def _read(text: str) -> dt.datetime:
    """Statements of one import share their moment, so a pass over many rows reads few of them."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def parsed(value: Any) -> Any:
    """A JSON column: text on SQLite, parsed already on PostgreSQL."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value
