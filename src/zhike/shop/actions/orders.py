"""Recording orders: prepare outside any transaction, then customers, orders and lines in one short transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from zhike.customers import actions as customers
from zhike.kit import bulk, changes
from zhike.shop.actions import takings
from zhike.shop.actions.batch import STATED, PreparedOrders
from zhike.shop.actions.figures import recount
from zhike.shop.actions.preparation import OrderPreparation
from zhike.shop.records import OrderStatement, OrderTally

_ATTEMPTS = 5


def prepare_orders(
    source_id: int, orders: Sequence[OrderStatement], *, run_id: int, zone: str = "UTC", currency: str = "CNY"
) -> PreparedOrders:
    """Price, key, seal and match a batch of orders of one source with their buyers.

    Each order is accounted for: seen = new + updated + unchanged + rejected. An order whose buyer cannot be keyed
    becomes an order without a customer; it is never dropped.
    """
    return OrderPreparation(source_id, run_id, currency, zone).of(orders)


def record_orders(
    prepared: PreparedOrders, *, within: Callable[[], None] | None = None, lookups_later: bool = False
) -> OrderTally:
    """Write a prepared batch in one transaction; `within` runs inside it (cursor, counts, rejects).

    When somebody edited one of the files meanwhile, the batch is prepared again and written then. `lookups_later` is told
    to `customers.record_statements`.
    """
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                customers.record_statements(prepared.statements, lookups_later=lookups_later)
                _write(prepared)
                if within:
                    within()
            return prepared.tally
        except customers.StaleBatch:
            anew = prepare_orders(
                prepared.source_id,
                prepared.given,
                run_id=prepared.run_id,
                zone=prepared.zone,
                currency=prepared.currency,
            )
            prepared.become(anew)
    raise customers.StaleBatch("the same files were edited again and again while importing; start the import anew")


PRODUCT = ("id", "source_id", "sku", "title", "line_kind", "change_seq")
_NEW_ORDER = ("id", "public_id", "source_id", "external_id", "current_version_id", *STATED, "change_seq")
_CHANGED = ("current_version_id", *STATED, "change_seq")
_VERSION = (
    "id",
    "order_id",
    "digest",
    "header",
    "source_record_id",
    "sealed",
    "sealed_record_id",
    "seen_rank",
    "created_at",
)
_LINE = (
    "id",
    "version_id",
    "line_no",
    "product_id",
    "title",
    "kind",
    "quantity",
    "unit_price",
    "amount_cents",
    "is_repeat",
)


def _write(prepared: PreparedOrders) -> None:
    seq = changes.next_seq()
    bulk.insert_many("shop_product", PRODUCT, ((*row, seq) for row in prepared.products), on_conflict="ignore")
    left = _buyers_left(prepared.changed_orders)
    with takings.kept((row[0] for row in prepared.changed_orders), new_ids=[row[0] for row in prepared.new_orders]):
        bulk.insert_many("shop_order", _NEW_ORDER, ((*row, seq) for row in prepared.new_orders), plain=True)
        bulk.update_many("shop_order", "id", _CHANGED, ((*row, seq) for row in prepared.changed_orders))
    bulk.insert_many("shop_orderversion", _VERSION, prepared.versions, plain=True)
    bulk.update_many("shop_orderversion", "id", ["seen_rank", "withdrawn_at"], prepared.seen_again)
    sighting = ("version_id", "run_id", "row_no")
    bulk.insert_many("shop_ordersighting", sighting, prepared.sightings, on_conflict="ignore", plain=True)
    bulk.insert_many("shop_orderline", _LINE, prepared.lines, plain=True)
    if left:
        recount(left)  # the end of the run counts those it speaks of; of these it does not speak


def _buyers_left(changed: Sequence[tuple[Any, ...]]) -> set[int]:
    """The records whose orders are now stated of another buyer."""
    at = _CHANGED.index("source_record_id") + 1  # the id stands before the columns
    buyer = {row[0]: row[at] for row in changed}
    sql = "SELECT id, source_record_id FROM shop_order WHERE source_record_id IS NOT NULL AND id IN {values}"
    return {record for order, record in bulk.fetch_in(sql, buyer) if record != buyer[order]}
