"""Real exports: Taobao's own files by template alone, Shopify's layouts, and the 541,909 lines of Online Retail."""

import csv
import gzip
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from tests.collect.importing import brought, checked, counted, csv_bytes
from zhike.collect import queries
from zhike.collect.reading import FileProblem

pytestmark = [pytest.mark.django_db]

ROOT = Path(__file__).resolve().parents[2]


def taobao(shared_data: Path) -> bytes:
    return (shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderList.gbk.csv").read_bytes()


@pytest.mark.both_databases
def test_a_taobao_export_comes_in_by_its_template_alone(shared_data: Path) -> None:
    run = brought(taobao(shared_data), mapping="", template="auto", source="taobao")
    assert run.template == "taobao_orders"
    assert (run.counts["new"], run.counts["rejected"], run.counts["customers_new"]) == (5, 0, 4)
    assert run.counts["total_cents"] == 67080
    assert counted("shop_order", "external_id = '351531314732935790' AND status = 'paid' AND net_cents = 5990") == 1
    assert counted("shop_order", "external_id = '351531314732938012' AND status = 'closed' AND net_cents = 0") == 1


def test_a_masked_nick_gives_way_to_the_payment_account_and_both_masked_leave_no_customer(shared_data: Path) -> None:
    text = (
        taobao(shared_data).decode("gb18030").replace("demo3@example.com", "dem***@example.com").replace("陈镕", "陈*")
    )
    run = brought(text.encode("gb18030"), mapping="", template="auto", source="taobao")
    assert (run.counts["customers_new"], run.counts["without_customer"]) == (3, 1)
    assert counted("shop_order", "no_customer_why = 'masked'") == 1


def test_two_buyers_with_one_nick_and_two_receivers_are_one_customer(shared_data: Path) -> None:
    brought(taobao(shared_data), mapping="", template="auto", source="taobao")
    assert (
        counted("customers_customercard", "name = '王小明' AND order_count = 1") == 1
    )  # the closed order brought no money


def test_the_detail_list_gives_the_orders_of_the_order_list_their_lines(shared_data: Path) -> None:
    details = (shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderDetailList.gbk.csv").read_bytes()
    run = brought(taobao(shared_data), mapping="", template="auto", source="taobao", lines=details)
    assert (run.counts["new"], run.counts["lines"], run.counts["rejected"]) == (5, 5, 0)
    assert counted("shop_product", "sku LIKE 'SKU-%'") == 5
    assert counted("shop_product", "sku = 'SKU-3' AND title = '保温杯,500ml \"限量\" 颜色分类：银色'") == 1
    assert counted("shop_orderline", "quantity = 2 AND unit_price = '97.03' AND amount_cents = 19406") == 1
    assert counted("shop_order", "total_cents = 9703") == 1  # what the order list states stands


def test_a_detail_list_alone_is_refused_with_the_way_to_go(shared_data: Path) -> None:
    details = (shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderDetailList.gbk.csv").read_bytes()
    with pytest.raises(FileProblem, match="lines_alone"):
        brought(details, kind="", mapping="", template="auto")


@pytest.mark.parametrize("layout", ["taobao_order_list_latest", "taobao_order_list_2018_09"])
def test_both_layouts_of_taobao_are_recognized(shared_data: Path, layout: str) -> None:
    header = (
        (shared_data / "shop_import_headers" / f"{layout}.header.csv").read_text(encoding="utf-8").strip().split(",")
    )
    row = {"订单编号": "1", "买家会员名": "nick", "订单创建时间": "2021-03-01 10:20:05", "订单状态": "交易成功", "宝贝标题": "锅", "宝贝总数量": "2",
           "总金额": "20.00", "买家应付货款": "20.00", "买家实际支付金额": "20.00"}  # fmt: skip
    found = checked(csv_bytes(header, [[row.get(name.strip(), "") for name in header]]), mapping="", template="auto")
    assert (found["template"], found["orders"], found["rejected"]) == ("taobao_orders", 1, 0)


SHOPIFY = {
    "Name": "#1001", "Email": "ann@example.com", "Financial Status": "paid", "Currency": "USD", "Total": "35.00", "Shipping": "5.00",
    "Created at": "2024-05-01 09:30:00 -0400", "Paid at": "2024-05-01 09:30:05 -0400", "Lineitem quantity": "2", "Lineitem name": "Mug",
    "Lineitem price": "10.00", "Lineitem sku": "MUG", "Billing Name": "Ann Lee", "Billing City": "Boston", "Billing Country": "US",
}  # fmt: skip


def test_a_shopify_order_of_two_lines_takes_its_values_from_the_first_row(shared_data: Path) -> None:
    header = (
        (shared_data / "shop_import_headers" / "shopify_orders_export.header.csv")
        .read_text(encoding="utf-8")
        .strip()
        .split(",")
    )
    second = {"Name": "#1001", "Email": "ann@example.com", "Created at": "2024-05-01 09:30:00 -0400", "Lineitem quantity": "1",
              "Lineitem name": "Tea", "Lineitem price": "10.00", "Lineitem sku": "TEA"}  # fmt: skip
    rows = [[row.get(name, "") for name in header] for row in (SHOPIFY, second)]
    run = brought(csv_bytes(header, rows), mapping="", template="auto", source="shopify")
    assert run.template == "shopify_orders"
    assert (run.counts["new"], run.counts["lines"], run.counts["customers_new"], run.counts["rejected"]) == (1, 2, 1, 0)
    assert (
        counted("shop_order", "total_cents = 3500 AND postage_cents = 500 AND currency = 'USD' AND net_cents = 3500")
        == 1
    )


@pytest.mark.parametrize("total, taxes, kinds", [("37.20", "3.20", 3), ("34.00", "3.20", 2)])
def test_discount_and_taxes_of_a_whole_shopify_order_become_lines(
    shared_data: Path, total: str, taxes: str, kinds: int
) -> None:
    header = (
        (shared_data / "shop_import_headers" / "shopify_orders_export.header.csv")
        .read_text(encoding="utf-8")
        .strip()
        .split(",")
    )
    row = {
        **SHOPIFY,
        "Lineitem price": "16.00",
        "Subtotal": "29.00",
        "Discount Amount": "3.00",
        "Taxes": taxes,
        "Total": total,
    }
    run = brought(
        csv_bytes(header, [[row.get(name, "") for name in header]]), mapping="", template="auto", source="shopify"
    )
    assert (run.counts["new"], run.counts["lines"], run.counts.get("note:order.total_differs", 0)) == (1, kinds, 0)
    assert counted("shop_orderline", "kind = 'discount' AND amount_cents = -300") == 1
    assert counted("shop_order", "net_cents = 3400") == 1


def test_shopify_customers_and_orders_meet_on_one_file(shared_data: Path) -> None:
    folder = shared_data / "shop_import_headers"
    orders = (folder / "shopify_orders_export.header.csv").read_text(encoding="utf-8").strip().split(",")
    people = (folder / "shopify_customers_export.header.csv").read_text(encoding="utf-8").strip().split(",")
    brought(
        csv_bytes(orders, [[SHOPIFY.get(name, "") for name in orders]]), mapping="", template="auto", source="shopify"
    )
    ann = {
        "Customer ID": "'7001",
        "First Name": "Ann",
        "Last Name": "Lee",
        "Email": "Ann@Example.com",
        "Default Address City": "Boston",
    }
    run = brought(
        csv_bytes(people, [[ann.get(name, "") for name in people]]),
        kind="customers",
        mapping="",
        template="auto",
        source="shopify",
    )
    assert run.template == "shopify_customers"
    assert (run.counts["new"], run.counts["updated"]) == (0, 1)
    assert counted("customers_customer") == 1


@pytest.mark.parametrize(
    "layout, template, row",
    [
        ("jd_order_list", "jd_orders", {"订单号": "1", "下单帐号": "jd_a", "下单时间": "2021-03-01 10:20:05", "订单状态": "完成", "商品名称": "锅", "订购数量": "1", "京东价": "9.90", "订单金额": "9.90"}),
        ("pinduoduo_order_list", "pinduoduo_orders", {"订单号": "1\t", "订单状态": "已收货", "商品": "锅", "订单成交时间": "2021-03-01 10:20:05", "商品总价(元)": "9.9", "用户实付金额(元)": "9.9", "商品数量(件)": "1"}),
        ("douyin_order_list", "douyin_orders", {"主订单编号": "\t1", "子订单编号": "\t2", "订单状态": "已完成", "选购商品": "锅", "订单提交时间": "2021-03-01 10:20:05", "订单应付金额": "9.9", "商品数量": "1", "收件人": "##abc##"}),
        ("youzan_order_list", "youzan_orders", {"订单号": "E1", "订单状态": "交易完成", "订单创建时间": "2021-03-01 10:20:05", "买家手机号": "13800000001", "订单实付金额": "9.90", "应收订单金额": "9.90", "商品金额合计": "9.90", "全部商品名称": "锅"}),
    ],
)  # fmt: skip
def test_other_platforms_come_in_by_their_headers(
    shared_data: Path, layout: str, template: str, row: dict[str, str]
) -> None:
    header = (
        (shared_data / "shop_import_headers" / f"{layout}.header.csv")
        .read_text(encoding="utf-8")
        .strip("\r\n")
        .split(",")
    )
    run = brought(
        csv_bytes(header, [[row.get(name, "") for name in header]]), mapping="", template="auto", source=template
    )
    assert (run.template, run.counts["new"], run.counts["rejected"]) == (template, 1, 0), queries.rejects(run.id)
    assert counted("shop_order", "external_id IN ('1', 'E1') AND total_cents = 990") == 1
    anonymous = template in ("pinduoduo_orders", "douyin_orders")
    assert counted("shop_order", "no_customer_why = 'platform'") == (1 if anonymous else 0)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_online_retail_comes_in_whole_and_to_the_cent(shared_data: Path) -> None:
    file = shared_data / "online_retail" / "online_retail.csv.gz"
    mapping = (ROOT / "docs" / "mappings" / "online-retail.yaml").read_text(encoding="utf-8")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    cents = sum(
        int((Decimal(r["UnitPrice"]) * int(r["Quantity"])).quantize(Decimal("0.01"), ROUND_HALF_EVEN) * 100)
        for r in rows
    )
    found = checked(file.read_bytes(), mapping=mapping, source="online_retail", name=file.name)
    published = {"rows": 541_909, "orders": 25_900, "customer_keys": 4_372, "rows_without_customer": 135_080, "repeated_rows": 5_268,
                 "rejected": 0, "total_cents": cents}  # fmt: skip
    assert {name: found[name] for name in published} == published
    assert found["rows_by_order_kind"]["cancellation"] == 9_288
    assert (found["first_at"], found["last_at"]) == ("2010-12-01T08:26:00+00:00", "2011-12-09T12:50:00+00:00")

    run = brought(file.read_bytes(), mapping=mapping, source="online_retail", name=file.name)
    assert (run.counts["new"], run.counts["lines"], run.counts["customers_new"], run.counts["rejected"]) == (
        25_900,
        541_909,
        4_372,
        0,
    )
    assert run.counts["total_cents"] == cents == 974_774_793
    assert (counted("shop_order"), counted("shop_orderline"), counted("customers_customercard")) == (
        25_900,
        541_909,
        4_372,
    )
    assert counted("shop_order", "source_record_id IS NULL") == len(
        {r["InvoiceNo"] for r in rows if not r["CustomerID"]}
    )
