"""Profit contribution from the shop's rows: equal to counting by hand, on the page, the file, the API, in segments."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import measured, stored
from tests.analyze.test_rfm_run import AS_OF, _own_home  # noqa: F401  (the fixture)
from tests.api.program import program
from tests.cast import hire, signed_in
from zhike.analyze import queries
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import ParametersRefused
from zhike.customers import actions as customers
from zhike.customers.models import ContactRecord, Customer, Metric
from zhike.customers.queries import segments as segments_asked
from zhike.kit import jobs
from zhike.secure import queries as rights
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]


def served_shop():
    """Thirty buyers of 50.00 a week ago; the first was spoken to for three hours, the second cost money, too."""
    shop = Shop()
    people = shop.customers(30)
    day = dt.datetime.combine(AS_OF - dt.timedelta(days=7), dt.time(4), dt.UTC)
    shop.orders([(person, day, 5_000) for person in people])
    numbers = dict(Customer.objects.filter(id__in=people).values_list("id", "number"))
    for person, minutes, cost in ((people[0], 180, 0), (people[1], None, 700)):
        said = customers.Contact(at=day, way="call", outcome="reached", minutes=minutes, cost_cents=cost)
        customers.record_contact(person, said, by=LOCAL_OPERATOR)
    return people, numbers


@pytest.mark.both_databases
def test_contributions_equal_those_counted_by_hand_and_open_their_customers():
    people, numbers = served_shop()
    run = measured("profit", hour="60", handling="2.50")
    rows = {row["number"]: row for row in stored(run)}
    assert ContactRecord.objects.count() == 2
    plain = rows[numbers[people[5]]]
    assert (plain["net_cents"], plain["handling_cents"], plain["serve_cents"]) == (5_000, 250, 250)
    talked, paid = rows[numbers[people[0]]], rows[numbers[people[1]]]
    assert talked["time_cents"] == 18_000
    assert talked["contribution_cents"] == plain["contribution_cents"] - 18_000
    assert paid["contribution_cents"] == plain["contribution_cents"] - 700
    counts = run.counts
    assert counts["contribution_cents"] == sum(row["contribution_cents"] for row in rows.values())
    assert counts["contacts"] == {"all": 2, "timed": 1}
    assert {row["group"]: row["customers"] for row in counts["classes"]} == {"profit": 29, "loss": 1}
    assert Metric.objects.filter(family="profit").count() == 30

    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:profit")).content.decode()
    behind = reverse("analyze:profit_people", args=[run.public_id])
    assert f"{behind}?profit_class=loss" in page
    assert client.get(f"{behind}?profit_class=loss").content.decode().count("data-row") == 1
    assert client.get(f"{behind}?by=kind&group=person").content.decode().count("data-row") == 30
    assert client.get(f"{behind}?profit_class=nonsense").status_code == 404
    assert client.get(f"{behind}?by=nonsense&group=x").status_code == 404
    for facet in ("profit_class", "service_kind", "contribution", "cost_to_serve"):
        assert segments_asked.facet(facet) is not None
    left = queries.contribution(LOCAL_OPERATOR, people[0])
    assert left is not None
    assert (left.profit_class, left.contribution_cents) == ("loss", talked["contribution_cents"])


def test_a_program_reads_the_figures_and_what_one_customer_left():
    people, numbers = served_shop()
    run = measured("profit", hour="60", handling="2.50")
    asks = program("owner")
    told = asks.get("profit").json()
    assert told["run"] == run.public_id
    assert told["contribution_cents"] == run.counts["contribution_cents"]
    one = asks.get(f"customers/{numbers[people[0]]}/profit").json()
    assert one["profit_class"] == "loss"
    assert asks.get("customers/nobody/profit").status_code == 404


def test_who_may_not_see_amounts_is_told_so_and_shown_none(monkeypatch):
    people, _numbers = served_shop()
    run = measured("profit", hour="60")
    real = rights.sight
    monkeypatch.setattr(
        rights, "sight", lambda viewer, field: "hidden" if field == "net_amount" else real(viewer, field)
    )
    assert queries.contribution(LOCAL_OPERATOR, people[0]) is None
    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:profit")).content.decode()
    assert "¥" not in page
    assert client.get(reverse("analyze:profit_people", args=[run.public_id])).status_code == 404


def test_a_shop_without_orders_has_a_page_that_says_so():
    Shop().customers(3)
    run = measured("profit")
    assert run.state == "empty"
    assert signed_in(hire("operator")).get(reverse("analyze:profit")).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"hour": "-1"}, {"handling": "many"}, {"hour": "1e9"}, {"assumed": "70"}, {"hour": "NaN"}]
)
def test_rates_that_are_no_amounts_are_refused(wrong):
    with pytest.raises(ParametersRefused):
        MeasureParameters(**wrong)


def test_the_form_asks_for_the_rates_and_runs_with_them():
    served_shop()
    client = signed_in(hire("operator"))
    address = reverse("analyze:new_measure", args=["profit"])
    form = {"as_of": AS_OF.isoformat(), "span": "days_365", "hour": "45.5", "handling": "3", "assumed": "known"}
    assert client.post(address, {**form, "hour": "-2"}).status_code == 422
    assert client.post(address, form).status_code == 302
    jobs.run_pending()
    run = queries.latest_run("profit")
    assert run is not None
    assert (run.parameters["hour"], run.parameters["handling"]) == ("45.5", "3")
