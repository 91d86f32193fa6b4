"""Lifetime value beside the package `lifetimes`: the same estimates, the same guesses about every customer."""

import numpy as np
import pandas as pd
import pytest

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD, calibration_holdout

lifetimes = pytest.importorskip("lifetimes", reason="lifetimes is installed by `make prove` alone")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::RuntimeWarning:lifetimes"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning:autograd"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning:scipy"),
]
_WEEKS = 39


@pytest.fixture(scope="module")
def histories() -> pd.DataFrame:
    read = pd.read_csv(published("cdnow_sample/cdnow_customers_summary.csv.gz"))
    return pd.DataFrame({"x": read.frequency, "t_x": read.recency, "T": read["T"]})


@pytest.mark.parametrize(
    ("ours", "theirs", "tolerance"),
    [
        (BetaGeoNBD, "BetaGeoFitter", {"tol": 1e-9}),
        (ModifiedBetaGeoNBD, "ModifiedBetaGeoFitter", {}),
        (ParetoNBD, "ParetoNBDFitter", {"tol": 1e-9}),
    ],
)
def test_estimates_and_guesses_are_those_of_the_package(histories, ours, theirs, tolerance):
    model = ours().fit(histories)
    x, t_x, age = (histories[name] for name in ("x", "t_x", "T"))
    other = getattr(lifetimes, theirs)(penalizer_coef=0.0).fit(x, t_x, age, **tolerance)
    assert model.parameters_ == pytest.approx({name: float(value) for name, value in other.params_.items()}, rel=1e-4)
    expected = np.asarray(other.conditional_expected_number_of_purchases_up_to_time(_WEEKS, x, t_x, age))
    assert model.predict(histories, _WEEKS) == pytest.approx(expected, rel=1e-4)
    alive = np.asarray(other.conditional_probability_alive(x, t_x, age))
    assert model.alive(histories) == pytest.approx(alive, abs=1e-5)
    note(
        f"lifetimes: {theirs} on the CDNOW sample",
        package=", ".join(f"{name} {value:.6f}" for name, value in other.params_.items()),
        ours=", ".join(f"{name} {value:.6f}" for name, value in model.parameters_.items()),
    )


def test_what_a_purchase_is_worth_is_that_of_the_package(cdnow):
    held = calibration_holdout(cdnow, until="1997-09-30", through="1998-06-30", free="count").to_pandas()
    again = held[held.x > 0]
    model = GammaGamma().fit(held)
    other = lifetimes.GammaGammaFitter(penalizer_coef=0.0).fit(again.x, again.m)
    theirs = {name: float(other.params_[code]) for name, code in (("p", "p"), ("q", "q"), ("gamma", "v"))}
    assert model.parameters_ == pytest.approx(theirs, rel=1e-4)
    worth = np.asarray(other.conditional_expected_average_profit(again.x, again.m))
    assert model.predict(again) == pytest.approx(worth, rel=1e-4)
    note("lifetimes: GammaGammaFitter on the CDNOW sample", package=str(theirs), ours=str(model.parameters_))
