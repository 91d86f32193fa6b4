"""Needs from the shop's orders: the page, tasks with outcomes, figures on the files."""

import datetime as dt

import pytest

from tests.analyze.shop_rows import Shop
from tests.analyze.test_association_run import sell_basket
from tests.analyze.test_measures_run import goods, measured, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.customers.models import Metric
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions as shop_actions
from zhike.work import queries as work

pytestmark = [pytest.mark.django_db(transaction=True)]
both_databases = pytest.mark.both_databases


def thirsty_shop(people=12, gap=20, times=5):
    """Everybody buys beans every twenty days; the last time each on a day of their own."""
    shop, ids = Shop(), goods("beans", "grinder")
    customers = shop.customers(people)
    for number, person in enumerate(customers):
        last = dt.datetime.combine(AS_OF, dt.time(4), tzinfo=dt.UTC) - dt.timedelta(days=2 * number)
        sell_basket(shop, person, [ids["grinder"]], at=last - dt.timedelta(days=gap * times))
        for k in reversed(range(times)):
            sell_basket(shop, person, [ids["beans"]], at=last - dt.timedelta(days=gap * k))
    return ids, customers


@both_databases
def test_who_is_due_stands_in_the_rows_on_the_files_and_on_the_list():
    ids, customers = thirsty_shop()
    run = measured("replenishment", within="7")
    rows = {row["customer_id"]: row for row in stored(run)}
    # Silent for 2·n days, every 20 days: due within 7 days from 14 days of silence on.
    assert set(rows) == {person for number, person in enumerate(customers) if 20 - 2 * number <= 7}
    for number, person in enumerate(customers):
        if person in rows:
            assert rows[person]["product_id"] == ids["beans"]
            assert (rows[person]["basis"], rows[person]["silent_days"]) == ("own", 2 * number)
    assert run.counts["people"] == len(rows)
    figures = dict(Metric.objects.filter(family="replenishment").values_list("customer_id", "values"))
    assert {person: told["product_id"] for person, told in figures.items()} == dict.fromkeys(rows, ids["beans"])
    tasks = work.open_tasks(LOCAL_OPERATOR, "need_soon", after="", before="", limit=50).tasks
    assert {task.about_id for task in tasks} == set(rows)
    assert tasks[0].why_params["product"] == "Article beans"


def test_an_entry_is_closed_by_done_not_now_or_wrong_and_does_not_come_back_at_once(as_owner):
    thirsty_shop()
    measured("replenishment")
    page = as_owner.get("/insight/lists/need_soon/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Article beans" in page
    before = work.open_tasks(LOCAL_OPERATOR, "need_soon", after="", before="", limit=50).tasks
    answer = as_owner.post(f"/insight/lists/need_soon/{before[0].public_id}/", {"outcome": "done", "note": "rang"})
    assert answer.status_code == 302
    run = measured("replenishment")
    after = work.open_tasks(LOCAL_OPERATOR, "need_soon", after="", before="", limit=50).tasks
    assert {task.about_id for task in after} == {task.about_id for task in before[1:]}
    assert run.counts["offered"]["held_back"] == 1


def test_the_page_says_who_will_need_what_and_how_such_a_list_did():
    ids, _customers = thirsty_shop(times=8)
    run = measured("replenishment", within="14")
    client = signed_in(hire("operator"))
    page = client.get("/insight/replenishment/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Article beans" in page
    assert "Would it have been right?" in page
    assert "style=" not in page
    assert run.counts["tried"]["hit_rate"] > 0.8
    assert run.counts["tried"]["listed"] > 0
    narrowed = client.get(f"/insight/replenishment/?product={ids['beans']}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "All products" in narrowed
    none = client.get(f"/insight/replenishment/?product={ids['grinder']}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nobody among the customers" in none


def test_what_is_out_of_stock_is_not_offered_to_anybody():
    thirsty_shop()
    shop_actions.record_costs(b"code,stock,day\nbeans,0,2026-06-20\n", by=LOCAL_OPERATOR)
    run = measured("replenishment")
    assert (run.state, run.counts["rows"]) == ("done", 0)
    assert work.open_tasks(LOCAL_OPERATOR, "need_soon", after="", before="", limit=50).tasks == ()


def test_a_shop_without_a_rhythm_is_told_so_and_one_without_orders_has_an_empty_run():
    shop = Shop()
    people = shop.customers(3)
    assert measured("replenishment").state == "empty"
    ids = goods("lamp")
    for person in people:
        sell_basket(shop, person, [ids["lamp"]])
    assert measured("replenishment").state == "done"
    page = signed_in(hire("operator")).get("/insight/replenishment/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nothing is bought in a rhythm yet" in page
