"""A lead on its way: entered, qualified by a rule, moved by keyboard, lost with a reason, its figures opened."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import violations, ways_for
from tests.browser.conftest import both_ways
from zhike.analyze import actions as analyze
from zhike.analyze import snapshot
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.clean.actions import funnel_rules
from zhike.customers import actions
from zhike.customers.actions.segments import make_segment
from zhike.customers.models import Customer, CustomerCard
from zhike.kit import clock, jobs
from zhike.secure.records import LOCAL_OPERATOR as ME

pytestmark = pytest.mark.django_db(transaction=True)
STRONG = {"version": 1, "rule": {"on": "intention", "is": "any_of", "value": ["strong"]}}


@pytest.fixture(autouse=True)
def _shop() -> Any:
    taobao.open_shop(buyers=6)
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def stage(name: str) -> str:
    return CustomerCard.objects.get(name=name).stage


def test_a_lead_is_entered_qualified_moved_and_lost_and_its_figures_open(visit, shoot, owner):
    page = visit("/clean/funnel/new/", by=owner)
    page.fill("[name=name]", "张建国")
    page.select_option("[name=intention]", "strong")
    page.select_option("[name=purchasing_power]", "strong")
    page.fill("[name=expected_amount]", "88000")
    shoot(page, "funnel-new-lead", whole=True)
    page.click(".form-acts .btn-primary")
    page.wait_for_url("**/customers/*/")
    members, _ = make_segment("意向强", STRONG, by=ME, sharing="all")
    jobs.run_pending()
    rule = {"name": "意向明确", "segment": members, "from_stage": "potential", "to_stage": "target"}
    funnel_rules.keep_rule(rule, by=ME)
    page.goto(page.url.split("/customers/")[0] + "/clean/funnel/rules/")
    page.click("button[name=rule]")
    page.wait_for_url("**/clean/funnel/runs/*/")
    jobs.run_pending()
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    shoot(page, "funnel-run", whole=True)
    page.click(".head-actions .btn-primary")
    jobs.run_pending()
    assert stage("张建国") == "target"
    one = CustomerCard.objects.get(name="张建国").customer_id
    said = actions.Contact(at=clock.now(), way="visit", outcome="reached", step="understand", minutes=45)
    actions.record_contact(one, said, by=ME)

    page.goto(page.url.split("/clean/")[0] + "/clean/funnel/")
    card = page.locator(f"#lead-{Customer.objects.get(id=one).public_id}")
    expect(page.locator("[data-column=target]").locator(card)).to_be_visible()
    shoot(page, "funnel-board", whole=True)
    card.locator("a").first.focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("[data-column=potential]").locator(card)).to_be_visible()
    expect(card.locator("a").first).to_be_focused()
    assert stage("张建国") == "potential"
    page.keyboard.press("Alt+ArrowLeft")
    page.wait_for_url("**/clean/funnel/lost/**")
    page.select_option("[name=reason]", "price")
    page.fill("[name=note]", "对手便宜两成")
    shoot(page, "funnel-lost", whole=True)
    page.click(".form-acts .btn-primary")
    page.wait_for_url("**/clean/funnel/")
    assert stage("张建国") == "target_market"

    analyze.request_measure("funnel", MeasureParameters(), by=ME)
    jobs.run_pending()
    page.goto(page.url.split("/clean/")[0] + "/insight/funnel/")
    shoot(page, "funnel-figures", whole=True)
    assert violations(page) == []
    page.click("text=价格太高") if page.locator("a:has-text('价格太高')").count() else page.goto(
        page.url + f"{_run()}/people/?lost=price"
    )
    expect(page.locator("tbody tr")).to_have_count(1)
    shoot(page, "funnel-people", whole=True)
    page.click("tbody tr a")
    page.wait_for_url("**/customers/*/")
    expect(page.locator("#funnel")).to_contain_text("对手便宜两成")
    shoot(page, "funnel-file", whole=True)


def _run() -> str:
    from zhike.analyze import queries

    return queries.latest_run("funnel").public_id


def test_a_card_is_dragged_and_without_scripts_a_button_moves_it(visit, owner):
    one = actions.add_customer("person", {"name": "拖动客户"}, by=ME)
    public = Customer.objects.get(id=one).public_id
    page = visit("/clean/funnel/", by=owner)
    page.drag_and_drop(f"#lead-{public}", "[data-column=target]")
    expect(page.locator("[data-column=target]").locator(f"#lead-{public}")).to_be_visible()
    assert stage("拖动客户") == "target"
    plain = visit("/clean/funnel/", by=owner, scripts=False)
    form = plain.locator(f"#lead-{public} form")
    form.locator("select").select_option("potential")
    form.locator("button").click()
    expect(plain.locator("[data-column=potential]").locator(f"#lead-{public}")).to_be_visible()


def test_the_pages_of_the_funnel_please_axe_and_fit_the_screen(stroll, shoot, owner):
    one = actions.add_customer("person", {"name": "张建国", "intention": "strong", "purchasing_power": "weak"}, by=ME)
    actions.set_stage([one], "target", by=ME)
    members, _ = make_segment("意向强", STRONG, by=ME, sharing="all")
    rule = {"name": "意向明确", "segment": members, "from_stage": "potential", "to_stage": "target"}
    of_rule = funnel_rules.keep_rule(rule, by=ME)
    funnel_rules.add_score_part({"part": "fit", "segment": members, "points": "15"}, by=ME)
    funnel_rules.keep_market_segment(
        {"name": "茶馆", "demand": "9000", "demand_unit": "件", "needs": "稳定供货"}, by=ME
    )
    analyze.request_measure("funnel", MeasureParameters(), by=ME)
    jobs.run_pending()
    public = Customer.objects.get(id=one).public_id
    wrong, ways = [], (("wide", "dark"), ("small", "light"))
    for address in (
        "/clean/funnel/?by=class", "/clean/funnel/?lanes=1", "/clean/funnel/list/?column=target", "/clean/funnel/rules/",
        f"/clean/funnel/rules/{of_rule}/", "/clean/funnel/score/", "/clean/funnel/reasons/", "/clean/funnel/market/",
        "/clean/funnel/market/new/", f"/clean/funnel/lost/{public}/", "/insight/funnel/", "/insight/measures/funnel/new/",
    ):  # fmt: skip
        page = stroll(address, by=owner, theme="dark", checked=True)
        name = "".join(c if c.isalnum() else "-" for c in address)
        for size, theme in both_ways(page, ways_for(address.replace(public, "").replace(str(of_rule), ""), ways)):
            shoot(page, f"funnel-{name}-{size}-{theme}", whole=True)
            wrong += [f"{address} {size} {theme}: {v}" for v in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address}: wider than the {size} screen")
    assert wrong == [], "\n".join(wrong)
