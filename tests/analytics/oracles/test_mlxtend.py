"""Products together beside the package `mlxtend`: the same sets, the same counts, every measure the same."""

import math

import pandas as pd
import pytest

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.association import frequent_sets, rules

patterns = pytest.importorskip("mlxtend.frequent_patterns", reason="mlxtend is installed by `make prove` alone")
pytestmark = pytest.mark.slow
_SUPPORT, _CONFIDENCE = 0.001, 0.5
_NAMES = {
    "support": "support", "confidence": "confidence", "lift": "lift", "leverage": "leverage", "conviction": "conviction",
    "jaccard": "jaccard", "kulczynski": "kulczynski", "zhang": "zhangs_metric",
}  # fmt: skip


@pytest.fixture(scope="module")
def baskets():
    return pd.read_csv(published("groceries/groceries_baskets.csv.gz")).drop_duplicates()


@pytest.fixture(scope="module")
def theirs(baskets):
    wide = pd.crosstab(baskets["basket_id"], baskets["item"]).astype(bool)
    return len(wide), patterns.fpgrowth(wide, min_support=_SUPPORT, use_colnames=True)


def test_frequent_sets_and_their_counts_are_those_of_fp_growth(baskets, theirs):
    whole, found = theirs
    ours = frequent_sets(baskets, support=_SUPPORT).table().to_pyarrow().to_pylist()
    counted = {row["itemsets"]: round(row["support"] * whole) for row in found.to_dict("records")}
    assert {frozenset(row["items"]): row["together"] for row in ours} == counted
    note("mlxtend: frequent sets of Groceries, support .001", package=len(counted), ours=len(ours))


def test_every_measure_of_every_rule_is_that_of_the_package(baskets, theirs):
    whole, found = theirs
    told = patterns.association_rules(found, metric="confidence", min_threshold=_CONFIDENCE, num_itemsets=whole)
    told = told[told.consequents.map(len) == 1].to_dict("records")
    sets = frequent_sets(baskets, support=_SUPPORT)
    ours = {
        (frozenset(row["antecedent"]), row["consequent"]): row
        for row in rules(sets, confidence=_CONFIDENCE).to_pyarrow().to_pylist()
    }
    assert len(ours) == len(told)
    for other in told:
        mine = ours[other["antecedents"], next(iter(other["consequents"]))]
        for name, code in _NAMES.items():
            both_endless = math.isinf(other[code]) and math.isinf(mine[name])
            assert both_endless or mine[name] == pytest.approx(other[code], rel=1e-9, abs=1e-12), (name, mine)
    note("mlxtend: rules of Groceries at confidence .5, eight measures each", package=len(told), ours=len(ours))
