"""Rules on the Groceries baskets: the counts and measures that were published, and the traps."""

import itertools
from math import comb, isinf

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics.__main__ import main
from zhike_analytics.association import MEASURES, bundles, chance_of, frequent_sets, laid_out, least_count, rules
from zhike_analytics.problem import MeasureProblem

FIVE = {
    1: ["bread", "milk"], 2: ["bread", "diapers", "beer", "eggs"], 3: ["milk", "diapers", "beer", "cola"],
    4: ["bread", "milk", "diapers", "beer"], 5: ["bread", "milk", "diapers", "cola"],
}  # fmt: skip


def lines_of(baskets):
    return pa.table(
        {
            "basket_id": [basket for basket, items in baskets.items() for _ in items],
            "item": [item for items in baskets.values() for item in items],
        }
    )


@pytest.fixture(scope="module")
def groceries():
    return pd.read_csv(published("groceries/groceries_baskets.csv.gz"))


@pytest.fixture(scope="module")
def thousandth(groceries):
    return frequent_sets(groceries, support=0.001)


def found(sets, **options):
    return rules(sets, **options).to_pyarrow().to_pylist()


def test_the_baskets_are_those_that_were_published(groceries):
    counts = groceries.drop_duplicates().groupby("item").size().sort_values(ascending=False)
    assert groceries.basket_id.nunique() == 9835
    assert dict(counts.head(5)) == {
        "whole milk": 2513, "other vegetables": 1903, "rolls/buns": 1809, "soda": 1715, "yogurt": 1372,
    }  # fmt: skip
    assert len(counts) == 169
    assert counts.sum() / (9835 * 169) == pytest.approx(0.02609146, abs=1e-8)
    sizes = groceries.groupby("basket_id").size()
    assert [int((sizes == n).sum()) for n in (1, 2, 3)] == [2159, 1643, 1299]
    assert (sizes.max(), round(float(sizes.mean()), 3)) == (32, 4.409)


def test_the_published_numbers_of_rules_are_found(thousandth):
    half, four_fifths = found(thousandth, confidence=0.5), found(thousandth, confidence=0.8)
    assert (thousandth.baskets, thousandth.least) == (9835, 10)
    assert sum(thousandth.sizes()) == 13492
    assert (len(half), len(four_fifths)) == (5668, 410)
    best = four_fifths[0]
    assert (best["antecedent"], best["consequent"]) == (["liquor", "red/blush wine"], "bottled beer")
    assert best["confidence"] == pytest.approx(0.9047619, abs=1e-7)
    assert best["lift"] == pytest.approx(11.23527, abs=1e-5)
    note(
        "association: Groceries, support .001",
        published="5,668 rules at confidence .5; 410 at .8, best {liquor, red/blush wine} → bottled beer .9047619 / 11.23527",
        ours=f"{len(half):,} at .5; {len(four_fifths)} at .8, best {best['confidence']:.7f} / {best['lift']:.5f}",
    )


def test_herbs_lead_to_root_vegetables_as_was_published(groceries):
    told = found(frequent_sets(groceries, support=0.006), confidence=0.25)
    assert len(told) == 463
    assert (told[0]["antecedent"], told[0]["consequent"]) == (["herbs"], "root vegetables")
    assert told[0]["confidence"] == pytest.approx(0.43125, abs=1e-9)
    assert told[0]["lift"] == pytest.approx(3.956477, abs=1e-6)
    note(
        "association: Groceries, support .006, confidence .25",
        published="463 rules, herbs → root vegetables .43125 / 3.956477",
        ours=f"{len(told)} rules, herbs → root vegetables {told[0]['confidence']:.5f} / {told[0]['lift']:.6f}",
    )


def test_the_textbook_example_of_five_baskets_has_its_measures():
    told = found(frequent_sets(lines_of(FIVE), support=0.4), confidence=0.6)
    rule = next(r for r in told if (r["antecedent"], r["consequent"]) == (["diapers", "milk"], "beer"))
    for name, value in {
        "support": 0.4,
        "confidence": 2 / 3,
        "lift": 1.1111,
        "leverage": 0.04,
        "conviction": 1.2,
    }.items():
        assert rule[name] == pytest.approx(value, abs=1e-4), name


def test_every_set_and_rule_is_what_counting_by_hand_gives():
    baskets = {n: sorted({"abcdefgh"[(n * k) % 8] for k in range(1, 2 + n % 6)}) for n in range(1, 60)}
    sets = frequent_sets(lines_of(baskets), support=0.05)
    least = least_count(0.05, len(baskets))
    counted = {}
    for size in range(1, 8):
        for items in itertools.combinations("abcdefgh", size):
            n = sum(set(items) <= set(held) for held in baskets.values())
            if n >= least:
                counted[items] = n
    told = sets.table().to_pyarrow().to_pylist()
    assert {tuple(row["items"]): row["together"] for row in told} == counted
    known = {(tuple(r["antecedent"]), r["consequent"]): r for r in found(sets, confidence=0.0)}
    assert len(known) == sum(len(items) for items in counted if len(items) > 1)
    n = len(baskets)
    for (left, right), rule in known.items():
        x, y = counted[left] / n, counted[(right,)] / n
        xy = counted[tuple(sorted((*left, right)))] / n
        by_hand = {
            "support": xy, "confidence": xy / x, "lift": xy / x / y, "leverage": xy - x * y, "cosine": xy / (x * y) ** 0.5,
            "jaccard": xy / (x + y - xy), "kulczynski": (xy / x + xy / y) / 2,
            "zhang": (xy - x * y) / max(xy * (1 - x), x * (y - xy)) if max(xy * (1 - x), x * (y - xy)) else 0.0,
        }  # fmt: skip
        for name, value in by_hand.items():
            assert rule[name] == pytest.approx(value, abs=1e-9), (left, right, name)
        if xy < x - 1e-12:
            assert rule["conviction"] == pytest.approx((1 - y) / (1 - xy / x), abs=1e-9)
        else:
            assert isinf(rule["conviction"])


def test_the_least_count_is_the_ceiling_of_the_exact_product():
    assert [least_count(0.001, 9835), least_count(0.07, 100), least_count(0.1, 5), least_count(1, 7)] == [10, 7, 1, 7]
    for wrong in (0, -0.1, 1.1, "nan", "much"):
        with pytest.raises(MeasureProblem, match=r"association\.bad_share"):
            least_count(wrong, 10)


def test_an_item_twice_in_a_basket_counts_once_and_empty_cells_not_at_all():
    lines = pa.table({"basket_id": ["x", "x", "x", "y", None], "item": ["tea", "tea", "cup", None, "cup"]})
    sets = frequent_sets(lines, support=0.5)
    assert sets.baskets == 1
    assert {tuple(r["items"]): r["together"] for r in sets.table().to_pyarrow().to_pylist()} == {
        ("cup",): 1, ("tea",): 1, ("cup", "tea"): 1,
    }  # fmt: skip


def test_rules_keep_their_order_whatever_the_order_of_the_lines():
    lines = lines_of(FIVE)
    one = found(frequent_sets(lines, support=0.2), confidence=0.5)
    shuffled = lines.take(pa.array(sorted(range(lines.num_rows), key=lambda n: (n * 7) % 18)))
    assert found(frequent_sets(shuffled, support=0.2), confidence=0.5) == one
    keys = [(-r["lift"], -r["confidence"], -r["together"], r["antecedent"], r["consequent"]) for r in one]
    assert keys == sorted(keys)


@pytest.mark.parametrize("lines", [{}, {1: ["tea"]}, {n: ["tea"] for n in range(9)}])
def test_without_anything_together_there_are_no_rules(lines):
    table = lines_of(lines) if lines else pa.table({"basket_id": pa.array([], "int64"), "item": pa.array([], "string")})
    sets = frequent_sets(table, support=0.01)
    assert (found(sets), bundles(sets)) == ([], [])
    assert set(rules(sets).columns) >= set(MEASURES)


def test_baskets_of_wholesalers_can_be_left_out_and_too_many_sets_are_refused():
    wide = {1: [f"item {n}" for n in range(60)], 2: ["item 1", "item 2"], 3: ["item 1"]}
    assert frequent_sets(lines_of(wide), support=0.1, largest_basket=50).baskets == 2
    with pytest.raises(MeasureProblem, match=r"association\.too_many_sets"):
        frequent_sets(lines_of(wide), support=0.1, most_sets=1000)


def test_chance_is_fishers_exact_tail():
    def tail(k, x, y, n):
        return sum(comb(x, j) * comb(n - x, y - j) for j in range(k, min(x, y) + 1)) / comb(n, y)

    cases = [(3, 5, 4, 10), (19, 21, 792, 9835), (0, 3, 4, 50), (1, 20, 30, 60), (5, 5, 5, 5), (69, 160, 1072, 9835)]
    told = chance_of(*zip(*[case[:3] for case in cases], strict=True), 9835)
    for case, value in zip(cases, told, strict=True):
        if case[3] == 9835:
            assert value == pytest.approx(tail(*case), rel=1e-6)
    for case in cases:
        assert chance_of([case[0]], [case[1]], [case[2]], case[3])[0] == pytest.approx(tail(*case), rel=1e-6), case


def test_a_product_stands_in_one_bundle_only(thousandth):
    proposed = bundles(thousandth, limit=8)
    items = [item for bundle in proposed for item in bundle.items]
    assert len(items) == len(set(items))
    assert all(bundle.extra > 0 and bundle.lift >= 1.5 for bundle in proposed)
    assert proposed[0].items == ("other vegetables", "root vegetables")


def test_a_net_is_laid_out_the_same_each_time_and_within_its_frame():
    links = [(0, 1, 2.0), (1, 2, 1.0), (3, 4, 5.0)]
    places = laid_out(5, links)
    assert places == laid_out(5, links)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places)
    assert len(set(places)) == 5


def test_the_command_prints_rules_and_writes_them(tmp_path):
    file = tmp_path / "lines.csv"
    pd.DataFrame(lines_of(FIVE).to_pydict()).to_csv(file, index=False)
    told = CliRunner().invoke(main, [
        "rules", str(file), "--basket", "basket_id", "--item", "item", "--support", "0.4", "--csv", str(tmp_path / "r.csv"),
    ])  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "diapers + milk → beer" in told.output
    assert "beer + milk" in (tmp_path / "r.csv").read_text() or "diapers + milk" in (tmp_path / "r.csv").read_text()
    wrong = CliRunner().invoke(main, ["rules", str(file), "--basket", "basket_id", "--item", "item", "--support", "2"])
    assert (wrong.exit_code, "--support takes a share" in wrong.output) == (1, True)
