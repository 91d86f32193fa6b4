"""How figures and moments are written."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from zhike.kit import clock
from zhike.ui import figures, names

NOON = dt.datetime(2026, 11, 22, 4, 0, tzinfo=dt.UTC)  # 12:00 in Shanghai


@pytest.fixture(autouse=True)
def _at_noon_in_shanghai():
    with clock.freeze(NOON), timezone.override(ZoneInfo("Asia/Shanghai")), translation.override("en"):
        yield


def test_figures_are_grouped_by_three_in_both_languages():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert figures.number(1234567) == "1,234,567"
    assert figures.number(-1234.5, 1) == "\N{MINUS SIGN}1,234.5"
    assert figures.number(None) == "–"


def test_a_share_is_said_in_percent():
    assert figures.share_text(0.1234) == "12.3%"
    assert figures.share_text(None) == "–"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=5), "5 min ago"),
        (dt.timedelta(hours=3), "3 h ago"),
        (dt.timedelta(hours=20), "yesterday 16:00"),
        (dt.timedelta(days=30), "Oct 23"),
        (dt.timedelta(days=400), "Oct 18, 2025"),
    ],
)
def test_a_moment_is_said_as_people_say_it(before, said):
    html = figures.moment_html(NOON - before)
    assert f">{said}</time>" in html


def test_late_evening_belongs_to_the_shops_own_yesterday():
    html = figures.moment_html(dt.datetime(2026, 11, 21, 15, 59, tzinfo=dt.UTC))  # 23:59 in Shanghai
    assert ">yesterday 23:59</time>" in html
    assert 'title="2026-11-21 23:59:00 CST"' in html


def test_a_span_is_said_in_its_largest_unit():
    assert [figures.span_text(s) for s in (42, 95, 7300, 86400 * 2)] == ["42 s", "1 min", "2 h", "2 days"]


@pytest.mark.parametrize(
    ("language", "stated", "currency", "said"),
    [
        ("zh-hans", "268", "CNY", "¥268.00"),
        ("en", "268.00", "CNY", "CN¥268.00"),
        ("zh-hans", "0.125", "CNY", "¥0.125"),
        ("zh-hans", "1234.5", "USD", "$1,234.50"),
        ("zh-hans", "1500", "JPY", "¥1,500"),
        ("zh-hans", "-9.9", "SGD", "-SGD 9.90"),
        ("zh-hans", "1E+3", "CNY", "¥1,000.00"),
        ("zh-hans", "by weight", "CNY", "by weight"),
        ("zh-hans", "", "CNY", "–"),
    ],
)
def test_a_price_is_written_as_money_and_keeps_its_places(language, stated, currency, said):
    with translation.override(language):
        assert names.price_text(stated, currency) == said


def test_zones_and_currencies_have_names_and_unknown_ones_stay_readable():
    assert names.zone_name("Asia/Shanghai") == "China, Beijing time (UTC+8)"
    assert names.zone_name("America/Argentina/Buenos_Aires") == "Buenos Aires (America, Argentina)"
    assert names.zone_name("Iran") == "Iran"
    assert names.currency_name("CNY") == "Chinese yuan (CN¥)"
    assert names.currency_name("SGD") == "Singapore dollar (SGD)"
    assert names.currency_name("XYZ") == "XYZ"
