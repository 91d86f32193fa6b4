"""Stories of stages: moved by hand, by orders, taken back; each move kept with its reason; the purchase class read off a file."""

import datetime as dt

import pytest

from tests.cast import hire
from zhike.customers import actions
from zhike.customers.actions import Because
from zhike.customers.events import StageChanged
from zhike.customers.models import CustomerCard, StageMove
from zhike.customers.records import OrderFigures
from zhike.kit import clock
from zhike.kit.events import after_commit
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HEARD: list[StageChanged] = []


@after_commit(StageChanged)
def _hear(event: StageChanged) -> None:
    HEARD.append(event)


@pytest.fixture(autouse=True)
def _silence() -> None:
    HEARD.clear()


def person(name: str = "王小明", **more: str) -> int:
    return actions.add_customer("person", {"name": name}, by=LOCAL_OPERATOR, **more)


def stage(customer_id: int) -> str:
    return CustomerCard.objects.get(pk=customer_id).stage


def moves(customer_id: int) -> list[tuple[str, str, str]]:
    standing = StageMove.objects.filter(customer_id=customer_id, undone_at=None).order_by("id")
    return list(standing.values_list("from_stage", "to_stage", "why"))


def ordered(customer_id: int, *days_ago: int) -> None:
    at = [clock.now() - dt.timedelta(days=d) for d in days_ago]
    figures = OrderFigures(customer_id, len(at), 100 * len(at), min(at) if at else None, max(at) if at else None)
    actions.set_order_figures([figures])


def test_a_move_by_hand_keeps_from_where_why_and_the_reason(vault_ready: None) -> None:
    one = person()
    lost = Because(reason="price", note="嫌贵，电话13800000001")
    assert actions.set_stage([one], "target", by=LOCAL_OPERATOR) == [(one, "potential")]
    assert actions.set_stage([one], "target_market", by=LOCAL_OPERATOR, because=lost) == [(one, "target")]
    assert actions.set_stage([one], "target_market", by=LOCAL_OPERATOR) == []
    assert moves(one) == [("potential", "target", "hand"), ("target", "target_market", "hand")]
    kept = StageMove.objects.get(to_stage="target_market")
    assert (kept.reason, kept.note) == ("price", "嫌贵，电话⟦phone:1⟧")
    assert [(e.customer_ids, e.stage, e.reason) for e in HEARD] == [
        ((one,), "target", ""),
        ((one,), "target_market", "price"),
    ]


def test_moves_taken_back_are_as_if_they_had_not_been(vault_ready: None) -> None:
    one, two = person(), person("李雷")
    before = actions.set_stage([one, two], "target", by=LOCAL_OPERATOR)
    actions.set_stage([two], "former", by=LOCAL_OPERATOR)
    assert actions.take_back_moves(before, left="target", by=LOCAL_OPERATOR) == 1
    assert (stage(one), moves(one)) == ("potential", [])
    assert stage(two) == "former"


def test_the_first_order_makes_a_current_customer_without_a_row(vault_ready: None) -> None:
    one = person()
    ordered(one, 3)
    assert (stage(one), moves(one)) == ("current", [])
    assert [(e.stage, e.why, e.is_backfill) for e in HEARD] == [("current", "order", True)]
    ordered(one)
    assert stage(one) == "potential"


def test_without_any_order_left_a_customer_stands_where_people_had_put_them(vault_ready: None) -> None:
    one = person()
    actions.set_stage([one], "target", by=LOCAL_OPERATOR)
    CustomerCard.objects.filter(pk=one).update(order_count=1, stage="current")
    ordered(one)
    assert stage(one) == "target"


def test_an_old_file_that_arrives_later_still_makes_a_customer_of_a_lead(vault_ready: None) -> None:
    one = person()
    actions.set_stage([one], "target", by=LOCAL_OPERATOR)
    ordered(one, 90)
    assert (stage(one), moves(one)[-1]) == ("current", ("target", "current", "order"))


def test_who_stopped_comes_back_with_a_newer_order_only(vault_ready: None) -> None:
    one = person()
    ordered(one, 400)
    actions.set_stage([one], "former", by=LOCAL_OPERATOR)
    ordered(one, 400, 390)
    assert stage(one) == "former"
    StageMove.objects.filter(customer_id=one).update(at=clock.now() - dt.timedelta(days=100))
    ordered(one, 400, 390, 5)
    assert (stage(one), moves(one)[-1]) == ("current", ("former", "current", "order"))


def test_a_file_may_begin_at_a_stage_of_its_own(vault_ready: None) -> None:
    one = person(stage="target_market")
    assert (stage(one), moves(one)) == ("target_market", [("", "target_market", "begun")])


@pytest.mark.parametrize(
    ("intention", "power", "shown"),
    [
        ("strong", "strong", "a"),
        ("strong", "weak", "b"),
        ("strong", "none", "c"),
        ("strong", "", ""),
        ("weak", "strong", ""),
    ],
)
def test_everyone_falls_in_one_purchase_class_or_in_none_while_unknown(
    vault_ready: None, intention: str, power: str, shown: str
) -> None:
    one = person()
    actions.edit_fields(one, {"intention": intention, "purchasing_power": power}, by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get(pk=one).purchase_class == shown


def test_who_may_not_edit_stages_moves_nobody(vault_ready: None) -> None:
    analyst = secure.viewer_of_staff(hire("analyst").pk)
    one = person()
    with pytest.raises(Forbidden):
        actions.set_stage([one], "target", by=analyst)
    with pytest.raises(ValueError, match="no such stage"):
        actions.set_stage([one], "won", by=LOCAL_OPERATOR)


def test_a_contact_may_serve_one_of_the_five_steps_before_a_sale(vault_ready: None) -> None:
    from zhike.customers.actions.contacts import ContactRefused
    from zhike.customers.models import ContactRecord

    one = person()
    said = actions.Contact(at=clock.now(), way="call", outcome="reached", step="follow")
    actions.record_contact(one, said, by=LOCAL_OPERATOR)
    assert ContactRecord.objects.get().step == "follow"
    with pytest.raises(ContactRefused, match="step"):
        actions.record_contact(
            one, actions.Contact(at=clock.now(), way="call", outcome="reached", step="sell"), by=LOCAL_OPERATOR
        )
