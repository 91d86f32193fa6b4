"""Files as Pinduoduo, JD, Douyin and Youzan export them: the real header rows, invented orders, the rules of identity."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.collect.importing import brought, checked, counted, csv_bytes
from tests.collect.workbooks import workbook
from zhike.collect import queries
from zhike.collect.mapping import recognize
from zhike_analytics.values import strip_export_quirks

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ROWS = 20
Cells = dict[str, str]


def headers(shared_data: Path, layout: str) -> list[str]:
    """The header row of a real export, in order, doubled names included."""
    known = json.loads((shared_data / "shop_import_headers" / "headers.json").read_text(encoding="utf-8"))
    return next(list(one["headers"]) for one in known if one["name"] == layout)


def at(n: int) -> str:
    return f"2024-0{n % 6 + 1}-{n % 27 + 1:02d} 10:{n % 60:02d}:05"


def pinduoduo(n: int) -> Cells:
    """Values end in a tab, so that no spreadsheet turns them into 2.4E+14; nobody tells who bought."""
    return {
        "商品": f"紫砂壶 {n}号", "订单号": f"240301-{n:015d}\t", "订单状态": ("已收货", "已发货，待收货", "待发货", "已发货，退款成功")[n % 4],
        "商品总价(元)": "59.9", "邮费(元)": "0", "店铺优惠折扣(元)": "0", "平台优惠折扣(元)": "5", "用户实付金额(元)": "54.9", "商家实收金额(元)": "59.9",
        "商品数量(件)": "1", "商品id": f"5{n:011d}\t", "商品规格": "240ml", "样式ID": f"1{n:09d}\t", "商家编码-规格维度": f"ZS-{n}\t",
        "快递单号": f"YT{n:013d}\t", "订单成交时间": f"{at(n)}\t",
    }  # fmt: skip


def jd(n: int) -> Cells:
    """One row per article: an order of two rows now and then; the account that ordered is told."""
    return {
        "订单号": f"28{n // 2:010d}", "商品ID": f"1000{n:05d}", "商品名称": f"盖碗 {n}", "订购数量": "2", "支付方式": "在线支付", "下单时间": at(n // 2),
        "京东价": "49.50", "订单金额": "198.00", "结算金额": "198.00", "应付金额": "198.00", "订单状态": ("完成", "等待出库", "(删除)等待付款")[n // 2 % 3],
        "下单帐号": f"jd_{n // 2 % 7}", "客户姓名": f"王*{n % 3}", "客户地址": "浙江杭州市西湖区某某路1号", "联系电话": "139****0001", "货号": f"GW-{n}",
    }  # fmt: skip


def douyin(n: int) -> Cells:
    """Numbers begin with a tab, receivers come encrypted; nobody tells who bought."""
    return {
        "主订单编号": f"\t69{n // 2:015d}", "子订单编号": f"\t69{n:015d}", "选购商品": f"公道杯 {n}", "商品规格": "玻璃", "商品数量": "1", "商家编码": f"GD-{n}",
        "订单应付金额": "39.90", "运费": "0", "收件人": f"##{n}bG9uZw==##", "收件人手机号": f"$${n}cGhvbmU=$$", "详细地址": f"##{n}YWRk##",
        "订单提交时间": at(n // 2), "订单状态": ("已完成", "已发货", "待发货", "已关闭")[n // 2 % 4],
    }  # fmt: skip


def youzan(n: int) -> Cells:
    """The buyer's phone is told, and beside it the receiver's, which is somebody else's."""
    return {
        "订单号": f"E2024030110{n:012d}", "订单状态": ("交易完成", "待发货", "交易关闭")[n % 3], "订单创建时间": at(n), "商品金额合计": "88.00", "运费": "6.00",
        "应收订单金额": "94.00", "订单实付金额": "94.00", "全部商品名称": f"茶盘 {n}", "商品种类数": "1", "买家昵称": f"茶友{n % 8}", "买家手机号": f"1380000{n % 8:04d}",
        "收货人/提货人": "张三", "收货人手机号/提货人手机号": "13900009999", "收货人省份": "浙江省", "收货人城市": "杭州市", "收货人地区": "西湖区",
        "详细收货地址/提货地址": "某某路1号", "分销员": "第一列",
    }  # fmt: skip


# layout → row, template, orders, customers
LAYOUTS: dict[str, tuple[Callable[[int], Cells], str, int, int]] = {
    "pinduoduo_order_list": (pinduoduo, "pinduoduo_orders", ROWS, 0),
    "jd_order_list": (jd, "jd_orders", ROWS // 2, 7),
    "douyin_order_list": (douyin, "douyin_orders", ROWS // 2, 0),
    "youzan_order_list": (youzan, "youzan_orders", ROWS, 8),
}


def exported(shared_data: Path, layout: str, count: int = ROWS) -> bytes:
    made, names = LAYOUTS[layout][0], headers(shared_data, layout)
    return csv_bytes(names, [[row.get(name, "") for name in names] for row in map(made, range(count))])


def come_in(shared_data: Path, layout: str) -> Any:
    _, template, orders, customers = LAYOUTS[layout]
    run = brought(exported(shared_data, layout), mapping="", template="auto", source=template)
    assert (run.template, run.counts["rejected"]) == (template, 0), queries.rejects(run.id)
    assert (run.counts["new"], run.counts["customers_new"]) == (orders, customers)
    return run


@pytest.mark.parametrize(
    "layout",
    [*list(LAYOUTS)[:1], *(pytest.param(one, marks=pytest.mark.long_on_postgresql) for one in list(LAYOUTS)[1:])],
)
def test_an_export_comes_in_whole_by_its_real_headers(shared_data: Path, layout: str) -> None:
    run = come_in(shared_data, layout)
    again = checked(exported(shared_data, layout), mapping="", template="auto", source=run.template)
    assert again["would"]["orders"] == {"new": 0, "updated": 0, "unchanged": run.counts["new"]}


def test_pinduoduo_and_douyin_tell_no_buyer_and_their_orders_stay_without_a_customer(shared_data: Path) -> None:
    for layout in ("pinduoduo_order_list", "douyin_order_list"):
        run = come_in(shared_data, layout)
        assert run.counts["without_customer"] == run.counts["new"]
    assert counted("shop_order", "no_customer_why = 'platform'") == ROWS + ROWS // 2
    assert counted("customers_customer") == 0
    assert counted("shop_order", "external_id LIKE '%\t%'") == 0  # the tabs are no part of the numbers


def test_a_jd_customer_is_the_account_that_ordered_and_no_masked_receiver(shared_data: Path) -> None:
    come_in(shared_data, "jd_order_list")
    assert counted("customers_sourcerecord", "external_key LIKE 'platform_handle:%'") == 7
    assert counted("customers_customercard", "has_phone") == counted("customers_customercard", "name LIKE '%*%'") == 0
    assert counted("shop_orderline") == ROWS


def test_a_youzan_customer_is_the_buyers_phone_and_never_the_receivers(shared_data: Path) -> None:
    come_in(shared_data, "youzan_order_list")
    assert counted("customers_sourcerecord", "external_key LIKE 'phone:%'") == 8
    assert counted("customers_customercard", "has_phone") == 8
    assert headers(shared_data, "youzan_order_list").count("分销员") == 2  # the doubled name did no harm


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_hundred_thousand_rows_of_pinduoduo_come_in(shared_data: Path) -> None:
    run = brought(
        exported(shared_data, "pinduoduo_order_list", 200_000), mapping="", template="auto", source="pinduoduo"
    )
    assert (run.counts["new"], run.counts["rejected"], run.counts["without_customer"]) == (200_000, 0, 200_000)
    assert run.counts["total_cents"] == 200_000 * 5_990


def shopify(n: int, email: str, phone: str) -> Cells:
    return {
        "Name": f"#{1000 + n}", "Email": email, "Phone": phone, "Financial Status": "paid", "Currency": "CNY", "Total": "35.00",
        "Created at": "2024-05-01 09:30:00 +0800", "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "35.00",
        "Billing Name": "Wang Xiaoming", "Shipping Phone": "13900009999",
    }  # fmt: skip


@pytest.mark.long_on_postgresql
def test_the_same_people_in_taobao_and_shopify_end_in_one_file_by_exact_identifiers(shared_data: Path) -> None:
    sample = shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderList.gbk.csv"
    first = brought(sample.read_bytes(), mapping="", template="auto", source="taobao", name=sample.name)
    known = counted("customers_customer", "is_root")
    names = headers(shared_data, "shopify_orders_export")
    # Two whom Taobao knows by their payment account, one whose phone is only a receiver's there, one nobody knows.
    orders = [shopify(1, "Demo1@Example.com", ""), shopify(2, "demo4@example.com", ""), shopify(3, "", "13800000001"), shopify(4, "new@example.com", "")]  # fmt: skip
    run = brought(
        csv_bytes(names, [[row.get(name, "") for name in names] for row in orders]),
        mapping="", template="auto", source="shopify",
    )  # fmt: skip
    assert (first.counts["customers_new"], run.template) == (known, "shopify_orders")
    assert (run.counts["customers_joined"], run.counts["customers_new"]) == (2, 2)
    assert counted("customers_customer", "is_root AND archived_at IS NULL") == known + 2
    assert counted("customers_customercard", "order_count = 2") >= 2


def test_taobao_in_its_latest_layout_comes_in_as_a_workbook(shared_data: Path) -> None:
    sample = shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderList.gbk.csv"
    rows = list(csv.reader(io.StringIO(sample.read_bytes().decode("gbk"))))
    plain = [[strip_export_quirks(cell) for cell in row] for row in rows[1:]]
    run = brought(workbook({"Sheet0": [headers(shared_data, "taobao_order_list_latest"), *plain]}), mapping="", template="auto", source="taobao")  # fmt: skip
    assert (run.template, run.counts["new"], run.counts["rejected"]) == ("taobao_orders", 5, 0)


@pytest.mark.long_on_postgresql
def test_woocommerce_orders_come_in_as_json_lines_and_meet_their_customer(shared_data: Path) -> None:
    folder = shared_data / "webhooks_woocommerce"
    order = json.loads((folder / "v3_orders__view_an_order.json").read_text(encoding="utf-8"))
    run = brought(json.dumps(order).encode(), mapping="", template="auto", source="woocommerce", name="orders.jsonl")
    assert (run.template, run.counts["new"], run.counts["lines"]) == ("woocommerce_orders", 1, 3), queries.rejects(
        run.id
    )
    assert counted("shop_order", "external_id = '645' AND total_cents = 7987 AND net_cents = 7397") == 1
    names = headers(shared_data, "woocommerce_customers_report")
    row = {"Name": "John Doe", "Username": "john.doe", "Email": "John.Doe@example.com", "Shipping Phone": "13900009999"}
    people = brought(
        csv_bytes(names, [[row.get(name, "") for name in names]]), kind="customers", mapping="", template="auto", source="woocommerce"
    )  # fmt: skip
    assert (people.template, people.counts["updated"]) == ("woocommerce_customers", 1)
    assert counted("customers_customer") == 1


def customer_rows() -> list[tuple[str, str, Cells]]:
    return [
        ("youzan_customer_list", "youzan_customers", {"客户姓名": "王小明", "客户手机号": "13800000001", "客户生日": "1990-05-01", "客户性别": "女"}),
        ("shopify_customers_export", "shopify_customers", {"Customer ID": "'70010000000001", "First Name": "Ann", "Email": "ann@example.com", "Default Address Phone": "13900009999"}),
        ("shopify_customers_import_template", "shopify_customers_simple", {"First Name": "Ann", "Email": "ann@example.com"}),
        ("woocommerce_customers_report", "woocommerce_customers", {"Name": "Ann", "Username": "ann", "Email": "ann@example.com", "Last Active": "2024-05-01 10:00:00"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "layout, template, row",
    [customer_rows()[0], *(pytest.param(*one, marks=pytest.mark.long_on_postgresql) for one in customer_rows()[1:])],
)
def test_customer_lists_come_in_by_their_real_headers(
    shared_data: Path, layout: str, template: str, row: Cells
) -> None:
    names = headers(shared_data, layout)
    content = csv_bytes(names, [[row.get(name, "") for name in names]])
    run = brought(content, kind="customers", mapping="", template="auto", source=template)
    assert (run.template, run.counts["new"], run.counts["rejected"]) == (template, 1, 0), queries.rejects(run.id)
    # The phone of an address is somebody's who receives: it joins nobody.
    other = csv_bytes(["客户姓名", "客户手机号", "成为客户时间"], [["x", "13900009999", ""]])
    assert brought(other, kind="customers", mapping="", template="auto", source="elsewhere").counts["joined"] == 0


def test_every_real_header_row_is_recognized(shared_data: Path) -> None:
    known = json.loads((shared_data / "shop_import_headers" / "headers.json").read_text(encoding="utf-8"))
    found = {one["name"]: getattr(recognize(tuple(h.strip() for h in one["headers"])), "code", None) for one in known}
    assert None not in found.values(), found
    assert len(set(found.values())) == len(found) - 1  # both layouts of Taobao are one template
