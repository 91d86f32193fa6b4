"""When something will be needed again: the example of gaps, shrinkage by hand, and the list held against what happened."""

import datetime as dt

import pandas as pd
import pytest

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.replenishment import backtest, due_soon, expected, purchase_days, purchase_gaps

PAPER = (
    ("2007-05-10", 500), ("2007-11-11", 1000), ("2007-12-18", 1000), ("2008-03-25", 500), ("2008-05-28", 2000),
    ("2008-10-31", 1500), ("2009-03-20", 1500), ("2009-06-30", 1000), ("2009-09-29", 500), ("2009-12-16", 1500),
    ("2010-05-31", 500), ("2010-06-30", 500), ("2010-09-30", 1500), ("2011-05-31", 1000),
)  # fmt: skip
START = dt.date(2026, 1, 1)


def lines_of(bought, quantity=1):
    """Rows from (customer, product, days since the start)."""
    return pd.DataFrame(
        [
            {"customer_id": who, "product_id": what, "day": START + dt.timedelta(days=day), "quantity": quantity, "category": "all"}
            for who, what, days in bought
            for day in days
        ]
    )  # fmt: skip


def by_pair(table):
    return {(row["customer_id"], row["product_id"]): row for row in table.to_pyarrow().to_pylist()}


def regulars(people=12, gap=20, times=4):
    return [(100 + n, "tea", [n + gap * k for k in range(times)]) for n in range(people)]


def test_gaps_of_the_sheets_of_paper_are_those_computed():
    rows = pd.DataFrame(
        [
            {"customer_id": 1, "product_id": "paper", "day": dt.date.fromisoformat(day), "quantity": n}
            for day, n in PAPER
        ]
    )
    gaps = purchase_gaps(purchase_days(rows)).to_pandas().gap_days
    assert sorted(gaps) == sorted([185, 37, 98, 64, 156, 140, 102, 91, 78, 166, 30, 92, 243])
    assert (gaps.mean(), gaps.median()) == (114.0, 98.0)
    note(
        "replenishment: gaps between purchases of sheets of paper",
        published="computed: mean 114.0, median 98",
        ours=f"mean {gaps.mean():.1f}, median {gaps.median():.0f}",
    )


def test_orders_of_one_day_are_one_purchase_and_what_came_back_is_none():
    rows = lines_of([(1, "tea", [0, 0, 10]), (1, "cup", [3])])
    rows.loc[len(rows)] = {
        "customer_id": 1,
        "product_id": "cup",
        "day": START + dt.timedelta(days=3),
        "quantity": -1,
        "category": "all",
    }
    days = purchase_days(rows).to_pandas()
    assert sorted(zip(days.product_id, days.quantity, strict=True)) == [("tea", 1.0), ("tea", 2.0)]


def test_few_gaps_are_drawn_towards_the_usual_one():
    rows = lines_of([*regulars(), (1, "tea", [60]), (2, "tea", [30, 60]), (3, "tea", [0, 30, 60])])
    told = by_pair(expected(rows, as_of=START + dt.timedelta(days=65), pull=4))
    assert told[1, "tea"]["basis"] == "product"
    assert told[1, "tea"]["gap_days"] == 20
    assert told[2, "tea"]["basis"] == "product"
    assert told[2, "tea"]["gap_days"] == round((1 * 30 + 4 * 20) / 5)
    assert told[3, "tea"]["basis"] == "own"
    assert told[3, "tea"]["gap_days"] == round((2 * 30 + 4 * 20) / 6)
    assert told[3, "tea"]["due_day"] == START + dt.timedelta(days=60 + told[3, "tea"]["gap_days"])
    assert told[3, "tea"]["due_in_days"] == told[3, "tea"]["gap_days"] - 5
    alone = by_pair(expected(rows, as_of=START + dt.timedelta(days=65), pull=0))
    assert alone[3, "tea"]["gap_days"] == 30


def test_a_larger_last_lot_lasts_longer():
    rows = lines_of([*regulars(), (1, "tea", [0, 20, 40])])
    rows.loc[(rows.customer_id == 1) & (rows.day == START + dt.timedelta(days=40)), "quantity"] = 2
    told = by_pair(expected(rows, as_of=START + dt.timedelta(days=45)))
    assert told[1, "tea"]["gap_days"] == 40


def test_silence_is_information_and_ends_the_list():
    rows = lines_of([*regulars(), (1, "tea", [0, 20, 40])])
    states = {}
    for day in (50, 62, 75, 130):
        told = by_pair(expected(rows, as_of=START + dt.timedelta(days=day)))
        states[day] = (told[1, "tea"]["state"], told[1, "tea"]["gap_days"])
    assert [states[day][0] for day in (50, 62, 75, 130)] == ["waiting", "due", "late", "lapsed"]
    assert states[62][1] == round((20 * 6 + 22) / 7)
    late = expected(rows, as_of=START + dt.timedelta(days=130))
    assert (1, "tea") not in by_pair(due_soon(late, within_days=30))


def test_products_bought_once_and_customers_without_a_rhythm_are_not_told_of():
    once = [(500 + n, "lamp", [n]) for n in range(40)]
    wild = (1, "tea", [0, 1, 2, 3, 60])
    told = by_pair(expected(lines_of([*regulars(), *once, wild]), as_of=START + dt.timedelta(days=62)))
    assert not any(product == "lamp" for _who, product in told)
    assert (1, "tea") not in told


def test_a_product_with_few_gaps_is_told_from_its_category():
    rows = lines_of([*regulars(), (1, "matcha", [50]), (2, "matcha", [20, 40])])
    told = by_pair(expected(rows, as_of=START + dt.timedelta(days=55), category="category"))
    assert told[1, "matcha"]["basis"] == "category"
    assert told[1, "matcha"]["gap_days"] == 20
    assert (1, "matcha") not in by_pair(
        expected(rows.assign(category=rows.product_id), as_of=START + dt.timedelta(days=55), category="category")
    )


def test_the_list_is_what_is_due_within_the_days_soonest_first():
    told = expected(lines_of(regulars()), as_of=START + dt.timedelta(days=75))
    rows = due_soon(told, within_days=6).to_pyarrow().to_pylist()
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["due_in_days"] for row in rows] == sorted(row["due_in_days"] for row in rows)
    assert all(row["due_in_days"] <= 6 for row in rows)
    assert {row["customer_id"] for row in rows} == {100, 101}


def test_the_future_is_not_looked_at():
    rows = lines_of(regulars())
    day = START + dt.timedelta(days=45)
    before = rows[rows.day <= day]
    assert by_pair(expected(rows, as_of=day, fewest_gaps=5)) == by_pair(expected(before, as_of=day, fewest_gaps=5))


def test_held_against_what_happened_the_list_beats_chance_on_the_grocery_log():
    log = pd.read_csv(published("grocery_elog/grocery_elog.csv.gz"), dtype={"cust": str}, parse_dates=["date"])
    log = log.assign(day=log.date.dt.date, product="basket")
    told = backtest(log, split="2007-06-30", within_days=14, customer="cust", product="product", quantity=None)
    assert told["listed"] >= 100
    assert told["hit_rate"] > 1.5 * told["base_rate"]
    assert told["hit_rate"] > told["plain_hit_rate"]
    assert told["near"] > 2 * told["plain_near"]
    note(
        "replenishment: grocery log, list of 2007-06-30 for 14 days",
        published="none; computed here beside everybody's usual gap and chance",
        ours=f"hit rate {told['hit_rate']:.3f}, usual gap {told['plain_hit_rate']:.3f}, chance {told['base_rate']:.3f}",
    )


@pytest.mark.parametrize("bought", [[(1, "tea", [0])], regulars(people=1), [(n, "tea", [5]) for n in range(50)]])
def test_with_too_little_nothing_is_told(bought):
    assert by_pair(expected(lines_of(bought), as_of=START + dt.timedelta(days=70))) == {}


def test_options_without_sense_are_refused():
    for wrong in ({"pull": -1}, {"again_share": 1.5}):
        with pytest.raises(MeasureProblem, match=r"replenishment\.bad_option"):
            expected(lines_of(regulars()), as_of=START, **wrong)
    with pytest.raises(MeasureProblem, match=r"orders\.column_missing"):
        expected(lines_of(regulars()), as_of=START, product="nothing")
