"""Lifetime value where the data are poor: refused with a code, or warned of, never a number from nothing."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from zhike_analytics import MeasureProblem
from zhike_analytics.lifetime import (
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    calibration_holdout,
    historic_value,
    histories,
)

MODELS = [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD]


def orders(*rows: tuple[str, str, int], **more: list[str]) -> pd.DataFrame:
    told = [(who, f"{who}-{n}", dt.date.fromisoformat(day), cents) for n, (who, day, cents) in enumerate(rows)]
    return pd.DataFrame(told, columns=["customer_id", "order_id", "day", "net_cents"]).assign(**more)


def one(found: pd.DataFrame, who: str) -> pd.Series:
    return found.set_index("customer_id").loc[who]


def test_history_counts_repeat_days_and_leaves_the_first_purchase_out() -> None:
    known = histories(
        orders(
            ("a", "2026-01-01", 9900), ("a", "2026-01-15", 1000), ("a", "2026-01-15", 3000), ("a", "2026-02-05", 2000)
        ),
        until="2026-02-26",
    ).to_pandas()
    row = one(known, "a")
    assert (row.x, row.t_x, row["T"]) == (2, 5, 8)  # two orders of one day are one purchase
    assert row.m == 30.0  # (40 + 20) / 2: not the first 99
    assert row.net_cents == 15_900


def test_somebody_who_gave_everything_back_has_no_history() -> None:
    known = histories(
        orders(("a", "2026-01-01", 0), ("b", "2026-01-01", 500), ("b", "2026-01-09", -900), ("c", "2026-01-02", -5)),
        until="2026-02-01",
    ).to_pandas()
    assert list(known.customer_id) == ["b"]
    assert one(known, "b").x == 0
    assert pd.isna(one(known, "b").m)


def test_refunds_beyond_purchases_lower_the_historic_value_below_zero() -> None:
    told = historic_value(
        orders(("b", "2026-01-01", 500), ("b", "2026-01-09", -900)), until="2026-02-01", margin_share=0.5
    ).to_pandas()
    assert told.loc[0, ["net_cents", "margin_cents", "purchases"]].tolist() == [-400, -200, 1]


def test_orders_after_the_last_day_are_refused_or_ignored_as_asked() -> None:
    lines = orders(("a", "2026-01-01", 100), ("a", "2026-03-01", 100))
    with pytest.raises(MeasureProblem, match=r"lifetime\.later_orders"):
        histories(lines, until="2026-02-01")
    known = histories(lines, until="2026-02-01", later="ignore").to_pandas()
    assert one(known, "a").x == 0


def test_two_kinds_of_money_do_not_add_up_and_are_refused() -> None:
    lines = orders(("a", "2026-01-01", 100), ("a", "2026-01-05", 100), currency=["CNY", "USD"])
    with pytest.raises(MeasureProblem, match=r"lifetime\.mixed_currencies"):
        histories(lines, until="2026-02-01", currency="currency")
    assert len(histories(lines.assign(currency="CNY"), until="2026-02-01", currency="currency").to_pandas()) == 1


def test_holdout_must_end_after_it_begins() -> None:
    with pytest.raises(MeasureProblem, match=r"lifetime\.no_holdout"):
        calibration_holdout(orders(("a", "2026-01-01", 100)), until="2026-02-01", through="2026-02-01")


def test_who_first_buys_in_the_holdout_is_not_predicted() -> None:
    lines = orders(("a", "2026-01-01", 100), ("a", "2026-03-01", 300), ("b", "2026-03-01", 100))
    known = calibration_holdout(lines, until="2026-02-01", through="2026-03-31").to_pandas()
    assert list(known.customer_id) == ["a"]
    assert one(known, "a")[["holdout_x", "holdout_cents"]].tolist() == [1, 300]


@pytest.mark.parametrize("model", MODELS)
def test_a_base_in_which_nobody_returns_is_refused(model: type) -> None:
    nobody = {"x": np.zeros(500), "t_x": np.zeros(500), "T": np.full(500, 30.0)}
    with pytest.raises(MeasureProblem, match=r"lifetime\.no_repeaters"):
        model().fit(nobody)


@pytest.mark.parametrize("model", MODELS)
def test_one_customer_is_too_few_for_any_model(model: type) -> None:
    with pytest.raises(MeasureProblem, match=r"lifetime\.too_few_customers"):
        model().fit({"x": [3], "t_x": [20.0], "T": [30.0]})


@pytest.mark.parametrize("model", MODELS)
def test_all_customers_alike_give_finite_answers_and_a_warning(model: type) -> None:
    alike = {"x": np.full(500, 2), "t_x": np.full(500, 20.0), "T": np.full(500, 30.0)}
    fitted = model().fit(alike)
    assert set(fitted.warnings_) & {"not_converged", "at_the_edge"}
    assert np.isfinite(fitted.predict(alike, 52)).all()
    assert ((fitted.alive(alike) >= 0) & (fitted.alive(alike) <= 1)).all()


def test_few_repeaters_are_warned_of() -> None:
    rng = np.random.default_rng(7)
    x = np.zeros(400)
    x[:20] = rng.integers(1, 4, 20)
    known = {"x": x, "t_x": np.where(x > 0, rng.uniform(1, 30, 400), 0), "T": np.full(400, 40.0)}
    assert "few_repeaters" in BetaGeoNBD().fit(known).warnings_


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        ({"x": [1.5], "t_x": [1], "T": [2]}, "x_not_whole"),
        ({"x": [1], "t_x": [3], "T": [2]}, "last_after_end"),
        ({"x": [0], "t_x": [1], "T": [2]}, "time_without_repeat"),
        ({"x": [-1], "t_x": [1], "T": [2]}, "not_a_number_or_negative"),
        ({"x": [1], "t_x": [np.nan], "T": [2]}, "not_a_number_or_negative"),
    ],
)
def test_impossible_histories_are_refused_with_their_reason(history: dict[str, list[float]], reason: str) -> None:
    model = BetaGeoNBD.with_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    with pytest.raises(MeasureProblem, match=reason):
        model.alive(history)


def test_missing_columns_and_unfitted_models_are_named() -> None:
    with pytest.raises(MeasureProblem, match=r"lifetime\.column_missing \(column=t_x\)"):
        BetaGeoNBD.with_parameters(r=1, alpha=1, a=1, b=1).alive(pd.DataFrame({"x": [1], "T": [2.0]}))
    with pytest.raises(MeasureProblem, match=r"lifetime\.not_fitted"):
        BetaGeoNBD().predict({"x": [1], "t_x": [1.0], "T": [2.0]}, 3)
    with pytest.raises(MeasureProblem, match=r"lifetime\.bad_parameters"):
        ParetoNBD.with_parameters(r=1, alpha=1, s=-1, beta=1)


def test_spend_that_follows_frequency_is_warned_of() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 12, 800)
    m = x * 10.0 * rng.gamma(20, 0.05, 800)
    fitted = GammaGamma().fit({"x": x, "m": m})
    assert "spend_follows_frequency" in fitted.warnings_
    assert fitted.correlation_ is not None
    assert fitted.correlation_ > 0.8


def test_spend_that_never_differs_is_refused() -> None:
    with pytest.raises(MeasureProblem, match=r"lifetime\.all_alike"):
        GammaGamma().fit({"x": np.full(300, 2), "m": np.full(300, 25.0)})
    with pytest.raises(MeasureProblem, match=r"lifetime\.no_repeaters"):
        GammaGamma().fit({"x": np.zeros(3), "m": np.full(3, np.nan)})


def test_spend_without_a_mean_is_not_predicted() -> None:
    with pytest.raises(MeasureProblem, match=r"lifetime\.no_mean"):
        GammaGamma.with_parameters(p=2, q=0.9, gamma=3).predict({"x": [1], "m": [10.0]})


def test_answers_come_in_the_order_of_the_rows_and_from_any_container() -> None:
    import pyarrow as pa

    model = ParetoNBD.with_parameters(r=0.55, alpha=10.6, s=0.6, beta=11.7)
    rows = {"x": [0, 5, 0, 2], "t_x": [0.0, 30.0, 0.0, 9.0], "T": [38.0, 38.0, 12.0, 20.0]}
    expected = model.predict(rows, 39)
    assert expected[1] == max(expected)
    for source in (pd.DataFrame(rows), pa.table(rows)):
        assert model.predict(source, 39) == pytest.approx(expected)


def test_rounding_times_groups_rows_and_hardly_moves_the_estimates() -> None:
    rng = np.random.default_rng(5)
    x = rng.poisson(1.2, 30_000)
    age = rng.integers(60, 400, 30_000) / 7
    known = {"x": x, "t_x": np.where(x > 0, age * rng.beta(2, 1, 30_000), 0.0), "T": age}
    exact, rounded = BetaGeoNBD().fit(known), BetaGeoNBD().fit(known, decimals=0)
    assert rounded.summary().rows < exact.summary().rows / 4
    assert rounded.r_ == pytest.approx(exact.r_, rel=0.05)


def test_penalty_moves_the_estimates_and_is_told() -> None:
    rng = np.random.default_rng(5)
    x = rng.poisson(rng.gamma(0.6, 2, 1000))
    known = {"x": x, "t_x": np.where(x > 0, rng.uniform(1, 30, 1000), 0.0), "T": np.full(1000, 40.0)}
    free, held = BetaGeoNBD().fit(known), BetaGeoNBD().fit(known, penalty=0.01)
    assert held.summary().penalty == 0.01
    assert sum(v**2 for v in held.parameters_.values()) < sum(v**2 for v in free.parameters_.values())
