"""Supervision on the screen: a look is drawn, asked about, answered and judged."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from zhike.customers import actions as customers
from zhike.kit import jobs
from zhike.protect.models import DisclosureReview
from zhike.secure import queries as secure
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_look_is_drawn_asked_about_answered_and_judged(visit: Any, shoot: Any, owner: Any, agent: Any) -> None:
    file_id = customers.add_customer("person", {"name": "赵一", "phone": "13812345678"}, by=LOCAL_OPERATOR)
    customers.reveal_field(file_id, "phone", purpose="delivery", by=secure.viewer_of(agent))
    page = visit("/security/supervision/", by=owner)
    expect(page.get_by_text("还没有抽取过")).to_be_visible()
    page.click(".head-actions form button")
    jobs.run_pending()
    page.goto(page.url)
    page.get_by_role("link", name=agent.display_name).last.click()
    page.fill("input[name=question]", "为什么查看这个电话？")
    page.get_by_role("button", name="询问").click()
    expect(page.get_by_text("尚未答复")).to_be_visible()
    review = DisclosureReview.objects.get()
    theirs = visit("/work/", by=agent)
    theirs.locator("tbody tr", has_text="说明查看原因").get_by_role("link", name=agent.display_name).first.click()
    theirs.fill("textarea[name=answer]", "快递联系不上，给客户打电话。")
    assert violations(theirs) == []
    shoot(theirs, "supervision-answer")
    theirs.get_by_role("button", name="提交答复").click()
    theirs.wait_for_url("**/work/**")
    for size, theme, language in (("small", "dark", "zh"), ("small", "light", "en"), ("wide", "light", "en")):
        for name, address in (("overview", ""), ("review", f"{review.public_id}/")):
            seen = visit(f"/security/supervision/{address}", by=owner, size=size, theme=theme, language=language)
            assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert seen.locator(".table-wrap").evaluate_all(
                "all => all.every(one => one.scrollWidth <= one.clientWidth)"
            )
            shoot(seen, f"supervision-{name}-{size}-{theme}-{language}", whole=True)
    page.goto(page.url)
    expect(page.get_by_text("快递联系不上，给客户打电话。")).to_be_visible()
    page.check("input[name=outcome][value=founded]")
    assert violations(page) == []
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".list-table").get_by_text("合规").last).to_be_visible()
    review.refresh_from_db()
    assert (review.outcome, review.by_staff_id) == ("founded", owner.pk)
