"""Credit limits: the working-assets method with its bands and gaps, and which rule bound."""

import pytest

from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.credit import (
    band_share,
    small_customer_amount,
    suggest_limit,
    working_assets,
    working_assets_value,
)
from zhike_analytics.ratios import Statement

FIRM = Statement(
    current_assets=900,
    inventory=300,
    current_liabilities=500,
    total_assets=2000,
    total_liabilities=1100,
    net_assets=900,
)


def test_working_assets_of_the_worked_example_are_the_given_ones() -> None:
    assert working_assets(FIRM) == 650
    value = working_assets_value(FIRM)
    assert value == pytest.approx(1.8 + 1.2 - 5 / 9 - 11 / 9)
    found = suggest_limit(FIRM)
    assert (found.amount, found.binding) == (162.5, "working_assets")
    note(
        "credit: working assets of the worked example",
        published="(400 + 900)/2 = 650",
        ours=f"{working_assets(FIRM):g}; value {value:.4f}, band 25 %, limit {found.amount:g}",
    )


def test_bands_have_no_gaps_and_a_bound_belongs_below() -> None:
    cases = {
        -9: 0, -4.6: 0, -4.595: 0.025, -3.9: 0.025, -3.895: 0.05, -0.4: 0.15, -0.395: 0.175, 0.3: 0.175, 0.305: 0.2,
        1.0: 0.2, 1.0001: 0.25, 50: 0.25,
    }  # fmt: skip
    assert {value: band_share(value) for value in cases} == cases
    shares = [band_share(n / 100) for n in range(-600, 300)]
    assert shares == sorted(shares)


def test_gone_net_assets_give_no_credit_and_never_the_best_band() -> None:
    sunk = Statement(current_assets=900, inventory=0, current_liabilities=10, total_assets=900, total_liabilities=1000)
    assert working_assets_value(sunk) is None
    found = suggest_limit(sunk, own_cap=5000)
    assert (found.amount, found.binding) == (0, "working_assets")


def test_the_least_rule_binds_and_is_named() -> None:
    found = suggest_limit(FIRM, monthly_sales=100, terms_days=45, best_paid=140, grade_cap=300, own_cap=1000)
    assert (found.amount, found.binding) == (140, "best_paid")
    assert found.amounts == {"working_assets": 162.5, "sales": 150, "best_paid": 140, "grade": 300, "own_risk": 1000}
    tied = suggest_limit(FIRM, grade_cap=162.5)
    assert tied.binding == "working_assets"
    assert tied.blank == {"sales": "no_sales", "best_paid": "not_set", "own_risk": "not_set"}


def test_a_small_customer_is_had_from_net_assets_and_profit() -> None:
    small = Statement(net_assets=100, net_profit=20)
    assert small_customer_amount(small) == 60
    found = suggest_limit(small)
    assert (found.amount, found.binding, found.blank["working_assets"]) == (60, "small_customer", "not_stated")
    lossy = suggest_limit(Statement(net_assets=10, net_profit=-60))
    assert lossy.amount == 0


def test_without_anything_known_there_is_no_limit_but_reasons() -> None:
    found = suggest_limit()
    assert (found.amount, found.binding) == (None, "")
    assert found.blank["working_assets"] == "no_statement"
    with pytest.raises(MeasureProblem, match=r"credit\.negative_days"):
        suggest_limit(terms_days=-1, monthly_sales=1)
