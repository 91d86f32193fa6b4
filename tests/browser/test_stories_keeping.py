"""What is due is previewed, nothing happens; typed by name it goes; what is held stays."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.axe import one_of, violations
from zhike.customers import actions as customers
from zhike.customers.models import CustomerCard
from zhike.kit import clock, jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


def test_due_files_are_previewed_then_erased_by_name_and_a_held_one_stays(visit, shoot, officer):
    with clock.freeze(clock.now() - dt.timedelta(days=1000)):
        for name in ("甲", "乙", "丙"):
            customers.add_customer("person", {"name": name}, by=LOCAL_OPERATOR)
    page = visit("/security/keeping/", by=officer)
    assert violations(page) == []
    number = CustomerCard.objects.get(name="丙").number
    page.fill("[name=number]", number)
    page.fill("[name=reason]", "诉讼中")
    page.click("#holds form button")
    expect(page.locator("#holds tbody tr")).to_have_count(1)
    shoot(page, "keeping", whole=True)
    page.click("#never_bought form[action*=preview] button")
    jobs.run_pending()
    expect(page.locator("#name")).to_be_visible(timeout=15_000)
    assert violations(page) == []
    shoot(page, "keeping-preview", whole=True)
    assert CustomerCard.objects.filter(archived_at=None).count() == 3
    page.fill("#name", "从未购买")
    page.click(".form-acts button")
    jobs.run_pending()
    expect(page.locator("#name")).to_have_count(0)
    assert list(CustomerCard.objects.filter(archived_at=None).values_list("name", flat=True)) == ["丙"]


@pytest.mark.parametrize(("size", "theme", "language"), one_of(("wide", "light", "en"), ("small", "dark", "zh")))
def test_the_page_of_keeping_periods_fits_the_screen(visit, shoot, owner, size, theme, language):
    page = visit("/security/keeping/", by=owner, size=size, theme=theme, language=language)
    shoot(page, f"keeping-{size}-{theme}", whole=True)
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
