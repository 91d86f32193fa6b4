"""Of a batch, those nobody knows yet, as another process laid them out: nothing of them is asked again.

Of a large file that is nearly everybody. Who shares an identifier with somebody, is said twice or is known already takes
the long way of `preparation`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from zhike.customers import cards
from zhike.customers.actions.batch import PreparedStatements, derived_card_row
from zhike.customers.numbers import Schemes
from zhike.customers.reading import Laid, Reading
from zhike.customers.records import Statement
from zhike.kit import bulk, chance, ids

_NAME = cards.COLUMNS.index("name")
Newcomer = tuple[Statement, Laid]


def set_apart(source_id: int, statements: Sequence[Statement]) -> dict[int, Newcomer]:
    """Those of a batch who are new and answer to nobody, by place; empty where this process reads the statements itself."""
    placed: dict[str, int] = {}
    out: set[str] = set()
    for place, statement in enumerate(statements):
        laid = statement.read
        if type(laid) is Laid:
            if laid.external_key in placed:
                out.add(laid.external_key)
            placed[laid.external_key] = place
        elif not isinstance(laid, Reading):
            return {}
    out |= _known(source_id, placed)
    found = {place: (statements[place], statements[place].read) for key, place in placed.items() if key not in out}
    held = _held(found)
    return {place: one for place, one in found.items() if not held.intersection(one[1].joins)}


def _known(source_id: int, keys: dict[str, int]) -> set[str]:
    sql = "SELECT external_key FROM customers_sourcerecord WHERE source_id = %s AND external_key IN {values}"
    return {key for (key,) in bulk.fetch_in(sql, keys, params=[source_id])}


def _held(found: dict[int, Newcomer]) -> set[tuple[int, bytes]]:
    """The identifiers of these that somebody has: whether that is who they are, `preparation` decides."""
    wanted: dict[int, set[bytes]] = defaultdict(set)
    for _, laid in found.values():
        for kind, digest in laid.joins:
            wanted[kind].add(digest)
    sql = "SELECT digest FROM customers_lookup WHERE kind = %s AND digest IN {values}"
    return {
        (kind, bytes(digest))
        for kind, digests in wanted.items()
        for (digest,) in bulk.fetch_in(sql, sorted(digests), params=[kind])
    }


def lay(
    made: PreparedStatements,
    newcomers: Sequence[Newcomer],
    schemes: Schemes,
    at: dt.datetime,
    cell: Callable[[dt.datetime], Any],
) -> None:
    """Add their tuples to what a batch becomes. Their data keys are kept by then; `cell` turns a moment into what is stored."""
    source_id, run_id, now = made.source_id, made.run_id, cell(at)
    numbers, addresses = ids.take("customer", len(newcomers)), chance.public_ids(len(newcomers))
    for (statement, laid), customer_id, public_id in zip(newcomers, numbers, addresses, strict=True):
        key, digest, text, _, lookups, _, problems, record_id, version_id, _, sealed, card, tokens = laid
        kind, as_of = statement.kind, cell(statement.as_of)
        # Only a pattern of the merchant's asks where somebody lives; for the usual one the facts are not taken apart.
        province = str(orjson.loads(text).get("province", "")) if schemes.patterns else ""
        number = schemes.number(customer_id, kind, at, source_id=source_id, province=province)
        made.customers.append((customer_id, public_id, number, kind, customer_id, True, now))
        made.records.append((record_id, source_id, key, customer_id, now))
        made.versions.append((version_id, record_id, digest, as_of, text, sealed, None, now))
        made.sightings.append((version_id, run_id, statement.row_no, as_of))
        made.lookups.extend([(found_by, value, record_id) for found_by, value in lookups])
        made.name_tokens[card[_NAME]] = tokens
        made.new_cards.append(derived_card_row(customer_id, number, card, source_id, now))
        if problems:
            made.tally.problems.extend(laid.found_problems())
    made.tally.seen += len(newcomers)
    made.tally.new += len(newcomers)
