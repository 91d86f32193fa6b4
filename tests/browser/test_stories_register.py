"""Working the register: a view shared, a cell edited while somebody else is faster, many changed and taken back, a large export approved."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from tests.browser.pseudo import pseudo_language, untranslated
from tests.cast import PASSWORD, hire
from zhike.customers import actions as customers
from zhike.customers.models import CustomerCard, CustomerTag
from zhike.desk.models import BulkAct, Export, ExportRule, SavedView
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FIRST, SECOND = taobao.name_of(1), taobao.name_of(2)


@pytest.fixture
def shop() -> None:
    """A small tea shop with twelve buyers."""
    taobao.open_shop(buyers=12)


def row(page: Page, name: str):
    return page.locator("tbody tr").filter(has_text=name)


def test_a_view_is_kept_shared_and_opened_by_a_colleague(visit, shoot, owner, agent, shop):
    page = visit("/customers/?sort=-net", by=owner)
    page.get_by_role("button", name="列", exact=True).click()
    page.locator("#columns [name=column][value=stage]").check()
    page.locator("#columns [name=column][value=last_product]").check()
    page.locator("#columns").get_by_role("button", name="显示这些列").click()
    page.get_by_role("button", name="存为视图").click()
    page.fill("#save-view [name=name]", "大客户")
    page.select_option("#save-view [name=shared_with]", "all")
    shoot(page, "register-save-view")
    page.locator("#save-view").get_by_role("button", name="保存").click()
    expect(page.locator(".tab[aria-current]")).to_contain_text("大客户")
    theirs = visit("/customers/", by=agent)
    theirs.get_by_role("link", name="大客户").click()
    expect(theirs.locator("thead")).to_contain_text("最近购买")
    expect(theirs.locator(".tab[aria-current]")).to_contain_text("大客户")
    theirs.locator(".list-bar").get_by_role("button", name="大客户").click()
    expect(theirs.locator("#view-menu")).to_contain_text("知客老板")
    shoot(theirs, "register-view-of-colleague")
    page.locator(".list-bar").get_by_role("button", name="大客户").click()
    page.locator("#view-menu").get_by_role("button", name="删除此视图").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".tab[aria-current]")).to_contain_text("大客户")
    assert SavedView.objects.get().removed_at is None


def test_a_cell_is_edited_by_keyboard_and_a_conflict_shows_both(visit, shoot, owner, shop):
    card = CustomerCard.objects.get(name=FIRST)
    page = visit("/customers/", by=owner)
    page.keyboard.press("j")
    row(page, FIRST).locator("[href*='/cell/city/']").press("Enter")
    box = page.locator("[data-cell-form] [name=value]")
    expect(box).to_be_focused()
    box.fill("不要")
    page.keyboard.press("Escape")
    expect(page.locator("[data-cell-form]")).to_have_count(0)
    expect(row(page, FIRST)).not_to_contain_text("不要")
    row(page, FIRST).locator("[href*='/cell/city/']").press("Enter")
    expect(box).to_be_focused()
    box.fill("宁波市")
    page.keyboard.press("Enter")
    expect(row(page, FIRST)).to_contain_text("宁波市")
    row(page, FIRST).locator("[href*='/cell/city/']").press("Enter")
    expect(box).to_be_focused()
    customers.edit_field(card.customer_id, "city", "温州市", by=LOCAL_OPERATOR)
    box.fill("台州市")
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell-form] [role=alert]")).to_contain_text("温州市")
    expect(page.locator("[data-cell-form] [role=alert]")).to_contain_text("台州市")
    shoot(page, "register-conflict")
    page.get_by_role("button", name="保留我的").click()
    expect(page.locator("[data-cell-form]")).to_have_count(0)
    expect(row(page, FIRST)).to_contain_text("台州市")
    assert CustomerCard.objects.get(pk=card.pk).city == "台州市"


def test_tab_saves_a_cell_and_opens_the_next(visit, owner, shop):
    page = visit("/customers/?sort=name", by=owner)
    row(page, FIRST).locator("[href*='/cell/city/']").press("Enter")
    box = page.locator("[data-cell-form] [name=value]")
    expect(box).to_be_focused()
    box.fill("宁波市")
    page.keyboard.press("Tab")
    expect(row(page, FIRST)).to_contain_text("宁波市")
    expect(page.locator("[data-cell-form][action*='/cell/owner/'] [name=value]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-cell-form]")).to_have_count(0)


def test_without_scripts_a_cell_is_edited_on_a_page_of_its_own(visit, owner, shop):
    page = visit("/customers/", by=owner, scripts=False)
    row(page, SECOND).locator("[href*='/cell/city/']").evaluate("e => e.click()")
    page.fill("[name=value]", "宁波市")
    page.locator("[data-cell-form] .btn-primary").click()
    expect(row(page, SECOND)).to_contain_text("宁波市")


def test_many_are_tagged_and_taken_back(visit, shoot, owner, shop):
    page = visit("/customers/", by=owner)
    page.locator("[data-select-all]").check()
    page.locator("#bulk [name=all_matching]").check()
    page.fill("#bulk [name=tag]", "茶客")
    shoot(page, "register-bulk")
    page.get_by_role("button", name="打标签").click()
    jobs.run_pending()
    expect(page.locator("#bulk-state")).to_contain_text("茶客")
    assert CustomerTag.objects.count() == CustomerCard.objects.count()
    page.get_by_role("button", name="撤销").click()
    jobs.run_pending()
    expect(page.locator("#bulk-state")).to_contain_text("已撤回")
    assert not CustomerTag.objects.exists()
    page.goto(re.sub("/customers/.*", "/customers/", page.url))
    row(page, FIRST).locator("[data-select]").check()
    page.get_by_role("button", name="更多").click()
    page.select_option("#bulk-more [name=stage]", "former")
    shoot(page, "register-bulk-more")
    page.get_by_role("button", name="设为此阶段").click()
    expect(page.locator("#bulk-state")).to_be_visible()
    assert CustomerCard.objects.get(name=FIRST).stage == "former"
    assert BulkAct.objects.count() == 2


def test_a_large_export_waits_for_a_colleague_who_approves_it(visit, shoot, owner, supervisor, shop):
    ExportRule.objects.create(pk=1, free_rows=5)
    page = visit("/customers/", by=owner)
    page.locator(".head-actions").get_by_role("button", name="导出").click()
    page.fill("#export-all [name=reason]", "年度回访")
    page.locator("#export-all").get_by_role("button", name="导出").click()
    expect(page.locator("#exports")).to_contain_text("待审批")
    shoot(page, "exports-waiting")
    theirs = visit("/exports/", by=supervisor)
    theirs.get_by_role("link", name=re.compile("待你审批")).click()
    expect(theirs.locator("main")).to_contain_text("年度回访")
    shoot(theirs, "exports-approvals")
    theirs.get_by_role("button", name="批准").click()
    expect(theirs.locator("main")).to_contain_text("没有待审批的导出")
    jobs.run_pending()
    page.reload()
    with page.expect_download() as fetched:
        page.locator("#exports").get_by_role("link").click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    assert Export.objects.get().row_count == CustomerCard.objects.count()


def test_who_is_alone_confirms_with_the_password(visit, shoot, owner, shop):
    ExportRule.objects.create(pk=1, free_rows=0)
    page = visit("/customers/", by=owner)
    page.locator(".head-actions").get_by_role("button", name="导出").click()
    page.fill("#export-all [name=reason]", "年度回访")
    page.locator("#export-all").get_by_role("button", name="导出").click()
    page.get_by_role("button", name="独自确认").click()
    expect(page.locator("dialog[open] [name=password]")).to_be_visible()
    shoot(page, "exports-confirm-alone")
    page.fill("dialog[open] [name=password]", PASSWORD)
    page.locator("dialog[open] .btn-primary").click()
    expect(page.locator("#exports")).not_to_contain_text("独自确认")
    assert Export.objects.get().decided_by_id == owner.pk


@pytest.mark.parametrize("size", ["wide", "small"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_register_is_looked_at(visit, shoot, owner, shop, size, theme):
    page = visit("/customers/", by=owner, size=size, theme=theme, language="en" if theme == "dark" else "zh")
    expect(page.locator("img.watermark")).to_have_count(1)
    shoot(page, f"register-{size}-{theme}")
    if size == "wide":
        page.locator("[data-select]").first.check()
        shoot(page, f"register-bar-{theme}")


def test_the_new_pages_are_translated(visit, owner, supervisor, shop):
    hire("supervisor")
    ExportRule.objects.create(pk=1, free_rows=0)
    from zhike.desk.actions import start_export
    from zhike.secure import queries

    start_export("customers", reason="Lorem", by=queries.viewer_of(owner))
    names = tuple(CustomerCard.objects.values_list("number", flat=True))
    with pseudo_language():
        for path, who in (("/exports/", owner), ("/security/exports/", supervisor)):
            page = visit(path, by=who, language="en")
            assert (
                untranslated(
                    page, content=("Lorem", "CSV", "Ctrl K", owner.display_name, supervisor.display_name, *names)
                )
                == []
            )


def test_the_list_its_dialogs_and_an_open_cell_please_axe(visit, owner, shop):
    from tests.browser.axe import violations

    page = visit("/customers/", by=owner, checked=True)
    row(page, FIRST).locator("[href*='/cell/owner/']").press("Enter")
    expect(page.locator("[data-cell-form]")).to_have_count(1)
    assert violations(page) == []
    for dialog in ("columns", "save-view", "export-all"):
        page.locator(f"[data-open={dialog}]").first.click()
        assert violations(page, within="dialog[open]") == [], dialog
        page.keyboard.press("Escape")


@pytest.mark.parametrize("address", ["/customers/", "/shop/orders/", "/collect/imports/"])
def test_on_a_telephone_a_list_shows_what_matters_without_being_pushed_sideways(visit, shoot, owner, shop, address):
    page = visit(address, by=owner, size="small")
    wrap = page.locator(".table-wrap").first
    assert wrap.evaluate("e => e.scrollWidth <= e.clientWidth")
    first = page.locator("tbody tr").first
    for part in (".at-main", ".at-sum"):
        box = first.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    shoot(page, f"phone{address.replace('/', '-')}")


def test_a_new_file_shows_the_fields_of_its_kind(visit, shoot, owner, shop):
    page = visit("/customers/new/", by=owner)
    code, birth = page.locator("[name=credit_code]"), page.locator("[name=birth_date]")
    expect(birth).to_be_visible()
    expect(code).to_be_hidden()
    page.get_by_label("企业", exact=True).check()
    expect(birth).to_be_hidden()
    expect(code).to_be_visible()
    shoot(page, "new-file-organisation")
