"""A batch of orders of one source, prepared: the tuples it becomes, and what happened to each order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from zhike.customers import actions as customers
from zhike.shop.records import OrderStatement, OrderTally

SEALED_COLUMN = "shop_orderversion.sealed"
# What a version states of its order: columns of the order, and the header of the version.
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


@dataclass(slots=True)
class PreparedOrders:
    """Ready tuples of a batch (`new_orders`, `versions`, `sightings`, `lines` of plain cells), the batch itself (to prepare it again when a file moved on), and the tally."""

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

    def become(self, anew: "PreparedOrders") -> None:
        """Take over another preparation of the same batch, in place: whoever holds this one (and its tally) sees it."""
        for part in fields(self):
            if part.name != "tally":
                setattr(self, part.name, getattr(anew, part.name))
        for part in fields(anew.tally):
            setattr(self.tally, part.name, getattr(anew.tally, part.name))


# The very text every digest so far was made of; made once, since making an encoder costs as much as a small order's text.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def canonical(value: Any) -> str:
    """One text for equal statements."""
    return _CANONICAL.encode(value)
