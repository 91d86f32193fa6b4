"""Operating ratios: the worked example of the specification, standard and textbook readings, and statements that go wrong."""

import datetime as dt
import math

import pandas as pd
import pytest

from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.ratios import PARTS, RULES, Statement, peer_standing, ratio_table, ratios, trend, warnings

WORKED = Statement(
    current_assets=900, cash=120, securities=60, inventory=300, prepayments=20,
    total_assets=2000, current_liabilities=500, total_liabilities=1100, net_assets=900,
)  # fmt: skip


def values(stated: Statement) -> dict[str, float | None]:
    return {key: ratio.value for key, ratio in ratios(stated).items()}


def test_the_worked_example_gives_the_figures_of_both_readings() -> None:
    found = values(WORKED)
    published = {
        "current_ratio": 1.80, "quick_ratio": 1.20, "quick_ratio_strict": 1.16, "cash_to_current_assets": 0.20,
        "cash_to_current_liabilities": 0.36, "current_assets_to_total_debt": 0.8182, "debt_to_net_assets": 1.2222,
        "debt_to_asset": 0.55,
    }  # fmt: skip
    assert found == pytest.approx(published, abs=0.00005)
    note(
        "ratios: worked example (CA 900, CL 500, TL 1,100, TA 2,000)",
        published=", ".join(f"{key} {100 * value:.2f} %" for key, value in published.items()),
        ours=", ".join(f"{key} {100 * (value or 0):.2f} %" for key, value in found.items()),
    )


def test_the_textbooks_debt_ratio_is_the_standard_one_over_what_it_leaves() -> None:
    found = values(WORKED)
    standard = found["debt_to_asset"]
    assert standard is not None
    assert found["debt_to_net_assets"] == pytest.approx(standard / (1 - standard))


def test_a_name_with_two_meanings_is_two_ratios_that_point_at_each_other() -> None:
    keys = {rule.key: rule for rule in RULES}
    assert keys["cash_to_current_assets"].beside == "cash_to_current_liabilities"
    assert keys["debt_to_net_assets"].beside == "debt_to_asset"
    assert all(keys[rule.beside].beside == rule.key for rule in RULES if rule.beside)
    assert {rule.key for rule in RULES if rule.reading != "standard"} == {
        "current_ratio", "quick_ratio", "cash_to_current_assets", "cash_to_current_liabilities",
        "current_assets_to_total_debt", "debt_to_net_assets",
    }  # fmt: skip


def test_without_debts_a_ratio_is_blank_with_its_reason() -> None:
    found = ratios(Statement(current_assets=10, total_assets=10, current_liabilities=0, total_liabilities=0))
    assert (found["current_ratio"].value, found["current_ratio"].reason) == (None, "no_current_liabilities")
    assert found["current_assets_to_total_debt"].reason == "no_total_liabilities"
    assert found["debt_to_asset"].value == 0 and found["debt_to_net_assets"].value == 0


def test_net_assets_that_are_gone_are_told_and_never_a_low_debt() -> None:
    sunk = Statement(total_assets=800, total_liabilities=1000, current_assets=400, current_liabilities=900)
    found = ratios(sunk)
    assert (found["debt_to_net_assets"].value, found["debt_to_net_assets"].reason) == (None, "net_assets_gone")
    assert found["debt_to_asset"].value == 1.25
    told = warnings(sunk)
    assert told[0].code == "net_assets_gone" and told[0].tone == "bad" and told[0].value == -200
    # What is gone is told once, not once more as much debt.
    assert [w.code for w in told].count("debt_to_asset") == 0
    exactly_nothing = ratios(Statement(total_assets=10, total_liabilities=10))
    assert exactly_nothing["debt_to_net_assets"].reason == "net_assets_gone"


def test_what_was_not_stated_is_blank_and_what_follows_is_had() -> None:
    assert {r.reason for r in ratios(Statement()).values()} == {"not_stated"}
    assert ratios(Statement(current_assets=5, current_liabilities=2))["quick_ratio"].reason == "not_stated"
    for missing in ("total_assets", "total_liabilities", "net_assets"):
        parts = {name: getattr(WORKED, name) for name in PARTS} | {missing: None}
        assert values(Statement(**parts)) == pytest.approx(values(WORKED))


def test_warnings_come_at_their_bounds_and_not_before() -> None:
    def codes(**parts: float) -> list[tuple[str, str]]:
        return [(w.code, w.tone) for w in warnings(Statement(**parts))]

    assert codes(current_assets=150, current_liabilities=100) == []
    assert codes(current_assets=149, current_liabilities=100) == [("current_ratio", "watch")]
    assert codes(current_assets=99, current_liabilities=100) == [("current_ratio", "bad")]
    assert codes(total_assets=100, total_liabilities=70) == []
    assert codes(total_assets=100, total_liabilities=71) == [("debt_to_asset", "watch")]
    assert codes(total_assets=100, total_liabilities=81) == [("debt_to_asset", "bad")]
    assert codes(cash=120, current_liabilities=100) == [("idle_cash", "note")]
    assert codes(net_profit=-1) == [("loss", "watch")]


def test_statements_that_contradict_themselves_are_told() -> None:
    assert [w.code for w in warnings(Statement(total_assets=2000, total_liabilities=1100, net_assets=850))] == [
        "not_balanced"
    ]
    # A statement in units of 10,000 may be off by its last digit.
    assert warnings(Statement(total_assets=2000, total_liabilities=1100, net_assets=899)) == ()
    beyond = warnings(Statement(current_assets=100, inventory=300, current_liabilities=10))
    assert "part_beyond_whole" in [w.code for w in beyond]


def test_a_ratio_that_falls_twice_in_a_row_is_told() -> None:
    day = dt.date
    falling = [(day(2025, 12, 31), 1.2), (day(2023, 12, 31), 1.6), (day(2024, 12, 31), 1.4)]
    found = trend("current_ratio", falling)
    assert (found.change, found.worse_in_a_row, found.is_falling) == (pytest.approx(-0.2), 2, True)
    assert not trend("debt_to_asset", falling).is_falling
    assert trend("current_ratio", [(day(2025, 12, 31), 1.2), (day(2024, 12, 31), None)]).change is None
    with pytest.raises(MeasureProblem, match=r"ratios\.unknown"):
        trend("nonsense", falling)


def test_peers_give_quartiles_and_the_better_fourth_is_the_first() -> None:
    peers = [1.0, 1.2, 1.4, 1.6, 1.8]
    found = peer_standing("current_ratio", 1.6, peers)
    assert (found.lower, found.median, found.upper, found.fourth) == (1.2, 1.4, 1.6, 1)
    assert peer_standing("current_ratio", 0.9, peers).fourth == 4
    assert peer_standing("debt_to_asset", 1.2, peers).fourth == 1
    assert peer_standing("debt_to_asset", 9, peers).fourth == 4
    assert peer_standing("current_ratio", 1.6, peers[:3]) == peer_standing("current_ratio", None, peers[:3])
    assert peer_standing("current_ratio", 1.6, [1.0, None, 1.2]).median is None
    assert peer_standing("current_ratio", 2.0, [2.0] * 9).fourth == 1


def test_many_statements_at_once_give_what_each_gives_alone() -> None:
    several = [
        WORKED,
        Statement(total_assets=800, total_liabilities=1000, current_assets=400, current_liabilities=900),
        Statement(current_assets=10, total_assets=10, current_liabilities=0, total_liabilities=0),
        Statement(cash=1, current_liabilities=4),
        Statement(total_liabilities=60, net_assets=40),
    ]
    frame = pd.DataFrame([{name: getattr(s, name) for name in PARTS} for s in several]).astype(float)
    frame.insert(0, "firm", range(len(several)))
    rows = ratio_table(frame).order_by("firm").to_pyarrow().to_pylist()
    for row, stated in zip(rows, several, strict=True):
        for key, value in values(stated).items():
            had = row[key] if row[key] is None or not math.isnan(row[key]) else None
            assert had == (None if value is None else pytest.approx(value)), key
    with pytest.raises(MeasureProblem, match=r"ratios\.no_parts"):
        ratio_table(pd.DataFrame({"firm": [1]}))
