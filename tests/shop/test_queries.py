"""Stories of lists of orders, one order, and orders of nobody."""

import datetime as dt

import pytest

from tests.desk import ground
from tests.desk.ground import HIDDEN, NOON, viewer
from zhike.customers.models import CustomerCard
from zhike.customers.records import Statement
from zhike.shop import actions, queries
from zhike.shop.models import Order
from zhike.shop.records import LineStatement, OrderFilter, OrderStatement

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
RECEIVER = {"receiver_name": "收货人甲", "receiver_phone": "13711112222", "receiver_address": "某路某号"}


def said(number: str, buyer: str | None, hours: int = 0, **given: object) -> OrderStatement:
    at = NOON + dt.timedelta(hours=hours)
    who = Statement(("platform_id", buyer), at, {"name": f"客{buyer}"}, 1) if buyer else None
    lines = (LineStatement("A", "茶杯", "2", "10.00"), LineStatement("post", "运费", "1", "5.00", kind="postage"))
    why = "" if buyer else "platform"
    return OrderStatement(
        number, at, lines, 1, currency="CNY", buyer=who, no_customer_why=why, sealed=RECEIVER, **given
    )  # type: ignore[arg-type]


@pytest.fixture
def orders(db: None) -> int:
    ground.lay_ground()
    source_id = ground.source()
    statements = [said(f"N{i:03d}", f"b{i % 3}", hours=i // 4) for i in range(30)] + [
        said("X1", None),
        said("X2", None),
    ]
    actions.record_orders(actions.prepare_orders(source_id, statements, run_id=1))
    for _ in actions.finish_run(1):
        pass
    return source_id


def test_pages_of_orders_follow_each_other_through_equal_moments(orders: int) -> None:
    seen, after, back = [], "", ""
    while True:
        page = queries.orders(viewer(), OrderFilter(), after=after, limit=7)
        seen += [o.number for o in page.rows]
        back, after = page.previous_key, page.next_key
        if not after:
            break
    assert len(seen) == len(set(seen)) == 32
    before = queries.orders(viewer(), OrderFilter(), before=back, limit=7)
    assert [o.number for o in before.rows] == seen[21:28]


def test_a_filter_keeps_what_it_names(orders: int) -> None:
    assert queries.order_count(viewer(), OrderFilter(without_customer=True)) == (2, False)
    assert queries.order_count(viewer(), OrderFilter(number="N003")) == (1, False)
    assert queries.order_count(viewer(), OrderFilter(at_from=NOON + dt.timedelta(hours=7))) == (2, False)
    assert queries.order_count(viewer(), OrderFilter(), cap=11) == (10, True)


def test_orders_of_nobody_are_counted_by_source_and_reason(orders: int) -> None:
    (line,) = queries.nobodys_orders()
    assert (line.source_id, line.why, line.order_count, line.net_cents) == (orders, "platform", 2, 5000)


def test_an_order_shows_lines_and_money_and_masks_its_receiver(orders: int) -> None:
    address = Order.objects.get(external_id="N000").public_id
    found = queries.order(viewer(), address)
    assert found is not None
    assert [(line.kind, line.amount_cents) for line in found.lines] == [("goods", 2000), ("postage", 500)]
    masks = {part.name: part.text for part in found.receiver}
    assert "13711112222" not in masks["receiver_phone"] and "收货人甲" not in masks.values()
    assert queries.order(viewer(personal=HIDDEN), address).receiver == ()


def test_orders_of_others_customers_do_not_exist(orders: int) -> None:
    CustomerCard.objects.filter(name="客b1").update(owner_staff_id=1)
    mine = viewer(scope="own", staff_id=1)
    assert queries.order_count(mine, OrderFilter()) == (10, False)
    foreign = Order.objects.get(external_id="N000").public_id
    nobodys = Order.objects.get(external_id="X1").public_id
    for address in (foreign, nobodys, "no-such-order"):
        assert queries.order(mine, address) is None
        assert queries.sealed_ref(mine, address) is None


def test_takings_are_of_the_stretch_asked_for(orders: int) -> None:
    assert [(t.currency, t.net_cents) for t in queries.takings(NOON, NOON + dt.timedelta(days=1))] == [
        ("CNY", 32 * 2500)
    ]
    assert list(queries.takings(NOON - dt.timedelta(days=2), NOON)) == []


def test_an_address_that_cannot_be_read_does_not_narrow(orders: int) -> None:
    from django.http import QueryDict

    wanted = queries.read_filter(QueryDict("state=nonsense&from=32.13.2026&source=x&kind=sale"), "Asia/Shanghai")
    assert wanted == OrderFilter(kind="sale")


def test_days_are_days_of_the_shop(db: None) -> None:
    from django.http import QueryDict

    wanted = queries.read_filter(QueryDict("from=2026-03-01"), "Asia/Shanghai")
    assert wanted.at_from is not None and wanted.at_from.astimezone(dt.UTC) == dt.datetime(
        2026, 2, 28, 16, tzinfo=dt.UTC
    )
