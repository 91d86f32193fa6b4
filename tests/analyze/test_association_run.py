"""Products together, from the shop's orders to rules, bundles, the customers behind them and segments."""

import datetime as dt
import re
from random import Random

import pytest
from django.db import connection
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import goods, measured, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import association_page, results
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike.kit import bulk

pytestmark = [pytest.mark.django_db(transaction=True)]
both_databases = pytest.mark.both_databases
AT = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)


def sell_basket(shop, person, products, at=AT):
    """One order with a line for each product."""
    (number,) = shop.orders([(person, at, 1000 * len(products))])
    with connection.cursor() as cursor:
        version = number * 10
        cursor.execute("DELETE FROM shop_orderline WHERE version_id = %s", [version])
    rows = [
        (number * 1000 + place, version, place + 1, product, f"Article {product}", "goods", 1, "10", 1000, False)
        for place, product in enumerate(products)
    ]
    names = [
        "id",
        "version_id",
        "line_no",
        "product_id",
        "title",
        "kind",
        "quantity",
        "unit_price",
        "amount_cents",
        "is_repeat",
    ]
    bulk.insert_many("shop_orderline", names, rows)


def tea_house(people=40, seed=3):
    """Whoever buys a pot mostly buys tea; cups go with pots; soap with nothing."""
    random, shop = Random(seed), Shop()
    ids = goods("tea", "pot", "cup", "soap")
    customers, baskets = shop.customers(people), []
    for person in customers:
        items = {"soap"} if random.random() < 0.4 else set()
        if random.random() < 0.5:
            items |= (
                {"pot"} | ({"tea"} if random.random() < 0.8 else set()) | ({"cup"} if random.random() < 0.6 else set())
            )
        elif random.random() < 0.3:
            items |= {"tea"}
        items = items or {"soap"}
        sell_basket(shop, person, [ids[item] for item in sorted(items)])
        baskets.append((person, items))
    return ids, baskets


@both_databases
def test_rules_are_what_counting_the_orders_by_hand_gives():
    ids, baskets = tea_house()
    run = measured("association", confidence="0.3")
    assert (run.state, run.counts["baskets"], run.counts["least"]) == ("done", len(baskets), 5)
    told = {(frozenset(r["antecedent_ids"]), r["consequent_id"]): r for r in stored(run)}
    pot, tea = ids["pot"], ids["tea"]
    both = sum({"pot", "tea"} <= items for _person, items in baskets)
    pots, teas = (sum(item in items for _person, items in baskets) for item in ("pot", "tea"))
    rule = told[frozenset([pot]), tea]
    assert (rule["together"], rule["antecedent_count"], rule["consequent_count"]) == (both, pots, teas)
    assert rule["lift"] == pytest.approx(both * len(baskets) / (pots * teas))
    assert rule["antecedent"] == "Article pot"
    assert all(row["lift"] >= 1 and row["confidence"] >= 0.3 for row in told.values())
    assert [row["rank"] for row in stored(run)] == list(range(1, run.counts["rows"] + 1))
    assert run.counts["bundles"][0]["price_cents"] == 1000 * len(run.counts["bundles"][0]["titles"])


def test_the_customers_behind_a_rule_are_those_of_its_baskets():
    ids, baskets = tea_house()
    run = measured("association", confidence="0.3")
    rule = next(r for r in stored(run) if r["antecedent_ids"] == [ids["pot"]] and r["consequent_id"] == ids["tea"])
    path = results.result_path("association_buyers", run.public_id)
    for lacking in (False, True):
        found = association_page.behind(path, rule, lacking=lacking, beyond_rank=0, limit=99)
        wanted = {person for person, items in baskets if "pot" in items and ("tea" in items) != lacking}
        assert {row["customer_id"] for row in found} == wanted
        rest = association_page.behind(path, rule, lacking=lacking, beyond_rank=found[0]["rank"], limit=99)
        assert rest == found[1:]


def test_goods_given_back_and_orders_unpaid_bind_nothing():
    shop = Shop()
    (ann,) = shop.customers(1)
    ids = goods("tea", "pot")
    for n in range(6):
        sell_basket(shop, ann, [ids["tea"], ids["pot"]], at=AT + dt.timedelta(days=n))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_orderline SET amount_cents = -1000 WHERE product_id = %s", [ids["pot"]])
    assert measured("association").counts["found"] == 0


def test_baskets_of_customers_join_what_single_orders_keep_apart():
    shop = Shop()
    ids = goods("tea", "pot")
    for person in shop.customers(8):
        sell_basket(shop, person, [ids["tea"]])
        sell_basket(shop, person, [ids["pot"]], at=AT + dt.timedelta(days=3))
    for person in shop.customers(8):
        sell_basket(shop, person, [ids["tea"]])
    assert measured("association", basket="order").counts["found"] == 0
    by_customer = measured("association", basket="customer")
    assert (by_customer.counts["baskets"], by_customer.counts["sets"]) == (16, [2, 1])
    assert (
        measured("association", basket="customer", span="own", first="2026-06-04", last="2026-06-30").counts["found"]
        == 0
    )


def test_the_page_shows_rules_finds_them_by_product_and_opens_their_customers():
    ids, baskets = tea_house()
    run = measured("association", confidence="0.3")
    client = signed_in(hire("operator"))
    page = client.get("/insight/association/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Article pot" in page
    assert 'data-chart="net"' in page
    assert "style=" not in page
    assert "bought_orders=pot&amp;bought_orders=-tea" in page
    nothing = client.get("/insight/association/?q=zebra", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "No rule names" in nothing
    assert (
        "Article soap"
        not in client.get("/insight/association/?q=POT").content.decode().split('id="list"')[1].split("</section>")[0]
    )
    rank = next(
        r["rank"] for r in stored(run) if r["antecedent_ids"] == [ids["pot"]] and r["consequent_id"] == ids["tea"]
    )
    people = reverse("analyze:association_people", args=[run.public_id, rank])
    assert client.get(people).content.decode().count("data-row") == sum({"pot", "tea"} <= i for _p, i in baskets)
    lacking = client.get(people + "?who=lacking").content.decode()
    assert lacking.count("data-row") == sum("pot" in i and "tea" not in i for _p, i in baskets)
    assert client.get(reverse("analyze:association_people", args=[run.public_id, 9999])).status_code == 404
    draft = client.get(reverse("analyze:segment_new") + "?bought_orders=pot&bought_orders=-tea").content.decode()
    assert re.search(r'name="skus:0"[^>]*value="pot"', draft) or "pot" in draft
    assert 'name="low:1" value="0"' in draft or 'value="0"' in draft


def test_a_shop_whose_orders_hold_nothing_together_is_told_so():
    shop = Shop()
    ids = goods("tea")
    for person in shop.customers(6):
        sell_basket(shop, person, [ids["tea"]])
    run = measured("association")
    assert (run.state, run.counts["found"], run.counts["bundles"]) == ("done", 0, [])
    page = signed_in(hire("operator")).get("/insight/association/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "No rule yet" in page


def test_a_shop_without_orders_has_an_empty_run_of_rules():
    Shop().customers(2)
    assert measured("association").state == "empty"


def test_options_nobody_offers_are_refused():
    for wrong in ({"support": "0.3"}, {"confidence": "2"}, {"basket": "wagon"}):
        with pytest.raises(ParametersRefused):
            MeasureParameters(**wrong)
