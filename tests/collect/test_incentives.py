"""The ledger of incentives: what collectors earn by records is booked once, costs the source, and can be taken back."""

import datetime as dt
from typing import Any

import pytest

from tests.cast import signed_in
from zhike.clean.actions import truth
from zhike.clean.models import TruthCheck
from zhike.collect import actions
from zhike.collect.models import Incentive
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.kit import clock
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)


@pytest.fixture
def till(db: None) -> Any:
    return customers.add_source(
        code="till",
        name="门店终端",
        channel_kind="store_terminal",
        platform="",
        legal_basis="consent",
        by=LOCAL_OPERATOR,
    )


@pytest.fixture
def collected(keeper: Any) -> int:
    """Four files of an archive keeper on the 20th, one of them invented; returns the keeper."""
    by = rights.viewer_of(keeper)
    for n, name in enumerate(("赵一", "钱二", "孙三", "李四")):
        with clock.freeze(NOON + dt.timedelta(minutes=9 * n)):
            customers.add_customer("person", {"name": name, "phone": f"1381234000{n}", "city": "广州市"}, by=by)
    with clock.freeze(NOON + dt.timedelta(hours=3)):
        truth.draw(clock.now(), now=True, tell=lambda done, of: None)
    check = TruthCheck.objects.order_by("id")[0]
    truth.note_check(check.public_id, "invented", by=LOCAL_OPERATOR)
    return int(keeper.pk)


def book(till: Any, staff_id: int, **given: Any) -> Incentive:
    period = {"since": DAY, "until": DAY, "rate_cents": 250, "by": LOCAL_OPERATOR} | given
    return actions.book_incentive(till.id, staff_id, **period)


def test_what_was_entered_is_counted_without_what_was_invented_and_costs_the_source(till: Any, collected: int) -> None:
    entry = book(till, collected)
    assert (entry.record_count, entry.amount_cents) == (3, 750)
    assert asked.source_costs()[till.id] == 750
    assert actions.counted_records(collected, DAY - dt.timedelta(days=2), DAY - dt.timedelta(days=1)) == 0


def test_an_entry_taken_back_stays_in_the_ledger_and_costs_nothing(till: Any, collected: int) -> None:
    entry = book(till, collected)
    actions.take_incentive_back(entry.id, by=LOCAL_OPERATOR)
    entry.refresh_from_db()
    assert entry.taken_back_at is not None and asked.source_costs().get(till.id, 0) == 0
    with pytest.raises(actions.IncentiveRefused, match="gone"):
        actions.take_incentive_back(entry.id, by=LOCAL_OPERATOR)
    assert book(till, collected).record_count == 3  # its days are free again


def test_no_day_is_booked_twice_for_one_person_and_source(till: Any, collected: int) -> None:
    book(till, collected, since=DAY - dt.timedelta(days=3), record_count=5)
    with pytest.raises(actions.IncentiveRefused, match="overlap"):
        book(till, collected)
    assert Incentive.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"since": DAY + dt.timedelta(days=1)}, "period"),
        ({"until": dt.date(2999, 1, 1)}, "period"),
        ({"rate_cents": 0}, "rate"),
        ({"rate_cents": 100_000_01}, "rate"),
        ({"record_count": 0}, "records"),
        ({"since": dt.date(2020, 1, 1), "until": dt.date(2020, 1, 2)}, "records"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused_and_nothing_is_booked(
    till: Any, collected: int, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(actions.IncentiveRefused, match=code):
        book(till, collected, **given)
    assert not Incentive.objects.exists() and not asked.source_costs().get(till.id, 0)


def test_who_may_not_manage_sources_books_nothing_and_nobody_earns_unknown(
    till: Any, collected: int, agent: Any
) -> None:
    with pytest.raises(Forbidden):
        book(till, collected, by=rights.viewer_of(agent))
    with pytest.raises(actions.IncentiveRefused, match="nobody"):
        book(till, 999_999)


def test_the_page_of_a_source_books_tells_and_takes_back(till: Any, collected: int, owner: Any) -> None:
    browser, address = signed_in(owner), f"/collect/sources/{till.public_id}/"
    form = {"staff": collected, "since": "2026-11-20", "until": "2026-11-20", "rate": "2.50"}
    page = browser.post(f"{address}incentives/", form, follow=True).content.decode()
    assert "已登记，共 3 条" in page and "7.50" in page
    refused = browser.post(f"{address}incentives/", form, follow=True).content.decode()
    assert "已经登记过" in refused
    entry = Incentive.objects.get()
    page = browser.post(f"{address}incentives/", {"take_back": entry.id}, follow=True).content.decode()
    assert "已撤回" in page
    assert "请选择采集人" in browser.post(f"{address}incentives/", {"staff": "x"}, follow=True).content.decode()
