"""Portraits from the shop's orders to groups, guesses on the file, look-alikes and segments; who refuses is in none of them."""

import datetime as dt
from random import Random

import pyarrow.parquet as pq
import pytest
from django.urls import reverse
from django.utils import translation

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import goods, measured, sell, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import portrait_consent, portrait_words, queries
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike.analyze.portrait_recipe import group_codes
from zhike.customers import actions as customers
from zhike.customers.actions import segments as segment_acts
from zhike.customers.models import Metric
from zhike.customers.queries import segments
from zhike.kit import jobs
from zhike.secure import consents
from zhike.secure.models import FieldRule
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]
both_databases = pytest.mark.both_databases
BEGAN = dt.datetime(2025, 8, 1, tzinfo=dt.UTC)
EVERYBODY = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["宁波"]}}


def painted_shop(seed=5, each=30):
    """Night owls who buy cheap and often, regulars who buy the same tea by day, browsers by day, and people who came once."""
    random, shop = Random(seed), Shop()
    ids = goods("tea", "lamp", "toy", "pill")
    for name, category in (("tea", "drinks"), ("lamp", "home"), ("toy", "gifts"), ("pill", "保健品")):
        shop.change("shop_product", ids[name], category=category, brand=name.title())
    sizes = {"owls": each, "regulars": each, "browsers": 4 * each, "once": 10}
    people = {name: shop.customers(size, city="宁波" if name == "owls" else "杭州") for name, size in sizes.items()}

    def buys(person, times, gap_days, hour, names, cents):
        for n in range(times):  # hours of UTC: 14 is ten in the evening on the shop's clock
            at = BEGAN + dt.timedelta(
                days=n * gap_days + random.randrange(9), hours=hour, minutes=random.randrange(1, 50)
            )
            sell(shop, person, at, ids[random.choice(names)], 1, cents)

    for person in people["owls"]:
        buys(person, random.randrange(8, 13), 24, 14, ("lamp", "toy", "pill"), 400)
    for person in people["regulars"]:
        buys(person, random.randrange(4, 7), 40, 4, ("tea",), 9000)
    for person in people["browsers"]:
        buys(person, 3, 100, 4, ("lamp", "toy", "pill"), 1000)
    for person in people["once"]:
        buys(person, 1, 1, 5, ("lamp", "toy"), 1000)
    return people


@both_databases
def test_those_who_buy_alike_are_one_group_and_its_name_says_how():
    people = painted_shop()
    run = measured("portrait", clusters="3")
    assert run.state == "done"
    counts = run.counts
    assert counts["customers"] == 190
    assert counts["refused"] is None
    assert sum(row["customers"] for row in counts["groups"]) == 190
    rows = {row["customer_id"]: row for row in stored(run)}
    of_owls = {rows[person]["group_code"] for person in people["owls"]}
    assert len(of_owls) == 1
    (code,) = of_owls
    assert "night_high" in code or "discounted_high" in code
    group = next(row for row in counts["groups"] if row["code"] == code)
    assert (group["customers"], group["standing"]) == (30, "stable")
    assert rows[people["regulars"][0]]["group_code"] != code
    assert set(Metric.objects.filter(family="portrait").values_list("customer_id", flat=True)) == set(rows)


def test_a_night_buyer_is_told_with_the_evidence_and_who_came_once_is_told_nothing_of():
    people = painted_shop()
    measured("portrait")
    with translation.override("en"):
        told = queries.portrait(LOCAL_OPERATOR, people["owls"][0])
    hours = next(p for p in told.preferences if p.kind == "hours")
    assert hours.hits == hours.of >= 8
    assert f"{hours.hits} of {hours.of} orders, shop {hours.shop_percent} %" == hours.because
    assert [t.type for t in told.types][:1] == ["bargain"]
    assert told.types[0].because
    assert any("discount" in reason for reason in told.types[0].because)
    for person in people["once"]:
        assert queries.portrait(LOCAL_OPERATOR, person).types == ()
        assert queries.portrait(LOCAL_OPERATOR, person).preferences == ()


def test_nothing_is_told_of_what_a_purchase_may_say_of_health():
    painted_shop()
    run = measured("portrait")
    assert not any("保健" in str(row["preferred"]) for row in stored(run))
    assert "保健品" not in {row["value"] for row in run.counts["preferences"].get("category", ())}


@both_databases
def test_who_refuses_to_be_profiled_is_shown_at_once_no_more_and_is_left_out_of_the_next_run():
    people = painted_shop()
    run = measured("portrait")
    owl, other = people["owls"][:2]
    code = next(row["group_code"] for row in stored(run) if row["customer_id"] == owl)
    rule = {"version": 1, "rule": {"on": "portrait_group", "is": "any_of", "value": [code]}}
    public_id, _ = segment_acts.make_segment("owls", rule, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    assert segments.is_member(public_id, owl)
    customers.withdraw_consent(owl, "profiling", way="phone", by=LOCAL_OPERATOR)
    assert queries.portrait(LOCAL_OPERATOR, owl) is None
    assert queries.portrait(LOCAL_OPERATOR, other) is not None
    assert portrait_consent.still_profiled([owl, other]) == {other}
    jobs.run_pending()
    assert not segments.is_member(public_id, owl)
    assert segments.is_member(public_id, other)
    again = measured("portrait")
    assert (again.counts["customers"], again.counts["refusing"]) == (189, 1)
    assert not Metric.objects.filter(family="portrait", customer_id=owl).exists()


def test_a_shop_may_profile_only_those_who_agreed():
    people = painted_shop()
    agreed = people["owls"][0]
    words = {
        language: {"title": "Profiling", "body": "What you bought tells us what you like."}
        for language in ("zh-hans", "en")
    }
    asked = consents.make_notice("profiling", words, by=LOCAL_OPERATOR)
    customers.give_consent(agreed, "profiling", way="phone", notice_id=asked, by=LOCAL_OPERATOR)
    run = measured("portrait", consent="given")
    assert run.counts["customers"] == 1
    assert run.counts["refused"] == "portrait.too_few_customers"
    assert {row["customer_id"] for row in stored(run)} == {agreed}


def test_the_rules_of_a_run_can_be_changed_and_a_wrong_line_is_named():
    people = painted_shop()
    run = measured("portrait", psychology="bargain = 1 discounted >= 95")
    assert [row["type"] for row in run.counts["types"]] == ["bargain"]
    assert queries.portrait(LOCAL_OPERATOR, people["owls"][0]).types == ()
    with pytest.raises(ParametersRefused):
        MeasureParameters(psychology="bargain = 1 luck >= 3")
    client = signed_in(hire("owner"))
    form = {
        "as_of": "2026-06-30",
        "clusters": "auto",
        "consent": "not_refused",
        "psychology": "bargain = 2 discounted >= 25\nthrift = 1",
    }
    page = client.post("/insight/measures/portrait/new/", form, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 422
    assert "Line 2 cannot be read" in page.content.decode()


def test_look_alikes_of_some_owls_are_the_other_owls():
    people = painted_shop(each=60)
    for person in people["owls"][:35]:
        Shop().change("customers_customercard", person, city="舟山")
    rule = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["舟山"]}}
    public_id, _ = segment_acts.make_segment("some owls", rule, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    run = measured("lookalike", segment=public_id)
    assert run.counts["members"] == 35
    assert run.counts["tried"]["is_better"]
    ranked = [row["customer_id"] for row in stored(run)]
    assert not set(ranked) & set(people["owls"][:35])
    assert set(ranked[:25]) == set(people["owls"][35:])
    draft = {"version": 1, "rule": {"on": "lookalike_place", "is": "at_most", "value": 25}}
    alike, _ = segment_acts.make_segment("alike", draft, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    assert {person for part in segments.members(LOCAL_OPERATOR, alike) for person in part} == set(people["owls"][35:])
    page = signed_in(hire("owner")).get("/insight/lookalike/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "some owls" in page
    assert "lookalike_place=100" in page
    form = signed_in(hire("owner")).get(reverse("analyze:segment_new") + "?lookalike_place=100").content.decode()
    assert 'value="100"' in form


def test_a_segment_too_small_has_no_look_alikes_and_the_page_says_why():
    people = painted_shop()
    for person in people["owls"][:5]:
        Shop().change("customers_customercard", person, city="舟山")
    rule = {"version": 1, "rule": {"on": "city", "is": "any_of", "value": ["舟山"]}}
    public_id, _ = segment_acts.make_segment("five", rule, by=LOCAL_OPERATOR, sharing="all")
    jobs.run_pending()
    run = measured("lookalike", segment=public_id)
    assert (run.counts["refused"], run.counts["ranked"]) == ("portrait.seed_too_small", 0)
    page = signed_in(hire("owner")).get("/insight/lookalike/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "at least thirty" in page


def test_the_page_opens_the_customers_of_a_group_and_of_a_type_in_both_languages():
    painted_shop()
    run = measured("portrait")
    client = signed_in(hire("owner"))
    page = client.get("/insight/portrait/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Guesses, not facts" in page
    assert "style=" not in page
    address = reverse("analyze:portrait_people", args=[run.public_id])
    code = run.counts["groups"][0]["code"]
    for query in (f"?group={code}", "?type=bargain"):
        people = client.get(address + query, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert people.count("data-row") >= 25
    assert client.get(f"{address}?group=none").status_code == 404
    assert client.get(f"{address}?type=rich").status_code == 404
    chinese = client.get("/insight/portrait/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "客户画像" in chinese
    assert "求惠" in chinese
    assert "夜间下单" in chinese or "爱折扣" in chinese


def test_who_may_not_see_what_was_bought_or_psychology_is_told_neither():
    people = painted_shop()
    run = measured("portrait")
    staff = hire("operator")
    owl = people["owls"][0]
    pane = reverse("desk:goods_pane", args=[f"c{owl}"])
    whole = signed_in(staff).get(pane, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "after 21:00" in whole
    assert "a guess" in whole
    assert "Bargain" in whole
    (role,) = staff.roles.all()
    for name in ("shopping_psychology", "order_lines"):
        FieldRule.objects.update_or_create(role=role, field=name, defaults={"see": "hidden"})
    from zhike.secure import policy

    policy.touch()
    less = signed_in(staff).get(pane, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Bargain" not in less
    assert "Lamp" not in less
    assert (
        signed_in(staff).get(reverse("analyze:portrait_people", args=[run.public_id]) + "?type=bargain").status_code
        == 404
    )


def test_a_group_is_called_the_same_whichever_trait_is_strongest_tonight():
    first, second = (("a", "high"), ("b", "low")), (("b", "low"), ("a", "high"))
    assert group_codes([first])[0] == group_codes([second])[0] == "a_high.b_low"
    assert group_codes([first, second, ()]) == ["a_high.b_low", "a_high.b_low.2", "plain"]
    assert portrait_words.group_name("orders_high.night_high.2").endswith("(2)")


def test_a_shop_of_one_customer_has_no_groups_and_no_fault():
    shop = Shop()
    (one,) = shop.customers(1)
    ids = goods("tea")
    sell(shop, one, BEGAN + dt.timedelta(days=9), ids["tea"], 1, 900)
    run = measured("portrait")
    assert run.counts["refused"] == "portrait.too_few_customers"
    assert run.as_of == AS_OF
    page = signed_in(hire("owner")).get("/insight/portrait/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "at least fifty customers" in page
    assert pq.read_table(stored_path(run)).num_rows == 1


def stored_path(run):
    from zhike.analyze import results

    return results.result_path(run.kind, run.public_id)
