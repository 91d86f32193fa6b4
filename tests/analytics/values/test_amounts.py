from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike_analytics.values import ValueProblem, amount, line_cents, parse_amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [("¥1,234.50", 123450), ("1.234,50", 123450), ("0元", 0), ("(12.00)", -1200), ("-5", -500), ("1,234", 123400),
     ("１２．５", 1250), ("12,5", 1250), ("-¥5.00", -500), ("¥-5", -500), ("5-", -500), ("−5", -500), ("1.2万", 1200000),
     ("1 234,50", 123450), ("1'234.50", 123450), ("12.345.678", 1234567800), ("￥88", 8800), ("RMB 9.9", 990), (".5", 50)],
)  # fmt: skip
def test_amounts_in_many_writings(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


def test_the_files_own_mark_decides() -> None:
    assert amount("1.234", decimal=".").text == "1.234"
    assert amount("1.234", decimal=",").cents == 123400
    assert amount("1,234", decimal=",").text == "1.234"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.234", "ambiguous"), ("9999999999999", "absurd"), ("", "blank"), ("元", "blank"), ("1,23,4", "invalid"), ("1e5", "invalid"),
     ("NaN", "invalid"), ("Infinity", "invalid"), ("(-5)", "invalid"), ("--5", "invalid"), ("=1+1", "invalid"), ("1" * 5000, "invalid")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        amount(text)
    assert caught.value.code == f"amount.{code}"


def test_the_line_is_rounded_not_the_price() -> None:
    assert amount("0.012").text == "0.012"
    assert line_cents("0.012", 1000) == 1200
    assert line_cents("0.125", 1) == 12  # half to even
    assert line_cents("0.135", 1) == 14
    assert line_cents("2.55", -6) == -1530


def test_numbers_that_are_not_text_are_read_too() -> None:
    assert amount(2.55).cents == 255
    assert amount(7).cents == 700
    assert amount(Decimal("-0.005")).text == "-0.005"
    with pytest.raises(ValueProblem):
        amount(float("nan"))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_written_plainly_is_read_back(value: Decimal) -> None:
    assert parse_amount(f"{value:,}") == int(value * 100)
    assert Decimal(amount(str(value)).text) == value


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        assert isinstance(amount(text).cents, int)
    except ValueProblem as problem:
        assert problem.code.startswith("amount.")
