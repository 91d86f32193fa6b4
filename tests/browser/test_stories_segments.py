"""A segment built on the screen: nested, counted while building, saved, opened in the register, explained on a file."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import one_of, violations
from zhike.analyze import snapshot
from zhike.customers.actions.segments import make_segment
from zhike.customers.models import Customer, CustomerCard
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop() -> Any:
    taobao.open_shop(buyers=12)
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def test_a_segment_is_built_counted_saved_and_opened(visit, shoot, owner):
    page = visit("/insight/segments/new/", by=owner)
    page.select_option("#on-0", "bought_orders")
    page.fill("#low-0", "1")
    page.click("button[value='group:']")
    page.select_option("[id='on-1.0']", "bought_amount")
    page.fill("[id='low-1.0']", "0.01")
    page.click("button[value='add:1']")
    page.select_option("[id='on-1.1']", "has_phone")
    expect(page.locator("#low-0")).to_have_value("1")  # what was typed stays while parts come
    expect(page.locator("#count-said[hx-get]")).to_be_visible()
    jobs.run_pending()
    figure = page.locator(".count-figure")
    expect(figure).to_have_text("12")
    shoot(page, "segment-builder", whole=True)
    page.fill("[name=name]", "买过的人")
    page.click(".form-acts .btn-primary")
    page.wait_for_url("**/insight/segments/*/")
    jobs.run_pending()
    expect(page.locator(".stat-value").first).to_have_text("12")
    shoot(page, "segment", whole=True)
    page.click(".head-actions a.btn-primary")
    expect(page.locator("tbody tr")).to_have_count(12)


def test_a_file_says_why_its_customer_is_in_or_out(visit, shoot, owner):
    rule = {"version": 1, "rule": {"on": "bought_orders", "is": "at_least", "value": 99}}
    make_segment("百单客", rule, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    card = CustomerCard.objects.order_by("customer_id")[0]
    page = visit(f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/", by=owner)
    page.click(".segment-ask button")
    told = page.locator(".segment-why")
    expect(told).to_contain_text("不在分组中")
    expect(told).to_contain_text("购买订单数")
    shoot(page, "segment-why")


@pytest.mark.parametrize(("size", "theme"), one_of(("small", "dark"), ("wide", "light")))
def test_the_pages_of_a_segment_please_axe_and_fit_the_screen(stroll, shoot, owner, size, theme):
    rule = {
        "all": [
            {
                "on": "bought_orders",
                "is": "at_least",
                "value": 1,
                "where": {"window": {"last_days": 90}, "skus": ["S1"]},
            },
            {"any": [{"on": "stage", "is": "any_of", "value": ["current"]}, {"none": [{"on": "city", "is": "known"}]}]},
        ]
    }
    public_id, _ = make_segment("九十天", {"version": 1, "rule": rule}, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    wrong = []
    for address in ("", f"{public_id}/", f"{public_id}/edit/"):
        page = stroll(f"/insight/segments/{address}", by=owner, size=size, theme=theme, checked=True)
        shoot(page, f"segments-{'list' if not address else address.split('/')[1] or 'one'}-{size}-{theme}", whole=True)
        wrong += [f"{address}: {v}" for v in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
