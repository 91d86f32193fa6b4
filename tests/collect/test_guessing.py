"""A file no template knows: its columns are guessed from headings and cells, corrected on the page, and known the next time."""

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.collect.importing import counted, csv_bytes, source_id
from tests.collect.test_pages import uploaded
from tests.collect.workbooks import workbook
from zhike.collect.mapping import guess, load, yaml_of
from zhike.collect.mapping.targets import TARGETS
from zhike.collect.mapping.writing import meanings_of
from zhike.collect.models import ImportRun, SavedMapping
from zhike.kit import jobs

pytestmark = pytest.mark.django_db  # what may be meant includes the purposes of consent, which are data

ORDERS = ["单号", "下单日期", "顾客", "联系方式", "品名", "件数", "单价", "应付金额", "目前状态", "内部代码"]
ROWS = [
    ["D1001", "03/25/2024 10:20", "王小明", "13800000001", "紫砂壶", "1", "59.90", "59.90", "已经发货", "x-1"],
    ["D1002", "03/26/2024 11:20", "李秀英", "13800000002", "盖碗", "2", "30.00", "60.00", "交易成功", "x-2"],
    ["D1003", "03/27/2024 12:20", "欧阳娜娜", "13800000003", "茶盘", "1", "88.00", "88.00", "奇怪的词", "x-3"],
]


def named(headers: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> tuple[str, dict[str, str]]:
    found = guess(headers, rows, kind)
    return found.kind, {headers[at]: code for at, code in found.meanings.items()}


def test_headings_and_cells_together_tell_an_order_list() -> None:
    kind, meanings = named(ORDERS, ROWS)
    assert kind == "orders"
    assert meanings == {
        "单号": "order.id", "下单日期": "order.ordered_at", "联系方式": "buyer.phone", "品名": "lines.title",
        "件数": "lines.quantity", "单价": "lines.unit_price", "应付金额": "order.total", "目前状态": "order.status",
    }  # fmt: skip
    found = guess(ORDERS, ROWS)
    assert (found.row_per, found.dates) == ("order", "mdy")
    assert found.words["order.status"] == {"已经发货": "", "交易成功": "completed", "奇怪的词": ""}


def test_a_column_called_phone_without_phones_is_none_and_one_full_of_them_is_one() -> None:
    rows = [["see note", "13800000001"], ["-", "13800000002"]]
    assert named(["phone", "kontakt"], rows)[1] == {"kontakt": "customer.phone"}


@pytest.mark.parametrize(
    "headers, row, kind",
    [
        (["会员编号", "姓名", "手机号", "生日", "标签"], ["17", "王小明", "13800000001", "1990-01-01", "VIP"], "customers"),
        (["货号", "商品名称", "类目", "进价", "售价", "颜色"], ["A1", "紫砂壶", "茶具", "30", "59.9", "红"], "products"),
        (["退款编号", "订单编号", "申请时间", "退款金额", "退款原因", "退款状态"], ["T1", "D1", "2024-03-25 10:00:00", "9.9", "不想要了", "退款成功"], "cases"),
        (["手机号", "客户标签"], ["13800000001", "VIP"], "tags"),
        (["Order ID", "Order Date", "Customer Email", "SKU", "Qty", "Price"], ["1", "2024-03-25", "a@example.com", "X", "1", "5.00"], "orders"),
    ],
)  # fmt: skip
def test_the_kind_of_a_file_is_told_by_its_columns(headers: list[str], row: list[str], kind: str) -> None:
    assert named(headers, [row])[0] == kind


def test_the_related_tables_of_olist_are_guessed_for_what_they_are(shared_data: Path) -> None:
    kinds = {}
    for name in ("customers", "orders", "products"):
        with gzip.open(shared_data / "olist_sample3k" / f"olist_{name}.csv.gz", "rt", encoding="utf-8") as stream:
            headers, *rows = list(csv.reader(stream))[:200]
        kinds[name] = named(headers, rows)
    assert [kind for kind, _ in kinds.values()] == ["customers", "orders", "products"]
    assert kinds["orders"][1]["order_purchase_timestamp"] == "order.ordered_at"


@pytest.mark.parametrize("kind", TARGETS)
def test_every_meaning_survives_being_written_as_yaml_and_read_again(kind: str) -> None:
    headers = tuple(str(target.label) for target in TARGETS[kind])
    meanings = {at: target.code for at, target in enumerate(TARGETS[kind])}
    words = {code: {"词: [x]": "open" if "case" in code else "paid"} for code in ("order.status", "case.status")}
    text = yaml_of(kind, headers, meanings, title="试: & *", row_per="line", dates="dmy", decimal=",", words=words)
    assert meanings_of(load(text), headers) == meanings


def mapped(client: Client, content: bytes, change: dict[str, Any], name: str = "", **how: Any) -> ImportRun:
    """A file uploaded, given its source and mapped as guessed, but for some changes."""
    run = uploaded(client, content, **how)
    client.post(f"/collect/imports/{run.public_id}/describe/", {"template": "guess", "source": str(source_id())})
    page = client.get(f"/collect/imports/{run.public_id}/mapping/")
    found = page.context["found"]
    form = {f"c{at}": code for at, code in found.meanings.items()}
    form |= {f"w-{w['code']}-{w['index']}": w["chosen"] for w in page.context["words"]}
    form |= {"kind": found.kind, "row_per": found.row_per, "dates": found.dates, "name": name, **change}
    client.post(f"/collect/imports/{run.public_id}/mapping/", form)
    jobs.run_pending()
    run.refresh_from_db()
    return run


def test_an_unknown_file_is_mapped_on_the_page_checked_run_and_known_the_next_time(as_owner: Client) -> None:
    content = csv_bytes(ORDERS, ROWS)
    run = mapped(as_owner, content, {"c2": "buyer.name", "w-order.status-0": "shipped"}, name="我的小店")
    assert run.state == ImportRun.CHECKED, run.error_code
    assert (run.check_result["orders"], run.check_result["rejected"]) == (2, 1)
    page = as_owner.get(f"/collect/imports/{run.public_id}/").content.decode()
    assert "奇怪的词" in page and "13800000001" not in page
    as_owner.post(f"/collect/imports/{run.public_id}/start/")
    jobs.run_pending()
    assert counted("shop_order", "status = 'shipped' AND total_cents = 5990") == 1
    assert counted("customers_customercard", "name = '王小明'") == 1

    again = uploaded(as_owner, content)
    assert again.kind == "orders"
    assert again.mapping_text == SavedMapping.objects.get().text
    listed = as_owner.get("/collect/mappings/").content.decode()
    assert "我的小店" in listed
    saved = SavedMapping.objects.get()
    text = as_owner.get(f"/collect/mappings/{saved.public_id}.yaml").content.decode()
    assert load(text).kind == "orders"
    as_owner.post(f"/collect/mappings/{saved.public_id}/delete/")
    assert not SavedMapping.objects.exists()
    assert uploaded(as_owner, content).kind == ""


def test_the_mapping_page_shows_masks_and_shapes_and_never_a_personal_value(as_owner: Client) -> None:
    run = uploaded(as_owner, csv_bytes([*ORDERS, "mail"], [[*row, "ann@example.com"] for row in ROWS]))
    for kind in TARGETS:
        page = as_owner.get(f"/collect/imports/{run.public_id}/mapping/?kind={kind}").content.decode()
        assert "ann@example.com" not in page
        assert not any(row[3] in page for row in ROWS)
    assert "a-9" in page  # the inner code, which nobody has named, shows its shape


def test_what_a_mapping_lacks_or_says_twice_is_told_before_anything_is_checked(as_owner: Client) -> None:
    run = uploaded(as_owner, csv_bytes(ORDERS, ROWS))
    address = f"/collect/imports/{run.public_id}/mapping/"
    for form, words in (
        ({"kind": "orders", "c0": "order.id"}, "Say which column holds: Ordered at."),
        (
            {"kind": "orders", "c0": "order.id", "c1": "order.ordered_at", "c2": "order.id"},
            "Two columns cannot both be",
        ),
        ({"kind": "customers", "c2": "customer.name"}, "something that tells customers apart"),
    ):
        assert words in as_owner.post(address, form, headers={"accept-language": "en"}).content.decode()


def test_a_sheet_of_a_workbook_is_chosen_on_the_page(as_owner: Client) -> None:
    run = uploaded(as_owner, workbook({"说明": [["read me"], ["x"]], "订单": [ORDERS, *ROWS]}))
    assert "订单" in as_owner.get(f"/collect/imports/{run.public_id}/").content.decode()
    form = {"template": "guess", "source": str(source_id()), "sheet": "订单"}
    as_owner.post(f"/collect/imports/{run.public_id}/describe/", form)
    page = as_owner.get(f"/collect/imports/{run.public_id}/mapping/").content.decode()
    assert "下单日期" in page


def test_nobody_without_the_right_reaches_a_mapping(as_agent: Client, as_owner: Client) -> None:
    run = uploaded(as_owner, csv_bytes(ORDERS, ROWS))
    assert as_agent.get(f"/collect/imports/{run.public_id}/mapping/").status_code == 403
    assert as_agent.get("/collect/mappings/").status_code == 403
    assert as_agent.get(f"/collect/mappings/{run.public_id}.yaml").status_code == 403
