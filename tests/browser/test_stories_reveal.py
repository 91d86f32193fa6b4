"""Seeing a masked value: who may, why, for how long, how often; and what a change of the field policy does at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import taobao
from tests.browser.axe import violations
from tests.browser.pseudo import pseudo_language, untranslated
from zhike.customers.models import CustomerCard
from zhike.secure.models import AuditEvent, Role

pytestmark = pytest.mark.django_db(transaction=True)
BUYER = 2
HANDLE, NAME = taobao.handle_of(BUYER), taobao.name_of(BUYER)


@pytest.fixture
def file() -> str:
    """The address of a buyer's file in a small shop."""
    from zhike.customers.models import Customer

    taobao.open_shop(buyers=4)
    card = CustomerCard.objects.get(name=NAME)
    return f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/"


def ask(page: Page, *, purpose: str = "after_sale") -> None:
    """Press the eye beside the platform handle, say what it is for, and ask to see it."""
    page.locator("#field-platform_handle .reveal").click()
    page.locator(f"#drawer-body [name=purpose][value={purpose}]").check()
    page.fill("#drawer-body [name=reason]", "客户要求改送货时间")
    page.get_by_role("button", name="显示 30 秒").click()


def test_a_value_is_seen_for_thirty_seconds_with_a_reason_and_the_audit_knows(visit, agent, file):
    page = visit(file, by=agent)
    assert HANDLE not in page.content()
    page.clock.install()
    with page.expect_response(lambda r: "/reveal/" in r.url and r.request.method == "POST") as seen:
        ask(page)
    assert "no-store" in seen.value.headers["cache-control"]
    expect(page.locator("[data-revealed] .num")).to_have_text(HANDLE)
    event = AuditEvent.objects.get(action="reveal")
    assert (event.actor_id, event.field, event.purpose, event.outcome) == (
        agent.pk,
        "platform_handle",
        "after_sale",
        "ok",
    )
    assert HANDLE not in str(event.detail)
    page.clock.run_for(29_000)
    assert HANDLE in page.content()
    page.clock.run_for(2_000)
    expect(page.locator("[data-revealed]")).to_have_count(0)
    assert HANDLE not in page.content()


def test_a_reveal_what_it_shows_and_the_edit_of_a_value_please_axe(visit, agent, file):
    page = visit(file, by=agent, checked=True)
    page.locator("#field-platform_handle .reveal").click()
    expect(page.locator("#drawer-body [name=reason]")).to_be_visible()
    assert violations(page) == []
    page.goto(page.url)
    ask(page)
    expect(page.locator("[data-revealed]")).to_be_visible()
    assert violations(page) == []
    page.goto(page.url)
    page.locator("#field-name button[hx-get*=edit]").click()
    expect(page.locator("#field-name form")).to_be_visible()
    assert violations(page) == []


def test_a_value_goes_with_the_drawer(visit, agent, file):
    page = visit(file, by=agent)
    ask(page)
    expect(page.locator("[data-revealed]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-revealed]")).to_have_count(0)
    assert HANDLE not in page.content()


def test_who_may_not_see_it_reads_what_to_do_and_no_value(visit, operator, file):
    page = visit(file, by=operator)
    page.locator("details:has(#field-platform_handle):not([open]) > summary").click()  # folded in an operator's view
    expect(page.locator("#field-platform_handle .num")).to_be_visible()
    expect(page.locator("#field-platform_handle .reveal")).to_have_count(0)
    page.goto(page.url + "reveal/platform_handle/")
    expect(page.locator("body")).to_contain_text("请联系字段权限的负责同事")
    assert HANDLE not in page.content()
    assert not AuditEvent.objects.filter(action="reveal", outcome="ok").exists()


def test_whoever_has_seen_enough_in_an_hour_is_told_when_the_next_is_free(visit, agent, file):
    Role.objects.filter(code="agent").update(reveals_per_hour=1)
    first, second = visit(file, by=agent), visit(file, by=agent)
    second.locator("#field-platform_handle .reveal").click()
    second.locator("#drawer-body [value=after_sale]").check()
    ask(first)
    expect(first.locator("[data-revealed]")).to_be_visible()
    second.get_by_role("button", name="显示 30 秒").click()
    expect(second.locator("#drawer-body")).to_contain_text("达到上限")
    assert re.search(r"下一次可在 \d\d:\d\d 查看", second.locator("#drawer-body").inner_text())
    assert HANDLE not in second.content()


def test_a_changed_policy_holds_on_the_next_page(visit, owner, agent, file):
    register = visit("/customers/", by=agent)
    expect(register.get_by_role("link", name=NAME).first).to_be_visible()
    policy = visit("/security/policy/agent/", by=owner)
    policy.select_option("[name='name.see']", "masked")
    policy.locator("form[action$='/fields/'] button[type=submit]").click()
    policy.wait_for_load_state()
    register.reload()
    assert NAME not in register.content()
    assert "*" in register.locator("a.main-cell").first.inner_text()
    register.goto(register.url.replace("/customers/", file))
    assert NAME not in register.content()


def test_the_forms_of_a_reveal_are_translated(visit, agent, file):
    with pseudo_language():
        page = visit(f"{file}reveal/platform_handle/", by=agent, language="en")
        number = CustomerCard.objects.get(name=NAME).number
        assert untranslated(page, content=(number,)) == []
