"""Statements read, and drafted as new customers, by a process ahead of the one that records them; and how they cross to it.

Of a large file nearly every row is a customer nobody knows yet, and what is written of it depends on nothing but the row, once
its ids are given. So the second process does all of that: it normalizes, makes keys, seals, derives the card. What it made
crosses a pipe, small values as JSON and bytes beside them, never a disk.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

import orjson

from zhike.customers import cards
from zhike.customers.normalizing import Normalized
from zhike.customers.reading import Draft, Reading, read, sealed_content
from zhike.customers.records import SEALED_COLUMN, Problem, Statement
from zhike.kit import ids
from zhike.secure import vault
from zhike_analytics.values import persons

_DIGEST = 16
_NAME = cards.COLUMNS.index("name")
Places = Iterator[tuple[int, int]]  # a record id and a version id for each statement


def ids_to_draft(count: int) -> tuple[int, int]:
    """The first of so many record ids and of as many version ids, for a process that drafts."""
    return ids.take("record", count).start, ids.take("version", count).start


def pack_statements(statements: Sequence[Statement], places: Places) -> tuple[list[Any], bytes]:
    """Read and draft statements: (what JSON takes, the bytes beside it)."""
    taken = [next(places) for _ in statements]
    keys = vault.draft_keys([record_id for record_id, _ in taken])
    told, parts = [], list[bytes]()
    for statement, place, key in zip(statements, taken, keys, strict=True):
        reading = read(statement)
        head = [statement.key, statement.as_of.isoformat(), statement.row_no, statement.kind]
        if reading.normalized is None:
            told.append(head)
            continue
        told.append(head + _packed(statement, reading, reading.normalized, place, key, parts))
    return told, b"".join(parts)


def _packed(
    statement: Statement,
    reading: Reading,
    normalized: Normalized,
    place: tuple[int, int],
    key: tuple[vault.RecordKey, bytes],
    parts: list[bytes],
) -> list[Any]:
    record_id, version_id = place
    text, content = reading.text.encode(), sealed_content(normalized, statement.raw)
    sealed = vault.seal_text(key[0], vault.SealContext(SEALED_COLUMN, version_id, record_id), content)
    parts += (reading.digest, *(digest for _, digest in normalized.lookups), text, content, sealed, key[1])
    card = _card(version_id, statement, normalized)
    return [
        normalized.external_key,
        [kind for kind, _ in normalized.lookups],
        [normalized.lookups.index(join) for join in normalized.joins],
        [astuple(p) for p in normalized.problems],
        (len(text), len(content), len(sealed), len(key[1])),
        record_id,
        version_id,
        card,
        "\n".join(persons.name_tokens(str(card[_NAME]))) if card[_NAME] else "",
    ]


def _card(version_id: int, statement: Statement, normalized: Normalized) -> list[Any]:
    columns = cards.columns_of_one(version_id, normalized.facts, statement.kind)
    columns["values"] = orjson.dumps(columns["values"]).decode()
    columns["origins"] = orjson.dumps(columns["origins"]).decode()
    return [columns[name] for name in cards.COLUMNS]


def unpack_statements(told: Sequence[Sequence[Any]], beside: bytes) -> list[Statement]:
    """What `pack_statements` made; the values as they came stay behind, since they are read."""
    statements, at = [], 0
    for key, as_of, row_no, kind, *made in told:
        reading, at = _reading(made, beside, at) if made else (Reading(None), at)
        statements.append(Statement(tuple(key), dt.datetime.fromisoformat(as_of), {}, row_no, kind, read=reading))
    return statements


def _reading(made: Sequence[Any], beside: bytes, at: int) -> tuple[Reading, int]:
    external_key, kinds, joins, problems, sizes, record_id, version_id, card, tokens = made
    digest = beside[at : (at := at + _DIGEST)]
    lookups = [(kind, beside[at : (at := at + _DIGEST)]) for kind in kinds]
    text, content, sealed, wrapped = [beside[at : (at := at + size)] for size in sizes]
    normalized = Normalized(
        external_key,
        orjson.loads(text),
        {},
        lookups,
        [lookups[place] for place in joins],
        [Problem(*p) for p in problems],
    )
    draft = Draft(record_id, version_id, wrapped, sealed, tuple(card), tokens)
    return Reading(normalized, text.decode(), digest, content, draft), at
