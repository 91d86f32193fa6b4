"""Stories of contracts: agreed, judged clause by clause, disputed, about to end."""

import datetime as dt

import pytest
from django.test import Client

from tests.cast import hire
from tests.desk import ground
from zhike.customers import actions as customers
from zhike.customers.models import CustomerCard
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions, queries
from zhike.shop.actions import ContractRefused, Terms
from zhike.shop.models import Contract
from zhike.work.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
YEAR = Terms(
    title="年度供货合同",
    number="HT-2026-01",
    starts_on=dt.date(2026, 1, 1),
    ends_on=dt.date(2026, 12, 31),
    volume_cents=10_000_000,
    payment_terms="月结 30 天",
)


@pytest.fixture
def firm(db: None) -> int:
    ground.lay_ground()
    return customers.add_customer("organisation", {"name": "好客贸易"}, by=LOCAL_OPERATOR)


@pytest.fixture
def contract(firm: int) -> str:
    return actions.add_contract(firm, YEAR, by=LOCAL_OPERATOR)


def test_a_contract_holds_prices_clauses_and_disputes(contract: str) -> None:
    actions.add_price(contract, "雪平锅", "12.345", by=LOCAL_OPERATOR, sku="SKU-1", from_quantity=100)
    clause = actions.add_clause(
        contract, "每月 5 日前交货", by=LOCAL_OPERATOR, whose="ours", due_on=dt.date(2026, 2, 5)
    )
    actions.judge_clause(contract, clause, "late", "迟两天", by=LOCAL_OPERATOR)
    dispute = actions.open_dispute(contract, "少发一箱", by=LOCAL_OPERATOR, clause_id=clause, amount_cents=90_000)
    found = queries.contract(LOCAL_OPERATOR, contract)
    assert found is not None
    assert (
        found.prices[0]["unit_price"] == "12.345" and found.row.clauses == {"late": 1} and found.row.open_disputes == 1
    )
    actions.close_dispute(contract, dispute, "settled", "补发", by=LOCAL_OPERATOR)
    found = queries.contract(LOCAL_OPERATOR, contract)
    assert found is not None and found.row.open_disputes == 0 and found.disputes[0]["outcome"] == "补发"
    assert AuditEvent.objects.filter(action__startswith="contract.").count() == 6


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(title=" ", starts_on=dt.date(2026, 1, 1)), "title"),
        (Terms(title="a", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2025, 1, 1)), "dates"),
        (Terms(title="a", starts_on=dt.date(2026, 1, 1), state="dreamt"), "state"),
        (Terms(title="找 13812345678", starts_on=dt.date(2026, 1, 1)), "identifier"),
        (Terms(title="a", starts_on=dt.date(2026, 1, 1), volume_cents=-1), "price"),
    ],
)
def test_terms_that_make_no_sense_are_refused(firm: int, terms: Terms, code: str) -> None:
    with pytest.raises(ContractRefused) as refused:
        actions.add_contract(firm, terms, by=LOCAL_OPERATOR)
    assert refused.value.code == code


def test_contracts_stand_by_the_day_they_end_and_turn_their_pages(firm: int) -> None:
    with clock.freeze(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)):
        for n in range(7):
            ends = dt.date(2026, 12, 31 - n // 2) if n < 6 else None
            actions.add_contract(
                firm, Terms(title=f"{n}", starts_on=dt.date(2026, 1, 1), ends_on=ends), by=LOCAL_OPERATOR
            )
        seen: list[str] = []
        after = ""
        while True:
            page = queries.contracts(LOCAL_OPERATOR, "active", after=after, limit=2)
            seen += [row.title for row in page.rows]
            after = page.next_key
            if not after:
                break
        assert seen == ["4", "5", "2", "3", "0", "1", "6"]
        assert len(queries.contracts(LOCAL_OPERATOR, "soon").rows) == 6
        assert queries.contracts(LOCAL_OPERATOR, "over").rows == ()


def test_an_end_that_comes_near_becomes_a_task_of_whoever_is_in_charge(firm: int) -> None:
    agent = hire("agent")
    terms = Terms(title="a", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31), owner_staff_id=agent.pk)
    made = actions.add_contract(firm, terms, by=LOCAL_OPERATOR)
    with clock.freeze(dt.datetime(2026, 11, 1, tzinfo=dt.UTC)):
        assert actions.remind_of_ends() == 0
    with clock.freeze(dt.datetime(2026, 12, 5, tzinfo=dt.UTC)):
        assert actions.remind_of_ends() == 1
        assert actions.remind_of_ends() == 1
        task = Task.objects.get(state="open")
        assert (task.owner_staff_id, task.about_id, task.why_params) == (agent.pk, firm, {"days": 26, "contract": made})
        Contract.objects.update(state="ended")
        assert actions.remind_of_ends() == 0
    assert not Task.objects.filter(state="open").exists()


def test_a_contract_of_a_file_out_of_scope_does_not_exist(firm: int, contract: str) -> None:
    manager = secure.viewer_of(hire("account_manager"))
    assert queries.contract(manager, contract) is None
    with pytest.raises(ContractRefused, match="unknown"):
        actions.add_clause(contract, "x", by=manager)
    CustomerCard.objects.update(owner_staff_id=manager.staff_id)
    assert queries.contract(manager, contract) is not None


def test_the_pages_make_and_keep_a_contract(as_owner: Client, firm: int) -> None:
    address = f"/shop/contracts/new/{ground.public_id(firm)}/"
    assert as_owner.get(address).status_code == 200
    typed = {
        "title": "供货",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "state": "active",
        "notice_days": "30",
    }
    assert as_owner.post(address, {**typed, "volume": "x"}).status_code == 200
    made = as_owner.post(address, {**typed, "volume": "1,000.00"})
    assert made.status_code == 302
    page = made.url
    assert (
        as_owner.post(f"{page}clause/", {"text": "按月交货", "whose": "ours", "due_on": "2026-02-05"}).status_code
        == 302
    )
    assert as_owner.post(f"{page}price/", {"title": "锅", "unit_price": "9.90"}).status_code == 302
    assert as_owner.post(f"{page}dance/", {}).status_code == 404
    body = as_owner.get(page).content.decode()
    assert "按月交货" in body and "¥9.90" in body and "1,000" in body
    assert "9.90 CNY" not in body
    assert "供货" in as_owner.get("/shop/contracts/?view=active").content.decode()
    file = as_owner.get(f"/customers/{ground.public_id(firm)}/").content.decode()
    assert "供货" in file
    assert "供货" in as_owner.get(f"/customers/{ground.public_id(firm)}/timeline/?kind=contract").content.decode()


def test_contracts_go_with_an_erased_customer(firm: int, contract: str) -> None:
    from zhike.secure import subjects

    subjects.bury("customer", firm, "asked")
    assert not Contract.objects.exists()
