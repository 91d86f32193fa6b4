"""Lifetime value from the shop's rows: the figures on the customers, the page, the customers behind it, segments."""

import datetime as dt
from random import Random

import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import measured, stored
from tests.analyze.test_rfm_run import AS_OF, START, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import lifetime_page, queries
from zhike.analyze.lifetime_recipe import BANDS
from zhike.customers.models import Metric
from zhike.customers.queries import segments as segments_asked

pytestmark = [pytest.mark.django_db(transaction=True)]
both_databases = pytest.mark.both_databases


def returning_shop(people=320, seed=5):
    """Customers who come at rates of their own and leave after any purchase with some chance."""
    random, shop = Random(seed), Shop()
    customers = shop.customers(people)
    rows = []
    for person in customers:
        day, rate = random.randrange(400), random.gammavariate(0.9, 1 / 30)
        while day < 520:
            rows.append((person, START + dt.timedelta(days=day, hours=5), random.randrange(2_000, 60_000)))
            if random.random() < 0.2:
                break
            day += max(1, round(random.expovariate(max(rate, 1e-4))))
    shop.orders(rows)
    return customers, rows


@both_databases
def test_every_buyer_gets_figures_that_add_up_to_those_of_the_page():
    people, _rows = returning_shop()
    run = measured("lifetime", horizon="days_180")
    assert run.state == "done"
    written = stored(run)
    assert {row["customer_id"] for row in written} <= set(people)
    assert len(written) == run.counts["customers"]
    assert run.counts["value_cents"] == sum(row["value_ahead_cents"] for row in written)
    assert run.counts["ahead"] == pytest.approx(sum(row["expected_orders"] for row in written), abs=0.5)
    assert [row["rank"] for row in written] == list(range(1, len(written) + 1))
    assert sum(band["customers"] for band in run.counts["bands"]) == len(written)
    for row in written:
        assert row["alive_percent"] >= 100 * BANDS[row["band"]] - 1
    figures = dict(Metric.objects.filter(family="lifetime").values_list("customer_id", "values"))
    assert {c: v["value_ahead_cents"] for c, v in figures.items()} == {
        row["customer_id"]: row["value_ahead_cents"] for row in written
    }


def test_the_model_is_tried_on_a_time_it_has_not_seen_beside_simple_guesses():
    returning_shop()
    held = measured("lifetime").counts["held"]
    assert held["weeks"] >= 20
    assert held["expected"] == pytest.approx(held["actual"], rel=0.4)
    assert held["errors"]["model"] < held["errors"]["as_before"]
    assert held["errors"]["model"] < held["errors"]["alike"]
    assert any(row["is_holdout"] for row in held["tracking"])


def test_value_grows_with_the_horizon_and_shrinks_with_the_discount():
    returning_shop()
    short, long, dear = (
        measured("lifetime", horizon=horizon, discount=discount).counts["value_cents"]
        for horizon, discount in (("days_90", "0"), ("days_365", "0"), ("days_365", "20"))
    )
    assert short < dear < long


@pytest.mark.parametrize("model", ["bg", "pareto"])
def test_every_model_that_is_offered_runs(model):
    returning_shop()
    run = measured("lifetime", model=model)
    assert run.counts["model"]["name"] in ("BG/NBD", "Pareto/NBD")
    assert 0 < run.counts["alive"] <= run.counts["customers"]


def test_a_small_shop_is_told_why_there_is_no_model():
    shop = Shop()
    shop.orders([(person, START, 5_000) for person in shop.customers(12)])
    run = measured("lifetime")
    assert (run.state, run.counts["refused"]) == ("done", "lifetime.too_few_customers")
    assert stored(run) == []
    assert not Metric.objects.filter(family="lifetime").exists()


def test_a_shop_without_orders_has_an_empty_run():
    Shop().customers(3)
    assert measured("lifetime").state == "empty"


def test_the_page_opens_the_customers_of_each_band_and_offers_a_segment_of_them():
    returning_shop()
    run = measured("lifetime")
    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:lifetime")).content.decode()
    for band in run.counts["bands"]:
        people = reverse("analyze:lifetime_people", args=[run.public_id]) + f"?band={band['band']}"
        assert people in page
        assert client.get(people).content.decode().count("data-row") == min(50, band["customers"])
    assert "alive_band=gone" in page
    assert segments_asked.facet("alive_band") is not None


def test_reasons_are_told_in_words():
    silent = lifetime_page.why({"repeats": 4, "gap_days": 20, "silent_days": 90})
    assert any("4.5" in said for said in silent)
    once = lifetime_page.why({"repeats": 0, "gap_days": 0, "silent_days": 9})
    assert len(once) == 2
    assert queries.latest_run("lifetime") is None
