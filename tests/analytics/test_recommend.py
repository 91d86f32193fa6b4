"""Recommendations: the closed forms by hand, measures of rankings by hand, and models beside the popular baseline on a time split."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.proofs import note
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.recommend import (
    MOST_EASE_ITEMS,
    Als,
    Ease,
    ItemKnn,
    Popular,
    chosen,
    evaluate,
    interactions,
    recommended,
    time_split,
)
from zhike_analytics.recommend.ranking import top

BOUGHT = {1: "abc", 2: "ab", 3: "bc", 4: "abd", 5: "d", 6: "cd"}


def lines_of(bought):
    pairs = [(who, item) for who, items in bought.items() for item in items]
    return pa.table({"customer_id": [who for who, _ in pairs], "product_id": [item for _, item in pairs]})


@pytest.fixture
def few():
    return interactions(lines_of(BOUGHT))


def test_interactions_hold_each_pair_once_and_count_them(few):
    assert few.shape == (6, 4)
    assert few.items.tolist() == list("abcd")
    assert few.counts().tolist() == [3, 4, 3, 3]
    held = few.dense()
    assert (few.gram() == held.T @ held).all()
    twice = interactions(pa.concat_tables([lines_of(BOUGHT), lines_of(BOUGHT)]))
    assert (twice.places == few.places).all()
    assert interactions(lines_of(BOUGHT), fewest_customers=4).items.tolist() == ["b"]
    assert interactions(lines_of(BOUGHT), most_items=2).items.tolist() == ["a", "b"]


def test_ease_is_its_closed_form(few):
    model, held = Ease(weight=2.0).fit(few), few.dense().astype(float)
    inverse = np.linalg.inv(held.T @ held + 2 * np.eye(4))
    weights = -inverse / np.diagonal(inverse)
    np.fill_diagonal(weights, 0)
    assert np.allclose(model.weights_, weights, atol=1e-6)
    assert np.allclose(model.scores(few), held @ weights, atol=1e-6)
    # The same as the least squares it solves: a column by its gradient, zero where the diagonal is held at 0.
    gradient = held.T @ held @ weights - held.T @ held + 2 * weights
    np.fill_diagonal(gradient, 0)
    assert np.abs(gradient).max() < 1e-9


def test_cosine_of_products_is_counted_by_hand(few):
    model = ItemKnn(shrink=0, neighbors=0).fit(few)
    assert model.weights_[0, 1] == pytest.approx(3 / math.sqrt(3 * 4))
    shrunk = ItemKnn(shrink=10, neighbors=0).fit(few)
    assert shrunk.weights_[0, 1] == pytest.approx(3 / (math.sqrt(12) + 10))
    nearest = ItemKnn(shrink=0, neighbors=1).fit(few)
    assert ((nearest.weights_ > 0).sum(axis=0) >= 1).all()


def test_nobody_is_recommended_what_they_have_or_what_cannot_be_offered(few):
    found = recommended(Ease(weight=2.0).fit(few), few, k=4, offered=np.array([True, True, True, False]))
    for who, item in zip(found["customer_id"].tolist(), found["item"].tolist(), strict=True):
        assert item not in BOUGHT[who]
        assert item != "d"
    assert (found["score"] > 0).all()
    barred = recommended(Popular().fit(few), few, k=4, barred=lambda part: np.ones(part.shape, dtype=bool))
    assert len(barred["item"]) == 0


def test_reasons_are_products_the_customer_bought(few):
    found = recommended(Ease(weight=2.0).fit(few), few, k=2)
    told = list(zip(found["customer_id"].tolist(), found["because"].tolist(), strict=True))
    assert told
    places = dict(enumerate(few.items.tolist()))
    assert places
    for who, reasons in told:
        assert all(reason in BOUGHT[who] for reason in reasons if reason != "-1" and reason != -1)


def test_equal_scores_go_by_the_order_of_the_items():
    scores = np.array([[1.0, 3.0, 3.0, 3.0, 0.0], [5.0, 4.0, 3.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert top(scores, 2).tolist() == [[1, 2], [0, 1], [0, 1]]
    assert top(scores, 9).shape == (3, 5)


def test_measures_of_a_ranking_are_those_counted_by_hand():
    known = interactions(lines_of({1: "a", 2: "b", 3: "abcde"}))
    later = interactions(lines_of({1: "cd", 2: "a", 9: "a"}))
    told = evaluate(Popular().fit(known), known, later, k=3)
    # Popular: a 2, b 2, c 1, d 1, e 1. Customer 1 sees b, c, d (c and d hit); customer 2 sees a, c, d (a hits).
    first = (1 / math.log2(3) + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert told["customers"] == 2
    assert told["hit_rate"] == 1
    assert told["recall"] == told["recall_bounded"] == 1
    assert told["precision"] == pytest.approx((2 / 3 + 1 / 3) / 2)
    assert told["ndcg"] == pytest.approx((first + 1) / 2)
    assert told["map"] == pytest.approx(((1 / 2 + 2 / 3) / 2 + 1) / 2)
    assert told["coverage"] == pytest.approx(4 / 5)


def test_hidden_factors_are_the_same_for_the_same_seed_and_find_two_tastes():
    bought = {n: ("abc" if n % 2 else "xyz")[: 2 + n % 3 % 2] + ("c" if n % 2 else "z") for n in range(80)}
    held = interactions(lines_of(bought))
    one, two = (Als(factors=4, rounds=6, seed=5).fit(held).scores(held) for _ in range(2))
    assert (one == two).all()
    odd = np.array([n % 2 == 1 for n in held.customers.tolist()])
    tea = np.isin(held.items, list("abc"))
    assert one[odd][:, tea].mean() > one[odd][:, ~tea].mean() + 0.3


def test_the_model_is_chosen_by_the_size_of_the_shop():
    assert [chosen("auto", *size).name for size in ((10, 100), (900, 3), (900, 400), (900, MOST_EASE_ITEMS + 1))] == [
        "popular", "popular", "ease", "als",
    ]  # fmt: skip
    with pytest.raises(MeasureProblem, match=r"recommend\.too_many_items"):
        chosen("ease", 900, MOST_EASE_ITEMS + 1)
    with pytest.raises(MeasureProblem, match=r"recommend\.bad_option"):
        chosen("oracle", 1, 1)


@pytest.mark.parametrize("bought", [{}, {1: "a"}, dict.fromkeys(range(60), "a")])
def test_a_shop_with_nothing_to_learn_recommends_nothing_and_does_not_fall(bought):
    lines = (
        lines_of(bought)
        if bought
        else pa.table({"customer_id": pa.array([], "int64"), "product_id": pa.array([], "string")})
    )
    held = interactions(lines)
    for model in (Popular(), ItemKnn(), Ease(), Als(factors=3)):
        assert len(recommended(model.fit(held), held, k=3)["item"]) == 0
        assert evaluate(model, held, held, k=3)["customers"] == 0


def test_on_a_time_split_of_online_retail_the_models_beat_what_is_popular(online_retail: pd.DataFrame):
    lines = online_retail[online_retail.quantity > 0][["customer_id", "product_id", "day"]]
    before, after = time_split(lines, split="2011-09-09")
    known, later = interactions(before, fewest_customers=40), interactions(after)
    asked = known.rows(np.flatnonzero(np.isin(known.customers, later.customers))[:800])
    told = {m.name: evaluate(m.fit(known), asked, later, k=10) for m in (Popular(), ItemKnn(), Ease(weight=None))}
    assert told["ease"]["ndcg"] > 1.5 * told["popular"]["ndcg"]
    assert told["knn"]["ndcg"] > 1.5 * told["popular"]["ndcg"]
    assert told["ease"]["coverage"] > told["popular"]["coverage"]
    for name, figures in told.items():
        note(
            f"recommendation: Online Retail, split 2011-09-09, {name}",
            published="none; computed here beside the popular baseline",
            ours=f"hit rate@10 {figures['hit_rate']:.4f}, NDCG@10 {figures['ndcg']:.4f}, MAP@10 {figures['map']:.4f}, coverage {figures['coverage']:.4f}",
        )
