from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhike_analytics.values import ValueProblem, moment

TEN_TWENTY = datetime(2021, 3, 1, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2021/3/1 10:20", "2021-03-01 10:20:00", "2021-03-01T10:20", "2021-03-01T02:20:00Z", "2021-03-01 10:20:00 +0800",
     "2021-03-01T10:20:00.000+08:00", "20210301102000", "2021年3月1日 10:20", "2021年3月1日10时20分", "1614565200",
     "1614565200000", "2021.03.01 10:20", "Mar 1, 2021 10:20", "1 March 2021 10:20", "２０２１－０３－０１　１０：２０",
     "2021-3-1 上午10:20", "2021-03-01 星期一 10:20", "2021-03-01 02:20:00 UTC"],
)  # fmt: skip
def test_one_moment_in_many_writings(text: str) -> None:
    assert moment(text).at == TEN_TWENTY


def test_a_date_alone_is_the_shops_midnight() -> None:
    found = moment("2021-03-01")
    assert (found.at, found.day, found.date_only) == (datetime(2021, 2, 28, 16, tzinfo=UTC), date(2021, 3, 1), True)


def test_the_day_is_the_day_in_the_shop_not_in_greenwich() -> None:
    assert moment("2021-03-01T23:30:00Z").day == date(2021, 3, 2)
    assert moment("2012-09-14 09:22:00 +0800", zone="America/New_York").day == date(2012, 9, 13)


def test_an_excel_serial_is_a_date() -> None:
    assert moment("44256").day == date(2021, 3, 1)
    assert moment("44256.5").at == datetime(2021, 3, 1, 4, tzinfo=UTC)


def test_a_year_last_needs_an_order_unless_it_is_plain() -> None:
    assert moment("12/1/2010 8:26", order="mdy").day == date(2010, 12, 1)
    assert moment("12/1/2010 8:26", order="dmy").day == date(2010, 1, 12)
    assert moment("13/1/2010").day == date(2010, 1, 13)
    with pytest.raises(ValueProblem, match=r"moment\.ambiguous"):
        moment("12/1/2010 8:26")


@pytest.mark.parametrize(
    ("text", "code"),
    [("2021-02-30", "impossible"), ("2021-13-01", "impossible"), ("2021-03-01 25:00", "impossible"), ("", "blank"),
     ("0000-00-00 00:00:00", "blank"), ("9999-12-31", "out_of_range"), ("yesterday", "unreadable"), ("12/1/10", "unreadable"),
     ("2021-03-01 10:20:00 +9999", "impossible"), ("1" * 200, "unreadable")],
)  # fmt: skip
def test_impossible_dates_are_refused(text: str, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        moment(text)
    assert caught.value.code == f"moment.{code}"


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ValueProblem) as caught:
        moment("2021-03-01", zone="Mars/Olympus")
    assert caught.value.params == {"zone": "Mars/Olympus"}


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2199, 1, 1)))
def test_iso_text_is_read_back_to_the_second(value: datetime) -> None:
    value = value.replace(microsecond=0)
    assert moment(value.isoformat(), zone="UTC").at == value.replace(tzinfo=UTC)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        assert moment(text).at.tzinfo is UTC
    except ValueProblem as problem:
        assert problem.code.startswith("moment.")
