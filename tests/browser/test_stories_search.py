"""Looking for somebody: by keyboard and by thumb, with scripts and without, and no word of it left behind in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from zhike.customers.models import Customer, CustomerCard

pytestmark = pytest.mark.django_db(transaction=True)
NAME = taobao.name_of(2)


@pytest.fixture
def file() -> str:
    """A shop of a few buyers; the address of one."""
    taobao.open_shop(buyers=12)
    return f"/customers/{Customer.objects.get(id=CustomerCard.objects.get(name=NAME).customer_id).public_id}/"


def nothing_is_left(page: Page, *words: str) -> None:
    """No address of the history so far and nothing in the browser's storage holds the words."""
    kept = page.evaluate(
        "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href])"
    )
    for word in words:
        assert word not in kept and word not in page.url


def test_a_name_is_found_by_keyboard_and_one_comes_back_to_the_results(visit, owner, file):
    page = visit("/", by=owner)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("/")
    page.keyboard.type(NAME[0])
    expect(page.locator("#suggestions .suggestion").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?slip=[\w-]+$"))
    expect(page.locator("main [name=q]")).to_have_value(NAME[0])
    page.locator("main a.main-cell", has_text=NAME).first.click()
    page.wait_for_url(f"**{file}")
    page.go_back()
    expect(page.locator("main a.main-cell", has_text=NAME).first).to_be_visible()
    expect(page.locator("main [name=q]")).to_have_value(NAME[0])
    page.reload()
    expect(page.locator("main a.main-cell", has_text=NAME).first).to_be_visible()
    nothing_is_left(page, NAME, NAME[0])
    assert not [url for url in asked if "q=" in url]


def test_an_exact_hit_opens_its_file_and_back_leads_to_where_one_was(visit, owner, file):
    number = Customer.objects.get(public_id=file.split("/")[2]).number
    page = visit("/customers/", by=owner)
    page.locator("#search").fill(number)
    page.locator("#search").press("Enter")
    page.wait_for_url(f"**{file}")
    page.go_back()
    page.wait_for_url(re.compile(r"/customers/$"))
    nothing_is_left(page, number)


def test_a_whole_phone_is_looked_up_by_a_press_on_the_hint(visit, owner, file):
    page = visit("/", by=owner, size="small")
    page.locator("#search").fill("13900000000")
    page.locator("#suggestions button.suggestion").click()
    page.wait_for_url(re.compile(r"/search/\?slip="))
    expect(page.locator("main")).to_contain_text("没有找到")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    nothing_is_left(page, "13900000000")


def test_the_palette_searches_too(visit, owner, file):
    page = visit("/", by=owner)
    page.keyboard.press("Control+k")
    page.locator("#palette-ask").fill(NAME)
    expect(page.locator("[data-palette-found] .suggestion").first).to_be_visible()
    page.locator("[data-palette-found] .suggestion").first.click()
    page.wait_for_url(f"**{file}")
    nothing_is_left(page, NAME)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_register_is_searched_paged_and_sorted_without_the_words(visit, owner, file, scripts):
    page = visit("/customers/?sort=-net", by=owner, scripts=scripts)
    box = page.locator("main [name=q]")
    box.fill(NAME[0])
    box.press("Enter")
    page.wait_for_url(re.compile(r"slip="))
    assert "sort=-net" in page.url
    expect(page.locator("tbody")).to_contain_text(NAME)
    page.locator("thead a").first.click()
    page.wait_for_url(lambda url: "sort=-net" not in url)
    expect(page.locator("main [name=q]")).to_have_value(NAME[0])
    expect(page.locator("tbody")).to_contain_text(NAME)
    assert NAME[0] not in page.url and "q=" not in page.url
    if scripts:
        nothing_is_left(page, NAME[0])


def test_everything_is_searched_without_scripts(visit, owner, file):
    page = visit("/", by=owner, scripts=False)
    page.locator("#search").fill(NAME)
    page.locator("#search").press("Enter")
    page.wait_for_url(re.compile(r"/search/\?slip="))
    expect(page.locator("main a.main-cell", has_text=NAME).first).to_be_visible()
