"""Loyalty: published figures beside ours, and cases done by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.loyalty import (
    Lot,
    Tier,
    breakage,
    cells_counted,
    discount_share,
    patronage_bonus,
    place,
    points_liability,
    points_sale,
    price_elasticity,
    profit_chain,
    repurchase_rate,
    share_of_wallet,
    switching_cost,
    tier_for,
    to_next_tier,
    wallet_allocation,
)

TIERS = [Tier("gold", 500_000), Tier("plain", 0), Tier("silver", 100_000)]


def test_wallet_allocation_gives_the_published_shares_and_ties_share_a_rank() -> None:
    three = wallet_allocation({"we": 9, "other": 7, "third": 5})
    assert list(three.values()) == pytest.approx([0.5, 1 / 3, 1 / 6])
    assert list(wallet_allocation({"we": 9, "other": 7}).values()) == pytest.approx([2 / 3, 1 / 3])
    tied = wallet_allocation({"we": 9, "other": 9, "third": 5})
    assert tied["we"] == tied["other"]
    assert sum(tied.values()) == pytest.approx(1)
    assert wallet_allocation({"we": 3}) == {"we": pytest.approx(1)}
    note(
        "loyalty: wallet allocation, three brands",
        published=".5, .3333, .1667",
        ours=", ".join(f"{v:.4f}" for v in three.values()),
    )


def test_points_of_a_sale_are_valued_after_expected_redemption() -> None:
    sale = points_sale(200_000, points_worth_cents=20_000, redemption_share=0.85)
    assert (sale.goods_cents, sale.points_cents) == (184_332, 15_668)
    assert sale.recognized_cents(50, 100) == 7_834
    assert sale.recognized_cents(80, 80, already_cents=7_834) == 15_668 - 7_834
    assert points_liability(1000, redemption_share=0.85, value_cents=20) == 17_000
    note("loyalty: sale of 2,000 with points worth 200 at 85 %: goods, points", published="1843.32, 156.68 (the page prints 1,842/158)",
         ours=f"{sale.goods_cents / 100:.2f}, {sale.points_cents / 100:.2f}")  # fmt: skip


def test_repurchase_counts_days_not_orders() -> None:
    rows = [("a", "1", "2026-01-01"), ("a", "2", "2026-01-01"), ("b", "3", "2026-01-01"), ("b", "4", "2026-02-01"),
            ("c", "5", "2025-01-01")]  # fmt: skip
    orders = pd.DataFrame(rows, columns=["customer_id", "order_id", "day"]).assign(net_cents=100)
    orders["day"] = pd.to_datetime(orders.day).dt.date
    found = repurchase_rate(orders, since="2026-01-01", until="2026-12-31")
    assert (found.value, found.n) == (0.5, 2)
    assert repurchase_rate(orders, since="2020-01-01", until="2020-12-31").value is None


def test_share_of_wallet_refuses_what_cannot_be() -> None:
    assert share_of_wallet(30, 120) == 0.25
    assert share_of_wallet(0, 0) is None
    with pytest.raises(MeasureProblem):
        share_of_wallet(130, 120)


def test_elasticity_is_found_with_its_interval_and_not_where_the_price_never_moved() -> None:
    prices = np.linspace(8, 12, 40)
    wobble = np.exp(np.random.default_rng(3).normal(0, 0.05, 40))
    found = price_elasticity(prices, 1000 * prices**-2.0 * wobble)
    assert found.low is not None and found.high is not None and found.low < -2 < found.high
    assert price_elasticity([5, 5, 5], [1, 2, 3]).value is None
    assert price_elasticity([5, 0, 6], [1, 2, 3]).value is None
    assert discount_share(30, 120) == 0.25
    assert discount_share(0, 0) is None


def test_switching_cost_is_a_mean_of_what_was_answered() -> None:
    assert switching_cost([5, 3, None]) == 75
    assert switching_cost([None]) is None
    with pytest.raises(MeasureProblem):
        switching_cost([9])


def test_two_axes_part_habit_from_liking_and_leave_the_silent_out() -> None:
    placed = place([(1, 5, 90.0), (2, 5, 40.0), (3, 1, 75.0), (4, 1, 10.0), (5, 9, None)])
    assert [one.cell for one in placed] == ["true", "habit", "liking", "low"]
    assert cells_counted(placed) == {"true": 1, "habit": 1, "liking": 1, "low": 1}
    with pytest.raises(MeasureProblem):
        place([(1, 1, 50.0)], occasions_from=0)


def test_tiers_land_softly_and_a_refund_taken_back_gives_the_tier_back() -> None:
    assert tier_for(600_000, TIERS) == "gold"
    assert tier_for(0, TIERS, before="gold") == "silver"
    assert tier_for(0, TIERS, before="silver") == "plain"
    assert tier_for(600_000, TIERS, before="plain") == "gold"
    assert to_next_tier(100_000, TIERS) == 400_000
    assert to_next_tier(500_000, TIERS) is None
    with pytest.raises(MeasureProblem):
        tier_for(0, TIERS, before="platinum")


def test_breakage_looks_at_old_points_only() -> None:
    lots = [Lot(dt.date(2024, 1, 1), 100, 80, 20), Lot(dt.date(2026, 1, 1), 100, 0)]
    assert breakage(lots, mature_before=dt.date(2025, 1, 1)) == pytest.approx(0.2)
    assert breakage(lots, mature_before=dt.date(2020, 1, 1)) is None


def test_bonus_sums_to_the_pool_and_nobody_without_purchases_is_paid() -> None:
    given = patronage_bonus(100, {"a": 1, "b": 1, "c": 1, "d": 0, "e": -5})
    assert given == {"a": 34, "b": 33, "c": 33, "d": 0, "e": 0}
    assert patronage_bonus(100, {"a": 0}) == {"a": 0}
    assert sum(patronage_bonus(999_999, {n: n * 7919 % 10_007 for n in range(1000)}).values()) == 999_999


def test_service_profit_chain_measures_each_link_and_claims_nothing_it_cannot_see() -> None:
    chance = np.random.default_rng(9)
    series = {}
    for team in range(4):
        staff = chance.normal(70 + 5 * team, 5, 24)
        customers = 10 * team + staff * 0.8 + chance.normal(0, 2, 24)
        series[f"team {team}"] = {"staff": staff.tolist(), "customers": customers.tolist(), "repurchase": [None] * 24}
    first, second, third = profit_chain(series)
    assert first.certain and first.slope == pytest.approx(0.8, abs=0.1)
    assert (second.correlation, second.n, third.n) == (None, 0, 0)
    lagged = profit_chain(series, lag=1)[0]
    assert (lagged.lag, lagged.n) == (1, 92)
    assert abs(lagged.slope or 0) < abs(first.slope or 0) / 2
