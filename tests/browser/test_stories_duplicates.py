"""A clerk reviews duplicates with the keyboard: merges, keeps a value, and takes the merge apart after new orders came."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import one_of, violations
from tests.clean.conftest import record, search, shopify, taobao, vault_ready
from tests.collect.importing import brought, csv_bytes
from tests.customers.story import says
from zhike.customers.models import Customer, CustomerCard, Merge, SourceRecord
from zhike.customers.normalizing import external_key_of
from zhike.kit import jobs

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


@pytest.mark.parametrize(("size", "theme"), one_of(("wide", "light"), ("small", "dark")))
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


ORDERS = """
kind: orders
zone: Asia/Shanghai
currency: CNY
row_per: order
order: {id: order, ordered_at: at, total: total}
buyer: {keys: [{platform_handle: buyer}], fields: {platform_handle: buyer}}
"""


def order_arrives(source: str, number: str, buyer: str) -> None:
    """One order of a shop comes in by a file."""
    rows = [[number, "2026-03-02 10:00:00", "88.00", buyer]]
    content = csv_bytes(["order", "at", "total", "buyer"], rows)
    assert brought(content, mapping=ORDERS, source=source, name=f"{number}.csv").state == "done"


def test_orders_that_came_after_a_reviewed_merge_go_to_the_file_each_belongs_to(visit, shoot, keeper, two_pairs):
    page = visit("/clean/duplicates/", by=keeper)
    page.locator("tr[data-row]").filter(has_text="晓明").locator("a").first.click()
    page.wait_for_url("**/clean/duplicates/*/")
    page.keyboard.press("m")
    page.wait_for_url("**?last=*")
    (merge,) = Merge.objects.all()
    for source, number, buyer in (
        ("taobao", "TB-1", "tb_wang"),
        ("shopify", "SP-1", "sp_wang"),
        ("shopify", "SP-2", "sp_wang"),
    ):
        order_arrives(source, number, buyer)
    file = Customer.objects.get(pk=merge.survivor_id)
    assert CustomerCard.objects.get(pk=file.pk).order_count == 3
    page.goto(page.url.split("/clean/")[0] + f"/customers/{file.public_id}/")
    for number in ("TB-1", "SP-1", "SP-2"):
        expect(page.locator("main")).to_contain_text(number)
    shoot(page, "duplicate-merged-with-orders", whole=True)
    page.get_by_role("link", name="来源记录与合并").click()
    page.get_by_role("link", name="拆分", exact=True).click()
    expect(page.locator("main")).to_contain_text("新订单")
    shoot(page, "duplicate-take-apart", whole=True)
    assert violations(page) == []
    page.locator("main").get_by_role("button", name="拆分", exact=True).click()
    expect(page.locator(".toast, [role=status]").first).to_contain_text("已拆分")
    jobs.run_pending()  # what was decided of the pair is taken back with its merge
    for source, mine, others in (("tb_wang", {"TB-1"}, {"SP-1", "SP-2"}), ("sp_wang", {"SP-1", "SP-2"}, {"TB-1"})):
        owner = SourceRecord.objects.get(external_key=external_key_of("platform_handle", source)).customer_id
        assert CustomerCard.objects.get(pk=owner).order_count == len(mine)
        page.goto(page.url.split("/customers/")[0] + f"/customers/{Customer.objects.get(pk=owner).public_id}/")
        for number in mine:
            expect(page.locator("main")).to_contain_text(number)
        for number in others:
            expect(page.locator("main")).not_to_contain_text(number)
    # The pair waits again, and the file says so.
    expect(page.locator("main")).to_contain_text("可能与")
    shoot(page, "duplicate-named-on-file", whole=True)
    assert violations(page) == []
