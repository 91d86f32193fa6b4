"""Statements read, and drafted as new customers, by a process ahead of the one that records them; and how they cross to it.

Of a large file nearly every row is a customer nobody knows yet, and what is written of it depends on nothing but the row, once
its ids are given. So the second process does all of that: it normalizes, makes keys, seals, derives the card. What it made
crosses a pipe, small values as JSON and bytes beside them, never a disk.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import orjson

from zhike.customers import cards
from zhike.customers.normalizing import Normalized
from zhike.customers.reading import Laid, Reading, read, sealed_content
from zhike.customers.records import SEALED_COLUMN, Statement
from zhike.kit import ids
from zhike.secure import vault
from zhike_analytics.values import persons

_NAME = cards.COLUMNS.index("name")
_DIGEST = 16
_NOTHING: dict[str, str] = {}
_REFUSED = Reading(None)
Places = Iterator[tuple[int, int]]  # a record id and a version id for each statement


def ids_to_draft(count: int) -> tuple[int, int]:
    """The first of so many record ids and of as many version ids, for a process that drafts."""
    return ids.take("record", count).start, ids.take("version", count).start


def pack_statements(statements: Sequence[Statement], places: Places) -> tuple[list[Any], bytes]:
    """Read and draft statements: (what JSON takes, the bytes beside it), for `unpack_statements`.

    Step by step over all of them rather than statement by statement, which takes a third longer: each step then finds what
    it works with near the processor.
    """
    taken = [next(places) for _ in statements]
    keys = vault.draft_keys([record_id for record_id, _ in taken])
    readings = [read(statement) for statement in statements]
    usable = [
        _Drafted(statement, reading, reading.normalized, place, key, wrapped)
        for statement, reading, place, (key, wrapped) in zip(statements, readings, taken, keys, strict=True)
        if reading.normalized is not None
    ]
    cards_made = [_card(one.place[1], one.statement, one.normalized) for one in usable]
    tokens = ["\n".join(persons.name_tokens(str(card[_NAME]))) if card[_NAME] else "" for card in cards_made]
    contents = [sealed_content(one.normalized, one.statement.raw) for one in usable]
    seals = [_sealed(one, content) for one, content in zip(usable, contents, strict=True)]
    parts: list[bytes] = []
    laid = map(_tell, usable, cards_made, tokens, contents, seals, repeat(parts))
    told = [
        (statement.key, statement.as_of.isoformat(), statement.row_no, statement.kind)
        + (next(laid) if reading.normalized is not None else ())
        for statement, reading in zip(statements, readings, strict=True)
    ]
    return told, b"".join(parts)


class _Drafted(NamedTuple):
    """A statement on its way: what it was read as, and the ids and the key it is given."""

    statement: Statement
    reading: Reading
    normalized: Normalized
    place: tuple[int, int]
    key: vault.RecordKey
    wrapped: bytes


def _sealed(one: _Drafted, content: bytes) -> bytes:
    record_id, version_id = one.place
    return vault.seal_text(one.key, vault.SealContext(SEALED_COLUMN, version_id, record_id), content)


def _tell(
    one: _Drafted, card: tuple[Any, ...], found_by: str, content: bytes, sealed: bytes, parts: list[bytes]
) -> tuple[Any, ...]:
    normalized, text = one.normalized, one.reading.text.encode()
    parts += (one.reading.digest, *(digest for _, digest in normalized.lookups), text, content, one.wrapped, sealed)
    return (
        normalized.external_key,
        [kind for kind, _ in normalized.lookups],
        [normalized.lookups.index(join) for join in normalized.joins],
        [astuple(p) for p in normalized.problems],
        len(text),
        len(content),
        len(one.wrapped),
        len(sealed),
        *one.place,
        card,
        found_by,
    )


def _card(version_id: int, statement: Statement, normalized: Normalized) -> tuple[Any, ...]:
    columns = cards.columns_of_one(version_id, normalized.facts, statement.kind)
    columns["values"] = orjson.dumps(columns["values"]).decode()
    columns["origins"] = orjson.dumps(columns["origins"]).decode()
    return tuple([columns[name] for name in cards.COLUMNS])


def unpack_statements(told: Sequence[Sequence[Any]], beside: bytes) -> list[Statement]:
    """What `pack_statements` made; the values as they came stay behind, since they are read."""
    statements, at = [], 0
    for key, as_of, row_no, kind, *made in told:
        laid, at = _laid(made, beside, at) if made else (_REFUSED, at)
        statements.append(Statement(tuple(key), _moment(as_of), _NOTHING, row_no, kind, _NOTHING, read=laid))
    return statements


def _laid(made: Sequence[Any], beside: bytes, at: int) -> tuple[Laid | Reading, int]:
    key, kinds, joins, problems, text_size, content_size, wrapped_size, sealed_size, record_id, version_id, card, found_by = made  # fmt: skip
    digest = beside[at : (at := at + _DIGEST)]
    lookups = [(kind, beside[at : (at := at + _DIGEST)]) for kind in kinds]
    text = beside[at : (at := at + text_size)].decode()
    content = beside[at : (at := at + content_size)]
    wrapped = beside[at : (at := at + wrapped_size)]
    sealed = beside[at : (at := at + sealed_size)]
    found = [lookups[place] for place in joins]
    return Laid(
        key, digest, text, content, lookups, found, problems, record_id, version_id, wrapped, sealed, card, found_by
    ), at


@lru_cache(maxsize=1024)
def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
