"""The file in full: fields filled in where they stand, companies and their people, sealed attachments, contracts, own fields."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import in_turn, violations
from tests.desk import ground
from zhike.customers import actions as customers
from zhike.customers.models import Attachment, CustomerCard
from zhike.customers.queries import field_value
from zhike.secure import custom_fields, fields
from zhike.secure.custom_fields import Definition
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions as shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firm() -> int:
    ground.lay_ground()
    one = customers.add_customer("organisation", {"name": "广州好客贸易有限公司"}, by=LOCAL_OPERATOR)
    for field, text in {"management_ability": "采购流程规范", "finance_state": "现金充足", "industry": "礼品"}.items():
        customers.edit_field(one, field, text, by=LOCAL_OPERATOR)
    return one


def file_of(customer_id: int) -> str:
    return f"/customers/{ground.public_id(customer_id)}/"


def test_an_empty_field_is_a_button_that_becomes_a_form_and_then_a_value(visit, owner, firm):
    page = visit(file_of(firm), by=owner)
    page.locator(".add-groups > summary").click()
    page.locator("#group-state .more-fields > summary").click()
    page.get_by_role("button", name="市场潜力").click()
    page.locator("textarea[name=value]").fill("华南市场每年增长两成")
    page.locator("#field-market_potential").get_by_role("button", name="保存").click()
    expect(page.locator("#field-market_potential .field-value")).to_have_text("华南市场每年增长两成")
    assert CustomerCard.objects.get().values["market_potential"] == "华南市场每年增长两成"


def test_people_are_linked_with_their_roles_and_a_contract_is_kept(visit, owner, firm):
    page = visit(file_of(firm), by=owner)
    page.locator("[data-open=add-link]").click()
    page.fill("#add-link [name=name]", "王小明")
    page.fill("#add-link [name=position]", "采购经理")
    page.locator("#add-link [name=role][value=decider]").check()
    page.locator("#add-link .btn-primary").click()
    expect(page.locator("#linked")).to_contain_text("王小明")
    expect(page.locator("#linked")).to_contain_text("决策者")
    page.locator("#contracts a.mini").click()
    page.fill("[name=title]", "年度供货合同")
    page.fill("[name=starts_on]", "2026-01-01")
    page.locator("form .btn-primary").click()
    expect(page.locator("h1")).to_have_text("年度供货合同")


def test_a_file_is_attached_and_downloaded_for_a_purpose(visit, owner, firm, tmp_path):
    page = visit(file_of(firm), by=owner)
    paper = tmp_path / "名片.txt"
    paper.write_text("王小明 采购经理", encoding="utf-8")
    page.locator("[data-open=add-file]").click()
    page.set_input_files("#add-file [name=attachment]", str(paper))
    page.locator("#add-file .btn-primary").click()
    expect(page.locator("#attached")).to_contain_text("文档")
    page.locator("#attached details.menu > summary").first.click()
    with page.expect_download() as taken:
        page.locator("#attached details.menu .btn-primary").click()
    assert taken.value.suggested_filename == "名片.txt"
    assert Attachment.objects.get().media_type == "text/plain"


_LOOKS = (("wide", "light", "zh"), ("small", "dark", "en"))


@pytest.mark.parametrize(("size", "theme", "language"), _LOOKS)
def test_the_new_pages_please_axe_and_fit_the_screen(
    stroll: Any, shoot: Any, owner: Any, firm: int, size: str, theme: str, language: str
) -> None:
    tea = (("green", "绿茶", "Green"), ("black", "红茶", "Black"))
    custom_fields.define("tea", Definition(name_zh="茶", name_en="Tea", kind="many", choices=tea), by=LOCAL_OPERATOR)
    person = customers.add_customer("person", {"name": "王小明"}, by=LOCAL_OPERATOR)
    link = customers.Link(kind="contact", roles=("decider", "user"), influence=4, position="采购经理")
    customers.link_customers(person, firm, link, by=LOCAL_OPERATOR)
    customers.attach(firm, "document", "a.txt", b"hello", by=LOCAL_OPERATOR, title="名片")
    terms = shop.Terms(title="供货", starts_on=ground.NOON.date(), volume_cents=100_00)
    contract = shop.add_contract(firm, terms, by=LOCAL_OPERATOR)
    clause = shop.add_clause(contract, "按月交货", by=LOCAL_OPERATOR)
    shop.open_dispute(contract, "少发一箱", by=LOCAL_OPERATOR, clause_id=clause)
    wrong = []
    pages = {
        "firm": file_of(firm), "person": file_of(person), "new": "/customers/new/", "numbering": "/settings/numbering/",
        "fields": "/fields/", "field": "/fields/tea/", "contracts": "/shop/contracts/?view=active", "contract": f"/shop/contracts/{contract}/",
    }  # fmt: skip
    for name, address in pages.items():
        if not in_turn(name, (size, theme, language), _LOOKS):
            continue
        page: Page = stroll(address, by=owner, size=size, theme=theme, language=language, checked=True)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = !d.classList.contains('menu') })")
        shoot(page, f"full-{name}-{size}-{theme}", whole=True)
        wrong += [f"{name}: {v}" for v in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name}: wider than the screen")
    custom_fields.put_away("tea", by=LOCAL_OPERATOR)
    fields.refresh()
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("width", [1440, 1100, 390, 360])
def test_a_telephone_number_stands_on_one_line_with_its_eye_and_signs(visit, owner, width):
    ground.lay_ground()
    one = customers.add_customer("person", {"name": "王小明", "phone": "13812345678"}, by=LOCAL_OPERATOR)
    told = field_value(LOCAL_OPERATOR, one, "phone")
    customers.verify_value(one, "phone", {told.version_id: True}, by=LOCAL_OPERATOR, way="call")
    page = visit(file_of(one), by=owner)
    page.set_viewport_size({"width": width, "height": 900})
    if width < 901:
        page.locator(".pane-choice label").first.click()
    row = page.locator("#field-phone")
    number, eye = row.locator(".num").bounding_box(), row.locator(".reveal").bounding_box()
    assert number["height"] < 24, "the number is broken"
    assert eye["x"] >= number["x"] + number["width"] and abs(eye["y"] - number["y"]) < 8, "the eye stands below"
    signs = [row.locator(f"dd > {sign}").bounding_box() for sign in (".checked", ".origin-ask")]
    assert all(sign["x"] >= eye["x"] + eye["width"] for sign in signs)
