"""Values between a database and JSON, alike from both databases: plain SQL on one side, RFC 3339 and hex on the other."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import orjson

Turn = Callable[[Any], Any]


def told(kind: str, vendor: str) -> Turn | None:
    """How a value read by plain SQL is told in JSON; None: as it is."""
    on_sqlite = vendor == "sqlite"
    turns: dict[str, Turn | None] = {
        "flag": bool if on_sqlite else None,
        "moment": (lambda v: v.replace(" ", "T") + "Z") if on_sqlite else _moment,
        "day": None if on_sqlite else dt.date.isoformat,
        "json": lambda v: orjson.loads(v) if isinstance(v, str | bytes) else v,
        "bytes": lambda v: bytes(v).hex(),
    }
    return turns.get(kind)


def laid(kind: str, vendor: str) -> Turn | None:
    """How a value of the file is laid into a statement; None: as it is."""
    on_sqlite = vendor == "sqlite"
    turns: dict[str, Turn | None] = {
        "flag": int if on_sqlite else None,
        "moment": (lambda v: v.replace("T", " ").removesuffix("Z")) if on_sqlite else None,
        "json": lambda v: orjson.dumps(v).decode(),
        "bytes": bytes.fromhex,
    }
    return turns.get(kind)


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
