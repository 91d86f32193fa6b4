"""How the stories speak: a moment, and a way to say things about a customer."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from zhike.customers.records import Statement, Tally

MARCH = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
Record = Callable[..., Tally]


def says(
    key: str, row_no: int = 1, *, as_of: dt.datetime = MARCH, key_field: str = "platform_handle", **given: Any
) -> Statement:
    """A statement about the holder of a key; field texts as keywords, `weak` and `joins` pass through."""
    extra = {name: given.pop(name) for name in ("weak", "joins", "raw", "kind") if name in given}
    return Statement((key_field, key), as_of, {key_field: key, **given}, row_no, **extra)
