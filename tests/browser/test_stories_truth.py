"""Truth checks on the screen: drawn, called, noted; the collector's share and signs."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import taobao
from tests.browser.axe import in_turn, violations
from zhike.clean.actions.quality import measure_today
from zhike.clean.models import TruthCheck
from zhike.customers import actions as customers
from zhike.kit import clock, jobs
from zhike.secure import queries as secure

pytestmark = pytest.mark.django_db(transaction=True)
_LOOKS = (("small", "dark", "zh"), ("wide", "light", "en"), ("wide", "dark", "zh"))


@pytest.fixture(autouse=True)
def _shop(keeper: Any, owner: Any) -> None:
    taobao.open_shop(buyers=3)
    by, at = secure.viewer_of(keeper), clock.now() - dt.timedelta(hours=20)
    for n in range(12):
        phone = f"13{n}1402738{n}" if n < 9 else f"139506174{n - 9}{n - 5}"
        given = {
            "name": f"{'王李赵'[n % 3]}{'一二三四五六七八九十甲乙'[n]}",
            "phone": phone,
            "city": "广州市",
            "occupation": "teacher",
        }
        with clock.freeze(at + dt.timedelta(minutes=2 * n)):
            customers.add_customer("person", given, by=by)
    jobs.run_pending()


def test_a_drawn_record_is_called_and_its_collector_is_told_by_share(
    visit: Any, stroll: Any, shoot: Any, owner: Any
) -> None:
    page = visit("/clean/truth/", by=owner)
    expect(page.get_by_text("还没有抽取过")).to_be_visible()
    page.click(".head-actions form button")
    jobs.run_pending()
    page.goto(page.url)
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    first = TruthCheck.objects.filter(by_chance=True).order_by("id")[0]
    page = visit(f"/clean/truth/{first.public_id}/", by=owner)
    assert violations(page) == []
    page.check("input[name=differs][value=city]")
    page.check("input[name=outcome][value=differs]")
    page.click(".form-acts .btn-primary")
    page.wait_for_url("**/work/**")
    first.refresh_from_db()
    assert (first.outcome, first.differing) == ("differs", ["city"])
    measure_today()
    for size, theme, language in _LOOKS:
        for name, address in (
            ("overview", "/clean/truth/"),
            ("collector", f"/clean/truth/of/{first.collector_staff_id}/"),
            ("check", f"/clean/truth/{TruthCheck.objects.filter(outcome='')[0].public_id}/"),
            ("quality", "/clean/quality/"),
        ):
            if not in_turn(name, (size, theme, language), _LOOKS):
                continue
            page = stroll(address, by=owner, size=size, theme=theme, language=language)
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            shoot(page, f"truth-{name}-{size}-{theme}-{language}", whole=True)
