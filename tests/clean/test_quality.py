"""Quality of a small base, checked by hand: each dimension, groups, rules, result files, segments."""

import datetime as dt

import pytest

from tests.customers.story import MARCH, says
from zhike.clean.actions import quality as acts
from zhike.clean.quality.checking import Checker
from zhike.clean.quality.rules import Rule, rules_in_force
from zhike.clean.queries import quality as asked
from zhike.customers import actions as customers
from zhike.customers import queries
from zhike.customers.models import CustomerCard
from zhike.customers.queries import whole_files, whole_files_of
from zhike.kit import clock, jobs
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, NOBODY
from zhike_analytics.quality_bits import STALE

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
BY = LOCAL_OPERATOR


def measured():
    acts.request_measuring(by=BY)
    jobs.run_pending()
    day = asked.latest()
    assert day is not None
    return day


def card(name: str) -> int:
    return CustomerCard.objects.get(name=name).customer_id


@pytest.fixture
def base(taobao, shopify, record):
    """Four customers: one in order, one who left blanks, one with unusable values, one whom two shops contradict."""
    now = clock.now()
    record(
        taobao,
        says("a", name="王小明", phone="13812340001", province="浙江省", city="杭州市", as_of=now),
        says("b", 2, name="李雷", phone="无", email="N/A", as_of=now),
        says("c", 3, name="韩梅梅", phone="12", email="not-a-mail", as_of=now),
        says("d", 4, name="赵四", phone="13812340004", sex="男", as_of=MARCH - dt.timedelta(days=400)),
    )
    record(shopify, says("d@x", name="赵四", phone="13812340004", sex="女", as_of=now, joins=("phone",)), run_id=2)
    return taobao


def test_blanks_are_incomplete_unusable_values_invalid_and_each_figure_opens_its_customers(base):
    day = measured()
    fields = day.totals["fields"]
    assert day.customers == 4
    assert fields["phone"]["completeness"] == [2, 4]
    assert fields["phone"]["validity"] == [2, 3]  # the blank one is not looked at
    assert fields["email"]["validity"] == [0, 1]
    assert fields["sex"]["consistency"] == [0, 1]
    assert fields["name"]["consistency"] == [1, 1]
    assert fields["phone"]["consistency"] == [1, 1]
    behind = asked.behind(day.public_id, field="phone", dimension="completeness", groups={})
    assert {row["customer_id"] for row in behind} == {card("李雷"), card("韩梅梅")}
    (bad,) = asked.behind(day.public_id, field="phone", dimension="validity", groups={})
    assert bad["customer_id"] == card("韩梅梅")
    nobody = asked.behind(day.public_id, field="phone", dimension="validity", groups={"owner": 7})
    assert nobody == []


def test_what_the_staff_entered_settles_a_contradiction(base):
    who = CustomerCard.objects.get(name__startswith="赵").customer_id
    customers.edit_field(who, "sex", "女", by=BY)
    assert measured().totals["fields"]["sex"]["consistency"] == [1, 1]


def test_a_value_older_than_agreed_is_out_of_date_until_a_source_says_it_again(base, record):
    who = CustomerCard.objects.get(name__startswith="赵").customer_id
    rules = [Rule("phone.fresh", "phone", "fresh", 365)]
    day = clock.now().date()
    (old,) = [f for batch in whole_files() for f in batch if f.customer_id == who]
    assert Checker(rules, day).check(old).bits["phone"] & 16 == 0  # the second shop said it today
    before = Checker(rules, day + dt.timedelta(days=366)).check(old)
    assert before.bits["phone"] & 16
    assert before.oldest_days == 366
    assert Checker(rules, day + dt.timedelta(days=365)).check(old).bits["phone"] & 16 == 0


def test_a_value_confirmed_by_contact_is_as_fresh_as_its_confirmation(base):
    rules = [Rule("phone.fresh", "phone", "fresh", 365)]
    who = card("赵四")
    day = clock.now().date() + dt.timedelta(days=500)

    def is_stale(on):
        (file,) = whole_files_of([who])
        return bool(Checker(rules, on).check(file).bits["phone"] & STALE)

    assert is_stale(day)
    with clock.freeze(clock.now() + dt.timedelta(days=400)):
        value = queries.checked_values(BY, who, "phone")[0][0]
        (act,) = customers.verify_value(who, "phone", {value.version_id: True}, by=BY, way="call")
    assert not is_stale(day)
    assert is_stale(day + dt.timedelta(days=300))  # and the confirmation grows old like any statement
    customers.withdraw_verification(act, by=BY)
    assert is_stale(day)


def test_a_number_on_two_files_is_shared_by_both_and_counts_once(taobao, shopify, record):
    record(taobao, says("a", name="一家之主", phone="13812340001"), says("b", 2, name="家人", phone="13812340001"))
    record(taobao, says("c", 3, name="别人", phone="13812340003"), run_id=2)
    day = measured()
    assert day.totals["fields"]["phone"]["uniqueness"] == [2, 3]
    shared = asked.behind(day.public_id, field="phone", dimension="uniqueness", groups={})
    assert {row["customer_id"] for row in shared} == {card("一家之主"), card("家人")}


def test_a_city_of_another_province_contradicts_it(taobao, record):
    record(taobao, says("a", name="甲", province="浙江省", city="杭州市"), says("b", 2, name="乙", city="杭州市"))
    customers.edit_fields(card("乙"), {"province": "广东省"}, by=BY)
    day = measured()
    assert day.totals["fields"]["city"]["consistency"] == [1, 2]
    (row,) = asked.behind(day.public_id, field="city", dimension="consistency", groups={})
    assert row["customer_id"] == card("乙")


def test_groups_by_source_add_up_and_measuring_twice_a_day_keeps_one_row(base):
    first = measured()
    second = measured()
    assert first.public_id != second.public_id
    assert [d.public_id for d in asked.days()] == [second.public_id]
    (taobao,) = second.detail["source"].values()
    assert taobao["phone"]["completeness"] == second.totals["fields"]["phone"]["completeness"]
    assert second.totals["owner"]["0"]["customers"] == 4


def test_an_empty_base_has_no_figures_and_no_error():
    day = measured()
    assert (day.customers, day.score, day.totals) == (0, None, {})


def test_rules_are_changed_switched_off_added_and_taken_back(base):
    acts.change_rule("email.required.person", threshold=0, severity="low", is_on=False, by=BY)
    assert "email.required.person" not in {r.code for r in rules_in_force()}
    acts.remove_rule("email.required.person", by=BY)
    assert "email.required.person" in {r.code for r in rules_in_force()}
    own = acts.add_rule(Rule("", "nickname", "shortest", 3, "high"), by=BY)
    assert own.code in {r.code for r in rules_in_force()}
    with pytest.raises(acts.RuleRefused) as refused:
        acts.add_rule(Rule("", "nickname", "shortest", 4), by=BY)
    assert refused.value.code == "taken"
    acts.remove_rule(own.code, by=BY)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule("", "nonsense", "required"), "field"),
        (Rule("", "phone", "longest", 11), "sealed"),
        (Rule("", "nickname", "at_most", 11), "check"),
        (Rule("", "nickname", "fresh", 0), "threshold"),
        (Rule("", "nickname", "required", severity="fatal"), "severity"),
        (Rule("", "nickname", "required", stages=("asleep",)), "stages"),
        (Rule("", "nickname", "unique"), "check"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_name(vault_ready, rule, code):
    with pytest.raises(acts.RuleRefused) as refused:
        acts.add_rule(rule, by=BY)
    assert refused.value.code == code


def test_nobody_without_the_right_measures_or_changes_rules(vault_ready):
    with pytest.raises(Forbidden):
        acts.request_measuring(by=NOBODY)
    with pytest.raises(Forbidden):
        acts.add_rule(Rule("", "nickname", "required"), by=NOBODY)


def test_one_customer_asked_now_has_the_figures_of_the_result_file(base):
    import pyarrow.parquet as pq

    measured()
    for row in pq.read_table(asked.result_file()).to_pylist():
        now = asked.figures_of(row["customer_id"])
        assert now == {name: row[name] for name in ("score", "missing", "invalid", "stale", "contradicted")}
    assert asked.figures_of(12345) is None


def test_a_rule_of_segments_finds_those_whose_phone_is_missing(base):
    from zhike.analyze.segments import refreshing
    from zhike.customers.actions import segments as segment_acts
    from zhike.customers.queries import segments

    measured()
    rule = {"version": 1, "rule": {"on": "quality_missing", "is": "any_of", "value": ["phone"]}}
    public_id, _ = segment_acts.make_segment("没有电话", rule, by=BY)
    refreshing.refresh(None, tell=lambda done, of: None)
    found = {i for chunk in segments.members(BY, public_id) for i in chunk}
    assert found == {card("李雷"), card("韩梅梅")}


def test_values_out_of_date_become_tasks_that_go_when_they_are_stated_anew(taobao, record):
    from zhike.work import kinds
    from zhike.work import queries as work

    old = clock.now() - dt.timedelta(days=400)
    record(
        taobao,
        says("a", name="久未联系", phone="13812340001", as_of=old),
        says("b", 2, name="新客", phone="13812340002", as_of=clock.now()),
    )
    measured()
    (task,) = work.tasks_about(BY, "customer", card("久未联系"))
    assert (task.kind, task.queue, task.why_params["fields"]) == ("refresh_values", "archive", ["phone"])
    assert task.due_on is not None
    assert str(task.why_params["days"]) in kinds.why_words(BY, task)
    assert work.tasks_about(BY, "customer", card("新客")) == []
    record(taobao, says("a", name="久未联系", phone="13812340001", as_of=clock.now()), run_id=2)
    measured()
    assert [t for t in work.tasks_about(BY, "customer", card("久未联系")) if t.state == "open"] == []


def test_segments_are_counted_anew_when_files_are_merged_and_taken_apart(base):
    from zhike.customers.actions import segments as segment_acts
    from zhike.customers.queries import segments

    rule = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["杭州市"]}}
    public_id, _ = segment_acts.make_segment("杭州", rule, by=BY)
    one, other = card("王小明"), card("李雷")

    def members():
        jobs.run_pending()
        return {i for chunk in segments.members(BY, public_id) for i in chunk}

    assert members() == {one}
    merge = customers.merge_customers(absorbed_id=one, survivor_id=other, why="by_hand", by=BY)
    assert members() == {other}
    customers.unmerge(merge.merge_id, by=BY)
    assert members() == {one}
