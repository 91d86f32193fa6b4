"""The frame as people use it: both themes, both languages, both sizes, by keyboard, and without scripts."""

import gzip

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.axe import no_axe_violations
from tests.browser.pseudo import pseudo_language, untranslated

pytestmark = pytest.mark.django_db(transaction=True)

# The invented people and files of the living page.
SAMPLES = [
    "沈若溪",
    "Marianne",
    "Okafor",
    "杭州云栖茶业有限公司",
    "周牧",
    "杭州",
    "淘宝",
    "京东",
    "Shopify",
    "老客",
    "VIP",
    "WhatsApp",
    "林",
    "CSV",
    "K10482",
    "K10317",
    "K09991",
    "K10533",
    "s•••@qq.com",
    "简体中文",
    "English",
    "知客老板",
    "知客",
    "溪",
    "司",
    "牧",
    "板",
    "MO",
    "R1",
    "R2",
    "R3",
    "R4",
    "R5",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "Ctrl",
    "UTC",
    "CST",
    "件",
    "R",
    "F",
]
CONTENT = tuple(sorted({*SAMPLES, "Marianne Okafor", "Ctrl K"}, key=len, reverse=True))


DRESSES = [
    (size, theme, language) for size in ("wide", "small") for theme in ("light", "dark") for language in ("zh", "en")
]
# Half of them show every two of size, theme and language together; the other half is left to `make prove`.
QUICK = {("wide", "light", "zh"), ("wide", "dark", "en"), ("small", "dark", "zh"), ("small", "light", "en")}


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [pytest.param(*dress, marks=() if dress in QUICK else pytest.mark.slow) for dress in DRESSES],
)
def test_the_living_page_pleases_axe_in_every_dress(visit, shoot, owner, size, theme, language):
    page = visit("/ui/", by=owner, size=size, theme=theme, language=language, checked=True)
    shoot(page, f"ui-{size}-{theme}-{language}")
    no_axe_violations(page)


@pytest.mark.parametrize("path", ["/ui/", "/nowhere/"])
def test_nothing_is_wider_than_a_small_screen(visit, owner, path):
    page = visit(path, by=owner, size="small")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_charts_come_within_the_content_policy(visit, owner):
    page = visit("/ui/", by=owner)
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    expect(page.locator("[data-drawn] svg").first).to_be_visible()


def test_a_chosen_theme_holds_on_the_next_page_from_the_first_paint(visit, owner):
    page = visit("/ui/", by=owner, theme="light")
    page.locator(".topbar summary").nth(1).click()
    page.locator("[name=theme][value=dark]").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    answer = page.request.get(page.url)
    assert 'data-bs-theme="dark"' in answer.text()


def test_the_menu_stays_folded_without_a_shift(visit, owner):
    page = visit("/ui/", by=owner)
    page.keyboard.press("[")
    page.reload(wait_until="commit")
    page.wait_for_selector(".rail")
    assert page.locator(".rail").bounding_box()["width"] == 56


def test_the_language_can_be_changed_without_scripts(visit, owner):
    page = visit("/ui/", by=owner, language="zh", scripts=False)
    expect(page.locator("h1")).to_have_text("界面构件")
    page.locator(".topbar summary").first.click()
    page.locator(".topbar button[value=en]").click()
    expect(page.locator("h1")).to_have_text("Building blocks")


def test_the_palette_finds_a_page_in_either_language(visit, owner):
    page = visit("/ui/", by=owner, language="zh")
    page.keyboard.press("Control+k")
    page.keyboard.type("job")
    first = page.locator("[data-palette-list] li:visible").first
    expect(first).to_contain_text("作业")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/")


def test_letters_typed_while_a_word_is_composed_are_not_commands(visit, owner):
    page = visit("/ui/", by=owner)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
    )
    assert not page.locator("#shortcuts").is_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_a_list_is_walked_and_selected_by_keyboard(visit, owner):
    page = visit("/ui/", by=owner)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    bar = page.locator("[data-bulk]").first
    expect(bar).to_be_visible()
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")


def test_a_destructive_act_waits_for_the_name(visit, owner):
    page = visit("/ui/", by=owner, language="en")
    page.get_by_role("button", name="Open a dialog").click()
    go = page.locator("[data-confirm-go]")
    expect(go).to_be_disabled()
    page.locator("[data-confirm-ask]").fill("Gone quiet")
    expect(go).to_be_enabled()


def test_a_page_that_is_not_there_says_what_to_do(visit, shoot, owner):
    page = visit("/nowhere/", by=owner, language="zh")
    shoot(page, "fault-404")
    expect(page.locator("h1")).to_have_text("没有这个页面")
    expect(page.locator(".rail")).to_be_visible()


def test_every_word_of_the_living_page_is_translated(visit, owner):
    with pseudo_language():
        page = visit("/ui/", by=owner, language="en")
        assert untranslated(page, content=CONTENT) == []


def test_the_page_paints_before_any_script(visit, owner):
    page = visit("/ui/", by=owner, scripts=False)
    expect(page.locator(".list-table").first).to_be_visible()


def test_the_base_page_stays_light_and_the_charts_come_apart(visit, owner, assets):
    page = visit("/ui/", by=owner)
    loaded = {url.split("?")[0] for url in _requests(page)}
    base = [u for u in loaded if "charts.js" not in u]
    assert base, "nothing was loaded"
    body = gzip.compress(page.request.get(page.url).body())
    sizes = {u: len(gzip.compress(page.request.get(u).body())) for u in base}
    assert sum(sizes.values()) + len(body) <= 150_000, sizes
    assert len(gzip.compress((assets / "ui" / "charts.js").read_bytes())) <= 200_000


def _requests(page: Page) -> list[str]:
    names = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    return [n for n in names if settings.STATIC_URL in n]
