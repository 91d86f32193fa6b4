"""From an empty house to the first customer called, through the pages alone, as a merchant does it on the first evening."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from tests.cast import PASSWORD
from zhike.kit import clock, jobs

pytestmark = pytest.mark.django_db(transaction=True)
HAN = re.compile(r"[\u4e00-\u9fff]")


def sign_in(page: Page, email: str) -> None:
    """Through the form, as everybody does."""
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name=re.compile("^(登录|Sign in)$")).click()


def work_is_done(page: Page) -> Page:
    """What the pages asked of the worker is carried out, and the page looks again."""
    jobs.run_pending()
    page.reload()
    return page


def import_through_the_pages(page: Page, name: str, content: bytes, *, new_source: str = "") -> None:
    """Choose the file, say where it comes from, see the check."""
    page.evaluate("location.assign('/collect/imports/new/')")
    page.wait_for_url("**/new/")
    page.set_input_files("input[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("已根据列名识别")).to_be_visible()
    if new_source:
        page.fill("[name=name]", new_source)
        page.select_option("[name=legal_basis]", "contract")
    page.get_by_role("button", name="检查文件").click()
    work_is_done(page)


def figure(page: Page, label: str) -> str:
    """The figure that stands under a label."""
    return page.locator(".stat", has_text=label).first.locator(".stat-value").inner_text().strip()


def test_a_new_house_becomes_a_list_of_people_to_call(visit, owner, shared_data, shoot):
    taobao.open_house()
    page = visit("/")
    sign_in(page, owner.email)
    expect(page.locator(".checklist h2")).to_have_text("新手上路")

    sample = (shared_data / "shop_import_headers" / "format_sample_taobao_ExportOrderList.gbk.csv").read_bytes()
    import_through_the_pages(page, "ExportOrderList.csv", sample, new_source="我的淘宝店")
    assert (figure(page, "行数"), figure(page, "订单")) == ("5", "5")
    page.get_by_role("button", name="开始导入").click()
    expect(work_is_done(page).get_by_text("文件已导入")).to_be_visible()

    rows = taobao.orders(clock.now().replace(tzinfo=None))
    import_through_the_pages(page, "一年的订单.csv", taobao.written(rows))
    assert figure(page, "订单") == str(len(rows))
    assert figure(page, "未导入") == "0"
    page.get_by_role("button", name="开始导入").click()
    work_is_done(page)
    assert (figure(page, "新增"), figure(page, "新客户")) == (str(len(rows)), "40")

    page.locator(".stat", has_text="新客户").click()
    expect(page.locator("h1")).to_have_text("客户")
    page.get_by_role("link", name=taobao.name_of(1)).first.click()
    expect(page.locator("h1")).to_have_text(taobao.name_of(1))
    page.locator("#field-name .origin-ask").click()
    expect(page.locator("#drawer-body .contender.is-won")).to_contain_text("我的淘宝店")

    score_and_act(page)
    read_in_english(page)


def score_and_act(page: Page) -> None:
    """The first analysis, its heat map, today's list, a note that stands on the file."""
    base = page.url.partition("/customers/")[0]
    page.goto(f"{base}/insight/rfm/")
    page.get_by_role("link", name="运行分析").click()
    page.get_by_role("button", name="开始分析").click()
    jobs.run_pending()
    page.goto(f"{base}/insight/rfm/")
    cell = page.locator("a.heat-cell").first
    count = cell.locator("b").inner_text()
    cell.click()
    expect(page.locator("tbody tr[data-row]")).to_have_count(int(count))

    page.goto(f"{base}/insight/lists/")
    entry = page.locator("li.entry").first
    name = entry.locator(".entry-name > span:not(.avatar-zk)").inner_text().split("\n")[0]
    entry.locator("[name=note]").fill("已电话回访，约了周末再来")
    entry.locator("button[value=done]").click()
    noted = page.locator(".entry-noted").first
    expect(noted).to_contain_text("已记到档案")
    noted.get_by_role("link", name=name).click()
    expect(page.locator("#timeline")).to_contain_text("已电话回访，约了周末再来")


def read_in_english(page: Page) -> None:
    """The same pages in the other language: no word of the interface is left in Chinese."""
    file = page.url
    base = file.partition("/customers/")[0]
    page.context.add_cookies([{"name": "zhike_language", "value": "en", "url": base}])
    content = [*map(taobao.name_of, range(40)), "我的淘宝店", "示例茶铺", "一年的订单"]
    for path in ("/", "/customers/", file.removeprefix(base), "/insight/rfm/", "/insight/lists/", "/collect/imports/"):
        page.goto(base + path)
        frame = page.locator(
            ".rail, h1, thead, .tabs, .panel-head, .head-actions, dt, .stat-label, .list-bar, .entry-buttons"
        )
        for text in frame.all_inner_texts():
            for word in content:
                text = text.replace(word, "")
            assert not HAN.search(text), (path, text)
