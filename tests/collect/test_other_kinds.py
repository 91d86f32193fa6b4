"""Products, after-sale cases and tags: the same engine, the same reasons, the same undoing as orders and customers."""

from collections.abc import Sequence

import pytest
from django.test import Client

from tests.collect.importing import HEADERS, brought, checked, counted, csv_bytes, found, order_row, planned, undone
from zhike.collect import queries
from zhike.secure.records import SYSTEM
from zhike.shop import queries as shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PRODUCTS = """
kind: products
platform: test_shop
product:
  sku: code
  title: name
  category: {join: [first, second], with: " / "}
  price: price
  cost: cost
  attributes: {颜色: colour, weight: grams}
"""
PRODUCT_HEADERS = ["code", "name", "first", "second", "price", "cost", "colour", "grams"]
POT = ["A1", "雪平锅", "厨具", "锅", "59.90", "31.5", "银色", "800"]

CASES = """
kind: cases
platform: test_shop
zone: Asia/Shanghai
currency: CNY
case:
  id: case
  order_id: order
  opened_at: at
  closed_at: closed
  kind: {column: kind, words: {仅退款: refund, 退货退款: return, 换货: exchange}}
  status: {column: state, words: {待处理: open, 退款成功: done, 已拒绝: refused}}
  amount: money
  reason: why
"""
CASE_HEADERS = ["case", "order", "at", "closed", "kind", "state", "money", "why"]
RETURN = ["T1", "O1", "2021-03-05 09:00:00", "", "退货退款", "待处理", "59.90", "尺寸不合"]

TAGS = """
kind: tags
platform: test_shop
customer: {keys: [{platform_id: buyer}, {email: email}], joins: [email], tags: tags}
"""


def catalogue(*rows: Sequence[str]) -> bytes:
    return csv_bytes(PRODUCT_HEADERS, rows)


def cases(*rows: Sequence[str]) -> bytes:
    return csv_bytes(CASE_HEADERS, rows)


def tags(*rows: Sequence[str]) -> bytes:
    return csv_bytes(["buyer", "email", "tags"], rows)


def test_a_catalogue_names_prices_and_describes_products_and_orders_show_its_names() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1", sku="A1", title="锅子")]))
    run = brought(catalogue(POT, ["B2", "坚果", "食品", "", "", "abc", "", ""]), kind="products", mapping=PRODUCTS)
    assert (run.counts["new"], run.counts["updated"], run.counts["rejected"]) == (0, 1, 1)
    assert queries.reject_counts(run.id) == {"amount.invalid": 1}
    (pot,) = shop.products().items
    assert (pot.title, pot.category, pot.price_cents, pot.cost_cents) == ("雪平锅", "厨具 / 锅", 5990, 3150)
    assert pot.attributes == {"颜色": "银色", "weight": "800"}


def test_the_same_catalogue_twice_changes_nothing_and_its_undoing_brings_back_what_stood_before() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1", sku="A1", title="锅子")]))
    first = brought(catalogue(POT), kind="products", mapping=PRODUCTS)
    again = brought(catalogue(POT), kind="products", mapping=PRODUCTS)
    assert (again.counts["unchanged"], again.counts["updated"]) == (1, 0)
    dearer = brought(catalogue([*POT[:4], "69.90", *POT[5:]]), kind="products", mapping=PRODUCTS)
    assert counted("shop_product", "price_cents = 6990") == 1
    undone(dearer)
    assert counted("shop_product", "price_cents = 5990 AND title = '雪平锅'") == 1
    undone(first)
    assert counted("shop_product", "price_cents = 5990") == 1  # the second import says it still
    undone(again)
    assert counted("shop_product", "price_cents IS NULL AND title = '锅子' AND category = ''") == 1


def test_the_check_foretells_products_and_cases_and_writes_none() -> None:
    brought(catalogue(POT), kind="products", mapping=PRODUCTS)
    seen = checked(catalogue(POT, ["B2", "坚果", *[""] * 6]), kind="products", mapping=PRODUCTS)
    assert (seen["products"], seen["would"]) == (2, {"products": {"new": 1, "updated": 0, "unchanged": 1}})
    seen = checked(cases(RETURN, RETURN), kind="cases", mapping=CASES)
    assert (seen["cases"], seen["would"]["cases"]["new"]) == (1, 1)
    assert (counted("shop_product"), counted("shop_aftersalecase")) == (1, 0)


def test_a_case_finds_its_order_changes_with_a_later_file_and_goes_with_its_import(as_owner: Client) -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1")]))
    first = brought(cases(RETURN, ["T2", "O9", *RETURN[2:]]), kind="cases", mapping=CASES)
    assert first.counts["new"] == 2
    page = shop.cases(SYSTEM, shop.CaseFilter())
    held = {c.number: c for c in page.items}
    assert (held["T1"].kind, held["T1"].status, held["T1"].amount_cents) == ("return", "open", 5990)
    assert held["T1"].order_public_id and not held["T2"].order_public_id
    assert "尺寸不合" in as_owner.get(f"/shop/orders/{held['T1'].order_public_id}/").content.decode()
    assert "T2" in as_owner.get("/shop/cases/").content.decode()
    done = brought(cases([*RETURN[:3], "2021-03-07 10:00:00", "退货退款", "退款成功", *RETURN[6:]]), kind="cases", mapping=CASES)  # fmt: skip
    assert (done.counts["updated"], counted("shop_aftersalecase", "status = 'done'")) == (1, 1)
    undone(done)
    assert counted("shop_aftersalecase", "status = 'open'") == 2
    undone(first)
    assert counted("shop_aftersalecase", "current_version_id IS NOT NULL") == 0
    assert not shop.cases(SYSTEM, shop.CaseFilter()).items


@pytest.mark.parametrize(
    "row, code",
    [
        (["", *RETURN[1:]], "thing_id_missing"),
        (["T2", "", *RETURN[2:]], "order_id_missing"),
        (["T2", "O1", "", *RETURN[3:]], "moment.blank"),
        (["T2", *RETURN[1:4], "以旧换新", *RETURN[5:]], "status_unknown"),
        (["T2", *RETURN[1:6], "much", ""], "amount.invalid"),
        (["3.5E+17", *RETURN[1:]], "digits_lost"),
    ],
)
def test_a_case_that_cannot_be_read_is_kept_out_with_its_reason(row: list[str], code: str) -> None:
    run = brought(cases(RETURN, row), kind="cases", mapping=CASES)
    assert (run.counts["new"], queries.reject_counts(run.id)) == (1, {code: 1})


def test_tags_are_put_on_known_customers_alone_and_taken_off_by_the_undoing() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1", email="ann@example.com"), order_row("O2", "c2")]))
    content = tags(["c1", "", "VIP，老客户"], ["", "ann@example.com", "VIP"], ["c9", "", "VIP"], ["c2", "", " "])
    seen = checked(content, kind="tags", mapping=TAGS)
    assert seen["would"] == {"tags": {"known": 2, "unknown": 1}}
    run = brought(content, kind="tags", mapping=TAGS)
    assert queries.reject_counts(run.id) == {"customer_unknown": 1, "tag_missing": 1}
    assert (counted("customers_customertag"), counted("customers_customer")) == (2, 2)
    again = brought(content, kind="tags", mapping=TAGS)
    assert again.counts["new"] == 0
    undone(run)
    assert counted("customers_customertag") == 2  # the second import says them still
    undone(again)
    assert counted("customers_customertag") == 0


def test_tags_that_staff_put_on_stay_and_lists_of_customers_bring_tags_too() -> None:
    from zhike.customers import actions as customers
    from zhike.secure.records import LOCAL_OPERATOR

    mapping = TAGS.replace("kind: tags", "kind: customers")
    run = brought(
        tags(["c1", "ann@example.com", "新客;" + "长" * 50], ["c2", "", ""]), kind="customers", mapping=mapping
    )
    assert (run.counts["new"], counted("customers_customertag")) == (2, 1)
    assert run.counts["note:tag_too_long"] == 1
    with_tag = counted("customers_customertag", "by_staff_id IS NULL")
    assert with_tag == 1
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM customers_customer c JOIN customers_customercard k ON k.customer_id = c.id"
        )
        ids = [row[0] for row in cursor.fetchall()]
    customers.add_tag(ids, "手工", by=LOCAL_OPERATOR)
    undone(run)
    assert counted("customers_customertag", "by_staff_id IS NULL") <= len(ids)
    assert counted("customers_tag t JOIN customers_customertag c ON c.tag_id = t.id", "t.name = '新客'") == 0


def test_the_pages_show_the_check_and_the_result_of_every_kind(as_owner: Client) -> None:
    for kind, mapping, content in (
        ("products", PRODUCTS, catalogue(POT)),
        ("cases", CASES, cases(RETURN)),
        ("tags", TAGS, tags(["c1", "", "VIP"])),
        ("visits", "{kind: visits, visit: {visitor: v, at: t, url: u}}", b"v,t,u\nv1,2021-03-01 10:00:00,/tea/\n"),
    ):
        from zhike.collect import actions
        from zhike.kit import jobs
        from zhike.secure.records import LOCAL_OPERATOR

        run = planned(content, kind=kind, mapping=mapping)
        actions.start_check(run.id, by=LOCAL_OPERATOR)
        jobs.run_pending()
        assert as_owner.get(f"/collect/imports/{run.public_id}/").status_code == 200
        actions.start_import(run.id, by=LOCAL_OPERATOR)
        jobs.run_pending()
        assert found(run).state == "done"
        assert as_owner.get(f"/collect/imports/{run.public_id}/").status_code == 200
    assert as_owner.get("/collect/imports/").status_code == 200
    assert "雪平锅" in as_owner.get("/shop/products/").content.decode()
