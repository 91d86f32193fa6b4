"""Segments over the shop's rows: counted, kept, changed, explained; the lake and the live rows agree on every customer."""

import datetime as dt
import json
from random import Random

import pytest
from django.db import connection

from tests.analyze.shop_rows import Shop
from zhike.analyze.segments import counting, differences, reasons
from zhike.customers import actions as customers
from zhike.customers.actions import segments as acts
from zhike.customers.events import SegmentChanged
from zhike.customers.queries import segments as asked
from zhike.kit import clock, jobs
from zhike.kit import home as home_folder
from zhike.kit.events import after_commit
from zhike.kit.installation import set_up
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Rights, Viewer
from zhike.secure.vault import roots

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2026, 6, 30, 4, 0, tzinfo=dt.UTC)
CITY = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["宁波"]}}
BUYERS = {
    "version": 1,
    "rule": {
        "all": [
            {"on": "bought_orders", "is": "at_least", "value": 2, "where": {"window": {"last_days": 90}}},
            {"none": [{"on": "city", "is": "any_of", "value": ["宁波"]}]},
        ]
    },
}


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(home_folder, "home", lambda: tmp_path)
    monkeypatch.setenv("ZHIKE_HOME", str(tmp_path))
    roots.setup()
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    with clock.freeze(NOW):
        yield


def viewer(staff_id, *permissions, scope="all", hidden=(), team=()):
    rules = {"class:internal": Rights("shown"), "class:personal": Rights("shown"), **dict.fromkeys(hidden, Rights())}
    return Viewer(staff_id, f"staff {staff_id}", permissions=frozenset(permissions), scope=scope, rules=rules,
                  team_staff_ids=frozenset(team))  # fmt: skip


def members_of(public_id):
    return [i for chunk in asked.members(LOCAL_OPERATOR, public_id) for i in chunk]


def make(name, rule, by=LOCAL_OPERATOR, **more):
    public_id, _ = acts.make_segment(name, rule, by=by, **more)
    jobs.run_pending()
    return public_id


def test_a_new_segment_is_counted_and_its_growth_is_kept():
    shop = Shop()
    ningbo, hangzhou = shop.customers(3, city="宁波"), shop.customers(2)
    public_id = make("宁波", CITY)
    facts = asked.segment(LOCAL_OPERATOR, public_id)
    assert (facts.member_count, facts.base_count, facts.is_counted) == (3, 5, True)
    assert members_of(public_id) == ningbo
    shop.change("customers_customercard", hangzhou[0], city="宁波")
    shop.change("customers_customercard", ningbo[0], city="杭州")
    heard = []
    after_commit(SegmentChanged)(heard.append)
    jobs.enqueue("analyze.refresh_segments")
    jobs.run_pending()
    assert members_of(public_id) == [*ningbo[1:], hangzhou[0]]
    newest, first = asked.segment_runs(LOCAL_OPERATOR, public_id)
    assert (newest.came_count, newest.left_count, first.came_count) == (1, 1, 3)
    came, left = differences.difference(public_id, first.public_id, newest.public_id)
    assert (list(came), list(left)) == ([hangzhou[0]], [ningbo[0]])
    assert [(e.came_count, e.left_count) for e in heard] == [(1, 1)]


@pytest.mark.parametrize("seed", range(2))
def test_the_lake_and_the_live_rows_agree_on_every_customer(seed):
    random, shop = Random(seed), Shop()
    people = shop.customers(20) + shop.customers(10, city="宁波")
    rows = [
        (random.choice([*people, None]), NOW - dt.timedelta(days=random.randrange(200)), random.randrange(-900, 9000))
        for _ in range(120)
    ]
    shop.orders(rows)
    customers.add_tag(people[::3], "老客", by=LOCAL_OPERATOR)
    shop.change("customers_sourcerecord", people[1], customer_id=people[0])
    shop.change("customers_customer", people[2], root_id=people[3])
    shop.change("customers_customercard", people[2], archived_at=NOW)
    (tag,) = [value for value, _ in asked.facet("tags").choices(LOCAL_OPERATOR)]
    rule = {
        "any": [
            BUYERS["rule"],
            {
                "all": [
                    {"on": "tags", "is": "any_of", "value": [tag]},
                    {"on": "bought_amount", "is": "at_least", "value": 1},
                ]
            },
        ]
    }
    public_id = make("mixed", {"version": 1, "rule": rule})
    inside = set(members_of(public_id))
    assert inside
    assert len(inside) < len(people)
    facts = asked.segment(LOCAL_OPERATOR, public_id)
    for customer in people:
        told = reasons.explain(LOCAL_OPERATOR, facts, customer)
        if customer == people[2]:
            assert told is None
        else:
            assert told.is_member == told.was_member == (customer in inside)


def test_a_tag_taken_off_reaches_the_lake():
    people = Shop().customers(4)
    customers.add_tag(people, "老客", by=LOCAL_OPERATOR)
    ((tag, _),) = asked.facet("tags").choices(LOCAL_OPERATOR)
    public_id = make("tagged", {"version": 1, "rule": {"on": "tags", "is": "any_of", "value": [tag]}})
    assert members_of(public_id) == people
    customers.remove_tag(people[:1], "老客", by=LOCAL_OPERATOR)
    jobs.enqueue("analyze.refresh_segments")
    jobs.run_pending()
    assert members_of(public_id) == people[1:]


def test_why_tells_each_condition_with_the_value_it_saw():
    shop = Shop()
    (ann,) = shop.customers(1)
    shop.orders([(ann, NOW, 500), (ann, NOW - dt.timedelta(days=100), 500)])
    inner = make("宁波", CITY)
    rule = {"all": [BUYERS["rule"]["all"][0], {"on": "segment", "is": "not_in", "value": inner}]}
    facts = asked.segment(LOCAL_OPERATOR, make("buyers", {"version": 1, "rule": rule}))
    told = reasons.explain(LOCAL_OPERATOR, facts, ann)
    assert told.is_member is False
    count, other = told.reason.parts
    assert (count.is_true, count.value) == (False, "1")
    assert "90" in count.text
    assert (other.is_true, other.parts[0].is_true, other.parts[0].value) == (True, False, "杭州")


def test_no_circle_closes_and_what_others_stand_on_stays():
    first = make("first", CITY)
    second = make("second", {"version": 1, "rule": {"on": "segment", "is": "in", "value": first}})
    circle = {"version": 1, "rule": {"on": "segment", "is": "in", "value": second}}
    with pytest.raises(asked.RuleRefused, match="circle"):
        acts.change_segment(first, 1, name="first", rule=circle, by=LOCAL_OPERATOR)
    with pytest.raises(acts.SegmentRefused, match="in_use"):
        acts.remove_segment(first, by=LOCAL_OPERATOR)
    acts.remove_segment(second, by=LOCAL_OPERATOR)
    acts.remove_segment(first, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert asked.segments(LOCAL_OPERATOR) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_segmentmember")
        assert cursor.fetchone() == (0,)


def test_of_two_who_change_a_segment_the_slower_is_told():
    public_id = make("first", CITY)
    assert acts.change_segment(public_id, 1, name="renamed", rule=CITY, by=LOCAL_OPERATOR) == 2
    with pytest.raises(acts.SegmentRefused, match="changed_meanwhile"):
        acts.change_segment(public_id, 1, name="lost", rule=CITY, by=LOCAL_OPERATOR)
    assert asked.segment(LOCAL_OPERATOR, public_id).is_counted  # a new name needs no new count


def test_a_person_sees_their_own_segments_and_what_others_share():
    ann, bob = viewer(1, "segments.edit"), viewer(2, "segments.edit", team=(1, 2))
    make("mine", CITY, by=ann)
    make("team", CITY, by=ann, sharing="team")
    everybodys = make("all", CITY, by=ann, sharing="all")
    assert [s.name for s in asked.segments(bob)] == ["all", "team"]
    assert asked.segment(bob, everybodys).may_edit
    with pytest.raises(Forbidden):
        acts.make_segment("no right", CITY, by=viewer(3))


def test_a_shared_segment_on_a_hidden_field_shows_its_name_and_not_its_rule():
    make("宁波", CITY, by=viewer(1, "segments.edit"), sharing="all")
    blind = viewer(2, "segments.edit", hidden=("city",))
    (facts,) = asked.segments(blind)
    assert (facts.name, facts.rule, facts.may_edit) == ("宁波", None, False)
    assert "city" not in [f.code for f in asked.facets(blind)]
    with pytest.raises(Forbidden):
        acts.make_segment("city", CITY, by=blind)
    with pytest.raises(Forbidden):
        counting.ask(asked.read_rule(CITY), by=blind)
    (ann,) = Shop().customers(1, city="宁波")
    told = reasons.explain(blind, facts, ann)
    assert (told.is_member, told.reason) == (True, None)


def test_who_sees_only_their_own_customers_counts_only_those():
    shop = Shop()
    mine = shop.customers(2, city="宁波", owner=7)
    shop.customers(3, city="宁波", owner=8)
    public_id = make("宁波", CITY, sharing="all")
    seller = viewer(7, "segments.view", scope="own")
    facts = asked.segment(seller, public_id)
    assert (facts.member_count, facts.base_count) == (2, 2)
    assert [i for chunk in asked.members(seller, public_id) for i in chunk] == mine
    assert asked.segment_runs(seller, public_id) == []


def test_a_rule_on_a_field_that_was_put_away_keeps_its_last_members():
    people = Shop().customers(2, city="宁波")
    inner = make("inner", CITY)
    outer = make("outer", {"version": 1, "rule": {"on": "segment", "is": "in", "value": inner}})
    with connection.cursor() as cursor:
        rule = {"version": 1, "rule": {"on": "gone", "is": "known"}}
        cursor.execute("UPDATE customers_segment SET rule = %s WHERE name = 'inner'", [json.dumps(rule)])
    jobs.enqueue("analyze.refresh_segments")
    jobs.run_pending()
    assert members_of(outer) == people
    facts = asked.segment(LOCAL_OPERATOR, inner)
    assert (facts.rule, facts.may_edit) == (None, False)
    assert reasons.explain(LOCAL_OPERATOR, asked.segment(LOCAL_OPERATOR, outer), people[0]) is None


def test_whoever_withdraws_is_out_of_every_segment_of_consent_a_moment_later():
    from tests.customers.test_consents import notice

    shop = Shop()
    ann, bea, carl, dora = shop.customers(4)
    words = notice()
    for one in (ann, bea):
        customers.give_consent(one, "marketing_mail", way="phone", notice_id=words, by=LOCAL_OPERATOR)
    customers.withdraw_consent(carl, "marketing_mail", way="phone", by=LOCAL_OPERATOR)
    on = {"on": "consent.marketing_mail", "is": "any_of"}
    given = make("given", {"version": 1, "rule": {**on, "value": ["given"]}})
    built_on = make("built on it", {"version": 1, "rule": {"on": "segment", "is": "in", "value": given}})
    never = make("never asked", {"version": 1, "rule": {**on, "value": ["unknown"]}})
    not_out = make("not withdrawn", {"version": 1, "rule": {**on, "is": "none_of", "value": ["withdrawn"]}})
    elsewhere = make("宁波", CITY)
    assert (members_of(given), members_of(never), members_of(not_out)) == ([ann, bea], [dora], [ann, bea, dora])
    counts = len(asked.segment_runs(LOCAL_OPERATOR, elsewhere))
    customers.withdraw_consent(bea, "marketing_mail", way="phone", by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert (members_of(given), members_of(built_on), members_of(not_out)) == ([ann], [ann], [ann, dora])
    assert len(asked.segment_runs(LOCAL_OPERATOR, elsewhere)) == counts  # what asks nothing of consent is left alone
    told = reasons.explain(LOCAL_OPERATOR, asked.segment(LOCAL_OPERATOR, given), bea, compile_now=True)
    assert (told.is_member, told.reason.is_true) == (False, False)


def test_a_consent_whose_time_is_over_is_out_of_the_next_count_whoever_noted_it():
    from tests.customers.test_consents import notice

    shop = Shop()
    ann, bea = shop.customers(2)
    words, until = notice(), clock.now() + dt.timedelta(days=1)
    for one, end in ((ann, None), (bea, until)):
        customers.give_consent(one, "marketing_mail", way="phone", notice_id=words, until=end, by=LOCAL_OPERATOR)
    rule = {"version": 1, "rule": {"on": "consent.marketing_mail", "is": "any_of", "value": ["given"]}}
    given = make("given", rule)
    assert members_of(given) == [ann, bea]
    with clock.freeze(until):
        jobs.enqueue("analyze.refresh_segments")
        jobs.run_pending()
        assert members_of(given) == [ann]


def test_segments_of_consent_are_for_those_who_may_see_consents():
    rule = {"version": 1, "rule": {"on": "consent.profiling", "is": "any_of", "value": ["given"]}}
    with pytest.raises(Forbidden):
        acts.make_segment("mine", rule, by=viewer(5, "segments.edit", "segments.view"))
    public_id, _ = acts.make_segment("mine", rule, by=viewer(5, "segments.edit", "segments.view", "consents.view"))
    assert asked.segment(LOCAL_OPERATOR, public_id).rule is not None
