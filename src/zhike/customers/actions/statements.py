"""Recording what sources say: prepare outside any transaction, then one short transaction of ready tuples."""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from zhike.customers import cards
from zhike.customers.actions.batch import PreparedStatements, StaleBatch
from zhike.customers.actions.preparation import Preparation
from zhike.customers.identity.holding import hold_roots
from zhike.customers.records import Statement, Tally
from zhike.kit import bulk, changes


def prepare_statements(
    source_id: int, statements: Sequence[Statement], *, run_id: int, zone: str = "UTC"
) -> PreparedStatements:
    """Normalize, key, seal, match and derive cards for a batch of statements of one source; writes only new data keys.

    Every statement is accounted for in the tally: seen = new + joined + updated + unchanged + rejected.
    """
    return Preparation(source_id, run_id).of(statements)


def record_statements(
    prepared: PreparedStatements, *, within: Callable[[], None] | None = None, lookups_later: bool = False
) -> Tally:
    """Write a prepared batch in one transaction; `within` runs inside it. Raises StaleBatch when a file moved on.

    With `lookups_later` the keyed lookups are left to `finish_run`, which lays them in sorted order: scattered over a table
    of millions they cost an import more than all the rest. Until then other sources do not find these records, so the
    caller sees to it that the run is finished (or indexed) before another source speaks.
    """
    with transaction.atomic(savepoint=False):
        _refuse_stale(prepared.guard)
        seq = changes.next_seq()
        write = bulk.insert_many
        write("customers_customer", _CUSTOMER, ((*row, seq) for row in prepared.customers), plain=True)
        write("customers_sourcerecord", _RECORD, ((*row, seq) for row in prepared.records), plain=True)
        write("customers_link", _LINK, prepared.links)
        write("customers_sourceversion", _VERSION, prepared.versions, plain=True)
        bulk.update_many("customers_sourceversion", "id", ["as_of", "withdrawn_at"], prepared.revived)
        write("customers_sighting", _SIGHTING, prepared.sightings, on_conflict="ignore", plain=True)
        bulk.update_many("customers_sighting", ["version_id", "run_id"], ["as_of"], prepared.later_sightings)
        if not lookups_later:
            columns = ("kind", "digest", "source_record_id")
            write("customers_lookup", columns, prepared.lookups, on_conflict="ignore", plain=True)
        write("customers_customercard", NEW_CARD, ((*row, seq) for row in prepared.new_cards), plain=True)
        bulk.update_many(
            "customers_customercard", "customer_id", CHANGED_CARD, ((*row, seq) for row in prepared.changed_cards)
        )
        for written, rows in prepared.part_cards.items():
            names = (*written, "updated_at", "change_seq")
            bulk.update_many("customers_customercard", "customer_id", names, ((*row, seq) for row in rows))
        firsts = ((*row, seq) for row in prepared.first_sources)
        bulk.update_many("customers_customercard", "customer_id", _FIRST_SOURCE, firsts)
        _take_out(prepared.taken_out, seq)
        if within:
            within()
    return prepared.tally


def _take_out(first_source: Mapping[int, int | None], seq: int) -> None:
    """Customers who are spoken of again are no longer archived, for the lake either."""
    rows = [(root, None, seq) for root in first_source]
    bulk.update_many("customers_customer", "id", ["archived_at", "change_seq"], rows)
    bulk.update_many("customers_customercard", "customer_id", ["first_source_id"], first_source.items())


def _refuse_stale(guard: Mapping[int, int]) -> None:
    hold_roots(guard)
    seen = bulk.fetch_in(
        "SELECT customer_id, change_seq FROM customers_customercard WHERE customer_id IN {values}", guard
    )
    if dict(seen) != dict(guard):
        raise StaleBatch


_CUSTOMER = ("id", "public_id", "number", "kind", "root_id", "is_root", "created_at", "change_seq")
_RECORD = ("id", "source_id", "external_key", "customer_id", "created_at", "change_seq")
_LINK = ("id", "source_record_id", "from_customer_id", "to_customer_id", "why", "run_id", "at")
_VERSION = ("id", "source_record_id", "digest", "as_of", "facts", "sealed", "by_staff_id", "created_at")
_SIGHTING = ("version_id", "run_id", "row_no", "as_of")
_FIRST_SOURCE = ("first_source_id", "updated_at", "change_seq")
CARD_FIXED = ("customer_id", "number", *cards.COLUMNS, "stage", "first_source_id", "created_at", "updated_at")
NEW_CARD = (*CARD_FIXED, "order_count", "net_cents", "rfm_class", "rfm_cell", "change_seq")
CHANGED_CARD = (*cards.COLUMNS, "archived_at", "updated_at", "change_seq")
