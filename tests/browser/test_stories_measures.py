"""Composition, value classes and products in a browser: figures opened to their customers, charts drawn, axe content."""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from tests.browser import taobao
from tests.browser.axe import in_turn, violations
from tests.browser.conftest import SIZES, turn
from zhike.analyze import actions as analyze
from zhike.analyze import queries as analyses
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import RfmParameters
from zhike.customers.models import CustomerCard
from zhike.kit import changes, jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(owner: Any) -> list[str]:
    """The pages of a shop of twenty buyers, analyzed."""
    taobao.open_shop(buyers=20)
    with transaction.atomic():
        for place, card in enumerate(CustomerCard.objects.order_by("customer_id")):
            card.province = ("广东省", "浙江省", "黑龙江省", "")[place % 4]
            card.change_seq = changes.next_seq()
            card.save(update_fields=["province", "change_seq"])
    analyze.request_run(RfmParameters(only=("rfm", "lists")), by=LOCAL_OPERATOR)
    for kind in ("value", "composition", "products"):
        analyze.request_measure(kind, MeasureParameters(), by=LOCAL_OPERATOR)
    jobs.run_pending()
    run = analyses.latest_run("composition")
    assert run is not None
    people = f"/insight/composition/{run.public_id}/people/?who=active"
    kinds = ("composition", "value", "products")
    return [*(f"/insight/{kind}/" for kind in kinds), people, *(f"/insight/measures/{kind}/new/" for kind in kinds)]


_LOOKS = (("wide", "light", "zh"), ("small", "dark", "en"))
_MAP_LOOKS = (("wide", "dark", "zh"), ("small", "light", "en"))


def test_the_pages_please_axe_fit_the_screen_and_draw_their_charts(stroll, shoot, owner, pages):
    wrong = []
    for (size, theme, language), (place, address) in product(_LOOKS, enumerate(pages)):
        if not in_turn(str(place), (size, theme, language), _LOOKS):
            continue
        page: Page = stroll(address, by=owner, size=size, theme=theme, language=language, checked=True)
        turn(page, size, theme)
        name = address.strip("/").split("?")[0].replace("/", "-")
        charts = page.locator("[data-chart]")
        for chart in range(charts.count()):
            charts.nth(chart).scroll_into_view_if_needed()
            page.wait_for_function("n => document.querySelectorAll('[data-chart][data-drawn]').length > n", arg=chart)
        # As high as the page: what the bar at the foot of a small screen covers half is a matter of scrolling.
        height = page.evaluate("document.documentElement.scrollHeight") + 120
        page.set_viewport_size({"width": SIZES[size][0], "height": height})
        shoot(page, f"{name[:40]}-{size}-{theme}")
        wrong += [f"{address}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address}: wider than the screen")
    assert wrong == [], "\n".join(wrong)


def test_a_line_of_the_bridge_opens_its_customers_and_a_class_opens_the_register(visit, owner, pages):
    page: Page = visit("/insight/composition/", by=owner, language="en")
    line = page.locator("#bridge tbody tr[data-row]").first
    count = line.locator("td").first.inner_text().lstrip("+−")
    line.locator("a").first.click()
    page.wait_for_url(lambda url: "/people/" in url)
    assert page.locator("tbody tr[data-row]").count() == int(count)
    page.goto(page.url.split("/insight/")[0] + "/insight/value/")
    row = page.locator("tbody tr[data-row]").first
    count = row.locator("td .num").first.inner_text()
    row.locator("a").first.click()
    page.wait_for_url(lambda url: "?abc=a" in url)
    assert page.locator("tbody tr[data-row]").count() == int(count)


def test_a_manager_reads_the_overview_and_opens_the_customers_behind_its_figures(visit, shoot, owner, pages):
    page: Page = visit("/", by=owner, language="en")
    page.locator(".rail").get_by_role("link", name="Insight", exact=True).click()
    page.wait_for_url("**/insight/")
    base = page.url
    shoot(page, "overview", whole=True)
    bought = page.locator(".stat").filter(has_text="Bought in the period").locator("a")
    count = bought.inner_text()
    bought.click()
    page.wait_for_url(lambda url: "who=active" in url)
    assert page.locator("tbody tr[data-row]").count() == int(count)
    page.goto(base)
    square = page.locator("a.tile").first
    said = square.get_attribute("title") or ""
    square.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "by=province" in url)
    assert said.split(": ")[1].startswith(f"{page.locator('tbody tr[data-row]').count()} customer")
    page.goto(base)
    page.locator("#rfm").get_by_role("link", name="Open RFM").click()
    page.wait_for_url("**/insight/rfm/")


def test_the_map_pleases_axe_and_stands_in_the_composition_too(stroll, shoot, owner, pages):
    wrong = []
    addresses = ("/insight/", "/insight/?shade=money", "/insight/composition/?by=province")
    for (size, theme, language), address in product(_MAP_LOOKS, addresses):
        if not in_turn(address, (size, theme, language), _MAP_LOOKS):
            continue
        page: Page = stroll(address, by=owner, size=size, theme=theme, language=language, checked=True)
        turn(page, size, theme)
        page.locator(".tile-grid").scroll_into_view_if_needed()
        height = page.evaluate("document.documentElement.scrollHeight") + 120
        page.set_viewport_size({"width": SIZES[size][0], "height": height})
        wrong += [f"{address}: {violation}" for violation in violations(page)]
        if page.locator(".tile-grid .tile").count() != 34:
            wrong.append(f"{address}: not every province")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
