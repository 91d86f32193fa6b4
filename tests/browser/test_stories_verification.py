"""Two sources disagree about a phone: the task says what to ask, the clerk asks, and the file shows what was found."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.browser.axe import one_of, violations
from tests.cast import hire
from tests.desk import ground
from tests.desk.ground import Person
from zhike.clean.actions import verification as do
from zhike.customers.events import SourceRecorded
from zhike.customers.models import Customer
from zhike.kit import events, jobs
from zhike.secure import queries as secure

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
MAIL = "wang@example.com"


@pytest.fixture
def address():
    """王小明, of whom two sources state different phones; others whose phones a rule wants asked."""
    ground.lay_ground()
    taobao = ground.source("taobao")
    ground.record(taobao, Person("a", {"name": "王小明", "phone": "13800001234", "email": MAIL, "city": "杭州"}))
    ground.record(
        taobao, *(Person(f"p{n}", {"name": f"李小{n}", "phone": f"1390000{n:04}"}) for n in range(3)), run_id=3
    )
    later = AT + dt.timedelta(days=9)
    (root,) = ground.record(
        ground.source("jd"), Person("b", {"name": "王小明", "phone": "13900005678", "email": MAIL}, later), run_id=2
    )
    do.set_rule(do.Rule(who="old", field="phone", older_days=1), by=secure.viewer_of(hire("owner")))
    do.draw()
    events.publish(SourceRecorded(run_id=2))
    jobs.run_pending()
    return f"/customers/{Customer.objects.get(pk=root).public_id}/"


def test_a_contradiction_is_resolved_from_the_task_to_the_file(visit, shoot, address):
    keeper = hire("keeper")
    page = visit("/work/?tab=queue&kind=contradiction", by=keeper)
    row = page.locator("tr", has_text="来源说法不一")
    expect(row).to_contain_text("请问清客户哪个在用")
    shoot(page, "tasks-wide-light")
    row.get_by_role("link", name="去办理").click()
    expect(page.locator(".verify-ask")).to_contain_text("请问客户哪个在用")
    shoot(page, "verify-wide-light")
    first = page.locator(".verify-value", has_text="1234")
    first.get_by_label("正确").check()
    page.locator(".verify-value", has_text="5678").get_by_label("有误").check()
    page.get_by_role("button", name="保存并核实下一项").click()
    expect(page.locator(".toast, .toasts")).to_contain_text("已记入档案")
    page.goto(page.url.split("/clean/")[0] + address)
    phone = page.locator("#field-phone")
    expect(phone).to_contain_text("1234")
    expect(phone.locator(".checked.tone-good")).to_contain_text("联系确认")
    shoot(page, "file-verified-wide-light")
    phone.locator(".origin-ask").click()
    expect(page.locator("#drawer-body")).to_contain_text("已核实有误")
    expect(page.locator("#drawer-body")).to_contain_text("核实记录")
    shoot(page, "why-verified-wide-light")


def test_a_task_of_verification_is_done_and_the_next_one_comes(visit, address):
    page = visit("/clean/verification/next/", by=hire("keeper"))
    asked = page.url
    page.locator(".verify-value").first.get_by_label("正确").check()
    page.get_by_role("button", name="保存").first.click()
    page.wait_for_url(lambda url: url != asked)
    expect(page.locator(".verify-ask")).to_be_visible()


def test_a_task_is_noted_in_the_drawer_and_walked_by_keyboard(visit, address):
    page = visit("/work/?tab=queue", by=hire("keeper"))
    page.keyboard.press("j")
    expect(page.locator("tr.is-here")).to_have_count(1)
    page.keyboard.press("x")
    page.get_by_role("button", name="认领").click()
    page.goto(page.url.split("?")[0])
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="详情").click()
    expect(page.locator("#drawer-body .work-card")).to_be_visible()


@pytest.mark.parametrize(("size", "theme", "language"), one_of(("wide", "dark", "en"), ("small", "light", "zh")))
def test_the_pages_of_tasks_and_verification_please_axe_and_fit(visit, shoot, address, size, theme, language):
    customer, wrong = address.split("/")[2], []
    pages = {
        "tasks": "/work/?tab=all",
        "verification": "/clean/verification/",
        "verify": f"/clean/verification/{customer}/phone/",
        "accuracy": "/clean/verification/accuracy/",
        "file": address,
    }
    owner = hire("owner")
    first = secure.viewer_of(owner)
    from zhike.customers.actions import verify_value
    from zhike.customers.queries import checked_values

    root = Customer.objects.get(public_id=customer).id
    values, _ = checked_values(first, root, "phone")
    verify_value(root, "phone", {values[1].version_id: False}, way="call", by=first)
    for name, path in pages.items():
        page = visit(path, by=owner, size=size, theme=theme, language=language, checked=True)
        shoot(page, f"v-{name}-{size}-{theme}-{language}")
        wrong += [f"{name}: {v}" for v in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name}: wider than the screen")
        page.context.close()
    assert wrong == [], "\n".join(wrong)
