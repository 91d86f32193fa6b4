"""Rows of customers and orders as the importers leave them, written straight into the tables, for the lake's stories."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connection, transaction

from zhike.kit import bulk, changes

FIRST = dt.datetime(2026, 1, 1, 4, 0, tzinfo=dt.UTC)
_ORDER = [
    "id",
    "public_id",
    "source_id",
    "external_id",
    "source_record_id",
    "no_customer_why",
    "current_version_id",
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
    "change_seq",
]
_LINE = [
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
]
_CARD = [
    "customer_id",
    "number",
    "kind",
    "name",
    "name_sort",
    "sex",
    "country",
    "province",
    "city",
    "district",
    "has_phone",
    "has_email",
    "owner_staff_id",
    "stage",
    "order_count",
    "net_cents",
    "rfm_class",
    "rfm_cell",
    "values",
    "origins",
    "created_at",
    "updated_at",
    "change_seq",
]


@dataclass
class Shop:
    """Hands out ids and writes rows; every method is one transaction, as an action is."""

    random: Random = field(default_factory=lambda: Random(7))
    next_id: int = 1_000_001  # far from the ids the product hands out itself

    def _ids(self, count: int) -> range:
        taken = range(self.next_id, self.next_id + count)
        self.next_id += count
        return taken

    def customers(self, count: int, *, city: str = "杭州", owner: int | None = None) -> list[int]:
        """That many customers, each with a card and one source record of the same id; returns the ids."""
        ids = list(self._ids(count))
        with transaction.atomic():
            seq = changes.next_seq()
            bulk.insert_many(
                "customers_customer",
                ["id", "public_id", "number", "kind", "root_id", "is_root", "created_at", "change_seq"],
                [(i, f"c{i}", f"K{i}", "person", i, True, FIRST, seq) for i in ids],
            )
            bulk.insert_many(
                "customers_sourcerecord",
                ["id", "source_id", "external_key", "customer_id", "created_at", "change_seq"],
                [(i, 1, f"id:{i}", i, FIRST, seq) for i in ids],
            )
            name = "王小明的名字"
            rest = ("current", 0, 0, "", "", {}, {}, FIRST, FIRST, seq)
            bulk.insert_many(
                "customers_customercard",
                _CARD,
                [
                    (i, f"K{i}", "person", name, "wang", "", "", "浙江", city, "", False, False, owner, *rest)
                    for i in ids
                ],
            )
        return ids

    def orders(self, rows: Iterable[tuple[int | None, dt.datetime, int]], **changed: Any) -> list[int]:
        """Orders of (source record or None, moment, net cents) with one goods line each; `changed` sets other columns."""
        rows = list(rows)
        ids = list(self._ids(len(rows)))
        with transaction.atomic():
            seq = changes.next_seq()
            values = [
                {
                    **dict.fromkeys(_ORDER, 0),
                    "id": i,
                    "public_id": f"o{i}",
                    "source_id": 1,
                    "external_id": f"X{i}",
                    "source_record_id": record,
                    "no_customer_why": "" if record else "not_given",
                    "current_version_id": i * 10,
                    "ordered_at": at,
                    "paid_at": None,
                    "kind": "sale" if net >= 0 else "cancellation",
                    "status": "completed",
                    "currency": "CNY",
                    "goods_cents": net,
                    "total_cents": net,
                    "net_cents": net,
                    "line_count": 1,
                    "item_count": 1,
                    "change_seq": seq,
                    **changed,
                }
                for i, (record, at, net) in zip(ids, rows, strict=True)
            ]
            bulk.insert_many("shop_order", _ORDER, [[v[c] for c in _ORDER] for v in values])
            self._lines([(i * 10, net) for i, (_, _, net) in zip(ids, rows, strict=True)])
        return ids

    def _lines(self, versions: list[tuple[int, int]]) -> None:
        lines = self._ids(len(versions))
        rows = [
            (line, version, 1, 1, "", "goods", 1, "1", net, False)
            for line, (version, net) in zip(lines, versions, strict=True)
        ]
        bulk.insert_many("shop_orderline", _LINE, rows)

    def restate(self, order: int, version: int, net: int) -> None:
        """A newer statement of an order becomes current, with lines of its own."""
        self._lines([(version, net)])
        self.change("shop_order", order, current_version_id=version, net_cents=net)

    def change(self, table: str, row: int, **values: Any) -> None:
        """Set columns of one row, under a new change number."""
        key = "customer_id" if table == "customers_customercard" else "id"
        with transaction.atomic(), connection.cursor() as cursor:
            values["change_seq"] = changes.next_seq()
            sets = ", ".join(f"{name} = %s" for name in values)
            cursor.execute(f"UPDATE {table} SET {sets} WHERE {key} = %s", [*values.values(), row])
