"""Enterprise figures and credit: a file is looked at and recorded, one proposes and another decides, every page pleases."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import in_turn, violations
from tests.desk import ground
from zhike.credit import actions, queries
from zhike.credit.models import CreditReport, FinancialStatement
from zhike.credit.records import InvoiceStated, ReportDraft, Stated
from zhike.customers import actions as customers
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = pytest.mark.django_db(transaction=True)
WAN = 1_000_000
AMOUNTS = {
    "current_assets": 400, "inventory": 120, "cash": 20, "total_assets": 1000, "current_liabilities": 500,
    "total_liabilities": 1100, "net_assets": -100, "net_profit": -30,
}  # fmt: skip


@pytest.fixture
def firm() -> int:
    ground.lay_ground()
    one = customers.add_customer("organisation", {"name": "广州好客贸易有限公司"}, by=BY)
    year = clock.now().year - 1
    for back in range(3):
        amounts = {name: (value - 3 * back) * WAN for name, value in AMOUNTS.items() if name != "total_assets"}
        amounts["total_assets"] = amounts["total_liabilities"] + amounts["net_assets"]
        actions.add_statement(one, Stated(ends_on=dt.date(year - back, 12, 31), amounts=amounts), by=BY)
    return one


def report_of(customer: int, by: Any) -> str:
    judged = dict.fromkeys(("character", "capacity", "capital", "condition"), (7.0, "看过报表"))
    draft = ReportDraft(
        leading="5c", scores={"5c": judged, "5p": {"people": (6.0, "")}}, sections={"opinion": "可以小额赊账。"},
        sources=[("客户提供的报表", "2026-01-05", "近三年")], limit_cents=30 * WAN, terms_days=30,
        valid_until=clock.now().date() + dt.timedelta(days=200),
    )  # fmt: skip
    made = actions.draft_report(customer, draft, by=by)
    actions.submit_report(made, by=by)
    return made


def test_a_file_of_statements_is_looked_at_and_then_recorded(visit: Any, owner: Any, firm: int) -> None:
    page = visit("/insight/enterprises/import/", by=owner)
    content = f"客户,报表日期,单位,流动资产,流动负债\n广州好客贸易有限公司,{clock.now().year - 5},万元,9,5\n无此客户,2020,,1,1\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "报表.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_text("没有这个编号或名称的企业客户")).to_be_visible()
    assert FinancialStatement.objects.count() == 3
    page.get_by_role("button", name="记录这些报表").click()
    expect(page.get_by_role("heading", name="已记录")).to_be_visible()
    assert FinancialStatement.objects.count() == 4


def test_one_proposes_and_another_decides_on_the_page(visit: Any, owner: Any, keeper: Any, firm: int) -> None:
    made = report_of(firm, secure.viewer_of(keeper))
    page = visit(f"/insight/credit/{made}/", by=owner)
    page.locator("input[name=limit]").fill("200000")
    page.locator("input[name=note]").first.fill("先小额试行")
    page.get_by_role("button", name="批准").click()
    expect(page.get_by_text("已批准：额度与账期开始生效。")).to_be_visible()
    report = CreditReport.objects.get()
    assert (report.state, report.limit_cents, report.decided_by_staff_id) == ("approved", 20 * WAN, owner.pk)


_LOOKS = (("wide", "light", "zh"), ("small", "dark", "en"))


@pytest.mark.parametrize(("size", "theme", "language"), _LOOKS)
def test_the_pages_of_figures_and_credit_please_axe_and_fit_the_screen(
    stroll: Any, shoot: Any, owner: Any, keeper: Any, firm: int, size: str, theme: str, language: str
) -> None:
    made = report_of(firm, secure.viewer_of(keeper))
    human = customers.add_customer("person", {"name": "王小明"}, by=BY)
    day = clock.now().date()
    for n in range(4):
        due = day - dt.timedelta(days=40 * n + 5)
        paid = {"paid_cents": 5 * WAN, "paid_on": due} if n else {}
        actions.note_invoice(firm, InvoiceStated(number=f"FP{n}", due_on=due, amount_cents=5 * WAN, **paid), by=BY)
    statement = queries.statements_of(BY, [FinancialStatement.objects.all()[0].source_record_id])[0]
    file = f"/customers/{ground.public_id(firm)}"
    pages = {
        "enterprises": "/insight/enterprises/", "import": "/insight/enterprises/import/", "finance": f"{file}/finance/",
        "statement": f"{file}/finance/{statement.public_id}/edit/", "credit": f"{file}/credit/?order=100",
        "person": f"/customers/{ground.public_id(human)}/credit/", "report": f"/insight/credit/{made}/",
        "new": f"{file}/credit/new/", "reports": "/insight/credit/?view=waiting", "rules": "/insight/credit/rules/",
        "file": f"{file}/",
    }  # fmt: skip
    wrong = []
    for name, address in pages.items():
        if not in_turn(name, (size, theme, language), _LOOKS):
            continue
        page: Page = stroll(address, by=owner, size=size, theme=theme, language=language, checked=True)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = !d.classList.contains('menu') })")
        shoot(page, f"credit-{name}-{size}-{theme}", whole=True)
        wrong += [f"{name}: {v}" for v in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
