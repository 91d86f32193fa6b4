"""What a day took in is kept with the orders, and equals the sum over them whatever happened."""

import datetime as dt
import random

import pytest
from django.db.models import Count, Q, Sum

from tests.shop.test_orders import AT, Import, imports, order, shop, undo
from zhike.customers.records import SourceFacts
from zhike.kit import clock
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions, queries
from zhike.shop.actions import takings
from zhike.shop.models import DayTakings, Order
from zhike.shop.records import OrderFilter, Takings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
__all__ = ["imports", "shop"]
WINDOWS = [(0, 3), (0, 30), (1.3, 2.1), (1, 2), (2.4, 2.6), (0.5, 40), (3, 3)]


def kept() -> list[tuple[object, ...]]:
    return list(DayTakings.objects.order_by("day", "currency").values_list("day", "currency", "order_count", "sale_count", "net_cents"))  # fmt: skip


def assert_right() -> None:
    """The kept sums are those laid anew, and every window equals the sum over its orders."""
    held = kept()
    takings.add_up()
    assert held == kept()
    assert all(orders > 0 for _, _, orders, _, _ in held)
    live = Order.objects.filter(current_version_id__isnull=False).count()
    assert queries.order_count(LOCAL_OPERATOR, OrderFilter()) == (live, False)
    assert queries.order_count(LOCAL_OPERATOR, OrderFilter(), cap=live + 1) == (live, False)
    assert live == 0 or queries.order_count(LOCAL_OPERATOR, OrderFilter(), cap=live) == (live - 1, True)
    for since, until in WINDOWS:
        begin, end = AT + dt.timedelta(days=since), AT + dt.timedelta(days=until)
        live = Order.objects.filter(ordered_at__gte=begin, ordered_at__lt=end, current_version_id__isnull=False)
        sums = live.values_list("currency").annotate(n=Count("id", filter=Q(kind="sale")), net=Sum("net_cents"))
        expected = sorted((Takings(*each) for each in sums), key=lambda t: (-t.net_cents, t.currency))
        assert queries.takings(begin, end) == expected, (since, until)


def test_a_day_is_the_sum_of_its_orders_through_changes_and_undo(imports: Import) -> None:
    chance = random.Random(7)

    def drawn(number: int) -> object:
        at = AT + dt.timedelta(days=chance.randrange(5), seconds=chance.randrange(86400))
        status = chance.choice(("completed", "closed", "unpaid", "completed"))
        return order(str(number), f"{chance.randrange(9999) / 100}", f"tb_{number % 7}", at=at, status=status)

    for run_id in (1, 2, 3):
        imports(*(drawn(n) for n in chance.sample(range(60), 40)), run_id=run_id)  # type: ignore[arg-type]
        assert_right()
    for run_id in (2, 3, 1):
        undo(run_id)
        assert_right()
    assert kept() == [], "what nobody says any longer leaves no day behind"


def test_an_order_that_moves_to_another_day_leaves_its_old_one(imports: Import) -> None:
    imports(order("1", "10.00"))
    imports(order("1", "12.00", at=AT + dt.timedelta(days=2)), run_id=2)
    assert kept() == [((AT + dt.timedelta(days=2)).date(), "CNY", 1, 1, 1200)]
    assert_right()


def test_orders_that_are_forgotten_leave_the_days_they_stood_in(imports: Import, shop: SourceFacts) -> None:
    imports(*(order(str(n), "10.00", at=AT + dt.timedelta(days=n)) for n in range(4)))
    assert len(kept()) == 4
    for _ in actions.forget_orders([shop.id], by=LOCAL_OPERATOR):
        assert_right()
    assert kept() == []


def test_nothing_was_taken_in_before_the_first_order(imports: Import) -> None:
    assert queries.takings(AT, clock.now()) == []
    imports(order("1", "10.00"))
    assert queries.takings(AT, AT + dt.timedelta(seconds=1)) == [Takings("CNY", 1, 1000)]
    assert queries.takings(AT + dt.timedelta(seconds=1), AT + dt.timedelta(days=9)) == []
