"""Recommendations from the shop's orders to the files of customers, to the customers for a product, to segments."""

import datetime as dt
from random import Random

import pyarrow.parquet as pq
import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_association_run import sell_basket
from tests.analyze.test_measures_run import goods, measured, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import queries, results
from zhike.customers.models import Metric
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions as shop_actions

pytestmark = [pytest.mark.django_db(transaction=True)]
both_databases = pytest.mark.both_databases
NAMES = ("oolong", "puer", "sencha", "matcha", "espresso", "mocha", "latte", "filter", "soap", "book")
TEA, COFFEE = NAMES[:4], NAMES[4:8]


def two_tastes(people=80, seed=11):
    """Half drink tea and half coffee; each buys most of their four over the year, one order after the other."""
    random, shop = Random(seed), Shop()
    ids = goods(*NAMES)
    bought = {}
    for number, person in enumerate(shop.customers(people)):
        own = random.sample(TEA if number % 2 else COFFEE, random.choice((2, 3, 3, 4)))
        if random.random() < 0.3:
            own.append(random.choice(("soap", "book")))
        bought[person] = own
        day = random.randrange(60, 320)
        for item in own:
            at = dt.datetime(2025, 7, 1, 4, tzinfo=dt.UTC) + dt.timedelta(days=min(day, 363))
            sell_basket(shop, person, [ids[item]], at=at)
            day += random.randrange(5, 40)
    return ids, bought


@both_databases
def test_tea_drinkers_are_offered_tea_they_have_not_bought_and_the_reason_is_tea():
    ids, bought = two_tastes()
    run = measured("recommendation", recommender="ease")
    assert (run.state, run.counts["model"], run.counts["customers"]) == ("done", "ease", len(bought))
    tea = {ids[name] for name in TEA}
    own = {person: {ids[name] for name in names} for person, names in bought.items()}
    path = results.result_path("recommendation_people", run.public_id)
    pairs = pq.read_table(path).to_pylist()
    assert pairs
    for row in pairs:
        assert row["product_id"] not in own[row["customer_id"]]
        assert row["because_id"] in {*own[row["customer_id"]], -1}
    first = [row for row in pairs if row["place"] == 1]
    drinkers = {person for person, products in own.items() if len(products & tea) >= 2}
    right = [
        row["product_id"] in tea
        for row in first
        if row["customer_id"] in drinkers and not tea <= own[row["customer_id"]]
    ]
    assert sum(right) > 0.9 * len(right)
    figures = dict(Metric.objects.filter(family="recommendation").values_list("customer_id", "values"))
    assert set(figures) == {row["customer_id"] for row in pairs} == {row["customer_id"] for row in stored(run)}
    someone = first[0]["customer_id"]
    told = queries.recommended(LOCAL_OPERATOR, someone)
    assert told[0].title == f"Article {next(n for n, i in ids.items() if i == first[0]['product_id'])}"
    assert all(title.startswith("Article ") for title in told[0].because)


def test_the_models_are_tried_on_months_they_have_not_seen_beside_what_is_popular():
    two_tastes()
    run = measured("recommendation")
    tried = {row["model"]: row for row in run.counts["tried"]}
    assert set(tried) >= {"popular", "knn", "ease"}
    assert tried["ease"]["ndcg"] > tried["popular"]["ndcg"]
    assert run.counts["model"] == "ease"


def test_what_is_out_of_stock_or_no_longer_sold_is_recommended_to_nobody():
    ids, _bought = two_tastes()
    shop_actions.record_costs(b"code,stock,day\nsencha,0,2026-06-01\nlatte,9,2026-06-01\n", by=LOCAL_OPERATOR)
    run = measured("recommendation", recommender="ease")
    pairs = pq.read_table(results.result_path("recommendation_people", run.public_id)).to_pylist()
    assert ids["sencha"] not in {row["product_id"] for row in pairs}
    assert ids["latte"] in {row["product_id"] for row in pairs}
    assert run.counts["gone"]["out_of_stock"] == 1
    assert ids["sencha"] not in {row["product_id"] for row in run.counts["popular"]}


def test_a_customer_of_whom_nothing_is_known_is_offered_what_most_buy():
    two_tastes()
    (stranger,) = Shop(next_id=900_000).customers(1)
    run = measured("recommendation")
    told = queries.recommended(LOCAL_OPERATOR, stranger)
    assert [r.product_id for r in told] == [row["product_id"] for row in run.counts["popular"][:5]]
    assert all(r.because == () for r in told)


def test_a_category_hardly_anybody_buys_twice_rests_after_a_purchase():
    shop = Shop()
    ids = goods("fridge", "freezer", "tea", "cup")
    people = shop.customers(60)
    for number, person in enumerate(people):
        at = dt.datetime(2026, 5, 1, 4, tzinfo=dt.UTC) + dt.timedelta(days=number % 30)
        sell_basket(
            shop,
            person,
            [ids["fridge" if number % 2 else "freezer"], ids["tea"], *([ids["cup"]] if number % 3 else [])],
            at=at,
        )
    for name in ("fridge", "freezer"):
        shop.change("shop_product", ids[name], category="cold")
    run = measured("recommendation", recommender="popular")
    assert run.counts["resting"] == ["cold"]
    pairs = pq.read_table(results.result_path("recommendation_people", run.public_id)).to_pylist()
    assert {row["product_id"] for row in pairs} == {ids["cup"]}


def test_the_page_compares_models_and_opens_the_customers_for_a_product():
    _ids, _bought = two_tastes()
    run = measured("recommendation")
    client = signed_in(hire("operator"))
    page = client.get("/insight/recommendation/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "EASE-R" in page
    assert "What most customers buy" in page
    assert "style=" not in page
    best = run.counts["products"][0]
    address = reverse("analyze:recommendation_people", args=[run.public_id, best["product_id"]])
    assert address in page
    assert f"recommended={best['product_id']}" in page
    people = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert people.count("data-row") == min(50, best["customers"])
    assert client.get(reverse("analyze:recommendation_people", args=[run.public_id, 1])).status_code == 404
    draft = client.get(reverse("analyze:segment_new") + f"?recommended={best['product_id']}").content.decode()
    assert best["title"] in draft


def test_a_shop_without_orders_recommends_nothing():
    Shop().customers(2)
    run = measured("recommendation")
    assert run.state == "empty"
    assert queries.recommended(LOCAL_OPERATOR, 1) == []
    assert run.as_of == AS_OF
