"""ABC classes, pyramid and concentration: the published table, independent computations, and what always holds."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import oracle_value
from tests.proofs import note
from zhike_analytics import abc, abc_run, class_summary, concentration, lorenz, pyramid, rounded_shares
from zhike_analytics.problem import MeasureProblem

# A published table of 43 customers, in thousands (5-methods section 4): A to 55 %, B to 85 %.
HANDBOOK = [
    131, 66, 54, 48, 44, 39, 37, 34, 28, 28, 27, 27, 26, 26, 25, 25, 24, 22, 21, 21, 21, 21, 18, 17, 17, 16, 16, 16, 15,
    15, 13, 11, 11, 10, 10, 10, 10, 9, 8, 6, 6, 6, 5,
]  # fmt: skip
SHOPS = st.dictionaries(st.integers(0, 60), st.integers(-500, 5000), min_size=1, max_size=40)
FEW = settings(max_examples=40, deadline=None)


def table(values: dict) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": list(values), "net_cents": list(values.values())})


def sizes(classed, by="abc_class") -> dict[str, int]:
    return {row[by]: row["items"] for row in class_summary(classed, by).to_pyarrow().to_pylist()}


def letters(classed) -> dict:
    return {row["item_id"]: row["abc_class"] for row in classed.to_pyarrow().to_pylist()}


def per_customer(lines: pd.DataFrame) -> dict:
    return {k: int(v) for k, v in lines.groupby("customer_id").net_cents.sum().items()}


def test_the_published_table_of_43_customers_has_12_a_15_b_16_c() -> None:
    assert sum(HANDBOOK) == 1040
    rows = table(dict(enumerate(HANDBOOK)))
    run = abc_run(rows, cuts=(0.55, 0.85), boundary="outside", ties="by_rank")
    found = sizes(run.table)
    ours = f"A {found['a']}, B {found['b']}, C {found['c']}"
    note("ABC of 43 customers, cuts at 55 and 85 %, ≤ at the boundary", published="A 12, B 15, C 16", ours=ours)
    assert found == {"a": 12, "b": 15, "c": 16}
    assert (run.total, run.limits) == (1040, [572, 884])


def test_the_boundary_rules_differ_by_the_customer_that_crosses() -> None:
    rows = table(dict(enumerate(HANDBOOK)))
    inside = abc(rows, cuts=(0.55, 0.85), boundary="inside", ties="by_rank")
    assert sizes(inside) == {"a": 13, "b": 15, "c": 15}


def test_shares_of_half_a_third_a_fifth_have_the_published_concentration() -> None:
    told = concentration(table({1: 50, 2: 30, 3: 20}))
    note("Shares of 50, 30 and 20 %", published="HHI .38, effective number 2.63",
         ours=f"HHI {told.hhi:.2f}, effective number {told.effective_number:.2f}")  # fmt: skip
    assert told.hhi == pytest.approx(0.38)
    assert round(told.effective_number, 2) == 2.63
    assert told.gini == pytest.approx(0.2)
    assert told.top[1] == 0.5


@pytest.mark.parametrize("boundary", ["inside", "outside"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
@pytest.mark.parametrize("cuts", [("0.8", "0.95"), ("0.55", "0.85"), ("0.7", "0.9", "0.99")])
def test_online_retail_and_cdnow_are_classed_as_by_hand(online_retail, cdnow, boundary, ties, cuts) -> None:
    for lines in (online_retail, cdnow):
        values = per_customer(lines)
        found = letters(abc(lines, cuts=[float(cut) for cut in cuts], boundary=boundary, ties=ties))
        assert found == oracle_value.abc(values, cuts, boundary, ties)


def test_the_concentration_of_cdnow_equals_another_formula(cdnow) -> None:
    values = sorted(per_customer(cdnow).values(), reverse=True)
    positive = [v for v in values if v > 0]
    told = concentration(cdnow)
    assert told.items == len(positive)
    assert told.nonpositive == len(values) - len(positive)
    other = oracle_value.gini(values)
    note("Gini of the CDNOW sample", ours=f"{told.gini:.6f}", mean_difference_formula=f"{other:.6f}")
    assert told.gini == pytest.approx(other, abs=1e-9)
    assert told.hhi == pytest.approx(sum((v / sum(positive)) ** 2 for v in positive))
    assert told.entropy == pytest.approx(-sum(v / sum(positive) * math.log(v / sum(positive)) for v in positive))
    assert told.pareto_ratio == pytest.approx(sum(positive[: math.ceil(len(positive) / 5)]) / sum(positive))


def test_the_top_fifth_of_this_shop_does_not_have_eighty_percent(cdnow) -> None:
    # Published ratios: .73 for 22 consumer categories, .67 for 339 other firms, about .60 per brand. Not .80.
    values = sorted((v for v in per_customer(cdnow).values() if v > 0), reverse=True)
    by_hand = sum(values[: math.ceil(len(values) / 5)]) / sum(values)
    note("Share of the first fifth of customers, CDNOW sample", published="other firms: .73, .67, about .60",
         ours=f"{concentration(cdnow).pareto_ratio:.4f}", by_hand=f"{by_hand:.4f}")  # fmt: skip
    assert concentration(cdnow).pareto_ratio == pytest.approx(by_hand)
    assert 0.59 < by_hand < 0.73


def test_the_pyramid_counts_customers_from_the_best() -> None:
    rows = table({k: 1000 - k for k in range(100)})
    assert sizes(pyramid(rows), "level") == {"platinum": 20, "gold": 30, "iron": 30, "lead": 20}
    assert sizes(pyramid(rows, levels="textbook"), "level") == {"vip": 1, "major": 4, "ordinary": 15, "small": 80}
    assert sizes(pyramid(table({1: 5})), "level") == {"platinum": 1}
    assert sizes(pyramid(table({1: 5, 2: 5, 3: 5})), "level") == {"platinum": 3}


def test_who_has_no_value_is_unknown_and_who_lost_money_stands_last_or_apart() -> None:
    rows = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "net_cents": pd.array([900, 100, -50, None], "Int64")})
    assert letters(abc(rows)) == {"a": "a", "b": "b", "c": "c", "d": "unknown"}
    assert letters(abc(rows, nonpositive="none"))["c"] == "none"
    assert sizes(pyramid(rows), "level")["unknown"] == 1
    found = {row["item_id"]: row for row in abc(rows).to_pyarrow().to_pylist()}
    assert found["c"]["cumulative_share"] == 1.0
    assert found["b"]["share"] == pytest.approx(0.1)


def test_one_customer_with_nearly_everything_is_an_a_only_when_the_crossing_one_counts() -> None:
    rows = table({1: 9900, 2: 100})
    assert letters(abc(rows)) == {1: "a", 2: "c"}
    assert letters(abc(rows, boundary="outside"))[1] == "c"


def test_nobody_with_any_value_is_no_fault() -> None:
    rows = table({1: 0, 2: -5})
    assert letters(abc(rows)) == {1: "c", 2: "c"}
    assert concentration(rows).gini is None
    assert lorenz(rows).to_pyarrow().num_rows == 0


@FEW
@given(SHOPS, st.sampled_from(["inside", "outside"]), st.sampled_from(["together", "by_rank"]))
def test_classes_part_the_customers_and_equal_the_walk_by_hand(values, boundary, ties) -> None:
    found = letters(abc(table(values), boundary=boundary, ties=ties))
    assert found == oracle_value.abc(values, ("0.8", "0.95"), boundary, ties)
    if ties == "together":
        by_value = {}
        for item, letter in found.items():
            assert by_value.setdefault(values[item], letter) == letter


@FEW
@given(SHOPS)
def test_gini_lies_between_equality_and_one_holder(values) -> None:
    told = concentration(table(values))
    positive = [v for v in values.values() if v > 0]
    if not positive:
        assert told.gini is None
        return
    n = len(positive)
    assert -1e-9 <= told.gini <= (n - 1) / n + 1e-9
    assert told.gini == pytest.approx(oracle_value.gini(positive), abs=1e-9)
    assert 1 / n - 1e-9 <= told.hhi <= 1 + 1e-9
    assert -1e-9 <= told.entropy <= math.log(n) + 1e-9
    assert sum(sizes(pyramid(table(values)), "level").values()) == len(values)


@FEW
@given(SHOPS)
def test_the_lorenz_curve_hangs_below_the_diagonal_and_ends_at_one(values) -> None:
    rows = lorenz(table(values), points=10).to_pyarrow().to_pylist()
    shares = [row["value_share"] for row in rows]
    assert all(row["value_share"] <= row["items_share"] + 1e-9 for row in rows)
    assert shares == sorted(shares)
    assert len(rows) <= 10
    if rows:
        assert (rows[-1]["items_share"], shares[-1]) == (1.0, 1.0)


@FEW
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(0, 2))
def test_rounded_shares_add_up_to_a_hundred(values, digits) -> None:
    found = rounded_shares(values, digits)
    assert round(sum(found), 6) == (100 if sum(values) else 0)
    for value, share in zip(values, found, strict=True):
        assert abs(share - 100 * value / (sum(values) or 1)) <= 10**-digits + 1e-9


@pytest.mark.parametrize(
    "wrong",
    [{"cuts": ()}, {"cuts": (0.9, 0.8)}, {"cuts": (0.8, 1.0)}, {"boundary": "near"}, {"ties": "mixed"},
     {"nonpositive": "hidden"}, {"value": "price"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(wrong) -> None:
    with pytest.raises(MeasureProblem):
        abc(table({1: 5}), **wrong)
    with pytest.raises(MeasureProblem):
        pyramid(table({1: 5}), levels=[("top", 0.4)])


def test_the_pyramid_of_online_retail_stands_on_its_file(online_retail) -> None:
    values = sorted(per_customer(online_retail).values(), reverse=True)
    found = sizes(pyramid(online_retail, ties="by_rank"), "level")
    n = len(values)
    ends = [math.ceil(n * 0.2), math.ceil(n * 0.5), math.ceil(n * 0.8), n]
    assert found == dict(
        zip(
            ("platinum", "gold", "iron", "lead"),
            [b - a for a, b in zip([0, *ends], ends, strict=False)],
            strict=True,
        )
    )
    assert online_retail.day.max() == date(2011, 12, 9)
