"""Verification as daily work: sources that disagree become tasks, rules draw others, asking closes them."""

import datetime as dt

import pytest

from tests.cast import hire, signed_in
from tests.desk import ground
from tests.desk.ground import Person
from zhike.clean.actions import verification as do
from zhike.clean.models import VerificationRule
from zhike.clean.queries import verification as asked
from zhike.customers import queries
from zhike.customers.events import SourceRecorded
from zhike.customers.models import ContactRecord, Customer, CustomerCard
from zhike.kit import clock, events, jobs
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR
from zhike.work import queries as work
from zhike.work.models import Task
from zhike.work.records import TaskFilter

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

OLD, NEW = "13800000001", "13900000002"
AT = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)
MAIL = "wang@example.com"


@pytest.fixture
def wang(db):
    """One person of whom two sources state different phones."""
    ground.lay_ground()
    ground.record(ground.source("taobao"), Person("a", {"name": "王小明", "phone": OLD, "email": MAIL}))
    later = AT + dt.timedelta(days=9)
    (root,) = ground.record(
        ground.source("jd"), Person("b", {"name": "王小明", "phone": NEW, "email": MAIL}, later), run_id=2
    )
    return root


@pytest.fixture
def address(wang):
    return f"/clean/verification/{Customer.objects.get(pk=wang).public_id}/phone/"


def heard(run_id):
    events.publish(SourceRecorded(run_id=run_id))
    jobs.run_pending()


def viewer(role):
    return secure.viewer_of(hire(role))


def version_of(root, tail):
    values, _ = queries.checked_values(LOCAL_OPERATOR, root, "phone")
    return next(v.version_id for v in values if v.text.endswith(tail))


def shown(root):
    return queries.field_value(LOCAL_OPERATOR, root, "phone").text[-4:]


def test_sources_that_disagree_become_one_task_that_holds_no_value(wang):
    heard(2)
    heard(2)
    task = Task.objects.get()
    assert (task.kind, task.about_id, task.about_part, task.queue) == ("contradiction", wang, "phone", "archive")
    assert task.why_params == {"values": 2, "sources": 2}
    told = work.shown(viewer("keeper"), work.tasks(viewer("keeper"), TaskFilter("queue")).tasks)[0]
    assert told.why == "“手机”有 2 个不同的值，来自 2 个来源：请问清客户哪个在用。"
    assert told.do_url == f"/clean/verification/task/{task.public_id}/"


@pytest.mark.long_on_postgresql
def test_the_task_closes_when_the_sources_agree_again(wang):
    heard(2)
    later = AT + dt.timedelta(days=20)
    ground.record(
        1 and _source("taobao"), Person("a", {"name": "王小明", "phone": NEW, "email": MAIL}, later), run_id=3
    )
    heard(3)
    assert (Task.objects.get().state, Task.objects.get().outcome) == ("done", "agreed")


def test_files_that_become_one_are_asked_about_where_they_disagree(db):
    from zhike.customers.actions import merge_customers

    ground.lay_ground()
    (one,) = ground.record(ground.source("taobao"), Person("a", {"name": "王小明", "phone": OLD}))
    (two,) = ground.record(ground.source("jd"), Person("b", {"name": "王小明", "phone": NEW}), run_id=2)
    jobs.run_pending()
    assert Task.objects.count() == 0
    merge_customers(absorbed_id=two, survivor_id=one, why="by_hand", by=viewer("owner"))
    jobs.run_pending()
    assert Task.objects.get().about_part == "phone"


def _source(code):
    from zhike.customers.models import Source

    return Source.objects.get(code=code).id


@pytest.mark.long_on_postgresql
def test_a_clerk_resolves_the_contradiction_on_its_page_and_goes_on(wang, address):
    heard(2)
    browser, task = signed_in(hire("keeper")), Task.objects.get()
    sent = browser.get(f"/clean/verification/task/{task.public_id}/")
    assert sent.headers["Location"] == f"{address}?task={task.public_id}"
    body = browser.get(sent.headers["Location"]).content.decode()
    assert "哪个在用" in body and "0001" in body and "0002" in body and OLD not in body
    seen = browser.get(sent.headers["Location"]).context["seen"]
    given = {"task": task.public_id, "seen": seen, "way": "call", "act": "found", "note": "本人接的"}
    given |= {f"found-{version_of(wang, '0001')}": "right", f"found-{version_of(wang, '0002')}": "wrong"}
    assert browser.post(address, given).headers["Location"] == "/clean/verification/"
    assert shown(wang) == "0001"
    assert (Task.objects.get().state, Task.objects.get().outcome) == ("done", "confirmed")
    again = browser.post(address, given).content.decode()
    assert "有人先改过了" in again, "the page says that somebody was faster and keeps nothing"


def test_the_right_value_told_is_entered_and_what_was_asked_is_not_asked_again(wang, address):
    heard(2)
    browser = signed_in(hire("keeper"))
    given = {"way": "call", "value": "13700000003"} | {
        f"found-{version_of(wang, t)}": "wrong" for t in ("0001", "0002")
    }
    browser.post(address, given)
    assert shown(wang) == "0003" and Task.objects.get().state == "done"
    heard(2)
    assert Task.objects.filter(state="open").count() == 0


def test_not_reached_is_noted_on_the_file_and_comes_back_tomorrow(wang, address):
    heard(2)
    browser, task = signed_in(hire("keeper")), Task.objects.get()
    browser.post(address, {"task": task.public_id, "act": "not_reached", "note": f"打 {OLD} 没人接"})
    contact = ContactRecord.objects.get()
    assert (contact.outcome, contact.way) == ("not_reached", "call") and OLD not in contact.note
    assert asked.next_task(viewer("keeper")) is None
    with clock.freeze(clock.now() + dt.timedelta(days=2)):
        assert asked.next_task(viewer("keeper")).public_id == task.public_id


@pytest.mark.long_on_postgresql
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"way": "call"}, "至少"),
        ({"way": "guess", "found-1": "right"}, "请选择"),
        ({"way": "call", "found-999999": "right"}, "有人先改过了"),
        ({"way": "call", "found-x": "right", "found-99999999999999999999": "right"}, "至少"),
        ({"way": "call", "value": "12345"}, "phone"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_kept(wang, address, given, said):
    body = signed_in(hire("keeper")).post(address, given).content.decode()
    assert said in body
    assert CustomerCard.objects.get(pk=wang).phone_state == "format_valid"


def test_who_may_not_see_a_field_finds_no_page_for_it(wang, address):
    assert signed_in(hire("analyst")).get(address).status_code == 403
    assert signed_in(hire("account_manager")).get(address).status_code == 404, "not their customer"
    for wrong in (
        address.replace("phone", "order_count"),
        address.replace("phone", "nonsense"),
        "/clean/verification/x/phone/",
    ):
        assert signed_in(hire("keeper")).get(wrong).status_code == 404


def test_a_finding_is_taken_back_on_the_page(wang, address):
    browser = signed_in(hire("keeper"))
    browser.post(address, {"way": "visit", f"found-{version_of(wang, '0001')}": "right"})
    (act,) = queries.verification_acts(LOCAL_OPERATOR, wang)
    back = address.split("/")[3] + "|phone"
    assert browser.post(f"/clean/verification/found/{act.id}/withdraw/", {"back": back}).headers["Location"] == address
    assert shown(wang) == "0002"


# -- rules


def rule(**given):
    return do.Rule(**({"who": "old", "field": "phone", "older_days": 30} | given))


def test_what_sources_disagree_about_is_not_asked_twice(wang):
    heard(2)
    do.set_rule(rule(), by=viewer("owner"))
    assert do.draw()["new"] == 0


def test_a_rule_draws_tasks_and_lets_them_go_when_the_value_is_confirmed(db):
    ground.lay_ground()
    (wang,) = ground.record(ground.source("taobao"), Person("a", {"name": "王小明", "phone": NEW}))
    by = viewer("keeper")
    do.set_rule(rule(), by=by)
    do.request_drawing(by=by)
    jobs.run_pending()
    task = Task.objects.get(kind="verify_value")
    assert (task.about_part, task.why_code) == ("phone", "old_customer")
    from zhike.customers.actions import verify_value

    verify_value(wang, "phone", {version_of(wang, "0002"): True}, way="call", by=by)
    assert do.draw()["expired"] == 1


def test_a_rule_draws_no_more_than_it_says(db):
    ground.lay_ground()
    source = ground.source("taobao")
    ground.record(source, *(Person(f"p{n}", {"phone": f"1380000{n:04}"}) for n in range(7)))
    do.set_rule(rule(most=3), by=viewer("owner"))
    assert do.draw()["new"] == 3
    assert do.draw() == {"new": 0, "kept": 3, "expired": 0, "held_back": 0}


def test_rules_stand_behind_their_right_and_refuse_nonsense(wang):
    with pytest.raises(Forbidden):
        do.set_rule(rule(), by=viewer("agent"))
    by = viewer("owner")
    made = do.set_rule(rule(), by=by)
    for wrong, code in (
        ({"who": "x"}, "who"),
        ({"field": "note"}, "field"),
        ({"most": 0}, "numbers"),
        ({}, "known_already"),
    ):
        with pytest.raises(do.RuleRefused, match=code):
            do.set_rule(rule(**wrong), by=by)
    do.set_rule(rule(is_on=False), by=by, rule_id=made)
    assert do.draw()["new"] == 0
    do.remove_rule(made, by=by)
    assert VerificationRule.objects.count() == 0


def test_the_overview_sets_a_rule_and_draws(wang):
    browser = signed_in(hire("owner"))
    browser.post(
        "/clean/verification/rules/", {"who": "recent", "field": "phone", "net_min": "1,000.50", "last_days": "90"}
    )
    held = VerificationRule.objects.get()
    assert (held.net_min_cents, held.last_days, held.most) == (100_050, 90, 50)
    body = browser.get("/clean/verification/").content.decode()
    assert "1,000.50" in body and "90" in body
    gone = browser.post("/clean/verification/rules/draw/").headers["Location"]
    assert browser.get(gone).status_code == 200
    browser.post("/clean/verification/rules/", {"who": "recent", "field": "phone", "net_min": "viel"})
    assert VerificationRule.objects.count() == 1


# -- accuracy


def test_the_overview_names_what_to_ask_next_to_who_may_ask_it_and_no_value(wang):
    heard(2)
    page = signed_in(hire("keeper")).get("/clean/verification/").content.decode()
    task = Task.objects.get()
    assert "王小明" in page and f'href="/clean/verification/task/{task.public_id}/"' in page
    assert OLD not in page and NEW not in page
    of_others = signed_in(hire("account_manager")).get("/clean/verification/").content.decode()
    assert "王小明" not in of_others and task.public_id not in of_others


def test_the_interval_is_wilsons():
    assert [round(v, 3) for v in asked.interval(8, 10)] == [0.490, 0.943]
    assert [round(v, 3) for v in asked.interval(0, 10)] == [0.0, 0.278]
    assert asked.interval(0, 0) == (0.0, 1.0)


def test_accuracy_counts_each_value_once_by_source_and_by_who_entered_it(wang, address):
    from zhike.customers.actions import edit_field, verify_value, withdraw_run

    keeper, agent = viewer("keeper"), viewer("agent")
    verify_value(
        wang, "phone", {version_of(wang, "0001"): True, version_of(wang, "0002"): False}, way="call", by=keeper
    )
    verify_value(wang, "phone", {version_of(wang, "0001"): True}, way="call", by=keeper)
    told = {a.checked.name: (a.checked.right, a.checked.checked) for a in asked.accuracies()[0]}
    assert told == {"Taobao": (1, 1), "Jd": (0, 1)}
    edit_field(wang, "wechat", "wx_wrong_77", by=agent)
    values, _ = queries.checked_values(LOCAL_OPERATOR, wang, "wechat")
    verify_value(wang, "wechat", {values[0].version_id: False}, way="call", by=keeper)
    (person,) = asked.accuracies()[1]
    assert (person.checked.name, person.checked.right, person.checked.checked) == (hire("agent").display_name, 0, 1)
    browser = signed_in(hire("owner"))
    page = browser.get("/clean/verification/accuracy/").content.decode()
    assert "Taobao" in page and "Jd" in page
    behind = f"/clean/verification/accuracy/source/{_source('jd')}/"
    assert "王小明" not in browser.get(f"{behind}?found=right").content.decode()
    assert "王小明" in browser.get(f"{behind}?found=wrong").content.decode()
    for _ in withdraw_run(2):
        pass
    assert [a.checked.name for a in asked.accuracies()[0]] == ["Taobao"], (
        "what was undone says nothing about its source"
    )


def test_trust_follows_the_proposal_and_every_card_is_derived_anew(wang):
    browser = signed_in(hire("owner"))
    browser.post(f"/clean/verification/accuracy/{_source('taobao')}/trust/", {"grade": "5"})
    jobs.run_pending()
    assert shown(wang) == "0001", "more trust than the other source's newer word"
    assert browser.post(f"/clean/verification/accuracy/{_source('taobao')}/trust/", {"grade": "9"}).status_code == 404


# -- programs


@pytest.mark.long_on_postgresql
def test_a_program_reads_how_far_values_are_verified_and_notes_a_finding(wang):
    import json

    from tests.api.program import program

    heard(2)
    caller, customer = program("keeper"), Customer.objects.get(pk=wang).public_id
    place = f"customers/{customer}/fields/phone/verification"
    told = json.loads(caller.get(place).content)
    assert [(v["state"], v["is_shown"]) for v in told["values"]] == [("format_valid", True), ("format_valid", False)]
    assert told["masked"] and OLD not in str(told)
    finding = {
        "way": "call",
        "mark": told["mark"],
        "found": [{"version": told["values"][1]["version"], "is_right": True}],
    }
    assert json.loads(caller("POST", place, finding).content) == {"field": "phone", "kept": 1}
    assert caller("POST", place, finding).status_code == 412, "it changed meanwhile: by this very program"
    jobs.run_pending()
    assert Task.objects.get().outcome == "confirmed"
    assert json.loads(caller.get(f"customers/{customer}").content)["fields"]["phone"]["state"] == "confirmed"
    assert [c["phone_state"] for c in json.loads(caller.get("customers?phone_state=confirmed").content)["items"]] == [
        "confirmed"
    ]
    assert caller.get(f"customers/{customer}/fields/order_count/verification").status_code == 404
    assert program("analyst").get(place).status_code == 404
