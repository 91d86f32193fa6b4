"""All files of somebody who left: handed over with a checklist, taken back; a deputy named on a file."""

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import one_of, violations
from zhike.customers import actions as customers
from zhike.customers.models import Customer, CustomerCard
from zhike.kit import jobs
from zhike.secure.models import Staff
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


def test_files_of_somebody_who_left_are_handed_over_and_taken_back(visit, shoot, owner, agent, supervisor):
    taobao.open_shop(buyers=12)
    ids = list(CustomerCard.objects.values_list("customer_id", flat=True))
    customers.set_owner(ids, agent.pk, by=LOCAL_OPERATOR)
    Staff.objects.filter(pk=agent.pk).update(is_active=False)
    page = visit("/customers/in-charge/", by=owner)
    assert violations(page) == []
    shoot(page, "in-charge", whole=True)
    page.click("a[href*='hand-over']")
    page.select_option("#to", str(supervisor.pk))
    page.check("[value=tasks]")
    shoot(page, "hand-over", whole=True)
    page.click(".form-acts .btn-primary")
    jobs.run_pending()
    page.wait_for_url("**/customers/bulk/*/")
    expect(page.locator("form[action*=undo] button")).to_be_visible(timeout=15_000)
    assert set(CustomerCard.objects.values_list("owner_staff_id", flat=True)) == {supervisor.pk}
    page.click("form[action*=undo] button")
    jobs.run_pending()
    assert set(CustomerCard.objects.values_list("owner_staff_id", flat=True)) == {agent.pk}
    page.goto(page.url.split("/customers/")[0] + f"/customers/{Customer.objects.get(id=ids[0]).public_id}/")
    page.locator("#charge select[name=deputy]").select_option(str(supervisor.pk))
    page.locator("#charge form button").first.click()
    expect(page.locator("#charge select[name=deputy]")).to_have_value(str(supervisor.pk))
    page.locator("#charge summary").click()
    shoot(page, "file-in-charge", whole=True)
    page.locator("#charge a[href*=access]").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert violations(page) == []
    shoot(page, "who-looked", whole=True)


@pytest.mark.parametrize(("size", "theme", "language"), one_of(("small", "dark", "zh"), ("wide", "light", "en")))
def test_the_page_of_who_is_in_charge_fits_the_screen(visit, shoot, owner, size, theme, language):
    taobao.open_shop(buyers=3)
    for name, address in (("in-charge", "/customers/in-charge/"), ("all-looks", "/security/access/")):
        page = visit(address, by=owner, size=size, theme=theme, language=language)
        shoot(page, f"{name}-{size}-{theme}", whole=True)
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
