"""Stories of money: every line is rounded once, nothing is dropped, and what brought no money counts as none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike.shop.pricing import OrderRefused, price
from zhike.shop.records import LineStatement, OrderStatement

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def order(*lines: LineStatement, **given: object) -> OrderStatement:
    return OrderStatement("1", AT, lines, 1, **given)  # type: ignore[arg-type]


def line(price_text: str, quantity: str = "1", **given: str) -> LineStatement:
    return LineStatement("SKU", "锅", quantity, price_text, **given)


def test_a_line_is_rounded_once_and_not_its_unit_price() -> None:
    assert price(order(line("0.012", "1000"))).total_cents == 1200


def test_goods_postage_and_fees_are_kept_apart() -> None:
    priced = price(
        order(line("59.90"), line("6", kind="postage"), line("-2.00", kind="discount"), line("1", kind="fee"))
    )
    assert (priced.goods_cents, priced.postage_cents, priced.fee_cents, priced.total_cents) == (5790, 600, 100, 6490)
    assert priced.net_cents == 6390


def test_an_unpaid_or_closed_sale_brings_no_revenue_and_keeps_its_amounts() -> None:
    priced = price(order(line("134.16"), status="closed"))
    assert (priced.total_cents, priced.net_cents) == (13416, 0)


def test_what_was_paid_less_what_was_refunded_is_revenue() -> None:
    assert price(order(line("100"), paid="90.00", refund="30")).net_cents == 6000


def test_an_order_called_refunded_without_an_amount_is_refunded_whole() -> None:
    priced = price(order(line("100"), status="refunded"))
    assert (priced.refund_cents, priced.net_cents) == (10000, 0)
    assert price(order(line("100"), status="refunded", refund="30")).net_cents == 7000


def test_a_cancellation_takes_revenue_back() -> None:
    assert price(order(line("5", "-2"), kind="cancellation", status="cancelled")).net_cents == -1000


def test_a_stated_total_that_differs_from_the_lines_is_reported() -> None:
    priced = price(order(line("10"), total="12.00"))
    assert priced.total_cents == 1200 and priced.problems[0].code == "order.total_differs"


def test_equal_lines_are_kept_and_the_repeat_is_marked() -> None:
    priced = price(order(line("1"), line("1"), line("2")))
    assert [x.is_repeat for x in priced.lines] == [False, True, False] and priced.total_cents == 400


@pytest.mark.parametrize("text", ["¥1,234.50", "1234.5", "1 234.50元", "１２３４．５０"])
def test_prices_are_read_as_shops_write_them(text: str) -> None:
    assert price(order(line(text))).total_cents == 123450


@pytest.mark.parametrize(
    ("price_text", "quantity"), [("abc", "1"), ("1", "1.5"), ("1", "viele"), ("9" * 20, "1"), ("NaN", "1")]
)
def test_an_amount_that_cannot_be_read_refuses_the_order_with_row_and_code(price_text: str, quantity: str) -> None:
    with pytest.raises(OrderRefused) as refused:
        price(order(line(price_text, quantity)))
    assert refused.value.problem.fatal and refused.value.problem.row_no == 1


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-999, 999)), max_size=20))
def test_an_orders_total_is_the_sum_of_its_lines_to_the_cent(rows: list[tuple[int, int]]) -> None:
    priced = price(
        order(
            *(
                line(
                    f"{cents // 100}.{cents % 100:02d}" if cents >= 0 else f"-{-cents // 100}.{-cents % 100:02d}",
                    str(q),
                )
                for cents, q in rows
            )
        )
    )
    assert priced.total_cents == sum(cents * q for cents, q in rows) == sum(x.amount_cents for x in priced.lines)
