"""Portraits: groups that are there are found and called stable, those that are not are not; guesses need evidence; look-alikes are tried."""

import datetime as dt
import random

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.proofs import note
from zhike_analytics.__main__ import main
from zhike_analytics.portrait import (
    DEFAULT_RULES,
    FEATURES,
    SIGNALS,
    Clusters,
    LookAlikes,
    acts,
    area_under_curve,
    bootstrap_jaccard,
    features,
    preferences,
    read_rules,
    shop_shares,
    signals,
    silhouette,
    strengths,
)
from zhike_analytics.portrait.clusters import told_apart
from zhike_analytics.portrait.kmeans import kmeans, nearest
from zhike_analytics.problem import MeasureProblem

PRODUCTS = pa.table({
    "product_id": [1, 2, 3, 4, 5],
    "title": ["Tea", "Cup", "Pot, floral", "Lamp", "Book"],
    "category": ["tea", "ware", "ware", "home", ""],
    "brand": ["Leaf", "Clay", "Clay", "", ""],
})  # fmt: skip


def bought(rows):
    """(customer, moment, product, cents) → orders and lines of one product each."""
    orders = pa.table({
        "customer_id": pa.array([r[0] for r in rows], pa.int64()), "order_id": pa.array(range(len(rows)), pa.int64()),
        "at": pa.array([r[1] for r in rows], pa.timestamp("us")), "net_cents": pa.array([r[3] for r in rows], pa.int64()),
        "is_returned": pa.array([False] * len(rows)), "has_discount": pa.array([False] * len(rows)),
        "channel": pa.array([str(r[0] % 2) for r in rows]),
    })  # fmt: skip
    lines = pa.table({
        "customer_id": orders["customer_id"], "order_id": orders["order_id"],
        "product_id": pa.array([r[2] for r in rows], pa.int64()), "quantity": pa.array([1] * len(rows), pa.int64()),
        "amount_cents": orders["net_cents"],
    })  # fmt: skip
    return orders, lines, PRODUCTS


def day(number, hour=14, minute=30):
    return dt.datetime(2026, 1, 5, hour, minute) + dt.timedelta(days=number)


def held_of(table):
    return {row["customer_id"]: row for row in table.to_pyarrow().to_pylist()}


def blobs(centers, each=80, seed=1, width=0.3):
    draw = np.random.default_rng(seed)
    points = np.concatenate([draw.normal(c, width, (each, len(c))) for c in centers])
    columns = {f"f{n}": points[:, n] for n in range(points.shape[1])}
    return pa.table({"customer_id": np.arange(len(points)), **columns})


def test_the_error_of_an_area_is_that_of_hanley_and_mcneil():
    # Hanley & McNeil 1982, table I: 58 normal and 51 abnormal scans rated 1 to 5; W = .893, SE = .032.
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    scores = np.concatenate([np.repeat(np.arange(1, 6), normal), np.repeat(np.arange(1, 6), abnormal)])
    area, error = area_under_curve(scores, np.arange(len(scores)) >= sum(normal))
    note("AUC of Hanley & McNeil 1982, table I (published .893 ± .032)", area=round(area, 4), error=round(error, 4))
    assert area == pytest.approx(0.893, abs=5e-4)
    assert error == pytest.approx(0.032, abs=1e-3)


def test_an_area_without_one_side_or_with_equal_scores_is_one_half():
    assert area_under_curve(np.zeros(3), np.array([True] * 3)) == (0.5, 0.5)
    area, _ = area_under_curve(np.ones(10), np.arange(10) < 4)
    assert area == 0.5


def test_the_silhouette_is_that_of_its_definition_point_by_point():
    draw = np.random.default_rng(3)
    points, labels = draw.normal(size=(40, 3)), draw.integers(0, 4, 40)
    labels[0] = 4  # alone in its group
    told = []
    for n, point in enumerate(points):
        away = np.sqrt(((points - point) ** 2).sum(axis=1))
        own = labels == labels[n]
        if own.sum() == 1:
            told.append(0.0)
            continue
        a = away[own].sum() / (own.sum() - 1)
        b = min(away[labels == other].mean() for other in set(labels) - {labels[n]})
        told.append((b - a) / max(a, b))
    assert silhouette(points, labels) == pytest.approx(np.mean(told))
    assert silhouette(points, np.zeros(40, dtype=int)) == 0.0


def test_groups_that_are_there_are_found_and_called_stable():
    model = Clusters(rounds=20).fit(blobs([(0, 0, 0), (4, 0, 0), (0, 4, 4), (4, 4, -4)]))
    told = model.summary()
    assert told.k == 4
    assert [g.customers for g in told.groups] == [80] * 4
    assert all(g.standing == "stable" for g in told.groups)
    assert told.warnings == ()
    # Each blob is one group, and nobody stands in another one.
    assert sorted(len(set(model.labels_[n : n + 80])) for n in range(0, 320, 80)) == [1] * 4


def test_one_heap_without_groups_is_said_to_have_none():
    draw = np.random.default_rng(5)
    heap = pa.table({"customer_id": np.arange(600), **{f"f{n}": draw.normal(size=600) for n in range(6)}})
    told = Clusters(rounds=20).fit(heap).summary()
    assert "weak_structure" in told.warnings
    assert min(g.stability for g in told.groups) < 0.75


def test_the_same_seed_finds_the_same_groups_and_the_rest_are_placed_by_them():
    table = blobs([(0, 0), (5, 0), (0, 5)])
    first, again = Clusters(rounds=5).fit(table), Clusters(rounds=5).fit(table)
    assert (first.labels_ == again.labels_).all()
    customers, placed = first.predict(table.take(list(range(239, -1, -1))))
    assert (customers == np.arange(240)).all()
    assert (placed == first.labels_).all()


def test_lloyd_leaves_every_point_with_its_nearest_center_and_the_mean_of_its_own():
    points = np.random.default_rng(7).normal(size=(500, 4)).astype(np.float32)
    centers, labels, total = kmeans(points, 5)
    assert (nearest(points, centers)[0] == labels).all()
    for n, center in enumerate(centers):
        assert np.allclose(points[labels == n].mean(axis=0), center, atol=1e-4)
    assert total == pytest.approx(((points - centers[labels]) ** 2).sum(), rel=1e-4)


def test_stability_is_one_when_groups_come_back_and_low_when_they_are_drawn_by_lot():
    labels = np.repeat(np.arange(3), 100)
    points = labels[:, None].astype(float)
    assert bootstrap_jaccard(points, labels, lambda part, _: part[:, 0].astype(int), rounds=5) == [1.0] * 3
    lot = bootstrap_jaccard(
        points, labels, lambda part, n: np.random.default_rng(n).integers(0, 3, len(part)), rounds=5
    )
    assert max(lot) < 0.4


def test_names_come_from_the_strongest_traits_and_differ_where_they_can():
    told = told_apart([{"a": 2.0, "b": 0.7, "c": -0.1}, {"a": 1.9, "b": 0.8, "c": 0.2}, {"a": 0.1, "b": 0.2, "c": 0.3}])
    assert told == [
        (("a", "high"), ("b", "high"), ("c", "low")), (("a", "high"), ("b", "high"), ("c", "high")), (),
    ]  # fmt: skip


def test_too_few_alike_and_unreadable_customers_are_refused_by_name():
    def refused(table, **asked):
        with pytest.raises(MeasureProblem) as problem:
            Clusters(**asked).fit(table)
        return problem.value.code

    assert refused(pa.table({"customer_id": [1], "orders": [3]})) == "portrait.too_few_customers"
    assert refused(pa.table({"customer_id": range(90), "orders": [3] * 90})) == "portrait.all_alike"
    assert refused(pa.table({"customer_id": range(90), "f": [float("nan")] * 90})) == "portrait.bad_value"
    assert refused(pa.table({"orders": range(90)})) == "orders.column_missing"
    with pytest.raises(MeasureProblem):
        Clusters(1)
    with pytest.raises(MeasureProblem):
        Clusters().summary()


def test_a_feature_that_is_the_same_for_all_is_left_out_and_said():
    table = blobs([(0, 0), (5, 0), (0, 5)]).append_column("flat", pa.array([1.0] * 240))
    assert Clusters(rounds=5).fit(table).summary().left_out == ("flat",)


def test_customers_of_two_kinds_only_make_two_groups_at_most():
    table = pa.table({"customer_id": range(120), "f": [0.0] * 60 + [1.0] * 60})
    assert Clusters(rounds=5).fit(table).summary().k == 2


def test_signals_count_orders_and_goods_as_they_say():
    rows = [
        (1, day(0, 22), 1, 1000), (1, day(1, 4), 1, 1000), (1, day(2), 2, 1000), (1, day(5), 3, 1000),
        (2, day(0, 0, 0), 1, 1000), (2, day(3), 1, 500), (2, day(6), 4, -500), (3, day(9), 1, 1000),
    ]  # fmt: skip
    told = held_of(signals(*bought(rows)))
    assert set(told) == {1, 2, 3}
    one, two = told[1], told[2]
    assert (one["orders"], one["net_cents"], one["last_day"]) == (4, 4000, dt.date(2026, 1, 10))
    assert (one["night_hits"], one["night_of"]) == (2, 4)
    # An order at midnight sharp has a day and no hour; one that brought nothing is no purchase.
    assert (two["orders"], two["night_of"], two["weekend_of"]) == (2, 1, 2)
    assert one["weekend_hits"] == 1
    assert (two["discounted_hits"], two["discounted_of"]) == (1, 2)  # five prices of tea are known, of the cup one
    assert (one["repeated_hits"], one["repeated_of"]) == (1, 3)
    assert (one["top_brand_hits"], one["top_brand_of"], one["categories"]) == (2, 4, 2)
    assert (one["looks_hits"], one["looks_of"]) == (1, 4)
    assert (one["popular_hits"], one["popular_of"]) == (1, 3)  # tea again is no second best-seller


def test_a_product_is_new_for_a_month_and_only_where_the_shop_was_there_before():
    rows = [
        (9, day(0), 1, 100),
        (1, day(70), 5, 100),
        (2, day(95), 5, 100),
        (3, day(120), 5, 100),
        (3, day(120), 1, 100),
    ]
    told = held_of(signals(*bought(rows)))
    assert [(told[n]["early_hits"], told[n]["early_of"]) for n in (9, 1, 2, 3)] == [(0, 0), (1, 1), (1, 1), (0, 1)]


def test_a_share_without_acts_is_the_shops_and_every_feature_is_a_number():
    rows = [(n, day(n % 40, 0, 0), 1 + n % 5, 1000) for n in range(60)]
    held = features(signals(*bought(rows)), as_of="2026-03-01").to_pyarrow().to_pandas()
    assert list(held.columns) == ["customer_id", *FEATURES]
    assert np.isfinite(held.to_numpy(dtype=float)).all()
    assert (held.night == 0).all()  # nobody's hour is known


def night_owls():
    rows = []
    for person in range(40):
        for n in range(6):
            rows.append((person, day(n * 9 + person % 7, 14), 1 + (person + n) % 5, 1000))
    for n in range(15):
        rows.append((100, day(n * 4, 22 if n < 12 else 10), 1 + n % 5, 1000))
    for n in range(2):
        rows.append((200, day(n, 22), 1, 1000))
    return rows


def test_twelve_of_fifteen_orders_make_a_night_buyer_and_two_of_two_do_not():
    told = preferences(acts(*bought(night_owls()))).to_pyarrow().to_pylist()
    late = {row["customer_id"]: row for row in told if (row["kind"], row["value"]) == ("hours", "late")}
    assert set(late) == {100}
    assert (late[100]["hits"], late[100]["of"], late[100]["rank"]) == (12, 15, 1)
    assert late[100]["share"] < 12 / 15
    assert late[100]["shop_share"] == pytest.approx(14 / 257)


def test_chance_alone_makes_hardly_any_preferences():
    chance = random.Random(3)
    rows = [
        (n % 400, day(chance.randrange(300), chance.randrange(1, 24)), chance.randrange(1, 6), 1000)
        for n in range(4000)
    ]
    told = preferences(acts(*bought(rows)))
    # The channel of these customers is no chance: everybody has one of their own.
    assert told.filter(told.kind != "channel").count().to_pyarrow().as_py() < 0.1 * 400
    assert told.filter(told.kind == "channel").count().to_pyarrow().as_py() == 400


def test_attributes_of_products_can_be_preferred():
    rows = [(1, day(n), 1, 100) for n in range(8)] + [(n, day(n % 30), 2, 100) for n in range(2, 90)]
    worded = pa.table({"product_id": [1, 2], "text": ["color: red", "color: blue"]})
    told = preferences(acts(*bought(rows), worded)).to_pyarrow().to_pylist()
    assert [r["value"] for r in told if r["kind"] == "attribute"] == ["color: red"]


def test_a_bargain_hunter_is_told_with_strength_and_one_cheap_order_tells_nothing():
    rows = [(n, day(n % 50), 1, 1000) for n in range(2, 80)]
    rows += [(1, day(n * 3), 1, 500) for n in range(8)] + [(500, day(4), 1, 500)]
    told = held_of(strengths(signals(*bought(rows)), read_rules("bargain = 1 discounted >= 25")))
    assert told[1]["bargain"] > 40
    assert told[500]["bargain"] is None
    assert told[2]["bargain"] is None


def test_a_shop_of_one_product_and_full_prices_tells_no_types():
    rows = [(n % 30, day(n % 90), 4, 1000) for n in range(300)]
    told = strengths(signals(*bought(rows)), read_rules(DEFAULT_RULES)).to_pyarrow().to_pylist()
    assert all(row[name] is None for row in told for name in ("brand", "beauty", "novelty", "bargain"))


@pytest.mark.parametrize("text", [
    "bargain = 2 discounted", "thrift = 1 discounted >= 20", "bargain = 1 coupons >= 20", "bargain = 1 discounted >= 0",
    "bargain = 1 discounted >= 101", "bargain = 1 discounted + 2 discounted >= 20", "bargain = >= 20", "bargain = 0 discounted >= 3",
    "bargain = 1 discounted >= 20\nbargain = 1 promotion >= 20",
])  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused_with_its_line(text):
    with pytest.raises(MeasureProblem) as problem:
        read_rules(text)
    assert problem.value.code == "psychology.bad_rule"
    assert problem.value.params["line"] == len(text.splitlines())


@given(st.text(max_size=80))
def test_rules_are_read_or_refused_and_never_break(text):
    try:
        assert all(1 <= rule.least <= 100 for rule in read_rules(text))
    except MeasureProblem as problem:
        assert problem.code == "psychology.bad_rule"


def test_every_rule_of_the_house_can_be_read_and_names_known_signals():
    rules = read_rules(DEFAULT_RULES)
    assert [rule.type for rule in rules] == ["utility", "brand", "beauty", "novelty", "following", "bargain"]
    assert {name for rule in rules for name, _ in rule.signals} <= set(SIGNALS)
    assert read_rules("求惠\n" * 0 + "bargain： 2*discounted ≥ 30")[0].least == 30


def people(count=2000, seed=2):
    draw = np.random.default_rng(seed)
    return pd.DataFrame({"customer_id": np.arange(count), **{f"f{n}": draw.normal(size=count) for n in range(5)}})


def test_look_alikes_of_a_taste_are_ranked_first_and_the_trial_says_how_well():
    held = people()
    alike = held.index[held.f0 + 0.5 * held.f1 > 1.2]
    seed = list(alike[::2])
    model = LookAlikes().fit(held, seed)
    assert model.tried_.is_better_than_chance
    assert model.tried_.area > 0.85
    assert model.tried_.lift > 3
    ranked = model.ranked(held)
    assert not set(ranked["customer_id"]) & set(seed)
    assert (np.diff(ranked["score"]) <= 0).all()
    rest = set(alike) - set(seed)
    assert len(rest & set(ranked["customer_id"][: len(rest)].tolist())) > 0.6 * len(rest)
    assert max(model.weights_, key=lambda name: abs(model.weights_[name])) == "f0"


def test_a_seed_drawn_by_lot_is_said_to_be_no_better_than_chance():
    held = people()
    assert not LookAlikes().fit(held, range(0, 2000, 9)).tried_.is_better_than_chance


def test_a_logistic_fit_ends_at_the_top_of_its_likelihood():
    from zhike_analytics.portrait.lookalikes import _logistic

    draw = np.random.default_rng(4)
    points = draw.normal(size=(800, 3))
    truth = draw.random(800) < 1 / (1 + np.exp(-(points[:, 0] - 0.5)))
    found = _logistic(points, truth, 1.0)
    weigh = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum()) * 800
    told = 1 / (1 + np.exp(-(points @ found[1:] + found[0])))
    slope = np.column_stack([np.ones(800), points]).T @ (weigh * (told - truth)) + np.array([0, *found[1:]])
    assert np.abs(slope).max() < 1e-6


def test_a_seed_that_is_too_small_or_is_everybody_is_refused():
    held = people(200)
    for seed, code in (
        (range(29), "portrait.seed_too_small"),
        (range(200), "portrait.too_few_others"),
        ([], "portrait.seed_too_small"),
    ):
        with pytest.raises(MeasureProblem) as problem:
            LookAlikes().fit(held, seed)
        assert problem.value.code == code
    with pytest.raises(MeasureProblem):
        LookAlikes().fit(held.assign(**{f"f{n}": 1.0 for n in range(5)}), range(60))


def test_a_shop_of_a_hundred_thousand_products_is_read_in_time():
    chance = random.Random(1)
    rows = [(n % 300, day(chance.randrange(300), 9), chance.randrange(100_000), 1000) for n in range(20_000)]
    orders, lines, _ = bought(rows)
    names = pa.table({"product_id": range(100_000), "title": [f"No {n}" for n in range(100_000)],
                      "category": [f"c{n % 5000}" for n in range(100_000)], "brand": [""] * 100_000})  # fmt: skip
    told = signals(orders, lines, names)
    assert told.count().to_pyarrow().as_py() == 300
    assert shop_shares(told)["top_brand"] == 0.0
    assert preferences(acts(orders, lines, names)).count().to_pyarrow().as_py() >= 0


def test_the_command_draws_a_portrait_of_a_file_and_refuses_one_too_small(tmp_path):
    rows = night_owls() + [(n, day(n % 60, 9), 1 + n % 5, 1500) for n in range(300, 360)]
    frame = pd.DataFrame(rows, columns=["who", "at", "item", "cents"]).assign(no=range(len(rows)), n=1)
    path = tmp_path / "lines.csv"
    frame.to_csv(path, index=False)
    asked = ["portrait", str(path), "--customer", "who", "--order", "no", "--at", "at", "--product", "item", "--quantity", "n",
             "--amount", "cents", "--as-of", "2026-06-01"]  # fmt: skip
    done = CliRunner().invoke(main, [*asked, "--csv", str(tmp_path / "out.csv")])
    assert done.exit_code == 0, done.output
    assert "102 customers in" in done.output
    assert len(pd.read_csv(tmp_path / "out.csv")) == 102
    frame.head(10).to_csv(path, index=False)
    few = CliRunner().invoke(main, asked)
    assert few.exit_code == 1
    assert "at least 50 customers" in few.output


def test_preferences_and_types_of_the_engine_hold_no_more_than_a_row_for_each(tmp_path):
    told = preferences(
        ibis.memtable(
            pa.table({"customer_id": [1, 1], "order_id": [1, 1], "kind": ["hours"] * 2, "value": ["late"] * 2})
        )
    )
    assert told.count().to_pyarrow().as_py() == 0
