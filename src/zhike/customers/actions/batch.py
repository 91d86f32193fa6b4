"""A batch of statements of one source: what was said, put together, and the tuples it becomes."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhike.customers import cards
from zhike.customers.normalizing import Normalized, key_problem
from zhike.customers.reading import Laid, read, sealed_content
from zhike.customers.records import SEALED_COLUMN, Problem, Statement, Tally
from zhike.customers.survivorship import LiveVersion
from zhike.secure import vault

SourceWeight = tuple[int, int, bool, str]  # id, trust grade, is house, origin


class StaleBatch(Exception):
    """Somebody changed a file between preparation and commit: prepare the batch again."""


@dataclass(slots=True)
class Said:
    """One distinct set of facts said about one record within the batch."""

    digest: bytes
    text: str  # the facts, canonical: what is digested is what is stored
    normalized: Normalized
    as_of: dt.datetime
    row_no: int
    kind: str
    raw: Mapping[str, str]
    version_id: int = 0
    content: bytes = b""  # what is sealed with it, where another process wrote that already
    draft: Laid | None = None


@dataclass(slots=True)
class PreparedStatements:
    """Ready tuples for one transaction, and the record each given statement landed on (None: rejected).

    `customers`, `records`, `versions`, `sightings` and `new_cards` are of plain cells (`bulk.plain`).
    """

    source_id: int
    run_id: int
    record_ids: list[int | None]
    tally: Tally
    customers: list[tuple[Any, ...]] = field(default_factory=list)
    records: list[tuple[Any, ...]] = field(default_factory=list)
    links: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    revived: list[tuple[Any, ...]] = field(default_factory=list)
    sightings: list[tuple[Any, ...]] = field(default_factory=list)
    later_sightings: list[tuple[Any, ...]] = field(default_factory=list)
    lookups: list[tuple[Any, ...]] = field(default_factory=list)
    new_cards: list[tuple[Any, ...]] = field(default_factory=list)
    name_tokens: dict[str, str] = field(default_factory=dict)  # of names, as far as they were made ahead; a line each
    changed_cards: list[tuple[Any, ...]] = field(default_factory=list)
    # Of cards that changed in part: the columns to write → rows. SQLite writes every index of a column that is named anew.
    part_cards: dict[tuple[str, ...], list[tuple[Any, ...]]] = field(default_factory=dict)
    renamed: set[int] = field(default_factory=set)  # roots among these that are called otherwise now
    taken_out: dict[int, int | None] = field(default_factory=dict)  # root that was archived → its first source now
    # (root, its first source now, moment) of files where what came is the oldest.
    first_sources: list[tuple[Any, ...]] = field(default_factory=list)
    guard: dict[int, int] = field(default_factory=dict)  # root → change_seq seen while preparing


def new_card_row(
    customer_id: int, number: str, columns: Mapping[str, Any], source_id: int | None, at: dt.datetime
) -> tuple[Any, ...]:
    """A card's insert tuple, without its change number."""
    return derived_card_row(customer_id, number, [columns[name] for name in cards.COLUMNS], source_id, at)


def derived_card_row(
    customer_id: int, number: str, derived: Sequence[Any], source_id: int | None, at: Any
) -> tuple[Any, ...]:
    """The same from the derived columns in their order."""
    return (customer_id, number, *derived, "potential", source_id, at, at, 0, 0, "", "")


def version_row(said: Said, record_id: int, key: Any, by_staff_id: int | None, at: dt.datetime) -> tuple[Any, ...]:
    """A version's insert tuple: open facts in clear, the rest and the row as it came sealed under the record's key."""
    sealed = sealed_part(said, record_id, key)
    return (said.version_id, record_id, said.digest, said.as_of, said.text, sealed, by_staff_id, at)


def sealed_part(said: Said, record_id: int, key: Any) -> bytes:
    """What of a version is sealed under the record's key."""
    context = vault.SealContext(SEALED_COLUMN, said.version_id, record_id)
    return vault.seal_text(key, context, said.content or sealed_content(said.normalized, said.raw))


def as_live(said: Said, record_id: int, source: SourceWeight) -> LiveVersion:
    """A version about to be written, as the survivorship rules see it."""
    source_id, trust, is_house, origin = source
    facts = said.normalized.facts
    return LiveVersion(said.version_id, record_id, source_id, trust, is_house, said.as_of, facts, origin=origin)


def gather(
    statements: Iterable[Statement], tally: Tally, of_each: list[tuple[Problem, ...]] | None = None
) -> tuple[dict[str, dict[bytes, Said]], list[str | None]]:
    """Normalize a batch and put equal statements about the same key together (the latest moment and row stand).

    Returns what was said by external key and digest, and each statement's key (None: rejected). `of_each` receives the
    problems of each statement, beside the tally's list of all.
    """
    said: dict[str, dict[bytes, Said]] = {}
    keys: list[str | None] = []
    for statement in statements:
        tally.seen += 1
        reading = read(statement)
        made = reading.normalized
        if made is None:
            tally.rejected += 1
            tally.problems.append(key_problem(statement))
            keys.append(None)
            if of_each is not None:
                of_each.append((tally.problems[-1],))
            continue
        tally.problems.extend(made.problems)
        if of_each is not None:
            of_each.append(tuple(made.problems))
        keys.append(made.external_key)
        versions = said.setdefault(made.external_key, {})
        before = versions.get(reading.digest)
        if before is None:
            versions[reading.digest] = Said(
                reading.digest,
                reading.text,
                made,
                statement.as_of,
                statement.row_no,
                statement.kind,
                statement.raw,
                content=reading.content,
                draft=reading.draft,
            )
        elif statement.as_of > before.as_of:
            before.as_of, before.row_no = statement.as_of, statement.row_no
    return said, keys
