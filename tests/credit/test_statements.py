"""Statements: entered, corrected, refused, marked the newest, seen by who may, gone with their customer."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.cast import hire
from tests.credit.ground import WAN, amounts, firm, person, stated
from zhike.credit import actions, queries
from zhike.credit.actions import StatementRefused
from zhike.credit.models import FinancialStatement
from zhike.customers import queries as customers
from zhike.customers.models import CustomerCard
from zhike.kit.paging import BadPageKey
from zhike.secure import queries as secure
from zhike.secure import subjects
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def analysis_of(customer: int) -> queries.Analysis:
    found = queries.analysis(BY, customer, customers.record_ids_of(customer))
    assert found is not None
    return found


def test_a_statement_gives_the_ratios_of_both_readings(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    found = analysis_of(customer)
    values = {key: ratio.value for key, ratio in found.ratios.items()}
    assert values["current_ratio"] == 1.8 and values["debt_to_asset"] == 0.55
    assert values["debt_to_net_assets"] == pytest.approx(11 / 9)
    assert values["cash_to_current_assets"] == 0.2 and values["cash_to_current_liabilities"] == 0.36
    assert found.distress.value == pytest.approx(3.3464, abs=0.00005)
    assert AuditEvent.objects.filter(action="statement.added").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amounts": {}}, "nothing_stated"),
        ({"amounts": {"inventory": -1}}, "negative"),
        ({"amounts": {"sales": 10**18}}, "too_large"),
        ({"amounts": {"sails": 1}}, "unknown"),
        ({"ends_on": dt.date(2026, 12, 31)}, "day"),
        ({"ends_on": dt.date(1900, 12, 31)}, "day"),
        ({"period": "week"}, "period"),
        ({"note": "找 13812345678"}, "identifier"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_what_cannot_be_a_statement_is_refused(shop: None, change: dict, code: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        actions.add_statement(firm(), replace(stated(), **change), by=BY)
    assert refused.value.code == code


def test_a_period_stands_once_and_people_have_no_statements(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    with pytest.raises(StatementRefused, match="exists"):
        actions.add_statement(customer, stated(), by=BY)
    actions.add_statement(customer, replace(stated(), is_consolidated=True), by=BY)
    with pytest.raises(StatementRefused, match="person"):
        actions.add_statement(person(), stated(), by=BY)


def test_a_correction_tells_the_audit_which_amounts_and_never_how_much(shop: None) -> None:
    customer = firm()
    made = actions.add_statement(customer, stated(), by=BY)
    assert not actions.change_statement(made, stated(), by=BY)
    assert actions.change_statement(made, stated(cash=20), by=BY)
    event = AuditEvent.objects.get(action="statement.changed")
    assert event.detail == {"changed": ["cash"]}
    found = queries.statement(BY, made)
    assert found is not None and found.amounts["cash"] == 20 * WAN


def test_the_latest_end_is_the_newest_and_of_one_end_the_longer_period(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(2024), by=BY)
    last = actions.add_statement(customer, stated(2025), by=BY)
    actions.add_statement(customer, stated(2023), by=BY)
    actions.add_statement(customer, replace(stated(2025), period="quarter"), by=BY)
    newest = FinancialStatement.objects.filter(is_newest=True)
    assert [row.public_id for row in newest] == [last]
    actions.remove_statement(last, by=BY)
    assert FinancialStatement.objects.get(is_newest=True).period == "quarter"


def test_years_are_compared_with_years_and_a_fall_is_told(shop: None) -> None:
    customer = firm()
    for year, assets in ((2023, 1200), (2024, 1000), (2025, 900)):
        actions.add_statement(customer, stated(year, current_assets=assets), by=BY)
    actions.add_statement(customer, replace(stated(2025), period="quarter", ends_on=dt.date(2025, 9, 30)), by=BY)
    found = analysis_of(customer)
    assert [s.ends_on.year for s, _ in found.series] == [2023, 2024, 2025]
    assert found.trends["current_ratio"].is_falling and not found.trends["debt_to_asset"].is_falling


def test_peers_of_the_same_trade_stand_beside_the_firm(shop: None) -> None:
    own = firm("甲", industry="茶叶")
    actions.add_statement(own, stated(), by=BY)
    assert analysis_of(own).peers["current_ratio"].median is None
    for n in range(5):
        other = firm(f"同行{n}", industry="茶叶")
        actions.add_statement(other, stated(current_assets=500 + 100 * n), by=BY)
    for n in range(6):
        stranger = firm(f"别行{n}", industry="钢铁")
        actions.add_statement(stranger, stated(current_assets=5000, total_assets=6000, net_assets=4900), by=BY)
    found = analysis_of(own)
    assert found.trade == "茶叶" and found.peers["current_ratio"].peers == 5
    assert found.peers["current_ratio"].median == pytest.approx(1.4) and found.peers["current_ratio"].fourth == 1


def test_enterprises_stand_the_worst_first_and_turn_their_pages(shop: None) -> None:
    for n in range(3):
        actions.add_statement(firm(f"好{n}"), stated(), by=BY)
        sunk = stated(current_assets=400, total_assets=1000, net_assets=-100, total_liabilities=1100)
        actions.add_statement(firm(f"坏{n}"), sunk, by=BY)
    seen: list[str] = []
    after = ""
    while True:
        page = queries.enterprises(BY, after=after, limit=4)
        seen += [row.tone for row in page.rows]
        after = page.next_key
        if not after:
            break
    assert seen == ["bad"] * 3 + ["none"] * 3
    assert "net_assets_gone" in queries.enterprises(BY, "bad").rows[0].warning_codes
    assert len(queries.enterprises(BY, "fine").rows) == 3
    with pytest.raises(BadPageKey):
        queries.enterprises(BY, after="forged")


def test_statements_are_seen_by_roles_with_the_class_and_within_their_scope(shop: None) -> None:
    customer = firm()
    made = actions.add_statement(customer, stated(), by=BY)
    manager, agent, operator = (
        secure.viewer_of(hire(code)) for code in ("account_manager", "agent", "operator")
    )  # fmt: skip
    records = customers.record_ids_of(customer)
    assert queries.statement(manager, made) is None
    CustomerCard.objects.update(owner_staff_id=manager.staff_id)
    assert queries.statement(manager, made) is not None
    assert queries.enterprises(manager).rows and list(queries.enterprises_as_rows(manager)) == []
    assert queries.statements_of(agent, records) == () and queries.statements_of(operator, records) == ()
    with pytest.raises(Forbidden):
        actions.add_statement(customer, stated(2024), by=agent)


def test_the_statements_of_an_erased_customer_are_gone(shop: None) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    subjects.bury("customer", customer, "asked")
    assert not FinancialStatement.objects.exists()


def test_amounts_that_follow_are_had_and_amounts_left_out_stay_blank(shop: None) -> None:
    customer = firm()
    few = {"total_assets": amounts()["total_assets"], "net_assets": amounts()["net_assets"]}
    actions.add_statement(customer, replace(stated(), amounts=few), by=BY)
    found = analysis_of(customer)
    assert found.ratios["debt_to_asset"].value == 0.55
    assert found.ratios["current_ratio"].reason == "not_stated"
