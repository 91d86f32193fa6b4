"""Lists of things to do: offered once, put off, judged wrong, done, and left in peace."""

import datetime as dt

import pytest

from zhike.kit import clock
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Viewer
from zhike.work import actions, queries
from zhike.work.records import TaskOffer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

TODAY = dt.datetime(2026, 5, 4, 1, 0, tzinfo=dt.UTC)
LAST_ORDER = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def offer(about, rank=1, fact_at=LAST_ORDER, owner=None):
    return TaskOffer(about, rank, "gap_exceeded", {"days": 40}, owner_staff_id=owner, fact_at=fact_at)


def seven(scope):
    """Somebody who sees lists, with a colleague in the team."""
    return Viewer(7, "x", permissions=frozenset({"worklist.view"}), scope=scope, team_staff_ids=frozenset({8}))


def offer_on(day, *offers, limit=None):
    with clock.freeze(TODAY + dt.timedelta(days=day)):
        return actions.offer_tasks("gone_quiet", offers, run_id=1, limit=limit)


def close_on(day, about, outcome, note=""):
    with clock.freeze(TODAY + dt.timedelta(days=day)):
        return actions.close_task(open_ids()[about], outcome, note, by=LOCAL_OPERATOR)


def open_ids():
    return {t.about_id: t.id for t in queries.open_tasks(LOCAL_OPERATOR, "gone_quiet").tasks}


def test_offering_the_same_list_twice_changes_nothing():
    assert offer_on(0, offer(1), offer(2, 2)).new == 2
    before = open_ids()
    again = offer_on(0, offer(1), offer(2, 2))
    assert (again.new, again.kept, again.expired) == (0, 2, 0)
    assert open_ids() == before


def test_what_is_no_longer_offered_expires():
    offer_on(0, offer(1), offer(2, 2))
    assert offer_on(1, offer(2)).expired == 1
    assert set(open_ids()) == {2}


def test_put_off_means_two_weeks_of_peace_even_after_a_new_order():
    offer_on(0, offer(1))
    assert close_on(0, 1, "not_now").snooze_until == dt.date(2026, 5, 18)
    assert offer_on(13, offer(1)).held_back == 1
    assert offer_on(13, offer(1, fact_at=LAST_ORDER + dt.timedelta(days=30))).held_back == 1
    assert offer_on(14, offer(1)).new == 1


def test_judged_wrong_means_never_again_unless_something_new_happened():
    offer_on(0, offer(1))
    close_on(0, 1, "wrong")
    assert offer_on(400, offer(1)).held_back == 1
    assert offer_on(400, offer(1, fact_at=LAST_ORDER + dt.timedelta(days=1))).new == 1


def test_done_means_a_month_of_peace_or_until_something_new_happened():
    offer_on(0, offer(1), offer(2))
    close_on(0, 1, "done", "called, will come back")
    close_on(0, 2, "done")
    assert offer_on(29, offer(1)).held_back == 1
    assert offer_on(29, offer(2, fact_at=LAST_ORDER + dt.timedelta(days=20))).new == 1
    assert offer_on(31, offer(1)).new == 1


def test_a_limit_counts_after_those_held_back():
    offer_on(0, offer(1), offer(2, 2))
    close_on(0, 1, "wrong")
    tally = offer_on(1, offer(1), offer(2, 2), offer(3, 3), offer(4, 4), limit=2)
    assert (tally.held_back, tally.new, tally.kept, tally.beyond) == (1, 1, 1, 1)
    assert set(open_ids()) == {2, 3}


def test_a_task_closes_once_with_a_known_outcome_and_by_right():
    offer_on(0, offer(1))
    task_id = open_ids()[1]
    with pytest.raises(actions.TaskRefused, match="unknown_outcome"):
        actions.close_task(task_id, "later", by=LOCAL_OPERATOR)
    with pytest.raises(Forbidden):
        actions.close_task(task_id, "done", by=Viewer(7, "somebody"))
    closed = actions.close_task(task_id, "done", " spoke to them ", by=LOCAL_OPERATOR)
    assert (closed.state, closed.note, closed.about_id) == ("done", "spoke to them", 1)
    with pytest.raises(actions.TaskRefused, match="closed_already"):
        actions.close_task(task_id, "wrong", by=LOCAL_OPERATOR)
    with pytest.raises(actions.TaskRefused, match="unknown_task"):
        actions.close_task(10**9, "wrong", by=LOCAL_OPERATOR)


def test_a_viewer_sees_the_tasks_of_their_scope():
    offer_on(0, offer(1, owner=7), offer(2, owner=8), offer(3))
    seen = {
        scope: {t.about_id for t in queries.open_tasks(seven(scope), "gone_quiet").tasks}
        for scope in ("own", "team", "all")
    }
    assert seen == {"own": {1}, "team": {1, 2}, "all": {1, 2, 3}}
    assert queries.open_counts(seven("own")) == {"gone_quiet": 1}
    assert queries.open_counts(Viewer(7, "x", scope="all")) == {}, "without the right of the list nothing is there"


def test_pages_of_tasks_join_without_gap_or_repeat_in_both_directions():
    offer_on(0, *(offer(n, rank=n // 3) for n in range(1, 26)))
    order = [t.id for t in queries.open_tasks(LOCAL_OPERATOR, "gone_quiet", limit=100).tasks]
    walked, page = [], queries.open_tasks(LOCAL_OPERATOR, "gone_quiet", limit=7)
    while True:
        walked += [t.id for t in page.tasks]
        if not page.next_key:
            break
        last, page = page, queries.open_tasks(LOCAL_OPERATOR, "gone_quiet", after=page.next_key, limit=7)
    assert walked == order
    back = queries.open_tasks(LOCAL_OPERATOR, "gone_quiet", before=page.previous_key, limit=7)
    assert [t.id for t in back.tasks] == [t.id for t in last.tasks]
