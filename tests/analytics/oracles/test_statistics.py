"""Groups, drivers, chances and survival beside `scikit-learn` and `statsmodels`, on the same published data."""

import numpy as np
import pandas as pd
import pytest

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.portrait.kmeans import lloyd
from zhike_analytics.portrait.measuring import silhouette
from zhike_analytics.retention import area_under_curve, survival
from zhike_analytics.satisfaction import driven

pytest.importorskip("sklearn", reason="scikit-learn is installed by `make prove` alone")
pytest.importorskip("statsmodels", reason="statsmodels is installed by `make prove` alone")
pytestmark = pytest.mark.slow
_DRIVERS = ["imag1", "qual1", "qual2", "val1", "expe1"]


@pytest.fixture(scope="module")
def bank():
    read = pd.read_csv(published("sem_satisfaction/satisfaction.csv"))[["sat1", *_DRIVERS]]
    return (read - read.mean()) / read.std()


@pytest.fixture(scope="module")
def telco():
    folder = published("telco_churn")
    return pd.read_csv(next(file for file in sorted(folder.iterdir()) if ".csv" in file.name))


def test_drivers_their_intervals_and_inflation_are_those_of_a_regression_by_statsmodels(bank):
    import statsmodels.api as models
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    told = driven(bank, outcome="sat1", drivers=_DRIVERS)
    columns = models.add_constant(bank[_DRIVERS])
    other = models.OLS(bank["sat1"], columns).fit()
    ends = other.conf_int()
    assert (told.r_squared, told.adjusted) == pytest.approx((other.rsquared, other.rsquared_adj), abs=1e-9)
    for one in told.drivers:
        inflation = variance_inflation_factor(columns.to_numpy(), 1 + _DRIVERS.index(one.name))
        ours = (one.beta, one.low, one.high, one.vif)
        assert ours == pytest.approx((other.params[one.name], *ends.loc[one.name], inflation), rel=1e-6)
    note("statsmodels: drivers of satisfaction, R²", package=f"{other.rsquared:.9f}", ours=f"{told.r_squared:.9f}")


def test_groups_from_the_same_beginning_and_their_silhouette_are_those_of_scikit_learn(bank):
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    points = bank[_DRIVERS].to_numpy()
    begun = points[:4].copy()
    other = KMeans(4, init=begun, n_init=1, algorithm="lloyd", tol=0, max_iter=100).fit(points)
    centers, labels, total = lloyd(points, begun, 100)
    assert np.abs(centers - other.cluster_centers_).max() < 1e-9
    assert (labels == other.labels_).all()
    assert total == pytest.approx(other.inertia_, rel=1e-9)
    theirs = silhouette_score(points, other.labels_)
    assert silhouette(points, labels) == pytest.approx(theirs, abs=1e-9)
    note("scikit-learn: silhouette of four groups", package=f"{theirs:.9f}", ours=f"{silhouette(points, labels):.9f}")


def test_the_area_under_the_curve_of_real_churn_is_that_of_scikit_learn(telco):
    from sklearn.metrics import roc_auc_score

    left, score = (telco["Churn"] == "Yes").to_numpy(), -telco["tenure"].to_numpy()
    theirs = roc_auc_score(left, score)
    assert area_under_curve(score, left) == pytest.approx(theirs, abs=1e-12)
    note("scikit-learn: AUC of tenure for churn", package=f"{theirs:.9f}", ours=f"{area_under_curve(score, left):.9f}")


def test_survival_of_real_customers_is_that_of_statsmodels(telco):
    from statsmodels.duration.survfunc import SurvfuncRight

    months, left = telco["tenure"].to_numpy(), (telco["Churn"] == "Yes").to_numpy()
    other = SurvfuncRight(months, left.astype(int))
    points = survival(months, left)
    theirs = dict(zip(other.surv_times, other.surv_prob, strict=True))
    assert [point.share for point in points] == pytest.approx([theirs[point.time] for point in points], abs=1e-12)
    assert len(points) > 60
    note(
        "statsmodels: share of customers still there at the last departure",
        package=f"{theirs[points[-1].time]:.9f}",
        ours=f"{points[-1].share:.9f}",
    )
