"""The dry run says what the import would do, and the import then does it."""

from typing import Any

import pytest

from tests.collect.importing import HEADERS, brought, checked, counted, csv_bytes, order_row, undone

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST = [
    order_row("O1", "c1", name="王小明", email="wang@example.com"),
    order_row("O2", "c2", name="李秀英", email="li@example.com"),
    order_row("O3", ""),
]


def orders(*rows: list[Any]) -> bytes:
    return csv_bytes(HEADERS, rows)


def foretold_and_done(content: bytes, source: str = "test_shop") -> tuple[dict[str, Any], dict[str, Any]]:
    """What the check says, and what the import then counts, under the same names."""
    would = checked(content, source=source)["would"]
    counts = brought(content, source=source).counts
    done = {
        "orders": {name: counts[name] for name in ("new", "updated", "unchanged")},
        "customers": {name: counts[f"customers_{name}"] for name in ("new", "joined")},
    }
    return would, done


def matching(would: dict[str, Any], done: dict[str, Any]) -> bool:
    return would["orders"] == done["orders"] and done["customers"].items() <= would["customers"].items()


def test_of_a_file_nobody_knows_everything_is_new() -> None:
    would, done = foretold_and_done(orders(*FIRST))
    assert would == {
        "orders": {"new": 3, "updated": 0, "unchanged": 0},
        "customers": {"new": 2, "joined": 0, "updated": 0, "unchanged": 0},
    }
    assert matching(would, done)


def test_of_a_file_imported_before_nothing_would_change() -> None:
    brought(orders(*FIRST))
    would, done = foretold_and_done(orders(*FIRST))
    assert would == {
        "orders": {"new": 0, "updated": 0, "unchanged": 3},
        "customers": {"new": 0, "joined": 0, "updated": 0, "unchanged": 2},
    }
    assert matching(would, done)


def test_of_a_changed_file_the_changed_orders_and_customers_are_counted() -> None:
    brought(orders(*FIRST))
    later = orders(
        order_row("O1", "c1", name="王小明", email="wang@example.com", price="12.00"),  # another price, the same buyer
        order_row("O2", "c2", name="李秀英", email="li2@example.com"),  # the same order, another address
        order_row("O3", "c3"),  # now with a buyer
        order_row("O4", "c1", name="王小明", email="wang@example.com"),
    )
    would, done = foretold_and_done(later)
    assert would == {
        "orders": {"new": 1, "updated": 2, "unchanged": 1},
        "customers": {"new": 1, "joined": 0, "updated": 1, "unchanged": 1},
    }
    assert matching(would, done)


def test_customers_another_shop_knows_are_counted_as_joining() -> None:
    brought(orders(*FIRST))
    there = orders(
        order_row("A1", "x1", name="王小明", email="wang@example.com"),
        order_row("A2", "x2", name="王小明", email="wang@example.com"),  # within one shop two keys are two customers
        order_row("A3", "x3", name="赵敏", email="zhao@example.com"),
    )
    would, done = foretold_and_done(there, source="other_shop")
    assert would["customers"] == {"new": 2, "joined": 1, "updated": 0, "unchanged": 0}
    assert matching(would, done)


def test_after_an_undo_the_orders_would_come_back() -> None:
    undone(brought(orders(*FIRST)))
    would, done = foretold_and_done(orders(*FIRST))
    assert would["orders"] == {"new": 0, "updated": 3, "unchanged": 0}
    assert matching(would, done)


def test_a_list_of_customers_is_foretold_too() -> None:
    headers = ["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing"]
    rows = [["'1", "Ann", "Lee", "ann@example.com", "yes"], ["'2", "Bob", "Ray", "bob@example.com", "no"]]
    how = {"kind": "customers", "mapping": "", "template": "auto"}
    assert checked(csv_bytes(headers, rows), **how)["would"]["customers"]["new"] == 2
    brought(csv_bytes(headers, rows), **how)
    rows[1][2] = "Raye"
    would = checked(csv_bytes(headers, [*rows, ["'3", "Cy", "Fox", "cy@example.com", "no"]]), **how)["would"]
    assert would["customers"] == {"new": 1, "joined": 0, "updated": 1, "unchanged": 1}


def test_asking_writes_nothing_not_even_keys() -> None:
    from zhike.secure.models import RecordKey

    keys = RecordKey.objects.using("keyring").count()
    checked(orders(*FIRST))
    assert RecordKey.objects.using("keyring").count() == keys
    assert counted("customers_sourcerecord") == counted("shop_order") == 0


PHONES_MAPPING = """
kind: {kind}
platform: test_shop
row_per: line
zone: Asia/Shanghai
currency: CNY
order: {{id: order, ordered_at: at, total: total}}
buyer:
  keys: [{{phone: phone}}]
  fields: {{name: name, email: email}}
lines: {{sku: sku, title: title, quantity: quantity, unit_price: price}}
"""


def kept_out(found: dict[str, Any]) -> tuple[int, int, int]:
    """Groups and rows that stay out, and orders that stay without a customer."""
    return found["rejected"], found["rejected_rows"], found["without_customer"]


def test_orders_only_pricing_or_keying_can_refuse_are_told_before() -> None:
    rows = [
        ["O1", "2021-03-01", "13800001111", "王小明", "wang@example.com", "A1", "茶", "1", "10.00", "10.00"],
        ["O2", "2021-03-01", "123", "李秀英", "li@", "A1", "茶", "1", "10.00", "10.00"],  # no phone, no e-mail
        ["O3", "2021-03-01", "13800001112", "赵敏", "", "A1", "茶", "1", "10.00", "十块"],  # no total
        ["O4", "2021-03-01", "13800001113", "周舟", "", "A1", "茶", "1.5", "10.00", "15.00"],  # no whole quantity
        ["O4", "2021-03-01", "13800001113", "周舟", "", "A2", "壶", "1", "10.00", "15.00"],
        ["O5", "2021-03-01", "13800001114", "吴越", "", "A1", "茶", "1", "10.00", "99.00"],  # differs from its line
    ]
    headers = ["order", "at", "phone", "name", "email", "sku", "title", "quantity", "price", "total"]
    content, mapping = csv_bytes(headers, rows), PHONES_MAPPING.format(kind="orders")
    check, run = checked(content, mapping=mapping), brought(content, mapping=mapping)
    assert kept_out(check) == kept_out(run.counts) == (2, 3, 1)
    assert check["orders"] == run.counts["new"] == check["would"]["orders"]["new"] == 3
    told = {(p["field"], p["fatal"]) for p in check["problems"]}
    assert {("total", True), ("quantity", True), ("phone", False), ("total", False)} <= told
    assert run.counts["customers_new"] == check["would"]["customers"]["new"] == check["customer_keys"] == 2


def test_rows_of_a_customer_list_that_name_nobody_are_told_before() -> None:
    mapping = 'kind: customers\nplatform: test_shop\ncustomer: {keys: [{phone: "手机"}], fields: {name: "姓名", email: "邮箱"}}\n'
    content = csv_bytes(["手机", "姓名", "邮箱"], [["13800001111", "王小明", "wang@"], ["abc", "李秀英", ""]])
    how = {"kind": "customers", "mapping": mapping}
    check, run = checked(content, **how), brought(content, **how)
    assert (check["customers"], check["rejected"], check["rejected_rows"]) == (1, 1, 1)
    assert (run.counts["new"], run.counts["rejected"], run.counts["rejected_rows"]) == (1, 1, 1)
    assert {(p["field"], p["fatal"]) for p in check["problems"]} == {("phone", True), ("email", False)}


def test_tags_of_customers_nobody_knows_are_told_before() -> None:
    mapping = "kind: tags\nplatform: test_shop\ncustomer: {keys: [{platform_id: c}], tags: t}\n"
    brought(orders(*FIRST))
    content = csv_bytes(["c", "t"], [["c1", "老茶客"], ["nobody", "老茶客"]])
    how = {"kind": "tags", "mapping": mapping}
    check, run = checked(content, **how), brought(content, **how)
    assert check["rejected_rows"] == run.counts["rejected_rows"] == 1
    assert [(p["code"], p["fatal"]) for p in check["problems"]] == [("customer_unknown", True)]
