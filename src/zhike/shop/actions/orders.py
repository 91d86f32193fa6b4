"""Recording orders: prepare outside any transaction, then customers, orders and lines in one short transaction."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction

from zhike.customers import actions as customers
from zhike.kit import bulk, changes
from zhike.shop.records import OrderStatement, OrderTally

SEALED_COLUMN = "shop_orderversion.sealed"
_ATTEMPTS = 5


@dataclass(slots=True)
class PreparedOrders:
    """Ready tuples of a batch, the batch itself (to prepare it again when a file moved on), and the tally."""

    source_id: int
    run_id: int
    currency: str
    zone: str
    given: Sequence[OrderStatement]
    statements: customers.PreparedStatements
    tally: OrderTally = field(default_factory=OrderTally)
    products: list[tuple[Any, ...]] = field(default_factory=list)
    new_orders: list[tuple[Any, ...]] = field(default_factory=list)
    changed_orders: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    seen_again: list[tuple[Any, ...]] = field(default_factory=list)
    sightings: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)

    def begin_again(self) -> None:
        """Prepare the same batch anew, in place: whoever holds it (and its tally) sees the new figures."""
        anew = prepare_orders(self.source_id, self.given, run_id=self.run_id, zone=self.zone, currency=self.currency)
        for part in fields(self):
            if part.name != "tally":
                setattr(self, part.name, getattr(anew, part.name))
        for part in fields(anew.tally):
            setattr(self.tally, part.name, getattr(anew.tally, part.name))


def prepare_orders(
    source_id: int, orders: Sequence[OrderStatement], *, run_id: int, zone: str = "UTC", currency: str = "CNY"
) -> PreparedOrders:
    """Price, key, seal and match a batch of orders of one source with their buyers.

    Each order is accounted for: seen = new + updated + unchanged + rejected. An order whose buyer cannot be keyed
    becomes an order without a customer; it is never dropped.
    """
    from zhike.shop.actions.preparation import OrderPreparation

    return OrderPreparation(source_id, run_id, currency, zone).of(orders)


def record_orders(prepared: PreparedOrders, *, within: Callable[[], None] | None = None) -> OrderTally:
    """Write a prepared batch in one transaction; `within` runs inside it (cursor, counts, rejects).

    When somebody edited one of the files meanwhile, the batch is prepared again and written then.
    """
    for _ in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                customers.record_statements(prepared.statements)
                _write(prepared)
                if within:
                    within()
            return prepared.tally
        except customers.StaleBatch:
            prepared.begin_again()
    raise customers.StaleBatch("the same files were edited again and again while importing; start the import anew")


PRODUCT = ("id", "source_id", "sku", "title", "line_kind", "change_seq")
STATED = (
    "source_record_id",
    "no_customer_why",
    "ordered_at",
    "paid_at",
    "kind",
    "status",
    "currency",
    "goods_cents",
    "postage_cents",
    "fee_cents",
    "refund_cents",
    "total_cents",
    "net_cents",
    "line_count",
    "item_count",
)
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
    "seen_run_id",
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
    bulk.insert_many("shop_order", _NEW_ORDER, ((*row, seq) for row in prepared.new_orders))
    bulk.update_many("shop_order", "id", _CHANGED, ((*row, seq) for row in prepared.changed_orders))
    bulk.insert_many("shop_orderversion", _VERSION, prepared.versions)
    bulk.update_many("shop_orderversion", "id", ["seen_run_id", "withdrawn_at"], prepared.seen_again)
    bulk.insert_many("shop_ordersighting", ("version_id", "run_id", "row_no"), prepared.sightings, on_conflict="ignore")
    bulk.insert_many("shop_orderline", _LINE, prepared.lines)


def canonical(value: Any) -> str:
    """One text for equal statements."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
