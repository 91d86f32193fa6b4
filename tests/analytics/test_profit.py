"""Profit contribution: parts that add up, kinds, the whale curve, and what bad tables are told."""

import random

import pyarrow as pa
import pytest

from zhike_analytics import MeasureProblem, profit

ORDERS = pa.table({"customer_id": [1, 1, 2, 3], "net_cents": [10_000, 5_000, 2_000, 1_000]})
LINES = pa.table({
    "customer_id": [1, 1, 2, 3], "product_id": [7, 8, 7, 8], "quantity": [2, 1, 1, 1],
    "amount_cents": [9_000, 5_000, 2_000, 1_000],
})  # fmt: skip
COSTS = pa.table({"product_id": [7], "unit_cost_cents": [3_000]})
CONTACTS = pa.table({"customer_id": [2, 4], "minutes": pa.array([30, None], pa.int64()), "cost_cents": [100, 500]})


def told(**given):
    rows = profit.contributions(ORDERS, **given).to_pyarrow().to_pylist()
    return {row["customer_id"]: row for row in rows}


def test_a_contribution_is_net_less_goods_time_money_spent_handling_and_the_part_of_the_source() -> None:
    acquisition = pa.table({"customer_id": [3], "acquisition_cents": [333]})
    rates = profit.Rates(hour_cents=6_000, order_cents=200, assumed_margin=0.5)
    rows = told(lines=LINES, costs=COSTS, contacts=CONTACTS, acquisition=acquisition, rates=rates)
    # By hand: 15,000 net; goods 2 × 3,000 known, 5,000 × .5 assumed; two orders handled.
    assert (rows[1]["cost_cents"], rows[1]["serve_cents"], rows[1]["contribution_cents"]) == (8_500, 400, 6_100)
    # Half an hour at 60.00, 1.00 spent, one order.
    assert (rows[2]["time_cents"], rows[2]["spent_cents"], rows[2]["contribution_cents"]) == (3_000, 100, -4_300)
    assert rows[3]["contribution_cents"] == 1_000 - 500 - 200 - 333
    # Somebody who was spoken to and bought nothing costs, too; minutes nobody noted cost nothing.
    assert (rows[4]["orders"], rows[4]["contribution_cents"], rows[4]["kind"]) == (0, -500, None)
    assert [rows[c]["profit_class"] for c in (1, 2, 3, 4)] == ["profit", "loss", "loss", "loss"]


def test_goods_without_a_cost_take_the_margin_of_those_with_one_and_none_where_nothing_is_known() -> None:
    # Known: 11,000 of revenue at a cost of 9,000, a margin of 2/11.
    rows = told(lines=LINES, costs=COSTS)
    assert rows[3]["cost_cents"] == round(1_000 * 9 / 11)
    measured = profit.contributions(ORDERS, lines=LINES, costs=COSTS)
    assert profit.totals(measured).margin_rate == pytest.approx(2 / 11)
    bare = profit.contributions(ORDERS, lines=LINES)
    assert profit.totals(bare).cost_cents == 0
    assert profit.totals(bare).margin_rate == 1.0


def test_the_parts_of_many_customers_add_up_to_the_cent() -> None:
    chance = random.Random(3)
    people = [chance.randrange(200) for _ in range(3_000)]
    orders = pa.table({"customer_id": people, "net_cents": [chance.randrange(-2_000, 30_000) for _ in people]})
    lines = pa.table({
        "customer_id": people, "product_id": [chance.randrange(40) for _ in people],
        "quantity": [chance.randrange(1, 5) for _ in people],
        "amount_cents": [chance.randrange(0, 30_000) for _ in people],
    })  # fmt: skip
    costs = pa.table({"product_id": list(range(30)), "unit_cost_cents": [chance.randrange(5_000) for _ in range(30)]})
    contacts = pa.table({
        "customer_id": [chance.randrange(250) for _ in range(800)],
        "minutes": [chance.randrange(60) for _ in range(800)], "cost_cents": [chance.randrange(300) for _ in range(800)],
    })  # fmt: skip
    rates = profit.Rates(4_575, 333)
    measured = profit.contributions(orders, lines=lines, costs=costs, contacts=contacts, rates=rates)
    whole, rows = profit.totals(measured, rates), measured.to_pyarrow().to_pylist()
    assert whole.net_cents == sum(orders["net_cents"].to_pylist())
    parts = whole.cost_cents + whole.time_cents + whole.spent_cents + whole.handling_cents + whole.acquisition_cents
    assert whole.contribution_cents == whole.net_cents - parts == rows[-1]["cumulative_cents"]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert [r["contribution_cents"] for r in rows] == sorted((r["contribution_cents"] for r in rows), reverse=True)
    groups = profit.by_group(measured, "profit_class").to_pyarrow().to_pylist()
    assert sum(g["contribution_cents"] for g in groups) == whole.contribution_cents
    assert sum(g["losing"] for g in groups) == sum(r["contribution_cents"] < 0 for r in rows)


def test_the_whale_rises_above_all_profit_and_comes_down_to_it() -> None:
    orders = pa.table({"customer_id": [1, 2, 3, 4], "net_cents": [900, 400, 0, -300]})
    measured = profit.contributions(orders)
    assert profit.whale(measured) == [(0.0, 0.0), (0.25, 0.9), (0.5, 1.3), (0.75, 1.3), (1.0, 1.0)]
    assert profit.totals(measured).peak_share == pytest.approx(1.3)


def test_customers_who_together_leave_nothing_have_no_whale_and_no_share() -> None:
    measured = profit.contributions(pa.table({"customer_id": [1, 2], "net_cents": [100, -100]}))
    assert profit.whale(measured) == []
    assert profit.totals(measured).peak_share is None
    empty = profit.contributions(ORDERS.slice(0, 0))
    assert profit.whale(empty) == []
    assert profit.totals(empty).customers == 0


def test_the_four_kinds_part_margin_and_service_at_their_medians() -> None:
    orders = pa.table({"customer_id": [1, 2, 3, 4], "net_cents": [1_000] * 4})
    lines = pa.table({
        "customer_id": [1, 2, 3, 4], "product_id": [1, 1, 2, 2], "quantity": [1] * 4, "amount_cents": [1_000] * 4,
    })  # fmt: skip
    costs = pa.table({"product_id": [1, 2], "unit_cost_cents": [100, 900]})
    contacts = pa.table({"customer_id": [2, 4], "minutes": [10, 10], "cost_cents": [50, 50]})
    rows = profit.contributions(orders, lines=lines, costs=costs, contacts=contacts).to_pyarrow().to_pylist()
    kinds = {row["customer_id"]: row["kind"] for row in rows}
    assert kinds == {1: "passive", 2: "carriage", 3: "bargain", 4: "aggressive"}
    alike = profit.contributions(orders).to_pyarrow().to_pylist()
    assert {row["kind"] for row in alike} == {"bargain"}  # a tie is low


def test_what_sources_cost_is_laid_on_those_they_brought_in_cents_that_add_up() -> None:
    people = pa.table({"customer_id": [5, 3, 9, 4], "source_id": [1, 1, 1, 2]})
    costs = pa.table({"source_id": [1, 1, 7], "cost_cents": [60, 41, 900]})
    rows = profit.acquired(people, costs).to_pyarrow().to_pylist()
    assert {row["customer_id"]: row["acquisition_cents"] for row in rows} == {3: 34, 5: 34, 9: 33}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: profit.Rates(hour_cents=-1), "profit.rate_below_zero"),
        (lambda: profit.Rates(assumed_margin=1.5), "profit.margin_out_of_range"),
        (lambda: profit.contributions(pa.table({"customer_id": [1]})), "orders.column_missing"),
        (lambda: profit.contributions(ORDERS, contacts=ORDERS), "orders.column_missing"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(wrong, code) -> None:
    with pytest.raises(MeasureProblem) as refusal:
        wrong()
    assert refusal.value.code == code
