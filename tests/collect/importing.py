"""Imports inside tests: files made of rows, brought in by the module's own actions, and the state they leave."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from zhike.collect import actions, queries
from zhike.collect.records import RunFacts
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR

ORDERS_MAPPING = """
kind: orders
platform: test_shop
row_per: line
zone: Asia/Shanghai
currency: CNY
order: {id: order, ordered_at: at}
buyer:
  keys: [{platform_id: buyer}]
  fields: {name: name, email: email, phone: phone}
  joins: [email]
lines: {sku: sku, title: title, quantity: quantity, unit_price: price}
line_kinds: [{sku: [POST], kind: postage}]
"""
HEADERS = ["order", "at", "buyer", "name", "email", "phone", "sku", "title", "quantity", "price"]


def csv_bytes(headers: Sequence[str], rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def order_row(
    order: str,
    buyer: str = "",
    *,
    at: str = "2021-03-01 10:00:00",
    sku: str = "A1",
    quantity: Any = 1,
    price: Any = "10.00",
    **more: str,
) -> list[Any]:
    """A row of the test shop's orders."""
    return [
        order,
        at,
        buyer,
        more.get("name", ""),
        more.get("email", ""),
        more.get("phone", ""),
        sku,
        more.get("title", f"goods {sku}"),
        quantity,
        price,
    ]


def source_id(code: str = "test_shop") -> int:
    """The source of that code, made when it is not there."""
    for known in customer_queries.sources():
        if known.code == code:
            return known.id
    return customers.add_source(
        code=code,
        name=code,
        channel_kind="shop_platform",
        legal_basis="contract",
        platform="test_shop",
        by=LOCAL_OPERATOR,
    ).id


def planned(
    content: bytes,
    *,
    kind: str = "orders",
    mapping: str = ORDERS_MAPPING,
    template: str = "auto",
    source: str = "test_shop",
    name: str = "test.csv",
    lines: bytes = b"",
) -> RunFacts:
    """A file taken in and described, ready to be checked or recorded."""
    run = actions.store_file(io.BytesIO(content), name, by=LOCAL_OPERATOR)
    if lines:
        actions.add_lines(run.id, io.BytesIO(lines), by=LOCAL_OPERATOR)
    run = actions.describe(run.id, kind=kind, template_code=template, mapping_text=mapping, by=LOCAL_OPERATOR)
    return actions.choose_source(run.id, source_id(source), by=LOCAL_OPERATOR)


def checked(content: bytes, **how: Any) -> dict[str, Any]:
    """What the dry run of a file finds."""
    run = planned(content, **how)
    actions.start_check(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return dict(found(run).check_result)


def brought(content: bytes, **how: Any) -> RunFacts:
    """A file brought in to its end."""
    run = planned(content, **how)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return found(run)


def undone(run: RunFacts) -> RunFacts:
    """The run after its undoing."""
    actions.undo_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return found(run)


def found(run: RunFacts) -> RunFacts:
    """The run as it is now."""
    now = queries.run(run.public_id)
    assert now is not None
    return now


def state() -> dict[str, Any]:
    """Everything that counts, without the ids and numbers that depend on what was there before.

    Live customers with their cards and counters, live orders with their lines, and every keyed lookup and name token.
    """
    return {
        "customers": _rows(
            "SELECT r.external_key, s.code, k.kind, k.name, k.name_sort, k.sex, k.country, k.province, k.city, k.district, k.has_phone, "
            "k.has_email, k.order_count, k.net_cents, k.first_order_at, k.last_order_at "
            "FROM customers_sourcerecord r JOIN customers_source s ON s.id = r.source_id JOIN customers_customer c ON c.id = r.customer_id "
            "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE k.archived_at IS NULL AND EXISTS "
            "(SELECT 1 FROM customers_sourceversion v WHERE v.source_record_id = r.id AND v.withdrawn_at IS NULL)"
        ),
        "orders": _rows(
            "SELECT s.code, o.external_id, r.external_key, o.no_customer_why, o.ordered_at, o.kind, o.status, o.currency, o.goods_cents, "
            "o.postage_cents, o.total_cents, o.net_cents, o.line_count, o.item_count, l.line_no, l.kind, l.quantity, l.unit_price, l.amount_cents, l.is_repeat "
            "FROM shop_order o JOIN customers_source s ON s.id = o.source_id LEFT JOIN customers_sourcerecord r ON r.id = o.source_record_id "
            "LEFT JOIN shop_orderline l ON l.version_id = o.current_version_id WHERE o.current_version_id IS NOT NULL"
        ),
        "lookups": _rows(
            "SELECT l.kind, l.digest, r.external_key FROM customers_lookup l JOIN customers_sourcerecord r ON r.id = l.source_record_id"
        ),
        "tokens": _rows(
            "SELECT DISTINCT t.token, r.external_key FROM customers_nametoken t JOIN customers_sourcerecord r ON r.customer_id = t.customer_id "
            "WHERE EXISTS (SELECT 1 FROM customers_sourceversion v WHERE v.source_record_id = r.id AND v.withdrawn_at IS NULL)"
        ),
    }


def _rows(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(
            json.dumps([bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row])
            for row in cursor.fetchall()
        )


def counted(table: str, where: str = "TRUE") -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(cursor.fetchone()[0])
