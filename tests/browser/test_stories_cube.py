"""The cube on the screen: counted while one waits, led deeper by a heading, opened to the customers, kept under a name."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import one_of, violations
from zhike.analyze import snapshot
from zhike.kit import jobs

pytestmark = pytest.mark.django_db(transaction=True)
_ASKED = "rows=month&columns=weekday&measures=customers&span=all"


@pytest.fixture(autouse=True)
def _shop() -> Any:
    taobao.open_shop(buyers=12)
    yield
    shutil.rmtree(snapshot.lake_folder(), ignore_errors=True)


def counted(page: Any) -> None:
    """Wait for the question to be asked, answer it, wait for the table."""
    expect(page.locator("#cube-answer[hx-get]")).to_be_visible()
    jobs.run_pending()
    expect(page.locator(".cube-table, #cube-people tbody").first).to_be_visible()


def test_a_cube_is_counted_led_deeper_opened_and_kept(visit, shoot, owner):
    page = visit(f"/insight/cube/?{_ASKED}", by=owner)
    counted(page)
    expect(page.locator(".sum-row td").last).to_have_text("12")
    shoot(page, "cube", whole=True)
    page.click(".cube-table tbody th a >> nth=0")
    counted(page)
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator("select[name=rows]").first).to_have_value("day")
    page.click("[data-open=keep-question]")
    page.fill("#keep-question [name=name]", "按天看订单")
    page.click("#keep-question .btn-primary")
    page.click(".head-actions details.menu summary")
    expect(page.get_by_role("link", name="按天看订单")).to_be_visible()
    page.keyboard.press("Escape")
    figure = page.locator(".cube-table tbody td a").first
    number = int(figure.inner_text())
    figure.click()
    expect(page.locator("#cube-people[hx-get]")).to_be_visible()
    jobs.run_pending()
    expect(page.locator("#cube-people tbody tr")).to_have_count(number)
    shoot(page, "cube-people")


def test_what_cannot_be_asked_is_told_where_it_is_chosen(visit, owner):
    page = visit(f"/insight/cube/?{_ASKED}", by=owner)
    page.select_option("select[name=rows] >> nth=0", "product")
    page.select_option("select[name=measures] >> nth=0", "net")
    page.click(".cube-form .btn-primary")
    expect(page.locator(".callout")).to_contain_text("不能按这些维度拆开")


@pytest.mark.parametrize(("size", "theme"), one_of(("wide", "light"), ("small", "dark")))
def test_the_cube_pleases_axe_and_fits_the_screen(visit, shoot, owner, size, theme):
    page = visit(f"/insight/cube/?{_ASKED}", by=owner, size=size, theme=theme, checked=True)
    counted(page)
    page.click(".cube-choices summary")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(page, f"cube-{size}-{theme}", whole=True)
