"""Recommendations beside the package `implicit`: the same likeness of products, hidden factors that fit no worse."""

import numpy as np
import pytest

from tests.proofs import note
from zhike_analytics.recommend import Als, ItemKnn, interactions

pytest.importorskip("implicit", reason="implicit is installed by `make prove` alone")
sparse = pytest.importorskip("scipy.sparse", reason="scipy comes with it")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:OpenBLAS is configured:RuntimeWarning"),  # advice on speed, not asked for here
]
_RIDGE, _CONFIDENCE, _FACTORS, _ROUNDS = 5.0, 20.0, 32, 15


@pytest.fixture(scope="module")
def bought(online_retail):
    return interactions(online_retail[online_retail.quantity > 0], fewest_customers=5)


@pytest.fixture(scope="module")
def matrix(bought):
    return sparse.csr_matrix((np.ones(len(bought.places)), bought.places, bought.starts), shape=bought.shape)


def test_likeness_of_products_is_that_of_the_package(bought, matrix):
    from implicit.nearest_neighbours import CosineRecommender

    other = CosineRecommender(K=bought.shape[1])
    other.fit(matrix, show_progress=False)
    theirs = other.similarity.toarray()
    np.fill_diagonal(theirs, 0.0)
    ours = ItemKnn(shrink=0, neighbors=0).fit(bought).weights_
    assert np.abs(theirs - ours).max() < 1e-6
    note("implicit: cosine of Online Retail's products, largest difference", ours=f"{np.abs(theirs - ours).max():.1e}")


def test_hidden_factors_fit_what_was_bought_no_worse_than_those_of_the_package(bought, matrix):
    from implicit.cpu.als import AlternatingLeastSquares

    told = {"factors": _FACTORS, "regularization": _RIDGE, "alpha": 1 + _CONFIDENCE, "iterations": _ROUNDS}
    other = AlternatingLeastSquares(**told, use_cg=False, num_threads=1, random_state=1, dtype=np.float64)
    other.fit(matrix, show_progress=False)
    model = Als(factors=_FACTORS, ridge=_RIDGE, confidence=_CONFIDENCE, rounds=_ROUNDS).fit(bought)
    customers = model._solved(bought, model.items_)
    dense = matrix.toarray()

    def loss(rows, items):
        off = (1 + _CONFIDENCE * dense) * (dense - rows @ items.T) ** 2
        return float(off.sum() + _RIDGE * ((rows**2).sum() + (items**2).sum()))

    ours, theirs = loss(customers, model.items_), loss(other.user_factors, other.item_factors)
    assert ours <= theirs * 1.005
    note("implicit: loss of 32 factors after 15 rounds", package=f"{theirs:,.0f}", ours=f"{ours:,.0f}")
