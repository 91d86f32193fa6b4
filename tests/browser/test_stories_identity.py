"""Two files that are one: merged side by side, an order arrives, taken apart, and everything lies as before."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from tests.browser.axe import violations
from tests.customers.identity.tables import whole_rows
from zhike.customers.models import Customer, CustomerCard, Merge, SourceRecord
from zhike.kit import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FIRST, SECOND = taobao.name_of(1), taobao.name_of(2)


@pytest.fixture
def shop() -> None:
    """A small tea shop with twelve buyers."""
    taobao.open_shop(buyers=12)


def file_of(name: str) -> str:
    return f"/customers/{Customer.objects.get(id=CustomerCard.objects.get(name=name).customer_id).public_id}/"


def tick(page: Page, name: str) -> None:
    page.locator("tbody tr").filter(has_text=name).locator("input[type=checkbox]").check()


def cards() -> list[dict[str, object]]:
    return [{k: v for k, v in row.items() if k not in ("origins",)} for row in whole_rows()["CustomerCard"]]


def test_two_files_are_merged_an_order_arrives_and_they_are_taken_apart(visit, shoot, keeper, shop):
    before = cards()
    orders = {c.name: c.order_count for c in CustomerCard.objects.all()}
    page = visit("/customers/", by=keeper)
    tick(page, FIRST)
    tick(page, SECOND)
    page.locator("#bulk button[value=merge]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("合并两份档案")
    shoot(page, "merge-side-by-side")
    assert violations(page) == []
    survivor = CustomerCard.objects.get(name=FIRST)
    page.get_by_label(f"保留 {survivor.number}").check()
    page.locator("main").get_by_role("button", name="合并", exact=True).click()
    expect(page.locator("h1")).to_have_text(CustomerCard.objects.get(pk=survivor.pk).name or "")
    together = CustomerCard.objects.get(pk=survivor.pk)
    assert together.order_count == orders[FIRST] + orders[SECOND]

    at = clock.now().replace(tzinfo=None)
    taobao.bring_in(taobao.written([taobao.order(950, 2, at, "66.00")]), name="later.csv")
    assert CustomerCard.objects.get(pk=survivor.pk).order_count == together.order_count + 1

    page.goto(page.url)
    page.get_by_role("link", name="来源记录与合并").click()
    shoot(page, "records-and-merges")
    assert violations(page) == []
    page.get_by_role("link", name="拆分", exact=True).click()
    expect(page.locator("main")).to_contain_text("新订单")
    shoot(page, "take-apart")
    assert violations(page) == []
    page.locator("main").get_by_role("button", name="拆分", exact=True).click()
    expect(page.locator(".toast, [role=status]").first).to_contain_text("已拆分")
    assert Merge.objects.get().undone_at is not None
    now = {c["name"]: c for c in cards()}
    was = {c["name"]: c for c in before}
    assert now[FIRST] == was[FIRST]
    assert now[SECOND]["order_count"] == orders[SECOND] + 1


def test_a_record_that_belongs_to_somebody_else_is_moved_and_taken_back(visit, shoot, keeper, shop):
    before = cards()
    page = visit(file_of(FIRST), by=keeper)
    page.locator(".origin-ask").first.click()
    page.get_by_role("link", name="属于另一位客户？").first.click()
    record = SourceRecord.objects.get(customer_id=CustomerCard.objects.get(name=FIRST).customer_id)
    page.locator(f"#record-{record.id}").get_by_role("button", name="属于另一位客户").click()
    dialog = page.locator(f"#move-{record.id}")
    dialog.locator("[name=q]").fill(SECOND)
    shoot(page, "whose-record")
    dialog.get_by_role("button", name="查找").click()
    shoot(page, "other-file")
    page.get_by_role("button", name="归入这份").first.click()
    expect(page.locator(f"#record-{record.id}")).to_contain_text("移入")
    assert CustomerCard.objects.filter(archived_at=None).count() == len(before) - 1
    page.locator(f"#record-{record.id}").get_by_role("button", name="撤回移动").click()
    expect(page.locator(f"#record-{record.id}")).to_be_visible()
    assert cards() == before


def test_who_may_not_merge_sees_the_history_and_no_acts(visit, agent, shop):
    page = visit(f"{file_of(FIRST)}identity/", by=agent)
    expect(page.get_by_role("heading", name="来源记录与合并")).to_be_visible()
    expect(page.get_by_role("button", name="属于另一位客户")).to_have_count(0)
    expect(page.get_by_role("button", name="与另一份档案合并")).to_have_count(0)
