"""Quality on the screen: measured on demand, a cell opened to its customers, a segment made of them, a rule changed."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import one_of, violations
from zhike.analyze import snapshot
from zhike.clean.actions.quality import measure_today
from zhike.clean.queries import quality as asked
from zhike.kit import jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop() -> Any:
    taobao.open_shop(buyers=12)
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def test_a_weak_field_opens_its_customers_and_becomes_a_segment(visit, shoot, owner):
    page = visit("/clean/quality/", by=owner)
    page.click(".empty-acts button")
    expect(page.locator(".callout.tone-info")).to_be_visible()
    jobs.run_pending()
    expect(page.locator(".quality-heat tbody tr").first).to_be_visible(timeout=15_000)
    assert violations(page) == []
    shoot(page, "quality-board", whole=True)
    page.locator(".quality-heat a.heat-cell").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    shoot(page, "quality-behind", whole=True)
    page.click(".head-actions a.btn-primary")
    expect(page.locator("#on-0")).to_have_value("quality_missing")
    page.fill("[name=name]", "资料不全")
    page.click(".form-acts .btn-primary")
    page.wait_for_url("**/insight/segments/*/")


@pytest.mark.parametrize(("size", "theme", "language"), one_of(("small", "dark", "zh"), ("wide", "light", "en")))
def test_the_board_and_its_rules_fit_the_screen_and_please_axe(visit, shoot, owner, size, theme, language):
    measure_today()
    for name, address in (
        ("board", "/clean/quality/"),
        ("rules", "/clean/quality/rules/"),
        ("rule", "/clean/quality/rules/new/"),
    ):
        page = visit(address, by=owner, size=size, theme=theme, language=language)
        shoot(page, f"quality-{name}-{size}-{theme}", whole=True)
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_rule_changed_in_its_row_holds_from_then_on(visit, owner):
    page = visit("/clean/quality/rules/", by=owner)
    row = page.locator("[id='phone.fresh']")
    row.locator("[name=threshold]").fill("90")
    row.locator("button").first.click()
    expect(page.locator("[id='phone.fresh'] [name=threshold]")).to_have_value("90")
    assert next(r for r in asked.catalogue() if r.code == "phone.fresh").threshold == 90
