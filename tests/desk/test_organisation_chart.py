"""The chart of an enterprise and the market its goods go to: its group, who decides in each company, and the departments as somebody wrote them down."""

import datetime as dt

import pytest
from django.test import Client

from tests.cast import hire
from tests.desk.ground import lay_ground, public_id
from zhike.customers import actions, queries
from zhike.customers.actions import Flow, FlowRefused, Link
from zhike.customers.models import MarketFlow
from zhike.desk.outline import outline
from zhike.secure import policy, subjects
from zhike.secure import queries as secure
from zhike.secure.models import FieldRule, Role
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"]), pytest.mark.both_databases]


@pytest.fixture
def group() -> dict[str, int]:
    """A holding, two companies below it, one of them with a branch; a decider and a principal."""
    lay_ground()
    made = {
        name: actions.add_customer("organisation", {"name": name}, by=BY) for name in ("总部", "东厂", "西厂", "门市")
    }
    for lower, upper in (("东厂", "总部"), ("西厂", "总部"), ("门市", "东厂")):
        actions.link_customers(made[lower], made[upper], Link(kind="parent"), by=BY)
    for name, company, link in (
        ("王敏", "东厂", Link(kind="contact", roles=("decider",), influence=5, position="采购总监")),
        ("李强", "东厂", Link(kind="principal", roles=("legal_representative",))),
    ):
        made[name] = actions.add_customer("person", {"name": name}, by=BY)
        actions.link_customers(made[name], made[company], link, by=BY)
    return made


def test_the_chart_begins_at_the_top_of_the_group_and_names_who_decides(group: dict[str, int]) -> None:
    top = queries.organisation_chart(BY, group["门市"])
    assert top is not None and top.name == "总部"
    east, west = top.below
    assert (east.name, west.name) == ("东厂", "西厂")
    assert [p.name for p in east.people] == ["李强", "王敏"]
    assert [(one.name, one.is_own) for one in east.below] == [("门市", True)]


def test_merged_companies_stand_in_the_chart_once(group: dict[str, int]) -> None:
    actions.merge_customers(absorbed_id=group["西厂"], survivor_id=group["东厂"], why="by_hand", by=BY)
    top = queries.organisation_chart(BY, group["东厂"])
    assert top is not None
    assert [one.public_id for one in top.below] == [public_id(group["东厂"])]
    assert [one.name for one in top.below[0].below] == ["门市"]


def test_what_is_out_of_scope_is_not_in_the_chart_nor_what_stands_below_it(group: dict[str, int]) -> None:
    manager = hire("account_manager")
    actions.set_owner([group["东厂"], group["王敏"]], manager.pk, by=BY)
    top = queries.organisation_chart(secure.viewer_of(manager), group["东厂"])
    assert top is not None
    assert (top.name, top.below, [p.name for p in top.people]) == ("东厂", (), ["王敏"])


def test_the_page_draws_companies_people_and_departments(as_owner: Client, group: dict[str, int]) -> None:
    structure = "总经理\n- 采购部：王敏、小周\n-- 仓库\n- 财务部"
    actions.edit_fields(group["东厂"], {"organisation_structure": structure}, by=BY)
    body = as_owner.get(f"/customers/{public_id(group['东厂'])}/organization/").content.decode()
    assert body.count('class="org-box is-own"') == 1
    for words in ("总部", "门市", "采购总监", "采购部", "小周", "仓库", "财务部"):
        assert words in body
    assert as_owner.get(f"/customers/{public_id(group['王敏'])}/organization/").status_code == 404


def test_notes_become_a_tree_by_indents_dashes_and_colons() -> None:
    (top, other) = outline("总经理\n　销售部\n　　华东组\n　财务部: 出纳，会计\n\n监事会")
    assert [one.name for one in top.below] == ["销售部", "财务部"]
    assert [one.name for one in top.below[0].below] == ["华东组"]
    assert [one.name for one in top.below[1].below] == ["出纳", "会计"]
    assert (other.name, other.below) == ("监事会", [])
    assert outline(" \n：\n") == []


DAY = dt.date(2026, 3, 1)


def flow(buyer: str = "华东商超", quantity: str = "30", **more: str) -> Flow:
    return Flow(on=DAY, buyer=buyer, product="礼盒", quantity=quantity, unit="盒", **more)


def test_goods_are_followed_order_by_order_and_shared_out_by_buyer(as_owner: Client, group: dict[str, int]) -> None:
    page = f"/customers/{public_id(group['东厂'])}/organization/"
    given = {
        "buyer": "华东商超",
        "product": "礼盒",
        "quantity": "1,030.50",
        "unit": "盒",
        "channel": "retail",
        "on": "2026-03-01",
    }
    as_owner.post(f"{page}flows/", given)
    as_owner.post(f"{page}flows/", {**given, "buyer": "网店", "quantity": "10"})
    as_owner.post(f"{page}flows/", {**given, "product": "茶歇", "unit": "场", "quantity": "2"})
    records = queries.record_ids_of(group["东厂"])
    shares = queries.market_shares(BY, records)
    assert [(s.product, s.buyer, round(s.share, 3)) for s in shares] == [
        ("礼盒", "华东商超", 0.99),
        ("礼盒", "网店", 0.01),
        ("茶歇", "华东商超", 1.0),
    ]
    body = as_owner.get(page).content.decode()
    assert "1,030.50" in body and "网店" in body
    gone = queries.market_flows(BY, records)[0]
    as_owner.post(f"{page}flows/{gone.id}/remove/")
    assert len(queries.market_flows(BY, records)) == 2
    assert as_owner.post(f"{page}flows/{gone.id}/remove/", follow=True).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (flow(quantity="0"), "quantity"),
        (flow(quantity="viele"), "quantity"),
        (flow(quantity="NaN"), "quantity"),
        (flow(buyer=" "), "empty"),
        (flow(buyer="王敏 13812345678"), "identifier"),
        (flow(buyer="很" * 81), "too_long"),
        (flow(channel="nowhere"), "channel"),
        (Flow(on=dt.date(2026, 5, 1), buyer="a", product="b", quantity="1"), "future"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_reason(group: dict[str, int], wrong: Flow, code: str) -> None:
    with pytest.raises(FlowRefused, match=code):
        actions.note_flow(group["东厂"], wrong, today=dt.date(2026, 4, 1), by=BY)
    with pytest.raises(FlowRefused, match="kind"):
        actions.note_flow(group["王敏"], flow(), today=DAY, by=BY)
    assert not MarketFlow.objects.exists()


def test_merging_and_erasing_take_the_orders_along(group: dict[str, int]) -> None:
    actions.note_flow(group["西厂"], flow(), today=DAY, by=BY)
    merged = actions.merge_customers(absorbed_id=group["西厂"], survivor_id=group["东厂"], why="by_hand", by=BY)
    assert [f.buyer for f in queries.market_flows(BY, queries.record_ids_of(group["东厂"]))] == ["华东商超"]
    actions.unmerge(merged.merge_id, by=BY)
    assert queries.market_flows(BY, queries.record_ids_of(group["东厂"])) == []
    subjects.bury("customer", group["西厂"], "request")
    assert not MarketFlow.objects.exists()


def test_who_may_not_see_where_goods_go_is_told_nothing(group: dict[str, int]) -> None:
    actions.note_flow(group["东厂"], flow(), today=DAY, by=BY)
    role = Role.objects.get(code="agent")
    FieldRule.objects.update_or_create(role=role, field="market_flow", defaults={"see": "hidden"})
    policy.touch()
    agent = secure.viewer_of(hire("agent"))
    records = queries.record_ids_of(group["东厂"])
    assert queries.market_flows(agent, records) == queries.market_shares(agent, records) == []
    with pytest.raises(Forbidden):
        actions.note_flow(group["东厂"], flow(), today=DAY, by=agent)
