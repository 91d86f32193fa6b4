"""The demo shop on paper: repeatable, believable, unreachable, and no bigger in memory for being big."""

import datetime as dt
import itertools
from collections import Counter

from zhike.desk.demo.orders import orders
from zhike.desk.demo.people import MARKET, OWN_SITE, TAOBAO
from zhike.desk.demo.rhythm import Calendar
from zhike.shop.pricing import price
from zhike_analytics.values.phones import phone

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def shop(count=400, seed=7, now=NOON):
    return list(orders(count, seed, Calendar(now)))


def test_the_same_seed_and_day_make_the_same_shop():
    assert shop(60) == shop(60)
    assert shop(60) != shop(60, seed=8)


def test_nothing_is_ordered_in_the_future_and_the_last_week_is_busy():
    made = shop()
    assert max(order.ordered_at for _, order in made) <= NOON
    assert sum(order.ordered_at > NOON - dt.timedelta(days=7) for _, order in made) > 10


def test_singles_day_and_618_stand_out():
    days = Counter(order.ordered_at.astimezone(dt.timezone(dt.timedelta(hours=8))).date() for _, order in shop(3000))
    ordinary = sorted(days.values())[len(days) // 2]
    assert days[dt.date(2026, 11, 11)] > 8 * ordinary
    assert days[dt.date(2026, 6, 18)] > 4 * ordinary


def test_nobody_in_it_can_be_reached():
    for _, order in shop():
        given = {**(order.buyer.values if order.buyer else {}), **order.sealed}
        if email := given.get("email"):
            assert email.rpartition("@")[2] in {"example.com", "example.cn"}
        for name in ("phone", "receiver_phone"):
            if number := given.get(name):
                assert phone(number).kind == "mobile"
                assert number[3:6] == "000"  # a home-area code nobody was given


def test_every_order_number_is_written_once():
    numbers = Counter((name, order.external_id) for name, order in shop(1500))
    assert [number for number, times in numbers.items() if times > 1] == []


def test_every_order_can_be_priced_and_gives_back_no_more_than_was_paid():
    for _, order in shop():
        priced = price(order)
        assert priced.net_cents >= 0 or order.kind == "cancellation"


def test_every_kind_of_trouble_a_shop_knows_is_in_it():
    made = shop(3000)
    whys = Counter(order.no_customer_why for _, order in made if order.buyer is None)
    assert set(whys) == {"masked", "platform"}
    assert {name for name, _ in made} == {TAOBAO, OWN_SITE, MARKET}
    assert {order.status for _, order in made} >= {"completed", "closed", "refunded", "cancelled", "shipped", "paid"}
    assert {line.kind for _, order in made for line in order.lines} == {"goods", "postage", "discount", "sample"}
    assert any(order.kind == "cancellation" for _, order in made)
    assert any(order.buyer and order.buyer.kind == "organisation" for _, order in made)
    assert any(
        order.sealed.get("receiver_name") not in (None, order.buyer.values.get("name"))
        for _, order in made
        if order.buyer
    )
    names = {order.buyer.values.get("name", "") for _, order in made if order.buyer}
    assert any("·" in name for name in names)
    assert any(name.startswith(("欧阳", "诸葛", "司徒", "上官", "东方", "慕容")) for name in names)


def test_a_shop_of_millions_begins_at_once():
    first = list(itertools.islice(orders(50_000_000, 7, Calendar(NOON)), 100))
    assert len(first) == 100
