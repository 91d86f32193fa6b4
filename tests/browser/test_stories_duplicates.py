"""A clerk reviews duplicates with the keyboard: merges, keeps a value, and takes the merge apart after new orders came."""

import pytest

from tests.browser.axe import violations
from tests.clean.conftest import record, search, shopify, taobao, vault_ready
from tests.customers.story import says

__all__ = ["record", "search", "shopify", "taobao", "vault_ready"]
pytestmark = pytest.mark.django_db(transaction=True)
HOME = "浙江省杭州市西湖区文三路478号12幢301室"


@pytest.fixture
def two_pairs(taobao, shopify, record, search):
    """Two people in two shops, each mistyped in the second."""
    record(
        taobao,
        says(
            "tb_wang",
            name="王晓明",
            phone="14012345678",
            address=HOME,
            email="wxm8812@example.com",
            birth_date="1988-12-03",
        ),
        says("tb_li", row_no=2, name="李建国", phone="14187654321", address="上海市徐汇区解放路9号2栋1503室", sex="男"),
    )
    record(
        shopify,
        says("sp_wang", name="王小明", phone="14012345687", address=HOME.replace("幢", "栋"), birth_date="1988-12-03"),
        says(
            "sp_li", row_no=2, name="Jianguo Li", phone="14187654321", joins=(), address="上海市徐汇区解放路9号2栋1503"
        ),
        run_id=2,
    )
    search()


@pytest.mark.parametrize(("size", "theme"), [("wide", "light"), ("small", "dark")])
def test_a_pair_is_reviewed_merged_and_taken_apart_with_the_keyboard(
    visit, shoot, keeper, two_pairs, shopify, record, size, theme
):
    page = visit("/clean/duplicates/", by=keeper, size=size, theme=theme, checked=True)
    shoot(page, f"duplicates-{size}-{theme}")
    assert violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clean/duplicates/*/")
    shoot(page, f"duplicates-review-{size}-{theme}", whole=True)
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert "14012345678" not in page.content() and "14187654321" not in page.content()
    first = page.url
    page.keyboard.press("m")
    page.wait_for_url("**?last=*")
    shoot(page, f"duplicates-next-{size}-{theme}", whole=True)
    # Meanwhile the shop says something new of one of them; it stays with its own file.
    record(shopify, says("sp_wang", name="王小明", phone="14012345687", qq="88001234"), run_id=3)
    page.keyboard.press("u")
    page.wait_for_url(first)
    assert page.locator("[data-hotkey=m]").is_visible()
    page.keyboard.press("n")
    page.wait_for_url("**?last=*")
    page.keyboard.press("h")
    page.wait_for_load_state("networkidle")
    visited = visit("/clean/duplicates/?tab=decided", by=keeper, size=size, theme=theme, checked=True)
    shoot(visited, f"duplicates-decided-{size}-{theme}")
    assert violations(visited) == []
    assert visited.locator("tr[data-row]").count() == 2


def test_the_pages_around_the_queue_please_axe(visit, shoot, keeper, two_pairs):
    for name, address in (("searches", "/clean/duplicates/searches/"), ("bulk", "/clean/duplicates/bulk/")):
        for size, theme, language in (("wide", "light", "zh"), ("small", "dark", "en")):
            page = visit(address, by=keeper, size=size, theme=theme, language=language, checked=True)
            shoot(page, f"duplicates-{name}-{size}-{theme}", whole=True)
            assert violations(page) == [], address
            page.context.close()
