"""RFM against an independent computation on published data, and at its edges.

The thresholds, the order-count distribution, the 158 champions of map A and the two cells of
5-methods section 1 come from `rfm_data_orders` of the R package rfm. That data set is not in
data/INDEX.md, so these published results are not asserted here; Online Retail and the CDNOW sample
are, against tests/analytics/oracle.py.
"""

from datetime import date, timedelta

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from tests.analytics import oracle
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.rfm import (
    CLASS_CODES,
    MAP_A,
    MAP_B,
    SEGMENT10_CODES,
    break_even,
    break_even_index,
    cells,
    interval_segment,
    moved,
    movement,
    rfm,
    rfm_run,
    rfm_summary,
    test_cell_size,
)

AS_OF = date(2026, 11, 22)


def shop(*orders: tuple[str, int, int], order_ids: list[str] | None = None) -> pd.DataFrame:
    """Orders as (customer, days before AS_OF, cents)."""
    return pd.DataFrame(
        {
            "customer_id": [who for who, _, _ in orders],
            "order_id": order_ids or [f"o{place}" for place in range(len(orders))],
            "day": [AS_OF - timedelta(days=days) for _, days, _ in orders],
            "net_cents": [cents for _, _, cents in orders],
        }
    )


def rows(table: ibis.Table) -> dict[str, dict]:
    return {row["customer_id"]: row for row in table.to_pyarrow().to_pylist()}


@pytest.mark.parametrize("sorting", ["independent", "nested"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
def test_online_retail_scores_equal_the_independent_computation(online_retail, sorting, ties) -> None:
    _equal(online_retail, date(2011, 12, 10), sorting, ties, customers=4372, scored=4338)


@pytest.mark.parametrize("sorting", ["independent", "nested"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
def test_cdnow_scores_equal_the_independent_computation(cdnow, sorting, ties) -> None:
    # 9 of the 2,357 customers only ever got discs for nothing.
    _equal(cdnow, date(1998, 7, 1), sorting, ties, customers=2357, scored=None)


def _equal(lines: pd.DataFrame, as_of: date, sorting: str, ties: str, customers: int, scored: int | None) -> None:
    run = rfm_run(lines, as_of=as_of, sorting=sorting, ties=ties)
    base = oracle.people(lines, as_of)
    expected = oracle.scores(base, sorting, ties)
    found = run.table.to_pandas().set_index("customer_id").sort_index()
    assert run.customers == len(found) == customers
    assert run.scored == len(base) == (scored or len(base))
    found = found[found.frequency > 0]
    assert (found.recency_days == base.recency_days).all()
    assert (found.frequency == base.frequency).all()
    assert (found.monetary_cents == base.monetary_cents).all()
    assert (found.cell == expected.cell).all()
    assert int(cells(run.table).customers.sum().execute()) == run.scored


def test_the_money_of_online_retail_is_kept_to_the_cent(online_retail) -> None:
    table = rfm(online_retail, as_of="2011-12-10")
    assert int(table.monetary_cents.sum().execute()) == int(online_retail.net_cents.sum())


@pytest.mark.parametrize("cut", ["mean", "median", "score"])
def test_classes_follow_the_stated_cut(online_retail, cut) -> None:
    found = rfm(online_retail, as_of="2011-12-10", cut=cut).to_pandas().dropna(subset="r")
    if cut == "score":
        flags = [found[letter] > found[letter].mean() for letter in "rfm"]
    else:
        names = ["recency_days", "frequency", "monetary_cents"]
        limits = [getattr(found[name], cut)() for name in names]
        flags = [found[names[0]] < limits[0], found[names[1]] > limits[1], found[names[2]] > limits[2]]
    expected = [CLASS_CODES["".join(str(int(flag)) for flag in row)] for row in zip(*flags, strict=True)]
    assert list(found.class_code) == expected


def test_recent_buyers_score_high() -> None:
    scored = rows(
        rfm(shop(("old", 400, 500), ("new", 1, 500), ("b", 90, 500), ("c", 60, 5), ("d", 30, 5)), as_of=AS_OF)
    )
    assert (scored["new"]["r"], scored["old"]["r"]) == (5, 1)
    assert scored["new"]["high"][0] == "1"
    assert scored["old"]["high"][0] == "0"


def test_who_was_good_and_has_gone_quiet_is_to_be_kept_not_valued() -> None:
    assert CLASS_CODES["011"] == "important_keep"
    assert CLASS_CODES["111"] == "important_value"
    assert CLASS_CODES["101"] == "important_develop"
    assert CLASS_CODES["001"] == "important_win_back"
    assert len(set(CLASS_CODES.values())) == 8


def test_a_fully_refunded_order_is_no_purchase() -> None:
    orders = shop(("a", 90, 1000), ("a", 10, 700), ("a", 9, -700), ("b", 5, 100), order_ids=["1", "2", "2", "3"])
    scored = rows(rfm(orders, as_of=AS_OF))
    assert (scored["a"]["frequency"], scored["a"]["recency_days"], scored["a"]["monetary_cents"]) == (1, 90, 1000)


def test_a_customer_without_a_purchase_is_shown_apart_and_not_scored() -> None:
    run = rfm_run(shop(("a", 3, 100), ("gift", 2, 0), ("back", 1, -500)), as_of=AS_OF)
    scored = rows(run.table)
    assert (run.customers, run.scored) == (3, 1)
    assert [scored[who][name] for who in ("gift", "back") for name in ("r", "cell", "class_code")] == [None] * 6
    assert scored["back"]["monetary_cents"] == -500


def test_a_total_below_zero_is_scored_lowest_not_lost() -> None:
    scored = rows(rfm(shop(("a", 3, 100), ("a", 2, -900), ("b", 3, 100), ("c", 3, 200)), as_of=AS_OF))
    assert scored["a"]["monetary_cents"] == -800
    assert scored["a"]["m"] == 1
    assert scored["a"]["high"][2] == "0"


def test_equal_customers_get_equal_scores_and_nobody_crashes() -> None:
    scored = rows(rfm(shop(*[(who, 10, 500) for who in "abcdefgh"]), as_of=AS_OF))
    assert len({row["cell"] for row in scored.values()}) == 1
    assert {row["class_code"] for row in scored.values()} == {"general_win_back"}


@pytest.mark.parametrize("sorting", ["independent", "nested"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
def test_fewer_customers_than_bins_are_scored(sorting: str, ties: str) -> None:
    scored = rows(rfm(shop(("a", 10, 500), ("b", 20, 900)), as_of=AS_OF, sorting=sorting, ties=ties))
    assert scored["a"]["r"] > scored["b"]["r"]
    assert all(1 <= row[letter] <= 5 for row in scored.values() for letter in "rfm")


def test_nobody_at_all_is_an_empty_table() -> None:
    kinds = {"customer_id": pa.string(), "order_id": pa.string(), "day": pa.date32(), "net_cents": pa.int64()}
    empty = pa.schema(list(kinds.items())).empty_table()
    run = rfm_run(empty, as_of=AS_OF)
    assert (run.customers, run.scored, run.table.count().execute()) == (0, 0, 0)


@pytest.mark.parametrize("ties", ["together", "by_rank"])
@pytest.mark.parametrize("sorting", ["independent", "nested"])
def test_the_order_of_the_rows_changes_nothing(ties: str, sorting: str) -> None:
    orders = shop(*[(f"c{n % 17}", n % 40, 100 + n % 5) for n in range(200)])
    shuffled = orders.sample(frac=1, random_state=7)
    assert rows(rfm(orders, as_of=AS_OF, ties=ties, sorting=sorting)) == rows(
        rfm(shuffled, as_of=AS_OF, ties=ties, sorting=sorting)
    )


def test_ties_by_rank_fall_by_customer_id_into_equal_groups() -> None:
    scored = rows(rfm(shop(*[(who, 10, 500) for who in "jihgfedcba"]), as_of=AS_OF, ties="by_rank"))
    assert [scored[who]["f"] for who in "abcdefghij"] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_day_before_the_last_order_is_refused_unless_later_orders_are_ignored() -> None:
    orders = shop(("a", 10, 500), ("b", -1, 500))
    with pytest.raises(MeasureProblem) as caught:
        rfm(orders, as_of=AS_OF)
    assert caught.value.code == "rfm.as_of_before_last_order"
    assert caught.value.params == {"as_of": "2026-11-22", "last_order": "2026-11-23"}
    assert set(rows(rfm(orders, as_of=AS_OF, later="ignore"))) == {"a"}


def test_the_day_is_the_shops_day() -> None:
    moments = pa.table(
        {
            "customer_id": ["a"],
            "order_id": ["1"],
            "ordered_at": pa.array([pd.Timestamp("2026-11-20T17:00:00Z")], pa.timestamp("us", tz="UTC")),
            "net_cents": [100],
        }
    )
    assert rows(rfm(moments, as_of=AS_OF))["a"]["recency_days"] == 1
    assert rows(rfm(moments, as_of=AS_OF, zone="UTC"))["a"]["recency_days"] == 2
    bare = moments.set_column(2, "ordered_at", moments["ordered_at"].cast(pa.timestamp("us")))
    assert rows(rfm(bare, as_of=AS_OF))["a"]["recency_days"] == 2
    assert rows(rfm(bare, as_of=AS_OF, clock="utc"))["a"]["recency_days"] == 1
    with pytest.raises(MeasureProblem, match=r"orders\.unknown_clock"):
        rfm(bare, as_of=AS_OF, clock="cuckoo")
    with pytest.raises(MeasureProblem, match=r"orders\.unknown_zone"):
        rfm(moments, as_of=AS_OF, zone="Mars")


def test_fixed_cut_points_are_used_and_kept() -> None:
    orders = shop(("a", 30, 100), ("b", 31, 100), ("c", 90, 100), ("d", 181, 100))
    run = rfm_run(orders, as_of=AS_OF, thresholds={"recency_days": [30, 60, 90, 180]})
    scored = rows(run.table)
    assert [scored[who]["r"] for who in "abcd"] == [5, 4, 3, 1]
    kept = [point["value"] for point in run.cut_points if point["measure"] == "recency_days"]
    assert kept == [30, 60, 90, 180]
    assert len(run.cut_points) == 12


def test_nested_cut_points_name_their_group(online_retail) -> None:
    run = rfm_run(online_retail, as_of="2011-12-10", sorting="nested")
    inside = [point for point in run.cut_points if point["measure"] == "frequency"]
    assert {point["r"] for point in inside} == {1, 2, 3, 4, 5}
    assert {point["f"] for point in inside} == {None}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"sorting": "sideways"}, "rfm.unknown_option"),
        ({"bins": 1}, "rfm.unknown_option"),
        ({"cut": "mode"}, "rfm.unknown_option"),
        ({"thresholds": {"recency_days": [1, 2]}}, "rfm.bad_thresholds"),
        ({"thresholds": {"recency_days": [4, 3, 2, 1]}}, "rfm.bad_thresholds"),
        ({"thresholds": {"money": [1, 2, 3, 4]}}, "rfm.bad_thresholds"),
        ({"thresholds": {"frequency": [1, 2, 3, 4]}, "sorting": "nested"}, "rfm.thresholds_need_together"),
        ({"customer": "who"}, "orders.column_missing"),
        ({"amount": "order_id"}, "orders.not_an_amount"),
        ({"at": "net_cents"}, "orders.not_a_day"),
        ({"as_of": "soon"}, "as_of.not_a_day"),
    ],
)
def test_wrong_wishes_are_refused_by_code(options: dict, code: str) -> None:
    with pytest.raises(MeasureProblem) as caught:
        rfm(shop(("a", 1, 100)), **({"as_of": AS_OF} | options))
    assert caught.value.code == code


def test_frames_arrow_parquet_and_csv_give_the_same(tmp_path) -> None:
    frame = shop(*[(f"c{n % 7}", n, 100 * n + 1) for n in range(40)])
    arrow = pa.Table.from_pandas(frame)
    frame.to_parquet(tmp_path / "orders.parquet")
    frame.to_csv(tmp_path / "orders.csv", index=False)
    expected = rows(rfm(frame, as_of=AS_OF))
    for source in (arrow, ibis.memtable(frame), tmp_path / "orders.parquet", str(tmp_path / "orders.csv"), tmp_path):
        if source == tmp_path:
            (tmp_path / "orders.csv").unlink()
        assert rows(rfm(source, as_of=AS_OF)) == expected


def test_units_are_rounded_line_by_line() -> None:
    frame = shop(("a", 1, 0), ("a", 1, 0), order_ids=["1", "1"]).assign(net_cents=[10.01, 2.555])
    assert rows(rfm(frame, as_of=AS_OF, unit="units"))["a"]["monetary_cents"] in (1256, 1257)
    with pytest.raises(MeasureProblem, match=r"orders\.cents_not_whole"):
        rfm(frame, as_of=AS_OF)


def test_the_r_by_f_map_covers_each_of_the_25_cells_once() -> None:
    listed = " ".join(SEGMENT10_CODES.values()).split()
    assert sorted(listed) == sorted(f"{r}{f}" for r in range(1, 6) for f in range(1, 6))


def _reached(using: str) -> set[str]:
    grid = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    table = ibis.memtable(pd.DataFrame(grid, columns=["r", "f", "m"]))
    return set(interval_segment(table, using).interval_segment.to_pyarrow().to_pylist())


def test_three_classes_of_map_a_can_never_be_reached() -> None:
    assert {interval.code for interval in MAP_A} - _reached("A") == {"new", "promising", "cant_lose"}
    assert "others" in _reached("A")


def test_map_b_starts_with_its_champions() -> None:
    assert {interval.code for interval in MAP_B} >= _reached("B") - {"others"}
    table = ibis.memtable(pd.DataFrame({"r": [5, 5], "f": [5, 5], "m": [5, 4]}))
    assert interval_segment(table, "B").interval_segment.to_pyarrow().to_pylist() == ["champions", "potential_loyalist"]


def test_movement_counts_everybody_once() -> None:
    before = rfm(shop(("a", 10, 500), ("b", 90, 900), ("gone", 80, 100)), as_of=AS_OF)
    after = rfm(shop(("a", 10, 500), ("b", 1, 900), ("fresh", 1, 100)), as_of=AS_OF)
    counted = movement(before, after).to_pyarrow().to_pylist()
    assert sum(row["customers"] for row in counted) == 4
    ways = {row["customer_id"]: (row["before"], row["after"]) for row in moved(before, after).to_pyarrow().to_pylist()}
    assert ways["gone"][1] == "absent"
    assert ways["fresh"][0] == "absent"


def test_the_summary_adds_up() -> None:
    table = rfm(shop(*[(f"c{n}", n, 100 * n + 1) for n in range(50)]), as_of=AS_OF)
    for by in ("class_code", "segment10", "cell", ["r", "f"]):
        groups = rfm_summary(table, by).to_pandas()
        assert groups.customers.sum() == 50
        assert groups.customers_share.sum() == pytest.approx(1)


def test_hughes_break_even_example() -> None:
    share = break_even(0.55, 40)
    assert share == pytest.approx(0.01375)
    assert break_even_index(0.025, share) == pytest.approx(81.82, abs=0.005)
    assert test_cell_size(share) == 291
    with pytest.raises(MeasureProblem):
        break_even(1, 0)
