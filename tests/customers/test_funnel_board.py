"""Stories of the funnel's board: columns by stage and class in pages, the moves of a merged group, the last contacts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import hire
from tests.conftest import ON_POSTGRESQL
from zhike.customers import actions, queries
from zhike.customers.actions import Because
from zhike.customers.models import Customer, CustomerCard
from zhike.customers.queries import BoardAsked
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def person(name: str = "王小明", **values: str) -> int:
    return actions.add_customer("person", {"name": name, **values}, by=LOCAL_OPERATOR)


def walked(asked: BoardAsked, viewer=LOCAL_OPERATOR, limit: int = 2) -> list[int]:
    seen, after = [], ""
    while True:
        column = queries.board_column(viewer, asked, after=after, limit=limit)
        seen += [row.customer_id for row in column.rows]
        after = column.next_key
        if not after:
            return seen


def ranked(*ranks: int) -> list[int]:
    made = [person(f"客户{n}") for n in range(len(ranks))]
    for customer_id, rank in zip(made, ranks, strict=True):
        CustomerCard.objects.filter(pk=customer_id).update(lead_rank=rank)
    return made


def test_a_column_comes_page_by_page_highest_rank_first(vault_ready: None) -> None:
    made = ranked(5, 0, 90, 5, 0)
    expected = [made[2], made[3], made[0], made[4], made[1]]
    assert walked(BoardAsked(stage="potential")) == expected
    assert queries.board_column(LOCAL_OPERATOR, BoardAsked(stage="potential")).count.number == 5


def test_a_lane_holds_one_owners_customers_and_nobodys_are_a_lane_too(vault_ready: None) -> None:
    made = ranked(1, 2, 3)
    staff = hire("account_manager").pk
    actions.set_owner(made[:2], staff, by=LOCAL_OPERATOR)
    assert walked(BoardAsked(stage="potential", owner_id=staff)) == [made[1], made[0]]
    assert walked(BoardAsked(stage="potential", owner_id=0)) == [made[2]]
    assert walked(BoardAsked(stage="potential"), secure.viewer_of_staff(staff)) == [made[1], made[0]]


def test_columns_by_class_keep_those_without_one_apart(vault_ready: None) -> None:
    sure = person("有钱", intention="strong", purchasing_power="strong")
    unsure = person("不知")
    actions.set_stage([sure, unsure], "target", by=LOCAL_OPERATOR)
    assert walked(BoardAsked(purchase_class="a")) == [sure]
    assert walked(BoardAsked(purchase_class="")) == [unsure]
    assert walked(BoardAsked(purchase_class="b")) == []


def test_the_history_of_a_merged_group_reads_as_one(vault_ready: None) -> None:
    one, two = person("甲"), person("乙")
    actions.set_stage([one], "target", by=LOCAL_OPERATOR)
    lost = Because(reason="price", note="太贵")
    actions.set_stage([two], "target_market", by=LOCAL_OPERATOR, because=lost)
    Customer.objects.filter(pk=two).update(root_id=one, is_root=False, merged_into_id=one)
    steps = queries.stage_steps(LOCAL_OPERATOR, one)
    assert [(s.to_stage, s.reason, s.note) for s in steps] == [("target_market", "price", "太贵"), ("target", "", "")]


def test_the_last_contact_tells_the_furthest_step_and_the_next_one_planned(vault_ready: None) -> None:
    one = person()
    now = clock.now()
    for days, step, next_on in ((9, "understand", None), (2, "talk", dt.date(2027, 1, 5)), (1, "", None)):
        said = actions.Contact(
            at=now - dt.timedelta(days=days), way="call", outcome="reached", step=step, next_step_on=next_on
        )
        actions.record_contact(one, said, by=LOCAL_OPERATOR)
    look = queries.last_contacts(LOCAL_OPERATOR, [one])[one]
    assert (look.step, look.next_step_on) == ("understand", dt.date(2027, 1, 5))
    assert (now - look.at).days == 1


def test_since_when_a_customer_stands_somewhere_is_the_newest_move(vault_ready: None) -> None:
    one, two = person(), person("李雷")
    actions.set_stage([one], "target", by=LOCAL_OPERATOR)
    shown = queries.board_column(LOCAL_OPERATOR, BoardAsked(stage="target")).rows
    fresh = queries.board_column(LOCAL_OPERATOR, BoardAsked(stage="potential")).rows
    since = queries.stage_since(LOCAL_OPERATOR, [*shown, *fresh])
    assert since[two] == CustomerCard.objects.get(pk=two).created_at
    assert since[one] > CustomerCard.objects.get(pk=one).created_at


def test_the_merchants_own_reasons_stand_beside_the_shipped_ones(vault_ready: None) -> None:
    code = actions.add_loss_reason("运费太高", by=LOCAL_OPERATOR)
    actions.archive_loss_reason("price", is_archived=True, by=LOCAL_OPERATOR)
    offered = [r.code for r in queries.loss_reasons(archived=False)]
    assert code in offered
    assert "price" not in offered
    assert queries.loss_reason_names()[code] == "运费太高"
    with pytest.raises(actions.ReasonRefused, match="taken"):
        actions.add_loss_reason("运费太高", by=LOCAL_OPERATOR)


def test_who_may_not_see_stages_sees_no_board(vault_ready: None) -> None:
    from zhike.secure import policy
    from zhike.secure.models import FieldRule, Role

    person()
    agent = hire("agent")
    FieldRule.objects.create(role=Role.objects.get(code="agent"), field="stage", see="hidden")
    policy.touch()
    viewer = secure.viewer_of_staff(agent.pk)
    assert walked(BoardAsked(stage="potential"), viewer) == []


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite says by name which index it walks")
@pytest.mark.parametrize("asked", [BoardAsked(stage="potential"), BoardAsked(purchase_class="a")])
def test_a_column_of_the_board_walks_the_index_of_its_rank(vault_ready: None, asked: BoardAsked) -> None:
    made = ranked(*range(12))
    CustomerCard.objects.filter(pk__in=made).update(purchase_class="a")
    first = queries.board_column(LOCAL_OPERATOR, asked, limit=5)
    for after in ("", first.next_key):
        plans = _plans(lambda key=after: queries.board_column(LOCAL_OPERATOR, asked, after=key, limit=5))
        walked_on = [plan for sql, plan in plans if "ORDER BY" in sql]
        assert walked_on
        assert all("USING INDEX card_by_" in plan and "TEMP B-TREE" not in plan for plan in walked_on), walked_on


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite says by name which index it walks")
def test_a_lane_of_the_board_looks_through_no_table(vault_ready: None) -> None:
    ranked(*range(12))
    plans = _plans(lambda: queries.board_column(LOCAL_OPERATOR, BoardAsked(stage="potential", owner_id=7), limit=5))
    assert plans
    assert all("SCAN customers_customercard " not in f"{plan} " or "INDEX" in plan for _, plan in plans), plans


def _plans(action) -> list[tuple[str, str]]:
    """(statement on cards, what SQLite says it will do)."""
    with CaptureQueriesContext(connection) as seen:
        action()
    told = []
    with connection.cursor() as cursor:
        for query in seen:
            if "customers_customercard" in query["sql"] and query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                told.append((query["sql"], " ".join(str(part) for row in cursor.fetchall() for part in row)))
    return told
