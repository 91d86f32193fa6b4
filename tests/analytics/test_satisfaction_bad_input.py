"""Drivers, importance, gaps and Kano; and answers no figure can be made of."""

import numpy as np
import pytest

from zhike_analytics import MeasureProblem
from zhike_analytics.satisfaction import (
    DIMENSIONS,
    PathModel,
    driven,
    importance_performance,
    improved_importance_performance,
    kano,
    kano_class,
    points_of_ranks,
    relative_weights,
    sampling_adequacy,
    service_gaps,
    shapley_shares,
    sphericity,
)

CHANCE = np.random.default_rng(5)
PLAIN = CHANCE.integers(1, 8, (200, 4)).astype(float)


def outcome_of(drivers: np.ndarray, weights: list[float]) -> dict[str, np.ndarray]:
    y = drivers @ np.array(weights) + CHANCE.normal(0, 1, len(drivers))
    return {"y": y, **{f"x{n}": column for n, column in enumerate(drivers.T)}}


def test_drivers_that_matter_are_found_with_intervals_and_shares_that_sum_to_one() -> None:
    found = driven(outcome_of(PLAIN, [1, 0.5, 0, 0]), outcome="y", drivers=["x0", "x1", "x2", "x3"])
    assert [one.name for one in found.drivers[:2]] == ["x0", "x1"]
    assert found.drivers[0].certain and found.drivers[1].certain
    assert sum(one.share for one in found.drivers) == pytest.approx(1)
    assert found.warnings == ()


def test_drivers_that_say_the_same_are_shown_as_collinear_and_share_alike() -> None:
    twin = PLAIN[:, 0] + CHANCE.normal(0, 0.3, 200)
    table = outcome_of(np.column_stack([PLAIN[:, 0], twin, PLAIN[:, 1]]), [1, 0, 0.2])
    found = driven(table, outcome="y", drivers=["x0", "x1", "x2"])
    assert "collinear" in found.warnings
    by_name = {one.name: one for one in found.drivers}
    assert (by_name["x0"].vif or 0) > 5
    assert by_name["x0"].share == pytest.approx(by_name["x1"].share, abs=0.1)


def test_drivers_that_repeat_each_other_have_no_coefficients_but_still_shares() -> None:
    table = outcome_of(np.column_stack([PLAIN[:, 0], PLAIN[:, 0]]), [1, 0])
    found = driven(table, outcome="y", drivers=["x0", "x1"])
    assert "singular" in found.warnings
    assert [one.beta for one in found.drivers] == [None, None]
    assert [one.share for one in found.drivers] == pytest.approx([0.5, 0.5])


def test_a_driver_nobody_varied_in_is_left_out_and_named() -> None:
    table = {**outcome_of(PLAIN, [1, 0, 0, 0]), "always": np.full(200, 5.0)}
    assert driven(table, outcome="y", drivers=["x0", "always"]).left_out == ("always",)
    with pytest.raises(MeasureProblem, match=r"satisfaction\.constant_item"):
        driven({"y": np.ones(50), "x": PLAIN[:50, 0]}, outcome="y", drivers=["x"])
    with pytest.raises(MeasureProblem, match=r"satisfaction\.too_few_answers"):
        driven({"y": [1.0, 2.0], "x": [1.0, 3.0]}, outcome="y", drivers=["x"])


def test_relative_weights_come_close_to_the_mean_over_all_orders() -> None:
    among = np.array([[1, 0.6, 0.3], [0.6, 1, 0.4], [0.3, 0.4, 1]])
    outcome = np.array([0.6, 0.5, 0.4])
    assert relative_weights(among, outcome) == pytest.approx(shapley_shares(among, outcome), abs=0.02)
    plain = shapley_shares(np.eye(2), [0.6, 0.3])
    assert plain == pytest.approx([0.8, 0.2])
    assert relative_weights(np.eye(2), [0.6, 0.3]) == pytest.approx([0.8, 0.2])


def test_four_attributes_fall_into_the_four_quadrants_and_a_line_counts_as_high() -> None:
    chart = importance_performance(["a", "b", "c", "d"], [6, 6, 2, 2], [2, 6, 2, 6])
    assert [one.quadrant for one in chart.attributes] == ["concentrate", "keep_up", "low_priority", "overkill"]
    level = importance_performance(["a", "b"], [4, 4], [4, 4])
    assert {one.quadrant for one in level.attributes} == {"keep_up"}
    middle = importance_performance(["a"], [3], [5], crossing="midpoint", midpoints=(4, 4))
    assert middle.attributes[0].quadrant == "overkill"
    with pytest.raises(MeasureProblem):
        importance_performance([], [], [])


def test_improved_form_shares_importance_out_and_measures_against_the_rival() -> None:
    chart = improved_importance_performance(["speed", "price", "look"], [60, 30, 10], [5, 6, 4], [6, 5, 4])
    assert [round(one.importance, 2) for one in chart.attributes] == [0.6, 0.3, 0.1]
    assert [one.quadrant for one in chart.attributes] == ["concentrate", "overkill", "overkill"]
    assert points_of_ranks([1, 2, 3]) == [3, 2, 1]
    equal = improved_importance_performance(["a", "b", "c"], [1, 1, 1], [5, 5, 5], [4, 5, 6])
    assert [one.quadrant for one in equal.attributes] == ["keep_up", "keep_up", "concentrate"]


def test_service_gaps_are_means_of_items_then_of_responses() -> None:
    expected, perceived = np.full((40, 22), 6.0), np.full((40, 22), 5.0)
    perceived[:, :4] = 7
    found = service_gaps(expected, perceived, points=dict.fromkeys(DIMENSIONS, 0) | {"tangibles": 100})
    assert found.dimensions["tangibles"].value == 1
    assert found.dimensions["empathy"].value == -1
    assert found.overall == pytest.approx(-0.6)
    assert found.weighted == 1
    assert service_gaps(None, perceived).dimensions["tangibles"].value == 7


def test_kano_table_has_its_twenty_five_classes() -> None:
    assert [kano_class(f, d) for f, d in (("like", "dislike"), ("like", "neutral"), ("must", "dislike"))] == [
        "O",
        "A",
        "M",
    ]
    assert kano_class("dislike", "dislike") == kano_class("like", "like") == "Q"
    assert kano_class("dislike", "like") == kano_class("must", "like") == "R"
    found = kano(
        [("like", "dislike")] * 3 + [("like", "live")] * 2 + [("must", "dislike")] * 3 + [("live", "live")] * 2
    )
    assert found.category == "M"
    assert (found.better, found.worse) == (0.5, -0.6)


def test_a_model_of_too_little_or_of_nonsense_is_refused_with_a_code() -> None:
    blocks, path = {"a": ["x", "y"], "b": ["z"]}, [("a", "b")]
    cases = {
        "satisfaction.too_few_answers": lambda: PathModel(blocks, path).fit({k: [1.0, 2, 3] for k in "xyz"}),
        "satisfaction.constant_item": lambda: PathModel(blocks, path).fit(
            {"x": PLAIN[:, 0], "y": np.ones(200), "z": PLAIN[:, 1]}
        ),
        "satisfaction.empty_item": lambda: PathModel(blocks, path).fit(
            {"x": PLAIN[:, 0], "y": np.full(200, np.nan), "z": PLAIN[:, 1]}
        ),
        "satisfaction.no_such_item": lambda: PathModel(blocks, path).fit({"x": PLAIN[:, 0]}),
        "satisfaction.circle": lambda: PathModel(blocks, [("a", "b"), ("b", "a")]),
        "satisfaction.bad_model": lambda: PathModel(blocks, [("a", "nobody")]),
        "satisfaction.not_fitted": lambda: PathModel(blocks, path).summary(),
    }
    for code, attempt in cases.items():
        with pytest.raises(MeasureProblem) as caught:
            attempt()
        assert caught.value.code == code


def test_items_that_repeat_each_other_still_give_finite_paths() -> None:
    x = PLAIN[:, 0]
    model = PathModel({"a": ["x", "y"], "b": ["z"]}, [("a", "b")]).fit({"x": x, "y": x, "z": x + PLAIN[:, 1]})
    assert np.isfinite(list(model.paths_.values())).all()
    assert model.filled_ == 0


def test_missing_answers_are_filled_with_the_mean_and_told() -> None:
    x = PLAIN.copy()
    x[:30, 0] = np.nan
    table = {name: x[:, n] for n, name in enumerate("wxyz")}
    found = PathModel({"a": ["w", "x"], "b": ["y", "z"]}, [("a", "b")]).fit(table).summary()
    assert found.filled == 30
    assert "weak_item" in found.warnings or found.goodness_of_fit < 0.5


def test_singular_and_constant_answers_refuse_adequacy_and_sphericity() -> None:
    twice = np.column_stack([PLAIN[:, 0], PLAIN[:, 0], PLAIN[:, 1]])
    for measure in (sampling_adequacy, sphericity):
        with pytest.raises(MeasureProblem, match=r"satisfaction\.singular"):
            measure(twice)
        with pytest.raises(MeasureProblem, match=r"satisfaction\.constant_item"):
            measure(np.column_stack([PLAIN[:, 0], np.ones(200)]))
        with pytest.raises(MeasureProblem):
            measure(np.empty((0, 3)))
