"""Stories of orders that arrive, arrive again, change and are taken back."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.customers.story import says
from zhike.customers.records import SourceFacts
from zhike.shop.records import LineStatement, OrderStatement, OrderTally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
Import = Callable[..., OrderTally]


def order(
    number: str, amount: str = "59.90", buyer: str | None = "tb_demo01", *, at: dt.datetime = AT, **given: Any
) -> OrderStatement:
    lines = given.pop("lines", (LineStatement("SKU-0", "雪平锅", "1", amount),))
    said = says(buyer, as_of=at, name=given.pop("name", "王小明")) if buyer else None
    return OrderStatement(
        number, at, lines, 1, currency="CNY", buyer=said, no_customer_why="" if buyer else "not_given", **given
    )


@pytest.fixture
def shop(transactional_db: None) -> SourceFacts:
    from zhike.customers import actions
    from zhike.secure import vault
    from zhike.secure.records import LOCAL_OPERATOR

    vault.setup()
    return actions.add_source(
        code="taobao",
        name="淘宝店",
        channel_kind="shop_platform",
        platform="taobao",
        legal_basis="contract",
        by=LOCAL_OPERATOR,
    )


@pytest.fixture
def imports(shop: SourceFacts) -> Import:
    from zhike.shop import actions

    def run(*orders: OrderStatement, run_id: int = 1) -> OrderTally:
        tally = actions.record_orders(actions.prepare_orders(shop.id, orders, run_id=run_id))
        for _ in actions.finish_run(run_id):
            pass
        return tally

    return run


def undo(run_id: int) -> None:
    from zhike.customers import actions as customers
    from zhike.shop import actions

    for step in (actions.withdraw_run(run_id), customers.withdraw_run(run_id)):
        for _ in step:
            pass


def figures() -> list[tuple[Any, ...]]:
    from zhike.customers.models import CustomerCard

    found = CustomerCard.objects.filter(archived_at=None).order_by("name")
    return list(found.values_list("name", "order_count", "net_cents", "stage"))


def shown() -> list[tuple[Any, ...]]:
    from zhike.shop.models import Order

    live = Order.objects.exclude(current_version_id=None).order_by("external_id")
    return list(live.values_list("external_id", "total_cents", "net_cents", "status"))


def test_an_order_makes_a_customer_with_counters(imports: Import) -> None:
    tally = imports(order("1"), order("2", "10"))
    assert (tally.new, tally.lines, tally.customers_new) == (2, 2, 1)
    assert figures() == [("王小明", 2, 6990, "current")]


def test_the_same_orders_again_change_nothing(imports: Import) -> None:
    imports(order("1"), order("2", "10"))
    tally = imports(order("1"), order("2", "10"), run_id=2)
    assert (tally.unchanged, tally.new, tally.updated) == (2, 0, 0)
    assert figures() == [("王小明", 2, 6990, "current")]


def test_a_later_file_changes_an_order_and_its_undo_brings_the_former_back(imports: Import) -> None:
    imports(order("1", "59.90"))
    assert imports(order("1", "49.90"), run_id=2).updated == 1
    assert shown() == [("1", 4990, 4990, "completed")]
    undo(2)
    assert shown() == [("1", 5990, 5990, "completed")]
    assert figures() == [("王小明", 1, 5990, "current")]


def test_undoing_the_older_of_two_files_leaves_what_the_newer_says(imports: Import) -> None:
    imports(order("1", "59.90"), order("2", "5"))
    imports(order("1", "59.90"), run_id=2)
    undo(1)
    assert shown() == [("1", 5990, 5990, "completed")]
    assert figures() == [("王小明", 1, 5990, "current")]


def test_saying_an_older_version_again_makes_it_the_newest(imports: Import) -> None:
    imports(order("1", "59.90"))
    imports(order("1", "49.90"), run_id=2)
    assert imports(order("1", "59.90"), run_id=3).updated == 1
    assert shown() == [("1", 5990, 5990, "completed")]
    undo(3)
    assert shown() == [("1", 4990, 4990, "completed")]


def test_of_two_files_the_one_started_later_stands_though_it_was_uploaded_first(imports: Import) -> None:
    imports(order("1", "49.90"), run_id=2)
    assert imports(order("1", "59.90"), run_id=1).updated == 1
    assert shown() == [("1", 5990, 5990, "completed")]
    imports(order("1", "10"), run_id=3)
    undo(3)
    assert shown() == [("1", 5990, 5990, "completed")], "undoing leads back to what stood before"
    undo(1)
    assert shown() == [("1", 4990, 4990, "completed")]


def test_a_run_that_was_paused_does_not_overrule_one_that_began_meanwhile(imports: Import) -> None:
    imports(order("1", "59.90"), run_id=1)
    imports(order("2", "20"), run_id=2)
    tally = imports(order("2", "25"), order("1", "59.90"), run_id=1)
    assert (tally.seen, tally.unchanged, tally.updated) == (2, 2, 0)
    assert shown() == [("1", 5990, 5990, "completed"), ("2", 2000, 2000, "completed")]
    undo(2)
    assert shown() == [("1", 5990, 5990, "completed"), ("2", 2500, 2500, "completed")]


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_runs_begin_pause_and_are_undone_the_last_to_begin_stands(imports: Import, seed: int) -> None:
    lot = random.Random(seed)
    began: list[int] = []  # runs in the order they began
    said: dict[int, str] = {}  # what each live run said of the one order
    for _ in range(9):
        run_id = lot.randint(1, 4)
        if run_id in said and lot.random() < 0.6:
            undo(run_id)
            del said[run_id]
        elif run_id not in began:  # a run that is undone never begins again
            began.append(run_id)
            said[run_id] = lot.choice(["1", "2", "3"])
            imports(order("1", said[run_id]), run_id=run_id)
        elif run_id in said:  # goes on after a pause, with another order, and says this one again
            imports(order("1", said[run_id]), run_id=run_id)
        live = [run for run in began if run in said]
        assert [row[1] for row in shown()] == [int(said[live[-1]]) * 100 for _ in live[:1]]


def test_an_order_whose_buyer_is_masked_is_kept_without_a_customer(imports: Import) -> None:
    from zhike.shop.models import Order

    tally = imports(order("1", buyer="小*测试"), order("2", buyer=None))
    assert tally.without_customer == 2 and tally.new == 2
    assert sorted(Order.objects.values_list("no_customer_why", flat=True)) == ["masked", "not_given"]


def test_a_closed_order_counts_for_nobodys_revenue(imports: Import) -> None:
    imports(order("1", status="closed"), order("2", "10"))
    assert figures() == [("王小明", 1, 1000, "current")]


def test_a_receivers_address_is_sealed_and_found_nowhere_in_clear(imports: Import, home: Any) -> None:
    from zhike.shop.models import OrderVersion

    imports(
        order("1", sealed={"receiver_name": "李收件", "receiver_address": "暗号街九十九号"}),
        order("2", buyer=None, sealed={"receiver_name": "王收件"}),
    )
    assert OrderVersion.objects.exclude(sealed=None).count() == 2
    assert all("收件" not in str(v) and "暗号街" not in str(v) for v in OrderVersion.objects.values())


def test_an_order_that_cannot_be_priced_is_rejected_and_the_others_are_written(imports: Import) -> None:
    tally = imports(order("1", "abc"), order("2", "10"))
    assert (tally.seen, tally.rejected, tally.new) == (2, 1, 1)
    assert tally.problems[0].code.startswith("amount.")


def test_the_same_order_twice_in_one_batch_is_written_once(imports: Import) -> None:
    tally = imports(order("1", "59.90"), order("1", "49.90"))
    assert (tally.seen, tally.new, tally.unchanged) == (2, 1, 1)
    assert shown() == [("1", 4990, 4990, "completed")]


def test_a_file_edited_meanwhile_is_prepared_again_and_nothing_is_lost(imports: Import, shop: SourceFacts) -> None:
    from zhike.customers import actions as customers
    from zhike.customers.models import CustomerCard
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.shop import actions

    imports(order("1"))
    prepared = actions.prepare_orders(shop.id, [order("2", name="王晓明", at=AT + dt.timedelta(days=1))], run_id=2)
    customers.edit_field(CustomerCard.objects.get().customer_id, "name", "王大明", by=LOCAL_OPERATOR)
    assert actions.record_orders(prepared).new == 1
    assert CustomerCard.objects.get().name == "王大明" and len(shown()) == 2
