"""Lifetime value on the CDNOW sample: published numbers, and formulas apart from the optimizer."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.lifetime import (
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    calibration_holdout,
    constant_retention_value,
    frequency_table,
    holdout_by_frequency,
    lifetime_value,
    margin_multiple,
    purchase_days,
    tracking,
)

SPLIT, LAST = "1997-09-30", "1998-06-30"
ONE = {"x": [2], "t_x": [30.43], "T": [38.86]}  # customer 1 of the sample
BG = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PARETO = {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}


@pytest.fixture(scope="session")
def held(cdnow: pd.DataFrame) -> pd.DataFrame:
    return calibration_holdout(cdnow, until=SPLIT, through=LAST, free="count").to_pandas()


def test_histories_of_the_cdnow_sample_are_those_that_were_published(held: pd.DataFrame) -> None:
    theirs = pd.read_csv(published("cdnow_sample/cdnow_customers_summary.csv.gz"))
    ours = held.sort_values("customer_id").reset_index(drop=True)
    assert len(ours) == 2357
    assert ours.x.sum() == 2457
    assert (ours.x > 0).sum() == 946
    assert (ours.x.to_numpy() == theirs.frequency.to_numpy()).all()
    assert np.abs(ours.t_x.to_numpy() - theirs.recency.to_numpy()).max() < 0.006
    assert np.abs(ours["T"].to_numpy() - theirs["T"].to_numpy()).max() < 0.006


def test_beta_geometric_estimates_are_the_published_ones(held: pd.DataFrame) -> None:
    model = BetaGeoNBD().fit(held)
    assert model.r_ == pytest.approx(0.243, abs=0.002)
    assert model.alpha_ == pytest.approx(4.414, rel=0.01)
    assert model.a_ == pytest.approx(0.793, rel=0.01)
    assert model.b_ == pytest.approx(2.426, rel=0.01)
    assert model.summary().log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert model.summary().converged
    assert model.warnings_ == ()
    told = ", ".join(f"{name} {value:.4f}" for name, value in model.parameters_.items())
    note(
        "lifetime: BG/NBD on the CDNOW sample",
        published="r .243, alpha 4.414, a .793, b 2.426, LL -9582.4",
        ours=f"{told}, LL {model.summary().log_likelihood:.3f}",
    )


def test_pareto_estimates_and_their_standard_errors_are_the_published_ones(held: pd.DataFrame) -> None:
    found = ParetoNBD().fit(held).summary()
    expected = {"r": (0.553, 0.0476), "alpha": (10.578, 0.8427), "s": (0.606, 0.1873), "beta": (11.669, 6.2105)}
    for name, (estimate, error) in expected.items():
        assert found.parameters[name][0] == pytest.approx(estimate, rel=0.02 if name == "beta" else 0.005), name
        assert found.parameters[name][1] == pytest.approx(error, rel=0.01), name
    assert found.log_likelihood == pytest.approx(-9594.976, abs=0.05)
    told = ", ".join(f"{name} {value:.4f} (s.e. {error:.4f})" for name, (value, error) in found.parameters.items())
    note(
        "lifetime: Pareto/NBD on the CDNOW sample",
        published="r .553 (.0476), alpha 10.578 (.8427), s .606 (.1873), beta 11.669 (6.2105), LL -9594.976",
        ours=f"{told}, LL {found.log_likelihood:.3f}",
    )


def test_modified_model_is_near_the_plain_one_and_doubts_those_who_never_returned(held: pd.DataFrame) -> None:
    # No published estimates are at hand: the likelihood is our own, kept to notice a change.
    model = ModifiedBetaGeoNBD().fit(held)
    assert model.summary().log_likelihood == pytest.approx(-9582.14, abs=0.05)
    never = {"x": [0], "t_x": [0.0], "T": [38.0]}
    assert model.alive(never)[0] < 1
    assert BetaGeoNBD.with_parameters(**BG).alive(never)[0] == 1


def test_expected_purchases_of_a_new_customer_are_the_published_ones() -> None:
    model = BetaGeoNBD.with_parameters(**BG)
    expected = model.expected_purchases([52, 1, 3, 32])
    assert expected == pytest.approx([1.444, 0.0532, 0.1506, 1.0437], rel=0.005)
    note(
        "lifetime: BG/NBD, purchases of a new customer in 52, 1, 3 and 32 weeks",
        published="1.444, .0532, .1506, 1.0437",
        ours=", ".join(f"{value:.4f}" for value in expected),
    )


def test_first_customer_is_expected_and_alive_as_published() -> None:
    model = BetaGeoNBD.with_parameters(**BG)
    assert model.predict(ONE, 39)[0] == pytest.approx(1.226, rel=0.005)
    assert model.alive(ONE)[0] == pytest.approx(0.7266, rel=0.005)
    note(
        "lifetime: BG/NBD, customer 1 of the sample in the next 39 weeks",
        published="1.226 purchases, P(alive) .7266",
        ours=f"{model.predict(ONE, 39)[0]:.4f} purchases, P(alive) {model.alive(ONE)[0]:.4f}",
    )


def test_weekly_purchases_and_what_was_expected_of_them_are_the_published_ones(cdnow: pd.DataFrame) -> None:
    days = purchase_days(cdnow, until=LAST, free="count")
    rows = tracking(ParetoNBD.with_parameters(**PARETO), days, until=SPLIT, through=LAST)
    shown = rows[19:25]
    assert [row["actual"] for row in shown] == [73, 55, 70, 33, 56, 99]
    assert [row["expected"] for row in shown] == pytest.approx([78.31, 76.42, 74.65, 72.98, 71.41, 69.93], rel=0.005)
    assert rows[38]["ends"] == date(1997, 9, 30)
    assert [row["is_holdout"] for row in rows[38:40]] == [False, True]
    assert rows[-1]["actual_so_far"] == 2457 + 1882
    note(
        "lifetime: Pareto/NBD, weeks 20 to 25",
        published="actual 73, 55, 70, 33, 56, 99; expected 78.31, 76.42, 74.65, 72.98, 71.41, 69.93",
        ours="actual {}; expected {}".format(
            ", ".join(str(row["actual"]) for row in shown), ", ".join(f"{row['expected']:.2f}" for row in shown)
        ),
    )


def test_holdout_by_calibration_frequency_is_the_published_table(held: pd.DataFrame) -> None:
    rows = holdout_by_frequency(BetaGeoNBD.with_parameters(**BG), held)
    assert [row["customers"] for row in rows] == [1411, 439, 214, 100, 62, 38, 29, 64]
    actual = [0.2367, 0.6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594]
    assert [row["actual"] for row in rows] == pytest.approx(actual, abs=5e-5)
    assert held.holdout_x.sum() == 1882
    expected = [row["expected"] for row in rows]
    assert expected == sorted(expected)
    note(
        "lifetime: hold-out by purchases before, actual means",
        published=".2367, .6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594",
        ours=", ".join(f"{row['actual']:.4f}" for row in rows),
        expected_by_bg_nbd=", ".join(f"{row['expected']:.4f}" for row in rows),
    )


def test_spend_parameters_are_the_published_ones(held: pd.DataFrame) -> None:
    model = GammaGamma().fit(held)
    assert model.p_ == pytest.approx(6.25, rel=0.01)
    assert model.q_ == pytest.approx(3.74, rel=0.01)
    assert model.gamma_ == pytest.approx(15.44, rel=0.01)
    assert model.summary().customers == 946
    assert model.correlation_ == pytest.approx(0.1139, abs=1e-4)
    assert "spend_follows_frequency" not in model.warnings_
    note(
        "lifetime: Gamma-Gamma on the 946 repeat buyers",
        published="p 6.25, q 3.74, gamma 15.44",
        ours=", ".join(f"{name} {value:.3f}" for name, value in model.parameters_.items()),
    )


def test_spend_of_a_customer_is_drawn_towards_everybody_and_is_everybodys_without_a_repeat() -> None:
    model = GammaGamma.with_parameters(p=6.25, q=3.74, gamma=15.44)
    everybody = 6.25 * 15.44 / 2.74
    one, many, none, broken = model.predict({"x": [1, 50, 0, 3], "m": [100.0, 100.0, np.nan, np.nan]})
    assert everybody < one < many < 100
    assert one == pytest.approx(6.25 * (15.44 + 100) / (6.25 + 2.74))
    assert none == broken == pytest.approx(everybody) == model.population_mean()


def test_constant_retention_is_worth_what_was_published() -> None:
    assert constant_retention_value(18.45, 0.995, 0.01, cost=0.50) == pytest.approx(1209, abs=0.5)
    assert constant_retention_value(1, 0.995, 0.01) == pytest.approx(67.33, abs=0.005)
    multiples = [margin_multiple(r, 0.10) for r in (0.6, 0.7, 0.8, 0.9)]
    assert [f"{value:.2f}" for value in multiples] == ["1.20", "1.75", "2.67", "4.50"]
    now, renewed = (constant_retention_value(10, 0.8, 0.1, first_margin=when) for when in ("now", "renewed"))
    assert now - renewed == pytest.approx(10)
    note(
        "lifetime: constant retention, margin 18.45 - .50, r .995, d .01 a month",
        published="multiplier 67.33, CLV 1,209; margin multiples 1.20, 1.75, 2.67, 4.50",
        ours=f"multiplier {constant_retention_value(1, 0.995, 0.01):.2f}, "
        f"CLV {constant_retention_value(18.45, 0.995, 0.01, cost=0.5):,.0f}; "
        f"margin multiples {', '.join(f'{value:.2f}' for value in multiples)}",
    )


@pytest.mark.parametrize(
    ("parameters", "t", "history", "expected", "modified"),
    [
        # (r, α, a, b); the published formulas at forty digits (mpmath 1.4)
        ((0.243, 4.414, 0.793, 2.426), 39, (2, 30.43, 38.86), 1.2260281747671, 1.3404974284912),
        ((0.243, 4.414, 0.793, 2.426), 520, (0, 0, 38.86), 1.4645477714482, 1.0373088652871),
        ((0.243, 4.414, 0.793, 2.426), 52, (300, 38.5, 38.86), 249.75760272743, 249.98878699753),
        ((0.5, 10, 1.5, 3), 5200, (0, 0, 10), 4.7738153440043, 3.4320978386356),
        ((0.5, 10, 40, 100), 5200, (3, 5, 10), 1.7560984935688, 1.7773988007476),
        ((0.5, 10, 1 + 1e-9, 2), 52, (3, 5, 10), 3.0280001033782, 3.500846362969),
    ],
)
def test_expectations_of_the_beta_geometric_models_hold_for_extreme_customers(
    parameters: tuple[float, ...], t: float, history: tuple[float, ...], expected: float, modified: float
) -> None:
    named = dict(zip(("r", "alpha", "a", "b"), parameters, strict=True))
    asked = {name: [value] for name, value in zip(("x", "t_x", "T"), history, strict=True)}
    assert BetaGeoNBD.with_parameters(**named).predict(asked, t)[0] == pytest.approx(expected, rel=1e-11)
    assert ModifiedBetaGeoNBD.with_parameters(**named).predict(asked, t)[0] == pytest.approx(modified, rel=1e-11)


@pytest.mark.parametrize(
    ("parameters", "history", "alive", "dert"),
    [
        # (r, α, s, β); the published formulas with 2F1 and Tricomi's U at forty digits; the third is the overflow case
        ((0.5534, 10.578, 0.6061, 11.669), (2, 30.43, 38.86), 0.86914299190717, 6.4837371758155),
        ((0.5534, 10.578, 0.6061, 11.669), (0, 0, 38.86), 0.29515166233627, 0.47719919638507),
        ((0.5143, 2.8845, 0.2856, 14.1087), (221, 103.43, 103.57), 0.9996053715028, 559.1113633833),
        ((1.2, 500, 0.3, 0.05), (5, 10, 200), 0.1224029082553, 0.31240046246105),
        ((1.2, 0.05, 0.3, 500), (5, 10, 200), 7.1123923569598e-6, 7.3178508202435e-5),
        ((0.5, 10, 2, 3), (50, 1, 300), 1.0894938471309e-76, 2.3803544094823e-75),
    ],
)
def test_pareto_answers_hold_for_extreme_customers_where_the_printed_formula_overflows(
    parameters: tuple[float, ...], history: tuple[float, ...], alive: float, dert: float
) -> None:
    model = ParetoNBD.with_parameters(**dict(zip(("r", "alpha", "s", "beta"), parameters, strict=True)))
    asked = {name: [value] for name, value in zip(("x", "t_x", "T"), history, strict=True)}
    assert model.alive(asked)[0] == pytest.approx(alive, rel=1e-10)
    assert model.dert(asked, rate=0.0027)[0] == pytest.approx(dert, rel=1e-10)
    assert np.isfinite(model.predict(asked, 52)).all()


def test_pareto_expectation_has_its_limit_where_s_is_one() -> None:
    at_one, beside = (ParetoNBD.with_parameters(r=0.5, alpha=10, s=s, beta=12) for s in (1.0, 1 + 1e-7))
    assert at_one.predict(ONE, 39)[0] == pytest.approx(beside.predict(ONE, 39)[0], rel=1e-6)
    assert at_one.expected_purchases(39) == pytest.approx(0.5 * 12 / 10 * np.log(51 / 12))


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD])
def test_slopes_of_the_likelihood_agree_with_differences(kind: type, held: pd.DataFrame) -> None:
    from zhike_analytics.lifetime.grouping import grouped

    data, at = grouped(held), np.array([0.5, 8.0, 0.7, 6.0])
    model = kind()
    _value, slope = model._likelihood(at, data)
    for i in range(4):
        step = np.zeros(4)
        step[i] = at[i] * 1e-6
        measured = (model._likelihood(at + step, data)[0] - model._likelihood(at - step, data)[0]) / (2 * step[i])
        assert slope[i] == pytest.approx(measured, rel=1e-5)


@pytest.mark.parametrize(
    "model",
    [
        BetaGeoNBD.with_parameters(**BG),
        ModifiedBetaGeoNBD.with_parameters(r=0.525, alpha=6.18, a=0.89, b=1.61),
        ParetoNBD.with_parameters(**PARETO),
    ],
)
def test_chances_of_each_number_of_purchases_have_the_expected_mean(model: BetaGeoNBD) -> None:
    chances = model.frequencies(39.0, 150)[0]
    assert chances.sum() == pytest.approx(1)
    assert (chances >= -1e-12).all()
    assert (np.arange(151) * chances).sum() == pytest.approx(float(model.expected_purchases(39.0)), rel=1e-3)


def test_frequency_table_counts_everybody_once(held: pd.DataFrame) -> None:
    rows = frequency_table(BetaGeoNBD.with_parameters(**BG), held)
    assert [row["actual"] for row in rows] == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert sum(row["expected"] for row in rows) == pytest.approx(2357)
    assert rows[0]["expected"] == pytest.approx(1406.5, abs=0.5)


def test_value_to_come_is_margin_times_spend_times_discounted_purchases(held: pd.DataFrame) -> None:
    model, spend = BetaGeoNBD.with_parameters(**BG), GammaGamma.with_parameters(p=6.25, q=3.74, gamma=15.44)
    rate = 1.15 ** (1 / 52) - 1
    value = lifetime_value(model, spend, held, periods=52, discount=rate, margin_share=0.3)
    undiscounted = model.predict(held, 52)
    assert (value > 0).all()
    assert (value < 0.3 * spend.predict(held) * undiscounted).all()
    by_hand = sum((model.predict(ONE, t)[0] - model.predict(ONE, t - 1)[0]) / (1 + rate) ** t for t in range(1, 53))
    assert model.discounted_purchases(ONE, periods=52, discount=rate)[0] == pytest.approx(by_hand)


def test_grocery_log_is_fitted_by_every_model() -> None:
    read = pd.read_csv(published("grocery_elog/grocery_elog.csv.gz"), dtype={"cust": str})
    lines = pd.DataFrame({"customer_id": read.cust, "day": read.date, "net_cents": 1})
    known = calibration_holdout(lines, until="2006-12-31", through="2007-12-30", order=None).to_pandas()
    models = {kind.label: kind().fit(known) for kind in (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)}
    likelihoods = {label: model.summary().log_likelihood for label, model in models.items()}
    assert all(model.summary().converged for model in models.values())
    assert len(known) == 1525
    assert likelihoods["MBG/NBD"] > likelihoods["BG/NBD"]
    ahead = models["MBG/NBD"].predict(known, 52).sum()
    assert ahead == pytest.approx(known.holdout_x.sum(), rel=0.25)


@pytest.mark.parametrize(
    "model",
    [
        BetaGeoNBD.with_parameters(**BG),
        ModifiedBetaGeoNBD.with_parameters(r=0.525, alpha=6.18, a=0.89, b=1.61),
        ParetoNBD.with_parameters(**PARETO),
    ],
)
def test_chance_to_return_of_a_new_customer_is_that_of_not_making_zero_purchases(model: BetaGeoNBD) -> None:
    new = {"x": [0], "t_x": [0.0], "T": [0.0]}
    for weeks in (1.0, 13.0, 104.0):
        assert model.returning(new, weeks)[0] == pytest.approx(1 - model.frequencies(weeks, 1)[0][0], rel=1e-9)
    assert model.returning(ONE, 13)[0] < model.returning(ONE, 52)[0] < model.alive(ONE)[0]
