"""Files that are not as they should be: what the pages say, how the rows are fixed and come in, and how all is undone."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from zhike.customers.models import Customer
from zhike.kit import clock, jobs
from zhike.shop.models import Order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house():
    taobao.open_house()


def bad_file() -> bytes:
    """Six orders, of which two cannot be read: a status nobody knows, an amount that is none."""
    at = clock.now().replace(tzinfo=None)
    rows = [taobao.order(n, n, at - taobao.DAY * n, "88.00") for n in range(6)]
    rows[2]["订单状态"] = "飞走了"
    rows[4]["总金额"] = rows[4]["买家应付货款"] = "八十八"
    return taobao.written(rows)


def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file and send it."""
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传").click()
    page.wait_for_url(lambda url: not url.endswith("/new/"))


def bring_in(page: Page, *, new_source: str = "") -> None:
    """Check the file and record it."""
    if new_source:
        page.fill("[name=name]", new_source)
        page.select_option("[name=legal_basis]", "contract")
    page.get_by_role("button", name="检查文件").click()
    jobs.run_pending()
    page.reload()
    page.get_by_role("button", name="开始导入").click()
    jobs.run_pending()
    page.reload()
    expect(page.get_by_text("文件已导入")).to_be_visible()


def test_bad_rows_are_shown_downloaded_fixed_and_brought_in(visit, owner):
    page = visit("/collect/imports/new/", by=owner)
    upload(page, "orders.csv", bad_file())
    bring_in(page, new_source="淘宝店")
    assert Order.objects.count() == 4
    kept_out = page.locator("#rejects")
    expect(kept_out).to_contain_text("飞走了")
    expect(kept_out).to_contain_text("这不是金额")

    with page.expect_download() as coming:
        page.get_by_role("link", name="下载").click()
    text = coming.value.path().read_text(encoding="utf-8-sig")
    assert coming.value.suggested_filename.endswith(".csv")
    assert len(list(csv.reader(io.StringIO(text)))) == 3
    fixed = text.replace("飞走了", "交易成功").replace("八十八", "88.00")

    page.goto(page.url.split("/collect/")[0] + "/collect/imports/new/")
    upload(page, "fixed.csv", fixed.encode())
    bring_in(page)
    assert Order.objects.count() == 6


def test_an_import_is_undone_when_the_name_of_its_file_is_given(visit, owner):
    page = visit("/collect/imports/new/", by=owner)
    upload(page, "orders.csv", bad_file())
    bring_in(page, new_source="淘宝店")
    page.get_by_role("button", name="撤销这次导入").click()
    go = page.locator("dialog[open] [data-confirm-go]")
    expect(go).to_be_disabled()
    page.locator("dialog[open] [data-confirm-ask]").fill("orders.csv")
    go.click()
    jobs.run_pending()
    page.reload()
    expect(page.get_by_text("这次导入已撤销")).to_be_visible()
    assert not Customer.objects.filter(archived_at=None).exists()
    page.goto(page.url.split("/collect/")[0] + "/customers/")
    expect(page.locator("tbody tr[data-row]")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nothing.csv", b"", "空文件"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "用不了"),
        ("book.xlsx", b"PK\x03\x04" + bytes(400), "另存为 CSV"),
        ("strange.csv", "甲,乙\n1,2\n".encode(), "没有模板"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_in_words(visit, owner, name, content, says):
    page = visit("/collect/imports/new/", by=owner)
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(says)
    expect(page.locator("h1")).not_to_have_text("500")
