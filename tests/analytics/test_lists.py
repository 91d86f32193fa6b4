from datetime import date, timedelta

import pandas as pd
import pytest

from zhike_analytics import gone_quiet, large_first, lost_high_value
from zhike_analytics.problem import MeasureProblem

AS_OF = date(2026, 11, 22)


def shop(*orders: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [who for who, _, _ in orders],
            "order_id": range(len(orders)),
            "day": [AS_OF - timedelta(days=days) for _, days, _ in orders],
            "net_cents": [cents for _, _, cents in orders],
        }
    )


def listed(table) -> list[dict]:
    return table.to_pyarrow().to_pylist()


MONTHLY = [("monthly", 150 - 30 * n, 1000) for n in range(4)]  # 150, 120, 90, 60 days ago


def test_silence_is_measured_against_the_customers_own_rhythm() -> None:
    slow = [("slow", 360 - 100 * n, 9000) for n in range(4)]  # last 60 days ago, gap 100
    found = listed(gone_quiet(shop(*MONTHLY, *slow), as_of=AS_OF, k=1.9))
    assert [row["customer_id"] for row in found] == ["monthly"]
    assert (found[0]["silent_days"], found[0]["own_gap_days"], found[0]["silent_gaps"]) == (60, 30, 2)
    assert (found[0]["reason"], found[0]["rank"], found[0]["monetary_cents"]) == ("gone_quiet", 1, 4000)


def test_exactly_twice_the_gap_is_not_yet_quiet() -> None:
    assert listed(gone_quiet(shop(*MONTHLY), as_of=AS_OF)) == []
    assert len(listed(gone_quiet(shop(*MONTHLY), as_of=AS_OF + timedelta(days=1)))) == 1


def test_who_is_lost_or_hardly_known_is_not_on_the_quiet_list() -> None:
    twice = [("twice", 100, 900), ("twice", 90, 900)]
    lost = [("lost", 500, 900), ("lost", 490, 900), ("lost", 480, 900)]
    same_day = [("rush", 100, 900)] * 4
    assert listed(gone_quiet(shop(*twice, *lost, *same_day), as_of=AS_OF)) == []


def test_the_quiet_list_ranks_by_value_then_by_customer() -> None:
    orders = [(who, days, cents) for who, cents in (("b", 10), ("a", 10), ("c", 99)) for days in (90, 80, 70)]
    found = listed(gone_quiet(shop(*orders), as_of=AS_OF))
    assert [(row["rank"], row["customer_id"]) for row in found] == [(1, "c"), (2, "a"), (3, "b")]
    assert len(listed(gone_quiet(shop(*orders), as_of=AS_OF, limit=2))) == 2


def test_a_large_first_order_is_found_between_a_week_and_a_month() -> None:
    small = [(f"s{n}", 100 + n, 100) for n in range(8)]
    large = [("six", 6, 9000), ("seven", 7, 9000), ("thirty", 30, 9100), ("over", 31, 9000)]
    again = [("again", 20, 9000), ("again", 10, 50)]
    found = listed(large_first(shop(*small, *large, *again), as_of=AS_OF, top_share=0.4))
    assert [(row["customer_id"], row["days_since"]) for row in found] == [("thirty", 30), ("seven", 7)]
    assert found[0]["order_cents"] >= found[0]["threshold_cents"]


def test_a_first_order_given_back_is_no_large_first_order() -> None:
    orders = [(f"s{n}", 100 + n, 100) for n in range(8)] + [("back", 10, 9000), ("back", 9, -9000)]
    assert listed(large_first(shop(*orders), as_of=AS_OF)) == []


def test_high_value_is_lost_after_twice_the_bases_long_gap() -> None:
    base = [(f"s{n}", days, 100) for n in range(8) for days in (30, 20, 10)]
    best = [("best", 300, 90_000), ("busy", 5, 80_000)]
    found = listed(lost_high_value(shop(*base, *best), as_of=AS_OF))
    assert [row["customer_id"] for row in found] == ["best"]
    assert (found[0]["silent_days"], found[0]["limit_days"]) == (300, 20)
    assert listed(lost_high_value(shop(*base, *best), as_of=AS_OF, silent_days=300)) == []


def test_where_nobody_bought_twice_only_a_fixed_silence_finds_the_lost() -> None:
    orders = shop(("a", 300, 500), ("b", 5, 100))
    assert listed(lost_high_value(orders, as_of=AS_OF)) == []
    assert [row["customer_id"] for row in listed(lost_high_value(orders, as_of=AS_OF, silent_days=90))] == ["a"]


def test_a_list_is_drawn_up_for_a_day_and_knows_nothing_later() -> None:
    orders = [*MONTHLY, ("monthly", -5, 1000)]
    assert len(listed(gone_quiet(shop(*orders), as_of=AS_OF, k=1.5))) == 1


def test_a_shop_without_a_purchase_has_empty_lists() -> None:
    orders = shop(("gift", 10, 0))
    assert [listed(draw(orders, as_of=AS_OF)) for draw in (gone_quiet, large_first, lost_high_value)] == [[], [], []]


def test_a_share_outside_its_bounds_is_refused() -> None:
    with pytest.raises(MeasureProblem):
        lost_high_value(shop(("a", 1, 1)), as_of=AS_OF, top_share=1.5)
