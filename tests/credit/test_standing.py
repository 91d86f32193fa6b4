"""Exposure, payment behaviour and the hold rule, from invoices and orders."""

import datetime as dt
from typing import Any

import pytest

from tests.cast import hire
from tests.credit.ground import WAN, draft, firm
from zhike.credit import actions, queries
from zhike.credit.actions import InvoiceRefused
from zhike.credit.records import InvoiceStated
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.models import CustomerCard
from zhike.customers.records import Statement
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.shop import actions as shop_actions
from zhike.shop.records import LineStatement, OrderStatement
from zhike.work.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = dt.date(2026, 7, 1)


def bill(customer: int, number: str, amount: int, *, due: int, paid: int = 0, late: int | None = None) -> None:
    """An invoice of so many 10,000 yuan due so many days ago; paid so many days late."""
    due_on = DAY - dt.timedelta(days=due)
    invoice = InvoiceStated(
        number=number, due_on=due_on, amount_cents=amount * WAN, paid_cents=paid * WAN,
        paid_on=None if late is None else due_on + dt.timedelta(days=late),
    )  # fmt: skip
    actions.note_invoice(customer, invoice, by=BY)


def allow(customer: int, limit: int) -> None:
    keeper, supervisor = secure.viewer_of(hire("keeper")), secure.viewer_of(hire("supervisor"))
    made = actions.draft_report(customer, draft(limit_cents=limit * WAN), by=keeper)
    actions.submit_report(made, by=keeper)
    actions.decide_report(made, "approved", by=supervisor)


def standing(customer: int) -> Any:
    found = queries.standing(BY, customer)
    assert found is not None
    return found


def reasons(customer: int, wan: int) -> tuple[str, ...]:
    found = queries.hold_for(BY, customer, wan * WAN)
    assert found is not None
    return found.reasons


def test_an_order_waits_beyond_the_limit_behind_overdue_and_after_the_end(shop: None) -> None:
    customer = firm()
    assert reasons(customer, 1) == ("no_limit",)
    allow(customer, 100)
    bill(customer, "F1", 60, due=-10)
    assert (standing(customer).owed_cents, standing(customer).free_cents) == (60 * WAN, 40 * WAN)
    assert reasons(customer, 40) == () and reasons(customer, 41) == ("over_limit",)
    bill(customer, "F2", 1, due=16)
    assert reasons(customer, 1) == ("overdue",) and standing(customer).holds == ("overdue",)
    with clock.freeze(dt.datetime(2027, 7, 1, tzinfo=dt.UTC)):
        assert "expired" in reasons(customer, 1)


def test_the_same_invoice_again_says_how_far_it_is_paid(shop: None) -> None:
    customer = firm()
    bill(customer, "F1", 60, due=5)
    bill(customer, "F1", 60, due=5, paid=60, late=0)
    records = customer_queries.record_ids_of(customer)
    (row,) = queries.receivables_of(BY, records)
    assert (row.paid_cents, row.days_overdue) == (60 * WAN, 0)
    assert standing(customer).owed_cents == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": " "}, "number"),
        ({"amount_cents": 0}, "amount"),
        ({"paid_cents": 200}, "paid"),
        ({"paid_cents": 100}, "dates"),
        ({"paid_on": dt.date(2026, 8, 1)}, "dates"),
        ({"issued_on": dt.date(2026, 6, 2)}, "dates"),
    ],
)
def test_an_invoice_that_makes_no_sense_is_refused(shop: None, given: dict[str, Any], code: str) -> None:
    plain = {"number": "F1", "due_on": dt.date(2026, 6, 1), "amount_cents": 100}
    with pytest.raises(InvoiceRefused) as refused:
        actions.note_invoice(firm(), InvoiceStated(**{**plain, **given}), by=BY)
    assert refused.value.code == code


def test_how_it_paid_becomes_points_and_the_best_payment_a_bound(shop: None) -> None:
    customer = firm()
    for n in range(3):
        bill(customer, f"F{n}", 10 + n, due=200 - 30 * n, paid=10 + n, late=0)
    bill(customer, "F9", 50, due=40, paid=50, late=30)
    payments = standing(customer).payments
    assert payments["settled"] == 4 and payments["best_paid_cents"] == 12 * WAN
    assert payments["points"] == pytest.approx(50 * 33 / 83 + 30 * (1 - 7.5 / 90) + 20)
    made = actions.draft_report(customer, draft(), by=secure.viewer_of(hire("keeper")))
    found = queries.report(BY, made)
    assert found is not None and (found.proposal["binding"], found.proposal["limit_cents"]) == ("best_paid", 12 * WAN)


def test_unpaid_orders_count_unless_they_stand_on_an_invoice(shop: None) -> None:
    source = customers.add_source(
        code="b2b", name="批发", channel_kind="online_shop", legal_basis="contract", by=BY
    )  # fmt: skip
    said = Statement(("platform_handle", "firm-1"), clock.now(), {"name": "好客", "platform_handle": "firm-1"}, 1)
    orders = [
        OrderStatement(
            number, clock.now(), (LineStatement("S", "茶", "1", price),), n, status=state, currency="CNY", buyer=said,
            paid_at=clock.now() if paid else None,
        )
        for n, (number, price, state, paid) in enumerate(
            [("A1", "100", "unpaid", False), ("A2", "200", "shipped", False), ("A3", "400", "shipped", True), ("A4", "800", "completed", False)]
        )
    ]  # fmt: skip
    shop_actions.record_orders(shop_actions.prepare_orders(source.id, orders, run_id=1))
    customer = CustomerCard.objects.get().customer_id
    found = standing(customer)
    assert (found.orders_cents, found.shipped_cents, found.owed_cents) == (10_000, 20_000, 30_000)
    invoice = InvoiceStated(number="A2", due_on=dt.date(2026, 8, 1), amount_cents=20_000)
    actions.note_invoice(customer, invoice, by=BY)
    found = standing(customer)
    assert (found.invoices_cents, found.shipped_cents, found.owed_cents) == (20_000, 0, 30_000)


def test_what_is_overdue_beyond_the_grace_becomes_a_task(shop: None) -> None:
    customer = firm()
    bill(customer, "F1", 10, due=15)
    assert actions.offer_reviews() == 0
    bill(customer, "F2", 10, due=20)
    assert actions.offer_reviews() == 1
    task = Task.objects.get(kind="credit_review")
    assert (task.about_id, task.why_code, task.why_params) == (customer, "overdue", {"days": 20})
    bill(customer, "F2", 10, due=20, paid=10, late=19)
    assert actions.offer_reviews() == 0
