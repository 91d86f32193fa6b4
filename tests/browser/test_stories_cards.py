"""Cards through the browser: read, traced, printed and looked into; a register bound by a job; the file switched to another view."""

import io
import zipfile

import docx
import pytest
from playwright.sync_api import Page, expect

from tests import pdf_text
from tests.browser import taobao
from zhike.customers import actions as customers
from zhike.customers.models import Customer, CustomerCard
from zhike.desk.models import Export
from zhike.kit import jobs
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NAME = taobao.name_of(1)


@pytest.fixture
def file(owner) -> str:
    """The file of somebody who was surveyed, bought, and stopped."""
    taobao.open_shop(buyers=12)
    one = CustomerCard.objects.get(name=NAME).customer_id
    customers.set_stage([one], "potential", by=LOCAL_OPERATOR)
    customers.edit_fields(
        one,
        {
            "need": "一套待客的茶具，送礼也用", "intention": "strong", "purchasing_power": "weak", "demand_size": "12",
            "rival_in_use": "别家茶铺", "barrier": "嫌运费贵", "preferred_channel": "wechat", "occasion": "送礼", "interests": "喝茶、书法",
        },
        by=LOCAL_OPERATOR,
    )  # fmt: skip
    customers.set_stage([one], "current", by=LOCAL_OPERATOR)
    customers.place_paper(one, by=LOCAL_OPERATOR, shelf="A3", volume="12", leaf="45")
    return f"/customers/{Customer.objects.get(id=one).public_id}/"


def printed(page: Page, form: str, kind: str = "") -> bytes:
    """Print the card that is open, through the dialog, and take what comes."""
    page.get_by_role("button", name="打印", exact=True).first.click()
    page.fill("#print-card [name=reason]", "上门拜访")
    page.check(f"#print-card [name=form][value={form}]")
    with page.expect_download() as download:
        page.locator("#print-card").get_by_role("button", name="打印").click()
    with open(download.value.path(), "rb") as stream:
        return stream.read()


def test_a_card_is_read_and_printed_in_three_forms(visit, shoot, owner, file):
    page = visit(file, by=owner)
    page.get_by_role("link", name="资料卡", exact=True).first.click()
    expect(page.locator("#sheet-title")).to_have_text("现有客户卡")
    shoot(page, "card-current", whole=True)
    kinds, whole = page.locator(".tabs").bounding_box(), page.locator("main").bounding_box()
    assert kinds["width"] >= whole["width"] - 1  # the line under the kinds of cards goes from edge to edge
    said = pdf_text.text_of(printed(page, "pdf")).replace("\n", "").replace("\u200b", "")
    assert "现有客户卡" in said and NAME in said and taobao.phone_of(1) not in said
    document = docx.Document(io.BytesIO(printed(page, "docx")))
    assert document.paragraphs[0].text == "现有客户卡"
    assert zipfile.ZipFile(io.BytesIO(printed(page, "xlsx"))).testzip() is None
    assert AuditEvent.objects.filter(action="export").count() >= 3
    page.emulate_media(media="print")
    shoot(page, "card-on-browser-paper", whole=True)
    assert not page.locator(".head").is_visible() and not page.locator(".tabs").is_visible()
    assert page.locator("#sheet-title").is_visible()


def test_why_somebody_stopped_is_traced_on_the_card(visit, shoot, owner, file):
    page = visit(file, by=owner)
    one = CustomerCard.objects.get(name=NAME).customer_id
    customers.set_stage([one], "former", by=LOCAL_OPERATOR)
    page.goto(page.url + "card/")
    expect(page.locator("#sheet-title")).to_have_text("旧客户卡")
    page.select_option("[name=reason]", label="转向竞争对手")
    page.fill("[name=words]", "别家茶铺包邮")
    page.fill("[name=review_on]", "2027-03-01")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.locator(".paper-sheet")).to_contain_text("转向竞争对手")
    page.fill("[name=offer]", "包邮券一张")
    page.get_by_role("button", name="记入档案").click()
    expect(page.locator(".paper-sheet")).to_contain_text("包邮券一张")
    shoot(page, "card-former", whole=True)
    page.locator(".tabs").get_by_role("link", name="潜在客户 封存于").click()
    expect(page.locator("#sheet-title")).to_have_text("潜在客户调查卡")
    expect(page.locator(".paper-sheet")).not_to_contain_text("包邮券")
    shoot(page, "card-closed", whole=True)


def test_a_register_is_bound_by_a_job_and_fetched(visit, shoot, owner, file):
    page = visit("/customers/", by=owner)
    page.get_by_role("button", name="打印成册").first.click()
    shoot(page, "book-dialog")
    page.fill("#print-book [name=reason]", "年度存档")
    page.locator("#print-book").get_by_role("button", name="打印成册").click()
    page.wait_for_url("**/exports/")
    expect(page.locator("#exports")).to_contain_text("簿式名册")
    jobs.run_pending()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    with open(download.value.path(), "rb") as stream:
        pages = pdf_text.pages_of(stream.read())
    assert "客户名册" in pages[0] and "姓名索引" in pages[2] and "档案编号索引" in pages[3]
    assert Export.objects.get().row_count == 12
    shoot(page, "exports-with-book")


def test_the_file_is_switched_to_another_view(visit, shoot, agent, file):
    page = visit(file, by=agent)
    expect(page.locator(".view-switch [aria-pressed=true]")).to_have_text("客服版")
    page.get_by_role("button", name="销售版").click()
    expect(page.locator(".view-switch [aria-pressed=true]")).to_have_text("销售版")
    expect(page.locator("aside .panel h2").first).to_have_text("价值")
    page.reload()
    expect(page.locator(".view-switch [aria-pressed=true]")).to_have_text("销售版")
    shoot(page, "file-sales-view")


def test_a_bag_is_made_and_paper_is_found(visit, shoot, owner, file):
    page = visit(file, by=owner)
    page.locator("[data-open=print-bag]").click()
    page.fill("#print-bag [name=reason]", "审计")
    shoot(page, "bag-dialog")
    page.locator("#print-bag").get_by_role("button", name="生成档案袋").click()
    page.wait_for_url("**/exports/")
    jobs.run_pending()
    assert Export.objects.get().state == "ready"
    page.goto(page.url.replace("/exports/", "/customers/paper/?shelf=A3"))
    expect(page.locator("tbody")).to_contain_text(NAME)
    shoot(page, "paper-files")
