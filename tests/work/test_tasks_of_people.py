"""One home for the work of people: opened once, taken, given, put off, closed, given back when somebody leaves."""

import datetime as dt
import json

import pytest
from django.utils import translation

from tests.api.program import program
from tests.cast import hire, signed_in
from zhike.kit import clock, jobs
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent, Staff
from zhike.secure.permissions import Forbidden
from zhike.work import actions, kinds, queries
from zhike.work.models import Task
from zhike.work.records import TaskFilter

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOON = dt.datetime(2026, 5, 4, 4, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _kind():
    """A kind of task with its own outcomes, in a queue of its own."""
    before = dict(kinds._kinds), dict(kinds._queues)
    kinds.register_queue("shelf", "货架", permission="work.view")
    kinds.register(
        "dusty", "积灰", icon="archive", queue="shelf", why={"dust": "已 %(days)s 天没人碰。"},
        outcomes=(kinds.Outcome("wiped", "擦过了"), kinds.Outcome("gone", "没有了", "wrong")),
    )  # fmt: skip
    yield
    kinds._kinds.clear(), kinds._queues.clear()
    kinds._kinds.update(before[0]), kinds._queues.update(before[1])


def opened(about=1, *, part="", **given):
    task = actions.open_task(
        "dusty", about_kind="shelf", about_id=about, about_part=part, why_code="dust", why_params={"days": 9}, **given
    )
    assert task is not None
    return task


def viewer(role):
    return secure.viewer_of(hire(role))


def listed(by, **asked):
    return [t.about_id for t in queries.tasks(by, TaskFilter(**asked)).tasks]


def test_a_task_opens_once_per_thing_and_part():
    first = opened()
    assert opened().id == first.id
    assert opened(part="phone").id != first.id
    assert (first.queue, first.state, Task.objects.count()) == ("shelf", "open", 2)


def test_a_task_judged_wrong_opens_again_only_for_a_newer_fact():
    task = opened(fact_at=NOON)
    actions.finish_task(task.public_id, "gone", by=viewer("agent"))
    same = {"about_kind": "shelf", "about_id": 1, "why_code": "dust"}
    assert actions.open_task("dusty", fact_at=NOON, **same) is None
    assert actions.open_task("dusty", fact_at=NOON + dt.timedelta(days=1), **same) is not None


def test_tasks_stand_by_urgency_then_due_day_and_page_without_gap():
    due = clock.now().date()
    opened(1, due_on=due + dt.timedelta(days=3))
    opened(2, due_on=due + dt.timedelta(days=1))
    opened(3)
    opened(4, priority=1)
    boss = viewer("owner")
    assert listed(boss, tab="all") == [4, 2, 1, 3]
    walked, after = [], ""
    while True:
        page = queries.tasks(boss, TaskFilter("all"), after=after, limit=1)
        walked += [t.about_id for t in page.tasks]
        after = page.next_key
        if not after:
            break
    assert walked == [4, 2, 1, 3]
    assert listed(boss, tab="all", due="week") == [2, 1] and listed(boss, tab="all", due="none") == [4, 3]


def test_a_task_is_taken_from_the_queue_and_handed_back():
    task, lin = opened(), viewer("agent")
    assert (listed(lin), listed(lin, tab="queue")) == ([], [1])
    actions.take_task(task.public_id, by=lin)
    assert (listed(lin), listed(lin, tab="queue"), queries.my_count(lin)) == ([1], [], 1)
    actions.assign_tasks([task.public_id], None, by=lin)
    assert listed(lin, tab="queue") == [1]
    assert AuditEvent.objects.filter(action="work.given").count() == 2


def newcomer():
    """Somebody on the staff who has no role yet: every role as shipped may see tasks."""
    return Staff.objects.create_user("new@zhike.example", display_name="新人")


def test_only_who_may_give_tasks_gives_them_to_others():
    task, lin, boss = opened(), viewer("agent"), viewer("supervisor")
    other = hire("operator").pk
    with pytest.raises(Forbidden):
        actions.assign_tasks([task.public_id], other, by=lin)
    assert actions.assign_tasks([task.public_id], other, by=boss) == 1
    with pytest.raises(Forbidden):
        actions.take_task(task.public_id, by=lin)
    with pytest.raises(actions.TaskRefused, match="nobody_there"):
        actions.assign_tasks([task.public_id], newcomer().pk, by=boss)


def test_what_is_put_off_is_out_of_sight_until_its_day():
    task, lin = opened(), viewer("agent")
    today = clock.now().date()
    with pytest.raises(actions.TaskRefused, match="past"):
        actions.postpone_tasks([task.public_id], today, by=lin)
    actions.postpone_tasks([task.public_id], today + dt.timedelta(days=3), by=lin)
    assert (listed(lin, tab="queue"), listed(lin, tab="queue", state="put_off")) == ([], [1])
    with clock.freeze(clock.now() + dt.timedelta(days=4)):
        assert listed(lin, tab="queue") == [1]


def test_a_task_closes_with_an_outcome_of_its_kind_and_keeps_no_phone_in_the_note():
    task, lin = opened(), viewer("agent")
    with pytest.raises(actions.TaskRefused, match="unknown_outcome"):
        actions.finish_task(task.public_id, "done", by=lin)
    closed = actions.finish_task(task.public_id, "wiped", "打 13800000001 问过", by=lin)
    assert (closed.state, closed.outcome, closed.closed_by_staff_id) == ("done", "wiped", lin.staff_id)
    assert "13800000001" not in closed.note and "问过" in closed.note
    with pytest.raises(actions.TaskRefused, match="closed_already"):
        actions.finish_task(task.public_id, "wiped", by=lin)


def test_what_was_settled_elsewhere_closes_without_asking():
    opened(), opened(part="phone"), opened(2)
    by = viewer("agent")
    assert actions.settle_tasks("dusty", "shelf", [1], about_part="phone", by=by) == 1
    assert actions.settle_tasks("dusty", "shelf", [1, 2], by=by) == 2


def test_who_leaves_leaves_their_tasks_to_the_queue():
    from zhike.secure.staffing import disable

    task, staff = opened(), hire("agent")
    actions.take_task(task.public_id, by=secure.viewer_of(staff))
    disable(staff.pk, by=viewer("owner"))
    jobs.run_pending()
    assert listed(viewer("keeper"), tab="queue") == [1]
    assert AuditEvent.objects.get(action="work.returned").detail == {"tasks": 1}
    assert opened(7, owner_staff_id=staff.pk).owner_staff_id is None, "nothing new goes to who left"


def test_a_kind_and_a_queue_are_seen_by_who_may_alone():
    kinds.register_queue("vault", "库房", permission="staff.manage")
    kinds.register("secretive", "机密", icon="key", queue="vault", why={}, see="work.view")
    actions.open_task("secretive", about_kind="shelf", about_id=8, why_code="x")
    kinds.register("listed", "名单", icon="key", why={}, see="worklist.view")
    actions.open_task("listed", about_kind="shelf", about_id=9, why_code="x")
    assert listed(viewer("keeper"), tab="queue") == []
    assert sorted(listed(viewer("owner"), tab="queue")) == [8, 9]


def test_the_first_of_each_kind_come_in_one_question(django_assert_num_queries):
    for about in range(1, 10):
        opened(about, rank=about)
    boss = viewer("owner")
    with django_assert_num_queries(1):
        ((kind, many, first),) = queries.first_of_each(boss, limit=3)
    assert (kind, many, [t.about_id for t in first]) == ("dusty", 9, [1, 2, 3])


# -- the page


def test_the_page_says_what_to_do_and_closes_it():
    task, keeper = opened(due_on=dt.date(2026, 1, 1)), hire("keeper")
    browser = signed_in(keeper)
    assert "没有待办" in browser.get("/work/").content.decode()
    body = browser.get("/work/?tab=queue").content.decode()
    assert "积灰" in body and "已 9 天没人碰。" in body and "已逾期" in body
    browser.post("/work/many/", {"act": "take", "selected": [task.public_id], "back": "tab=queue"})
    assert "积灰" in browser.get("/work/").content.decode()
    card = browser.get(f"/work/{task.public_id}/", headers={"HX-Request": "true"}).content.decode()
    assert "擦过了" in card and "<html" not in card
    gone = browser.post(f"/work/{task.public_id}/close/", {"outcome": "wiped", "note": "好了", "back": "state=closed"})
    assert gone.headers["Location"] == "/work/?state=closed"
    assert "擦过了" in browser.get("/work/?tab=all&state=closed").content.decode()


def test_a_task_out_of_sight_answers_as_one_that_does_not_exist():
    task = opened()
    stranger = signed_in(hire("account_manager"))
    for address in (f"/work/{task.public_id}/", "/work/nosuchtask/"):
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}give/", {"act": "take"}).status_code == 404
    assert signed_in(newcomer()).get("/work/").status_code == 403


def test_the_list_stands_behind_everybodys_right_and_survives_a_bad_place():
    opened()
    browser = signed_in(hire("agent"))
    assert "tab=all" not in browser.get("/work/").content.decode()
    assert browser.get("/work/?tab=all").context["asked"].tab == "mine"
    assert browser.get("/work/?tab=queue&after=forged").headers["Location"] == "/work/?tab=queue"
    assert browser.get("/work/?tab=queue&owner=99999999999999999999&due=x&kind=" + "y" * 99).status_code == 200


def test_an_impossible_day_puts_nothing_off():
    task, browser = opened(), signed_in(hire("agent"))
    for until in ("", "2026-13-40", "0001-01-01", "9999-12-31"):
        browser.post(f"/work/{task.public_id}/put-off/", {"until": until})
    assert Task.objects.get().snooze_until is None


# -- programs


def test_a_program_reads_tasks_and_closes_one():
    task = opened()
    caller = program("keeper")
    told = json.loads(caller.get("tasks?tab=queue").content)
    assert [(t["task"], t["kind"], t["facts"]) for t in told["items"]] == [(task.public_id, "dusty", {"days": 9})]
    assert json.loads(caller.get(f"tasks/{task.public_id}").content)["state"] == "open"
    assert caller("PATCH", f"tasks/{task.public_id}", {"owner": "me"}).status_code == 200
    assert caller("PATCH", f"tasks/{task.public_id}", {"owner": "me", "outcome": "wiped"}).status_code == 422
    assert caller("PATCH", f"tasks/{task.public_id}", {"outcome": "nonsense"}).status_code == 422
    done = json.loads(caller("PATCH", f"tasks/{task.public_id}", {"outcome": "wiped"}).content)
    assert done == {"task": task.public_id, "state": "done"}
    assert caller("PATCH", f"tasks/{task.public_id}", {"outcome": "wiped"}).status_code == 409
    assert caller.get("tasks?after=forged").status_code == 422
    assert caller.get("tasks/nosuchtask").status_code == 404


def test_the_words_of_a_task_follow_the_language():
    kinds.register("plain", "平", icon="archive", why={})
    task = opened()
    with translation.override("en"):
        assert queries.shown(viewer("owner"), [task])[0].queue == "货架"
    assert kinds.kind("nobody_registered_me").outcomes == kinds.PLAIN


def test_the_operator_lists_tasks_on_the_command_line():
    from click.testing import CliRunner

    from zhike.cli import zhike

    task = opened(due_on=dt.date(2026, 1, 1))
    told = json.loads(CliRunner().invoke(zhike, ["tasks", "list", "--due", "overdue", "--json"]).output)
    assert [(t["task"], t["kind"], t["due_on"]) for t in told["tasks"]] == [(task.public_id, "dusty", "2026-01-01")]
    assert json.loads(CliRunner().invoke(zhike, ["tasks", "list", "--state", "closed", "--json"]).output)["tasks"] == []


def test_a_task_is_made_by_hand_for_oneself_a_queue_or_a_colleague_by_right():
    agent, keeper = viewer("agent"), viewer("keeper")
    own = actions.make_task("  周五 回电 13812345678 谈报价 ", by=agent, due_on=clock.today("Asia/Shanghai"))
    assert own.owner_staff_id == agent.staff_id and "13812345678" not in own.words and own.words.startswith("周五 回电")
    again = actions.make_task("周五 回电", by=agent)
    assert again.id != own.id, "what people make may stand twice"
    waiting = actions.make_task("把旧卷上架", by=agent, queue="shelf")
    assert (waiting.owner_staff_id, waiting.queue) == (None, "shelf")
    with pytest.raises(Forbidden):
        actions.make_task("替我看看", by=agent, owner_staff_id=keeper.staff_id)
    given = actions.make_task("替我看看", by=keeper, owner_staff_id=agent.staff_id, priority=1)
    assert queries.tasks(agent, TaskFilter()).tasks[0].id == given.id, "the urgent one stands first"
    assert [s.why for s in queries.shown(agent, [given])] == ["替我看看"]
    assert AuditEvent.objects.filter(action="work.made").count() == 4
    assert actions.finish_task(own.public_id, "done", by=agent).words == own.words, "the words outlive the note"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"words": "  "}, "no_words"),
        ({"words": "长" * 401}, "words_too_long"),
        ({"due_on": dt.date(2020, 1, 1)}, "day_gone"),
        ({"queue": "nowhere"}, "unknown_queue"),
        ({"owner_staff_id": 999_999}, "nobody_there"),
        ({"about": ("customer", 999_999)}, "unknown_about"),
    ],
)
def test_a_task_by_hand_that_cannot_be_is_refused_in_words(given, code):
    with pytest.raises(actions.TaskRefused) as refusal:
        actions.make_task(**{"words": "看看", "by": viewer("keeper"), **given})
    assert refusal.value.code == code
    assert not Task.objects.exists()


def test_the_form_of_a_task_knows_the_customer_by_number_and_tells_what_is_wrong():
    from zhike.customers.actions import add_customer
    from zhike.customers.models import Customer
    from zhike.secure.records import LOCAL_OPERATOR

    customer = Customer.objects.get(pk=add_customer("person", {"name": "王小明"}, by=LOCAL_OPERATOR))
    browser = signed_in(hire("agent"))
    body = browser.get(f"/work/new/?about={customer.number.lower()}&from=file").content.decode()
    assert "王小明" in body and "我自己" in body and "staff:" not in body, "an agent gives tasks to no colleague"
    answer = browser.post("/work/new/", {"words": "寄样品", "about": customer.number, "from": "file"})
    assert answer["Location"] == f"/customers/{customer.public_id}/"
    assert "寄样品" in browser.get(answer["Location"]).content.decode()
    browser.post("/work/new/", {"words": "回电 13812345678"})
    body = browser.get("/work/").content.decode()
    assert "回电 ［电话未保留］" in body and "138" not in body
    refused = browser.post("/work/new/", {"words": "寄样品", "about": "K9999999"})
    assert refused.status_code == 422 and "没有这个编号的客户" in refused.content.decode()
    assert browser.post("/work/new/", {"words": "x", "due_on": "昨天"}).status_code == 422
    assert signed_in(hire("analyst")).get("/work/new/").status_code == 403
    assert Task.objects.count() == 2


def test_a_program_makes_a_task_for_its_maker_or_a_queue():
    caller = program("agent")
    made = caller("POST", "tasks", {"words": "给客户寄样品", "priority": 1})
    assert made.status_code == 201, made.content
    told = json.loads(caller.get(f"tasks/{json.loads(made.content)['task']}").content)
    assert (told["words"], told["is_mine"], told["priority"]) == ("给客户寄样品", True, 1)
    waits = json.loads(caller("POST", "tasks", {"words": "上架", "queue": "shelf"}).content)["task"]
    assert Task.objects.get(public_id=waits).queue == "shelf"
    assert caller("POST", "tasks", {"words": "x", "customer": "K9999999"}).status_code == 422
    assert caller("POST", "tasks", {"words": "x", "queue": "nowhere"}).status_code == 422
