"""What was agreed with a customer is a task of whoever agreed it, until they speak again."""

import datetime as dt

import pytest

from tests.cast import hire
from zhike.customers import actions
from zhike.customers.actions import Contact
from zhike.kit import clock
from zhike.kit.installation import set_up
from zhike.secure import queries as secure
from zhike.secure.records import LOCAL_OPERATOR, Viewer
from zhike.work.models import Task

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOON = dt.datetime(2026, 5, 4, 4, 0, tzinfo=dt.UTC)


def said(customer: int, by: Viewer, **more: object) -> None:
    given = {"at": clock.now(), "way": "call", "outcome": "reached", **more}
    actions.record_contact(customer, Contact(**given), by=by)  # type: ignore[arg-type]


def told() -> list[tuple[int | None, dt.date | None, str]]:
    found = Task.objects.filter(kind="next_step").order_by("id")
    return [(t.owner_staff_id, t.due_on, t.state) for t in found]


def test_a_next_step_is_the_task_of_whoever_agreed_it_and_is_done_at_the_next_talk() -> None:
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    mine, colleague = secure.viewer_of(hire("agent")), secure.viewer_of(hire("supervisor"))
    friday = dt.date(2026, 5, 8)
    with clock.freeze(NOON):
        one = actions.add_customer("person", {"name": "王小明"}, by=LOCAL_OPERATOR)
        said(one, mine, next_step_on=friday)
        said(one, mine, next_step_on=dt.date(2026, 5, 1))  # a day gone asks nothing
        said(one, LOCAL_OPERATOR, next_step_on=friday)  # nobody of the staff
        assert told() == [(mine.staff_id, friday, "open")]
    with clock.freeze(NOON + dt.timedelta(days=1)):
        said(one, mine)
        assert told()[0][2] == "open", "an earlier talk does not keep the promise of Friday"
    with clock.freeze(NOON + dt.timedelta(days=4)):
        said(one, colleague)
        assert told()[0][2] == "open", "nor does a colleague's"
        said(one, mine, next_step_on=dt.date(2026, 5, 20))
        assert told() == [(mine.staff_id, friday, "done"), (mine.staff_id, dt.date(2026, 5, 20), "open")]


def test_a_next_step_agreed_before_a_merge_is_kept_on_the_merged_file() -> None:
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    mine = secure.viewer_of(hire("agent"))
    one, other = (actions.add_customer("person", {"name": n}, by=LOCAL_OPERATOR) for n in ("王小明", "王晓明"))
    today = clock.today("Asia/Shanghai")
    said(one, mine, next_step_on=today)
    actions.merge_customers(absorbed_id=one, survivor_id=other, why="by_hand", by=LOCAL_OPERATOR)
    said(other, mine)
    assert told() == [(mine.staff_id, today, "done")]
