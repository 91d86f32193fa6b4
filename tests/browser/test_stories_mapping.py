"""Files of one's own, in a real browser: columns guessed and corrected, a report of sources, a move reconciled and signed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser import taobao
from tests.browser.axe import in_turn, no_axe_violations
from tests.cast import hire
from tests.collect.importing import brought, csv_bytes, planned
from tests.collect.test_guessing import ORDERS, ROWS
from tests.collect.test_other_kinds import CASES, POT, PRODUCTS, RETURN, cases, catalogue
from zhike.collect import actions
from zhike.collect.models import ImportRun
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture(autouse=True)
def _house() -> None:
    taobao.open_house()


def test_a_file_nobody_knows_is_mapped_checked_and_brought_in(visit: Any, shoot: Any, tmp_path: Path) -> None:
    file = tmp_path / "my-orders.csv"
    file.write_bytes(csv_bytes(ORDERS, ROWS))
    page = visit("/collect/imports/new/", by=hire("owner"), language="en")
    page.set_input_files("input[name=file]", str(file))
    page.get_by_role("button", name="Take in").click()
    page.wait_for_selector("select[name=template]")
    assert page.input_value("select[name=template]") == "guess"
    page.fill("input[name=name]", "My small shop")
    page.select_option("select[name=legal_basis]", "contract")
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_selector("select[name=c0]")
    assert page.input_value("select[name=c0]") == "order.id"
    shoot(page, "mapping-wide-light-en", whole=True)
    page.select_option("select[name=c2]", "buyer.name")
    page.select_option("select[name='w-order.status-0']", "shipped")
    page.fill("input[name=name]", "small shop orders")
    page.get_by_role("button", name="Check the file").click()
    jobs.run_pending()
    page.wait_for_selector("text=Import now")
    page.get_by_role("button", name="Import now").click()
    jobs.run_pending()
    page.wait_for_selector("text=The file is in")
    assert ImportRun.objects.get().state == ImportRun.DONE


@pytest.fixture
def moved() -> dict[str, str]:
    """A shop with a catalogue, cases, a migration under way and a file waiting for its mapping."""
    brought(csv_bytes(["order", "at", "buyer", "email", "sku", "quantity", "price"], [["O1", "2021-03-01", "c1", "a@b.cn", "A1", "1", "59.90"]]),
            mapping="kind: orders\nrow_per: line\norder: {id: order, ordered_at: at}\nbuyer: {keys: [{platform_id: buyer}], fields: {email: email}}\nlines: {sku: sku, quantity: quantity, unit_price: price}\n")  # fmt: skip
    brought(catalogue(POT), kind="products", mapping=PRODUCTS)
    brought(cases(RETURN), kind="cases", mapping=CASES)
    project = actions.open_project("从管家婆搬家", former_system="管家婆", extracted="5 月 1 日全部导出", by=BY)
    run = planned(catalogue(POT), kind="products", mapping=PRODUCTS)
    actions.put_into_project(run.id, project, by=BY)
    actions.start_import(run.id, by=BY)
    actions.expect_figures(project, {"products": 1, "orders": 3, "total_cents": 12_345}, by=BY)
    actions.save_mapping("商品资料", PRODUCTS, by=BY)
    jobs.run_pending()
    waiting = planned(csv_bytes(ORDERS, ROWS), mapping="kind: orders\nrow_per: order\norder: {id: 单号, ordered_at: 下单日期}\ndates: mdy\n")  # fmt: skip
    return {
        "mapping": f"/collect/imports/{waiting.public_id}/mapping/", "mappings": "/collect/mappings/", "report": "/collect/report/",
        "migrations": "/collect/migrations/", "migration": f"/collect/migrations/{project}/", "products": "/shop/products/",
        "cases": "/shop/cases/", "upload": "/collect/imports/new/",
    }  # fmt: skip


_LOOKS = (("wide", "light", "zh"), ("small", "light", "zh"), ("wide", "dark", "en"))


@pytest.mark.parametrize(("size", "theme", "language"), _LOOKS)
def test_the_pages_of_collecting_stand_in_both_sizes_themes_and_languages(
    stroll: Any, shoot: Callable[..., None], moved: dict[str, str], size: str, theme: str, language: str
) -> None:
    owner = hire("owner")
    for name, address in moved.items():
        if not in_turn(name, (size, theme, language), _LOOKS):
            continue
        page = stroll(address, by=owner, size=size, theme=theme, language=language, checked=True)
        shoot(page, f"{name}-{size}-{theme}-{language}", whole=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        no_axe_violations(page)
