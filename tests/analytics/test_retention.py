"""Cohorts, survival and projections of renewal: published numbers and cases done by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.retention import (
    BetaDiscreteWeibull,
    ShiftedBetaGeometric,
    area_under_curve,
    calibrate,
    cohorts,
    median_survival,
    period_retention,
    survival,
    tenths,
)

REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
# Weeks in remission, 6-mercaptopurine (Freireich and others 1963), the standard example of Kaplan and Meier's method
REMISSION = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [True] * 9 + [False] * 12


def lines(*rows: tuple[str, str, int]) -> pd.DataFrame:
    told = [(who, f"{who}-{n}", dt.date.fromisoformat(day), cents) for n, (who, day, cents) in enumerate(rows)]
    return pd.DataFrame(told, columns=["customer_id", "order_id", "day", "net_cents"])


def test_shifted_beta_geometric_gives_the_estimates_of_its_own_data_not_those_of_the_running_text() -> None:
    model = ShiftedBetaGeometric().fit(REGULAR[:8])
    assert model.alpha_ == pytest.approx(0.704, abs=0.0005)
    assert model.beta_ == pytest.approx(1.182, abs=0.0005)
    assert abs(model.alpha_ - 0.688) > 0.01
    assert model.summary().log_likelihood == pytest.approx(-1680.27, abs=0.01)
    note(
        "retention: sBG, Regular, years 0 to 7",
        published="alpha .704, beta 1.182, LL -1680.27 (running text of the paper: .688, a misprint)",
        ours=f"alpha {model.alpha_:.4f}, beta {model.beta_:.4f}, LL {model.summary().log_likelihood:.3f}",
    )


def test_projected_survivors_are_the_published_ones() -> None:
    model = ShiftedBetaGeometric().fit(REGULAR[:8])
    projected = 100 * model.survival(np.arange(1, 13))
    published = [62.7, 47.4, 38.8, 33.2, 29.2, 26.2, 23.9, 22.0, 20.4, 19.1, 18.0, 17.0]
    assert projected == pytest.approx(published, abs=0.05)
    assert ShiftedBetaGeometric.with_parameters(alpha=1, beta=1).log_likelihood(REGULAR[:8]) == pytest.approx(
        -1741.73, abs=0.005
    )
    note(
        "retention: sBG, Regular, projected survivors in percent, years 1 to 12",
        published=", ".join(f"{value:.1f}" for value in published),
        ours=", ".join(f"{value:.1f}" for value in projected),
    )


def test_retention_rises_with_time_by_the_published_formula() -> None:
    model = ShiftedBetaGeometric.with_parameters(alpha=0.704, beta=1.182)
    t = np.arange(1, 10)
    assert model.retention(t) == pytest.approx((1.182 + t - 1) / (0.704 + 1.182 + t - 1))
    assert (np.diff(model.retention(t)) > 0).all()


def test_weibull_with_c_of_one_is_the_shifted_beta_geometric_and_fits_the_high_end_better() -> None:
    same = BetaDiscreteWeibull.with_parameters(gamma=0.704, delta=1.182, c=1)
    plain = ShiftedBetaGeometric.with_parameters(alpha=0.704, beta=1.182)
    assert same.survival(np.arange(13)) == pytest.approx(plain.survival(np.arange(13)))
    bent, straight = BetaDiscreteWeibull().fit(HIGH_END[:8]), ShiftedBetaGeometric().fit(HIGH_END[:8])
    later = np.arange(8, 13)
    actual = np.array(HIGH_END[8:]) / 1000
    assert bent.summary().converged
    assert np.abs(bent.survival(later) - actual).max() < 0.015
    assert np.abs(bent.survival(later) - actual).max() < np.abs(straight.survival(later) - actual).max()
    note(
        "retention: BdW beside sBG, High End, largest error of the survivors of years 8 to 12",
        bdw=f"{100 * np.abs(bent.survival(later) - actual).max():.2f} points",
        sbg=f"{100 * np.abs(straight.survival(later) - actual).max():.2f} points",
    )


def test_expected_lifetime_is_the_published_hypergeometric_sum() -> None:
    # DEL = 2F1(1, β; α+β; 1/(1+d)) and DERL(n) = (β+n−1)/(α+β+n−1)·2F1(1, β+n; α+β+n; 1/(1+d)), summed term by term
    alpha, beta, v = 0.704, 1.182, 1 / 1.1

    def series(b: float, c: float) -> float:
        term, total = 1.0, 1.0
        for k in range(3000):
            term *= (b + k) / (c + k) * v
            total += term
        return total

    model = ShiftedBetaGeometric.with_parameters(alpha=alpha, beta=beta)
    assert model.lifetime(discount=0.1) == pytest.approx(series(beta, alpha + beta))
    derl = (beta + 2) / (alpha + beta + 2) * series(beta + 3, alpha + beta + 3)
    assert model.lifetime(discount=0.1, renewals=3) == pytest.approx(derl)


@pytest.mark.parametrize("survivors", [[], [10], [10, 11], [10, -1], [10, float("nan")]])
def test_survivors_that_rise_or_are_no_numbers_are_refused(survivors: list[float]) -> None:
    with pytest.raises(MeasureProblem, match=r"retention\.bad_survivors"):
        ShiftedBetaGeometric().fit(survivors)


def test_a_cohort_nobody_left_has_no_estimate() -> None:
    with pytest.raises(MeasureProblem, match=r"retention\.nobody_left"):
        ShiftedBetaGeometric().fit([10, 10, 10])


def test_survival_of_the_standard_example_is_the_published_curve() -> None:
    points = survival(REMISSION, ENDED)
    assert [(p.time, p.at_risk, p.ended) for p in points] == [
        (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1),
    ]  # fmt: skip
    assert [round(p.share, 3) for p in points] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert (points[0].low, points[0].high) == pytest.approx((0.620, 0.952), abs=0.0005)
    assert median_survival(points) == 23


def test_survival_without_anybody_leaving_has_no_median_and_when_all_leave_ends_at_nothing() -> None:
    assert survival([3, 4], [False, False]) == []
    assert median_survival([]) is None
    ends = survival([1, 2], [True, True])
    assert (ends[-1].share, ends[-1].low, ends[-1].high) == (0, 0, 0)
    with pytest.raises(MeasureProblem, match=r"survival\.bad_times"):
        survival([-1], [True])


def test_months_that_are_not_over_are_blank_and_months_without_purchases_are_nothing() -> None:
    orders = lines(
        ("a", "2026-01-05", 1000), ("a", "2026-03-02", 500), ("b", "2026-01-20", 2000), ("b", "2026-02-03", -300),
        ("c", "2026-02-10", 700), ("d", "2026-02-11", 0),
    )  # fmt: skip
    first, second = cohorts(orders, until="2026-03-15")
    assert (first.month, first.size, first.active) == (dt.date(2026, 1, 1), 2, (2, 0, None))
    assert first.net_cents == (3000, -300, None)
    assert (second.size, second.active) == (1, (1, None))
    over = cohorts(orders, until="2026-03-31")
    assert over[0].active == (2, 0, 1)
    assert over[0].shares() == [1.0, 0.0, 0.5]
    assert over[1].active == (1, 0)


def test_customers_of_a_cohort_table_are_everybody_who_bought_once(cdnow: pd.DataFrame) -> None:
    told = cohorts(cdnow[cdnow.net_cents > 0], until="1998-06-30")
    assert [c.month for c in told][:3] == [dt.date(1997, 1, 1), dt.date(1997, 2, 1), dt.date(1997, 3, 1)]
    assert sum(c.size for c in told) == cdnow[cdnow.net_cents > 0].customer_id.nunique()
    assert sum(sum(c.net_cents) for c in told) == cdnow.net_cents.sum()
    assert all(c.active[0] == c.size for c in told)


def test_period_retention_leaves_out_those_who_came_new() -> None:
    assert period_retention(100, 110, 30) == pytest.approx(0.8)
    assert period_retention(0, 5, 5) is None


def test_a_score_that_is_too_sure_of_itself_is_drawn_back_to_what_happened() -> None:
    rng = np.random.default_rng(11)
    true = rng.uniform(0.05, 0.95, 4000)
    happened = rng.random(4000) < true
    boastful = 1 / (1 + (1 / true - 1) ** 3)  # three times the log-odds
    line = calibrate(boastful, happened)
    assert line.slope == pytest.approx(1 / 3, abs=0.03)
    told = line.chance(boastful)
    assert np.abs(told - true).mean() < 0.03
    assert area_under_curve(told, happened) == pytest.approx(area_under_curve(boastful, happened))
    groups = tenths(told, happened)
    assert [group["customers"] for group in groups] == [400] * 10
    assert all(abs(group["told"] - group["happened"]) < 0.08 for group in groups)


def test_area_under_the_curve_counts_ties_as_half_and_is_nothing_without_both() -> None:
    assert area_under_curve([0.9, 0.1], [True, False]) == 1
    assert area_under_curve([0.5, 0.5], [True, False]) == 0.5
    assert area_under_curve([0.5, 0.5], [True, True]) is None
    with pytest.raises(MeasureProblem, match=r"risk\.one_sided"):
        calibrate([0.2, 0.4], [False, False])


def test_a_score_that_parts_everybody_keeps_a_finite_calibration() -> None:
    line = calibrate([0.1, 0.2, 0.8, 0.9], [False, False, True, True])
    assert np.isfinite([line.intercept, line.slope]).all()
    assert line.chance([0.95])[0] > 0.5 > line.chance([0.05])[0]


def test_a_curve_that_falls_at_once_and_then_hardly_is_projected_without_a_fault() -> None:
    for survivors in ([115, 60, 60, 60, 60, 59, 59, 59, 59, 59], [115, 2, 1, 1, 1, 1, 0], [40, 40, 40, 40, 0]):
        for model in (ShiftedBetaGeometric(), BetaDiscreteWeibull()):
            ahead = model.fit(survivors).survival(np.arange(24))
            assert np.isfinite(ahead).all()
            assert (np.diff(ahead) <= 1e-6).all()
