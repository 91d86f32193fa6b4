"""Reading a statement: its normalized facts as one canonical text and their digest; done here, or in a process that reads ahead.

A large file is read by a second process while the first one records: what it made of each statement crosses a pipe as JSON,
never a disk.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import orjson

from zhike.customers.normalizing import Normalized, normalize
from zhike.customers.records import Problem, Statement
from zhike.secure import vault


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement comes to; `normalized` is None when its key names nobody."""

    normalized: Normalized | None
    text: str = ""  # the facts, canonical: what is digested is what is stored
    digest: bytes = b""


def read(statement: Statement) -> Reading:
    """The reading of a statement, made now unless another process has made it."""
    if statement.read is not None:
        return statement.read
    made = normalize(statement)
    if made is None:
        return Reading(None)
    text = canonical(made.facts)
    return Reading(made, text, digest_of(text))


def canonical(facts: Mapping[str, Any]) -> str:
    """One text for equal facts, whatever order they came in."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()


def digest_of(text: str) -> bytes:
    """A keyed digest of canonical facts (16 bytes): equal statements add nothing, and nobody can guess values from it."""
    return vault.lookup("version", text)


def pack_statement(statement: Statement) -> list[Any]:
    """A statement with its reading, as JSON takes it."""
    made = read(statement)
    told = [
        statement.key,
        statement.as_of.isoformat(),
        statement.row_no,
        statement.kind,
        dict(statement.raw),
        made.text,
        made.digest.hex(),
    ]
    if (n := made.normalized) is not None:
        told += [n.external_key, n.sealed, _hex(n.lookups), _hex(n.joins), [astuple(p) for p in n.problems]]
    return told


def unpack_statement(told: Sequence[Any]) -> Statement:
    """What `pack_statement` wrote; the values as they came stay behind, since they are read."""
    key, as_of, row_no, kind, raw, text, digest, *made = told
    normalized = None
    if made:
        external_key, sealed, lookups, joins, problems = made
        normalized = Normalized(
            external_key,
            orjson.loads(text),
            sealed,
            _bytes(lookups),
            _bytes(joins),
            [Problem(*p) for p in problems],
        )
    reading = Reading(normalized, text, bytes.fromhex(digest))
    return Statement(tuple(key), dt.datetime.fromisoformat(as_of), {}, row_no, kind, raw, read=reading)


def _hex(digests: Sequence[tuple[int, bytes]]) -> list[tuple[int, str]]:
    return [(kind, digest.hex()) for kind, digest in digests]


def _bytes(digests: Sequence[tuple[int, str]]) -> list[tuple[int, bytes]]:
    return [(kind, bytes.fromhex(digest)) for kind, digest in digests]
