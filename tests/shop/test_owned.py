"""Stories of what a customer owns: bought and not given back, told from order lines."""

import datetime as dt
from typing import Any

import pytest

from tests.shop.test_orders import AT, Import, imports, order, shop, undo
from zhike.customers.models import SourceRecord
from zhike.customers.records import SourceFacts
from zhike.shop import actions, queries
from zhike.shop.models import Order
from zhike.shop.queries import owned
from zhike.shop.records import LineStatement, OrderStatement, Stated

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
__all__ = ["imports", "shop"]  # fixtures
POT, LID = LineStatement("POT", "雪平锅", "2", "60.00"), LineStatement("LID", "锅盖", "1", "20.00")


def bought(number: str, *lines: LineStatement, days: int = 0, **given: Any) -> OrderStatement:
    return order(number, lines=lines, at=AT + dt.timedelta(days=days), **given)


def given_back(source_id: int, number: str, run_id: int = 9, **told: Any) -> None:
    columns = {
        "order_number": number, "sku": "POT", "kind": "return", "status": "done", "reason": "", "quantity": None,
        "amount_cents": None, "currency": "CNY", "opened_at": AT.isoformat(), "closed_at": None, **told,
    }  # fmt: skip
    made = actions.prepare_stated(actions.CASE, source_id, [Stated(f"SH-{number}", 1, columns)], run_id=run_id)
    actions.record_stated(made)


def owns(**asked: Any) -> list[tuple[str, int, int, str]]:
    """(product, pieces, days after the first order when last bought, in which order)."""
    found = queries.owned_by(list(SourceRecord.objects.values_list("id", flat=True)), **asked)
    return [(i.title, i.quantity, (i.last_at - AT).days, i.last_order) for i in found.items]


def test_products_are_owned_once_with_all_their_pieces_the_one_bought_last_first(imports: Import) -> None:
    postage = LineStatement("post", "运费", "1", "6.00", kind="postage")
    imports(bought("N1", POT, LID, postage), bought("N2", POT, days=3))
    assert owns() == [("雪平锅", 4, 3, "N2"), ("锅盖", 1, 0, "N1")]
    (pot, _lid) = queries.owned_by(list(SourceRecord.objects.values_list("id", flat=True))).items
    assert (pot.first_at, pot.sku) == (AT, "POT")


@pytest.mark.parametrize("status", ["unpaid", "closed", "cancelled", "refunded"])
def test_what_was_not_paid_or_was_refunded_is_owned_by_nobody(imports: Import, status: str) -> None:
    imports(bought("N1", POT, status=status), bought("N2", LID))
    assert owns() == [("锅盖", 1, 0, "N2")]


def test_a_cancellation_takes_its_pieces_back_whichever_sign_it_bears(imports: Import) -> None:
    back = LineStatement("POT", "雪平锅", "-1", "60.00")
    plus = LineStatement("LID", "锅盖", "1", "-20.00")
    imports(bought("N1", POT, LID), bought("C1", back, plus, days=1, kind="cancellation"))
    assert owns() == [("雪平锅", 1, 0, "N1")]


def test_a_finished_return_takes_its_pieces_back_and_never_those_of_other_orders(
    imports: Import, shop: SourceFacts
) -> None:
    imports(bought("N1", POT), bought("N2", POT, LID, days=2))
    given_back(shop.id, "N1", quantity=1)
    assert owns()[0] == ("雪平锅", 3, 2, "N2")
    given_back(shop.id, "N1", run_id=10, quantity=50)
    assert owns()[0] == ("雪平锅", 2, 2, "N2")
    given_back(shop.id, "N2", sku="")  # names no product: the whole order
    assert owns() == []


@pytest.mark.parametrize("told", [{"kind": "repair"}, {"kind": "refund"}, {"status": "open"}, {"status": "refused"}])
def test_what_is_repaired_compensated_or_not_given_back_yet_is_still_owned(
    imports: Import, shop: SourceFacts, told: dict[str, str]
) -> None:
    imports(bought("N1", POT))
    given_back(shop.id, "N1", **told)
    assert owns() == [("雪平锅", 2, 0, "N1")]


def test_what_is_owned_follows_the_version_that_counts_and_an_undo(imports: Import) -> None:
    imports(bought("N1", POT))
    imports(bought("N1", LID), run_id=2)
    assert owns() == [("锅盖", 1, 0, "N1")]
    undo(2)
    assert owns() == [("雪平锅", 2, 0, "N1")]


def test_what_was_owned_on_a_day_is_told_as_of_that_day(imports: Import, shop: SourceFacts) -> None:
    imports(bought("N1", POT), bought("N2", LID, days=5))
    given_back(shop.id, "N1", opened_at=(AT + dt.timedelta(days=4)).isoformat())
    assert owns(until=AT + dt.timedelta(days=1)) == [("雪平锅", 2, 0, "N1")]
    assert owns() == [("锅盖", 1, 5, "N2")]


def test_a_long_list_says_how_many_it_leaves_out_and_whether_every_order_was_looked_through(
    imports: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports(*(bought(f"N{n}", LineStatement(f"P{n}", f"杯{n}", "1", "5.00"), days=n) for n in range(6)))
    records = list(SourceRecord.objects.values_list("id", flat=True))
    told = queries.owned_by(records, limit=4)
    assert ([i.title for i in told.items], told.more, told.is_whole) == (["杯5", "杯4", "杯3", "杯2"], 2, True)
    monkeypatch.setattr(owned, "LOOKED_THROUGH", 3)
    told = queries.owned_by(records, limit=4)
    assert ([i.title for i in told.items], told.more, told.is_whole) == (["杯5", "杯4", "杯3"], 0, False)


def test_an_order_without_a_customer_is_owned_by_nobody(imports: Import) -> None:
    imports(bought("N1", POT, buyer=None))
    assert Order.objects.count() == 1
    assert queries.owned_by([]).items == ()
