"""Satisfaction: published figures beside ours, and cases done by hand."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from tests.analytics.mobi import answers_with
from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics import MeasureProblem
from zhike_analytics.satisfaction import (
    ACSI,
    CCSI,
    ECSI,
    SCALES,
    PathModel,
    cronbach_alpha,
    customer_effort,
    entropy_weights,
    equal_steps,
    fitting_paths,
    judged_weights,
    krejcie_morgan,
    mean_index,
    most_contradicting,
    net_promoters,
    promoters_of,
    sample_size,
    sampling_adequacy,
    satisfied,
    sphericity,
    trait_ratio,
    weighted_index,
)
from zhike_analytics.satisfaction.drivers import student_quantile
from zhike_analytics.satisfaction.reliability import chi_square_tail

BANK = {
    "image": "imag",
    "expectations": "expe",
    "quality": "qual",
    "value": "val",
    "satisfaction": "sat",
    "loyalty": "loy",
}
BANK_ITEMS = {
    name: [f"{code}{n}" for n in range(1, 6 if code in ("imag", "expe", "qual") else 5)] for name, code in BANK.items()
}
BANK_PATHS = [
    ("image", "expectations"), ("expectations", "quality"), ("expectations", "value"), ("quality", "value"),
    ("image", "satisfaction"), ("expectations", "satisfaction"), ("quality", "satisfaction"), ("value", "satisfaction"),
    ("image", "loyalty"), ("satisfaction", "loyalty"),
]  # fmt: skip
MOBI = {
    "image": ("IMAG", 5), "expectations": ("CUEX", 3), "quality": ("PERQ", 7), "value": ("PERV", 2),
    "satisfaction": ("CUSA", 3), "complaints": ("CUSCO", 0), "loyalty": ("CUSL", 3),
}  # fmt: skip
TRIP = [
    [1, 1 / 2, 4, 3, 3],
    [2, 1, 7, 5, 5],
    [1 / 4, 1 / 7, 1, 1 / 2, 1 / 3],
    [1 / 3, 1 / 5, 2, 1, 1],
    [1 / 3, 1 / 5, 3, 1, 1],
]


@pytest.fixture(scope="module")
def bank() -> pd.DataFrame:
    return pd.read_csv(published("sem_satisfaction/satisfaction.csv"))


@pytest.fixture(scope="module")
def reputation() -> pd.DataFrame:
    return pd.read_csv(published("sem_corporate_reputation/corp_rep_data.csv")).replace(-99, np.nan)


def told(values: list[float], digits: int = 4) -> str:
    return ", ".join(f"{value:.{digits}f}" for value in values)


def test_european_index_of_mobile_telephones_gives_all_twelve_published_paths() -> None:
    blocks = {name: [f"{code}{n}" for n in range(1, k + 1)] or [code] for name, (code, k) in MOBI.items()}
    model = PathModel(blocks, ECSI).fit(answers_with(250))
    theirs = [.504706, .557248, .050788, .557217, .178833, .064425, .512545, .191816, .526097, .195360, .483475, .071232]  # fmt: skip
    ours = [model.paths_[path] for path in ECSI]
    assert ours == pytest.approx(theirs, abs=2e-6)
    explained = [
        model.r_squared_[name] for name in ("expectations", "quality", "value", "satisfaction", "complaints", "loyalty")
    ]
    assert explained == pytest.approx([0.2547, 0.3105, 0.3446, 0.6803, 0.2768, 0.4573], abs=5e-5)
    block = next(one for one in model.summary().latents if one.name == "satisfaction")
    assert block.loadings == pytest.approx([0.799, 0.846, 0.852], abs=5e-4)
    assert (block.alpha, block.composite_reliability, block.variance_extracted) == pytest.approx(
        (0.779, 0.871, 0.693), abs=5e-4
    )
    note(
        "satisfaction: ECSI, mobile telephones, 12 paths (centroid, standardized)",
        published=told(theirs, 6),
        ours=told(ours, 6),
    )
    note(
        "satisfaction: ECSI, mobile telephones, R² of expectations, quality, value, satisfaction, complaints, loyalty",
        published=".2547, .3105, .3446, .6803, .2768, .4573", ours=told(explained),
    )  # fmt: skip
    note(
        "satisfaction: ECSI, mobile telephones, satisfaction: alpha, composite reliability, AVE", published=".779, .871, .693",
        ours=told([block.alpha or 0, block.composite_reliability, block.variance_extracted], 3),
    )  # fmt: skip


def test_bank_customers_give_the_published_paths_of_items_as_they_were_asked(bank: pd.DataFrame) -> None:
    model = PathModel(BANK_ITEMS, BANK_PATHS, scaled=False).fit(bank, low=1, high=10)
    theirs = [0.5790, 0.8483, 0.1055, 0.6767, 0.2007, -0.0028, 0.1221, 0.5893, 0.2751, 0.4955]
    ours = [model.paths_[path] for path in BANK_PATHS]
    assert ours == pytest.approx(theirs, abs=6e-5)
    explained = [model.r_squared_[name] for name in ("expectations", "quality", "value", "satisfaction", "loyalty")]
    assert explained == pytest.approx([0.3352, 0.7197, 0.5901, 0.7073, 0.5099], abs=6e-5)
    assert model.goodness_of_fit_ == pytest.approx(0.6097, abs=6e-5)
    note("satisfaction: bank customers, 10 paths, items not standardized", published=told(theirs), ours=told(ours))
    note("satisfaction: bank customers, R² and goodness of fit", published=".3352, .7197, .5901, .7073, .5099; .6097",
         ours=f"{told(explained)}; {model.goodness_of_fit_:.4f}")  # fmt: skip


def test_bank_customers_give_the_published_paths_of_standardized_items(bank: pd.DataFrame) -> None:
    model = PathModel(BANK_ITEMS, BANK_PATHS).fit(bank)
    theirs = [0.5600, 0.8456, 0.1191, 0.6598, 0.1833, 0.0072, 0.1389, 0.5821, 0.2916, 0.4697]
    ours = [model.paths_[path] for path in BANK_PATHS]
    assert ours == pytest.approx(theirs, abs=6e-5)
    note("satisfaction: bank customers, 10 paths, items standardized", published=told(theirs), ours=told(ours))


def test_corporate_reputation_gives_the_paths_other_programs_print(reputation: pd.DataFrame) -> None:
    blocks = {"COMP": ["comp_1", "comp_2", "comp_3"], "LIKE": ["like_1", "like_2", "like_3"], "CUSA": ["cusa"],
              "CUSL": ["cusl_1", "cusl_2", "cusl_3"]}  # fmt: skip
    paths = [("COMP", "CUSA"), ("LIKE", "CUSA"), ("COMP", "CUSL"), ("LIKE", "CUSL"), ("CUSA", "CUSL")]
    model = PathModel(blocks, paths, scheme="path").fit(reputation)
    theirs = [0.162051225, 0.423869606, 0.009174543, 0.342069437, 0.504466308]
    ours = [model.paths_[path] for path in paths]
    assert ours == pytest.approx(theirs, abs=1e-7)
    assert (model.r_squared_["CUSA"], model.r_squared_["CUSL"]) == pytest.approx((0.295, 0.562), abs=5e-4)
    assert model.filled_ == int(reputation[[item for items in blocks.values() for item in items]].isna().sum().sum())
    note("satisfaction: corporate reputation, 5 paths (path weighting)", published=told(theirs, 6), ours=told(ours, 6))


def test_index_reaches_zero_and_a_hundred_and_takes_the_deviation_out_of_the_weights(bank: pd.DataFrame) -> None:
    model = PathModel(BANK_ITEMS, BANK_PATHS).fit(bank, low=1, high=10)
    least, most = ({item: [level] for items in BANK_ITEMS.values() for item in items} for level in (1, 10))
    assert model.index_of(least, "satisfaction", low=1, high=10) == pytest.approx([0])
    assert model.index_of(most, "satisfaction", low=1, high=10) == pytest.approx([100])
    raw = {item: weight / bank[item].std(ddof=0) for item, weight in model.weights_["satisfaction"].items()}
    by_hand = sum(w * bank[i].mean() for i, w in raw.items()) - sum(raw.values())
    assert model.indices_["satisfaction"] == pytest.approx(by_hand / (9 * sum(raw.values())) * 100)
    naive = model.weights_["satisfaction"]
    wrong = (sum(w * bank[i].mean() for i, w in naive.items()) - sum(naive.values())) / (9 * sum(naive.values())) * 100
    assert abs(model.indices_["satisfaction"] - wrong) > 0.01
    assert model.index_of(bank, "satisfaction", low=1, high=10).mean() == pytest.approx(model.indices_["satisfaction"])


def test_intervals_by_resampling_hold_the_estimate_and_come_out_the_same_again(bank: pd.DataFrame) -> None:
    model = PathModel(BANK_ITEMS, BANK_PATHS).fit(bank).bootstrap(100, seed=7)
    first = model.summary()
    assert first.samples == 100
    assert all(
        path.low is not None and path.high is not None and path.low < path.estimate < path.high for path in first.paths
    )
    assert [p.certain for p in first.paths if (p.source, p.target) == ("expectations", "satisfaction")] == [False]
    assert PathModel(BANK_ITEMS, BANK_PATHS).fit(bank).bootstrap(100, seed=7).summary() == first


def test_the_three_schemes_agree_to_the_second_digit(bank: pd.DataFrame) -> None:
    fitted = [
        PathModel(BANK_ITEMS, BANK_PATHS, scheme=scheme).fit(bank).paths_
        for scheme in ("centroid", "factorial", "path")
    ]
    for one, other in pairwise(fitted):
        assert all(one[path] == pytest.approx(other[path], abs=0.02) for path in BANK_PATHS)


def test_national_models_have_the_published_number_of_paths() -> None:
    assert [len(set(paths)) for paths in (ACSI, ECSI, CCSI)] == [9, 12, 11]
    assert fitting_paths("acsi", {"quality", "satisfaction", "loyalty"}) == (
        ("quality", "satisfaction"),
        ("satisfaction", "loyalty"),
    )


def test_net_promoters_of_the_published_thousand_are_ten_with_their_error() -> None:
    found = promoters_of(400, 300, 300)
    assert found.score.value == pytest.approx(10)
    assert found.score.high - found.score.value == pytest.approx(5.15, abs=0.005)
    assert net_promoters([9] * 400 + [7] * 300 + [0] * 300) == found
    note("satisfaction: NPS of 400 promoters, 300 passives, 300 detractors", published="10 ± 5.15",
         ours=f"{found.score.value:.0f} ± {found.score.high - found.score.value:.2f}")  # fmt: skip


def test_a_zero_is_a_detractor_and_no_answer_is_no_figure() -> None:
    assert net_promoters([0, 6, 7, 8, 9, 10]).detractors == 2
    assert net_promoters([]).score.value is None
    with pytest.raises(MeasureProblem, match=r"satisfaction\.off_scale"):
        net_promoters([11])


def test_effort_of_two_versions_points_in_opposite_directions() -> None:
    newer, older = customer_effort([7, 6, 2]), customer_effort([1, 2, 5], version="1.0")
    assert (newer.easy_is, older.easy_is) == ("high", "low")
    assert newer.easy.value == older.easy.value == pytest.approx(2 / 3)
    with pytest.raises(MeasureProblem):
        customer_effort([6], version="1.0")


def test_scales_keep_their_unequal_values_and_read_their_words() -> None:
    five = SCALES["five_percent"]
    assert five.values == (0, 30, 60, 80, 100)
    assert five.read("基本满意") == 60
    assert five.read("17") is None
    assert mean_index([100, 60], five).value == 80
    assert SCALES["seven"].index([1, 4, 7]) == pytest.approx([0, 50, 100])
    assert SCALES["seven_sixty"].index([-60, 0, 60]) == pytest.approx([0, 50, 100])
    assert equal_steps(5) == [0, 25, 50, 75, 100]


def test_top_two_share_has_an_interval_inside_the_possible() -> None:
    found = satisfied([5] * 10, SCALES["five"])
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.7225, abs=0.0005)
    assert found.few
    assert satisfied([], SCALES["five"]).value is None


def test_sample_sizes_are_the_published_ones() -> None:
    assert pytest.approx(384.16, abs=0.02) == 1.959964**2 * 0.25 / 0.05**2
    assert (sample_size(), sample_size(population=1000)) == (385, 278)
    tabled = [krejcie_morgan(n) for n in (50, 100, 220, 500, 1200)]
    assert tabled == [44, 80, 140, 217, 291]
    assert sample_size(response=0.2) == 1921
    note(
        "satisfaction: sample for 95 %, ±5 %; of 1,000",
        published="385; 278",
        ours=f"{sample_size()}; {sample_size(population=1000)}",
    )
    note(
        "satisfaction: Krejcie–Morgan, N 50, 100, 220, 500, 1,200",
        published="44, 80, 140, 217, 291",
        ours=told(tabled, 0),
    )


def test_judged_weights_are_those_of_the_textbook() -> None:
    trip = judged_weights(TRIP)
    assert (trip.largest, trip.consistency_index, trip.consistency_ratio) == pytest.approx(
        (5.07, 0.018, 0.016), abs=0.003
    )
    assert trip.weights == pytest.approx((0.263, 0.475, 0.055, 0.099, 0.110), abs=0.0015)
    job = judged_weights([[1, 1 / 2, 1 / 3], [2, 1, 1 / 2], [3, 2, 1]])
    assert (*job.weights, job.largest) == pytest.approx((0.1634, 0.2970, 0.5396, 3.0092), abs=5e-5)
    note("satisfaction: AHP 选择旅游地, weights; λ, CR", published=".263, .475, .055, .099, .110; 5.07, .016",
         ours=f"{told(list(trip.weights), 3)}; {trip.largest:.3f}, {trip.consistency_ratio:.3f}")  # fmt: skip
    note("satisfaction: AHP of three jobs, weights; λ", published=".1634, .2970, .5396; 3.0092",
         ours=f"{told(list(job.weights))}; {job.largest:.4f}")  # fmt: skip


def test_contradicting_judgements_are_refused_and_the_worst_pair_is_named() -> None:
    nonsense = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]
    with pytest.raises(MeasureProblem, match=r"satisfaction\.inconsistent"):
        judged_weights(nonsense)
    assert judged_weights(nonsense, enforce=False).consistency_ratio > 0.1
    assert most_contradicting([[1, 2, 9], [1 / 2, 1, 2], [1 / 9, 1 / 2, 1]]) in {(0, 2), (0, 1), (1, 2)}
    assert judged_weights([[1, 9], [1 / 9, 1]]).consistent
    for wrong in ([[1, 2], [2, 1]], [[1, -2], [-0.5, 1]], [[1, 2, 3]]):
        with pytest.raises(MeasureProblem):
            judged_weights(wrong)


def test_entropy_gives_a_constant_column_no_weight_and_never_divides_by_zero() -> None:
    weights = entropy_weights([[1, 5, 3], [2, 5, 3], [9, 5, 4]])
    assert weights[1] == 0
    assert sum(weights) == pytest.approx(1)
    z = np.array([0, 1 / 8, 1])
    p = z / z.sum()
    e = -(p[1:] * np.log(p[1:])).sum() / np.log(3)
    assert weights[0] / weights[2] == pytest.approx((1 - e) / 1)
    assert entropy_weights([[4, 4], [4, 4]]) == (0.5, 0.5)
    assert entropy_weights([[1, 1], [3, 2], [9, 9]], cost=[0]) != entropy_weights([[1, 1], [3, 2], [9, 9]])


def test_weighted_index_gives_the_weight_of_a_silent_indicator_to_the_others() -> None:
    assert weighted_index([80, 60], [0.75, 0.25]) == 75
    assert weighted_index([80, None], [0.75, 0.25]) == 80
    assert weighted_index([None], [1]) is None


def test_reliability_of_a_questionnaire_follows_its_formulas(bank: pd.DataFrame) -> None:
    items = bank[BANK_ITEMS["satisfaction"]].to_numpy(dtype=float)
    found = cronbach_alpha(items)
    k, variances = 4, items.var(axis=0, ddof=1)
    assert found.raw == pytest.approx(k / (k - 1) * (1 - variances.sum() / items.sum(axis=1).var(ddof=1)))
    assert all(without < found.raw for without in found.without if without is not None)
    assert cronbach_alpha(items[:, :1]).raw is None
    assert cronbach_alpha(np.ones((5, 3))).raw is None
    assert sampling_adequacy(items[:, :2]).overall == pytest.approx(0.5)
    whole = sampling_adequacy(bank.drop(columns="gender").to_numpy(dtype=float))
    assert whole.grade == "marvelous"
    spheric = sphericity(items)
    r = np.corrcoef(items, rowvar=False)
    assert spheric.chi_square == pytest.approx(-(250 - 1 - (2 * 4 + 5) / 6) * np.log(np.linalg.det(r)))
    assert (spheric.degrees, spheric.p < 1e-9) == (6, True)
    ratio = trait_ratio(items, bank[BANK_ITEMS["loyalty"]].to_numpy(dtype=float))
    assert ratio is not None and 0.5 < ratio < 1


def test_tails_and_quantiles_agree_with_printed_tables() -> None:
    for value, degrees, chance in ((3.841, 1, 0.05), (18.307, 10, 0.05), (124.342, 100, 0.05), (2.706, 1, 0.10)):
        assert chi_square_tail(value, degrees) == pytest.approx(chance, abs=1e-4)
    for degrees, value in ((1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042)):
        assert student_quantile(0.95, degrees) == pytest.approx(value, abs=0.002)
