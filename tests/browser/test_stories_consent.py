"""A consent withdrawn on the file, a message therefore not sent, and the page that says why."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.reach.ground import agreed, open_house, person
from zhike.customers.models import Customer
from zhike.kit import jobs
from zhike.reach.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_consent_withdrawn_on_the_file_stops_the_message_and_the_page_says_why(visit, shoot, agent):
    house = open_house()
    who = agreed(person("wang@example.com"), house)
    file = f"/customers/{Customer.objects.get(pk=who).public_id}/"
    page = visit(file, by=agent, checked=True)
    expect(page.locator("#consents")).to_contain_text("邮件营销")
    page.get_by_role("link", name="发邮件").click()
    page.locator("select[name=template]").select_option(label="新茶")
    page.get_by_role("button", name="选用").click()
    page.locator("[name=fact_tea]").fill("龙井")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".lead")).to_contain_text("等待发送")
    message = page.url
    page.goto(f"{message.split('/reach/')[0]}{file}")
    page.locator("#consents a.mini").click()
    page.locator("[data-open=withdraw-marketing_mail]").click()
    sheet = page.locator("#withdraw-marketing_mail")
    sheet.locator("[name=evidence]").fill("电话里说不想再收到")
    sheet.get_by_role("button", name="记下撤回").click()
    expect(page.locator("#purpose-marketing_mail")).to_contain_text("已撤回，不再为此目的做任何事")
    jobs.run_pending()
    page.goto(message)
    expect(page.locator(".lead")).to_contain_text("未发送")
    expect(page.locator(".check.is-no")).to_contain_text("客户已撤回对这一目的的同意")
    assert violations(page) == []
    shoot(page, "story-consent-not-sent")
    assert Message.objects.get().attempts.count() == 0
    page.get_by_role("link", name="查看同意记录").click()
    expect(page.locator(".table")).to_contain_text("已撤回")
