"""What sources brought: counted by a job, equal to what stands in the register, at hand in one row a source."""

import datetime as dt

import pytest
from django.test import Client

from tests.collect.importing import HEADERS, brought, csv_bytes, order_row, source_id, undone
from zhike.collect import actions
from zhike.collect.report import SourceReport, report
from zhike.customers import actions as customers
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST = [
    order_row("O1", "c1", email="ann@example.com", phone="13800000001", price="10.00"),
    order_row("O2", "c1", email="ann@example.com", price="5.00"),
    order_row("O3", "c2", price="7.00"),
    order_row("O4", "c3", phone="13800000003", price="1.00"),
]
SECOND = [
    order_row("P1", "x1", email="ann@example.com", price="100.00"),
    order_row("P2", "x2", email="bob@example.com"),
]


def of(code: str) -> SourceReport:
    return next(row for row in report()[0] if row.facts.code == code)


def test_customers_count_for_the_source_that_named_them_first_and_their_orders_wherever_they_bought() -> None:
    brought(csv_bytes(HEADERS, FIRST), source="first")
    second = brought(csv_bytes(HEADERS, SECOND), source="second")
    one, other = of("first"), of("second")
    assert (one.records, one.customers, one.with_phone, one.with_email, one.valid) == (3, 3, 2, 1, 2)
    assert (other.records, other.customers, other.valid) == (2, 1, 1)
    assert (one.orders, one.net_cents, one.buyers) == (5, 12_300, 3)
    assert (one.confirmed, one.confirmed_share, one.valid_share) == (1, 1 / 3, 2 / 3)
    undone(second)
    assert (of("first").net_cents, of("second").customers) == (2_300, 0)


def test_cost_and_work_are_divided_by_what_they_brought_and_never_by_nothing() -> None:
    made = source_id("first")
    assert (of("first").cost_each_cents, of("first").records_per_hour, of("first").valid_share) == (None, None, None)
    brought(csv_bytes(HEADERS, FIRST), source="first")
    customers.add_source_cost(made, spent_on=dt.date(2024, 5, 1), kind="fair", amount_cents=1_001, by=BY)
    actions.note_work(made, worked_on=dt.date(2024, 5, 1), minutes=90, by=BY)
    assert (of("first").cost_each_cents, of("first").records_per_hour) == (500, 2.0)


def test_the_page_opens_customers_and_counts_anew(as_owner: Client) -> None:
    brought(csv_bytes(HEADERS, FIRST), source="first")
    page = as_owner.get("/collect/report/").content.decode()
    assert f"?source={of('first').facts.id}&amp;phone=1" in page
    listed = as_owner.get(f"/customers/?source={of('first').facts.id}&phone=1")
    assert listed.status_code == 200 and listed.content.decode().count("data-row") >= 2
    assert as_owner.post("/collect/report/count/").status_code == 302
    facts = of("first").facts
    form = {"worked_on": "2024-05-01", "hours": "1.5"}
    assert as_owner.post(f"/collect/sources/{facts.public_id}/hours/", form).status_code == 302
    assert of("first").minutes == 90


def test_the_page_asks_as_much_for_many_customers_as_for_few(
    as_owner: Client, django_assert_max_num_queries: object
) -> None:
    brought(csv_bytes(HEADERS, [order_row(f"O{n}", f"c{n}") for n in range(300)]), source="first")
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        as_owner.get("/collect/report/")


def test_an_agent_sees_no_report(as_agent: Client) -> None:
    assert as_agent.get("/collect/report/").status_code == 403
