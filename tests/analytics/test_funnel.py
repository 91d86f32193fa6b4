"""The funnel: the published example, everything against plain Python, and what always holds."""

import datetime as dt
import json
import math

import ibis
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import oracle_funnel
from tests.proofs import note
from zhike_analytics import funnel
from zhike_analytics.__main__ import main
from zhike_analytics.problem import MeasureProblem

DAY = dt.date(2026, 1, 1)
LEADS = ["lead", "interested", "quoted", "won"]
FEW = settings(max_examples=30, deadline=None)
STAGES = [*funnel.STAGES, "former"]
WAYS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(STAGES), st.integers(0, 40), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)


def table(rows: list[tuple]) -> pd.DataFrame:
    shown = [(customer, stage, DAY + dt.timedelta(days=day), place) for customer, stage, day, place in rows]
    return pd.DataFrame(shown, columns=["customer_id", "stage", "at", "place"])


def rows_of(found: ibis.Table) -> list[dict]:
    return found.to_pyarrow().to_pylist()


def published() -> pd.DataFrame:
    """1,000 leads, of whom 200 were interested, 50 got a quotation, 10 were won."""
    came = [
        (n, stage, 10 * place, place)
        for place, (stage, many) in enumerate(zip(LEADS, (1000, 200, 50, 10), strict=True))
        for n in range(many)
    ]
    return table(came)


def test_the_published_funnel_converts_20_25_20_and_1_percent() -> None:
    stayed = funnel.stays(published(), as_of="2026-12-31")
    (row,) = rows_of(funnel.conversion(funnel.reached(stayed, stages=LEADS), stages=LEADS))
    taken = funnel.steps(row, stages=LEADS)
    whole = funnel.overall(taken)
    note(
        "Funnel of 1,000 leads, 200 interested, 50 quoted, 10 won",
        published="20 %, 25 %, 20 %, overall 1 %",
        ours=", ".join(f"{step.share:.0%}" for step in taken) + f", overall {whole:.0%}",
    )
    assert [(s.came, s.went_on, s.share) for s in taken] == [(1000, 200, 0.2), (200, 50, 0.25), (50, 10, 0.2)]
    assert whole == pytest.approx(0.01)
    assert (row["came_won"], row["customers"]) == (10, 1000)


@FEW
@given(WAYS, st.integers(0, 45), st.none() | st.integers(0, 30))
def test_stays_conversion_and_medians_are_those_of_plain_python(came, until: int, within: int | None) -> None:
    came = list({(c, day, place): (c, stage, day, place) for c, stage, day, place in came}.values())
    as_of = DAY + dt.timedelta(days=until)
    stayed = funnel.stays(table(came), as_of=as_of).cache()
    by_hand = oracle_funnel.stays([(c, s, DAY + dt.timedelta(days=d), p) for c, s, d, p in came], as_of)
    ours = sorted((r["customer_id"], r["stage"], r["entered_on"], r["left_on"] or dt.date.max) for r in rows_of(stayed))
    assert ours == sorted((c, s, e, left or dt.date.max) for c, s, e, left in by_hand)
    table_of = rows_of(funnel.conversion(funnel.reached(stayed, within_days=within)))
    steps = funnel.steps(table_of[0]) if table_of else []
    expected = oracle_funnel.conversion(by_hand, list(funnel.STAGES), within)
    assert [(s.came, s.went_on) for s in steps] == (expected if table_of else [])
    for told in funnel.time_in_stage(stayed, stages=STAGES):
        lasted = [(((left or as_of) - e).days, left is not None) for _, s, e, left in by_hand if s == told.stage]
        assert told.median_days == oracle_funnel.median(lasted)
        assert told.stays == len(lasted)
        assert told.left == sum(ended for _, ended in lasted)


@FEW
@given(WAYS)
def test_no_share_passes_one_and_the_whole_is_the_product(came) -> None:
    stayed = funnel.stays(table(came), as_of="2026-12-31")
    found = rows_of(funnel.conversion(funnel.reached(stayed)))
    taken = funnel.steps(found[0]) if found else []
    assert all(step.went_on <= step.came for step in taken)
    shares = [step.share for step in taken if step.share is not None]
    assert funnel.overall(taken) == (pytest.approx(math.prod(shares)) if shares else None)


def test_coming_back_counts_once_and_the_step_back_is_recorded() -> None:
    way = [(1, "potential", 0, 0), (1, "target", 5, 0), (1, "potential", 9, 0), (1, "target", 12, 0)]
    stayed = funnel.stays(table(way), as_of="2026-02-01")
    (told,) = rows_of(funnel.reached(stayed))
    assert (told["back_steps"], told["furthest_index"], told["at_target"]) == (1, 2, DAY + dt.timedelta(days=5))
    assert [r["days"] for r in sorted(rows_of(stayed), key=lambda r: r["number"])] == [5, 4, 3, 19]


def test_who_bought_before_being_on_file_is_no_lead() -> None:
    moment = dt.datetime(2026, 1, 10, 8)
    people = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "created_at": [moment] * 4,
            "first_order_at": [moment - dt.timedelta(days=90), moment + dt.timedelta(days=9), pd.NaT, pd.NaT],
            "stage": ["current", "current", "potential", "target_market"],
        }
    )
    moves = pd.DataFrame(
        {
            "customer_id": [2, 4], "move_id": [1, 2], "moved_at": [moment + dt.timedelta(days=3), moment],
            "from_stage": ["potential", ""], "to_stage": ["target", "target_market"],
        }
    )  # fmt: skip
    stayed = funnel.stays(funnel.entries(people, moves), as_of="2026-03-01")
    ways = {}
    for row in sorted(rows_of(stayed), key=lambda r: (r["customer_id"], r["number"])):
        ways.setdefault(row["customer_id"], []).append(row["stage"])
    assert ways == {1: ["current"], 2: ["potential", "target", "current"], 3: ["potential"], 4: ["target_market"]}
    (told,) = rows_of(funnel.conversion(funnel.reached(stayed)))
    assert (told["came_potential"], told["on_potential"], told["on_target"]) == (2, 1, 1)


def test_the_median_counts_those_who_are_still_there() -> None:
    assert funnel.median_days([(1, 1, 1), (2, 2, 1), (5, 1, 0)]) == 2
    assert funnel.median_days([(1, 1, 1), (9, 8, 0)]) is None
    assert funnel.median_days([]) is None
    assert funnel.median_days([(3, 4, 4)]) == 3


def test_the_pipeline_weighs_amounts_by_the_chance_of_their_stage() -> None:
    rows = pd.DataFrame(
        {"customer_id": [1, 2, 3], "stage": ["target", "target", "potential"], "amount_cents": [100_00, None, 333]}
    )
    found = {r["group"]: r for r in rows_of(funnel.pipeline(rows, probabilities={"target": 0.5, "potential": 0.1}))}
    assert found["target"] == {
        "group": "target", "customers": 2, "known": 1, "amount_cents": 10000, "weighted_cents": 5000,
    }  # fmt: skip
    assert found["potential"]["weighted_cents"] == 33
    with pytest.raises(MeasureProblem, match=r"funnel\.bad_probability"):
        funnel.pipeline(rows, probabilities={"target": 1.5})
    assert funnel.velocity(opportunities=50, win_rate=0.2, deal_cents=100_000, cycle_days=40) == 25_000
    assert funnel.velocity(opportunities=5, win_rate=0.2, deal_cents=1, cycle_days=0) is None


def test_behavior_is_worth_half_after_its_half_life_and_parts_are_capped() -> None:
    fit = pd.DataFrame({"customer_id": [1, 1, 2, 3], "points": [15, 60, -20, 10]})
    acts = pd.DataFrame(
        {
            "customer_id": [1, 1, 2, 4],
            "points": [20, 20, 40, -50],
            "day": [DAY, DAY + dt.timedelta(days=30), DAY + dt.timedelta(days=60), DAY],
        }
    )
    found = {
        r["customer_id"]: (round(r["fit"], 6), round(r["behavior"], 6), round(r["score"], 6))
        for r in rows_of(funnel.lead_scores(fit, acts, as_of=DAY + dt.timedelta(days=30)))
    }
    assert found == {1: (50, 30, 80), 2: (0, 0, 0), 3: (10, 0, 10), 4: (0, 0, 0)}


def by_pairs(scores: list[int], won: list[bool]) -> float:
    pairs = [(a, b) for a, w in zip(scores, won, strict=True) if w for b, v in zip(scores, won, strict=True) if not v]
    return sum(1 if a > b else 0.5 if a == b else 0 for a, b in pairs) / len(pairs)


@FEW
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40))
def test_the_auc_is_the_share_of_pairs_in_the_right_order(told) -> None:
    scores, won = [s for s, _ in told], [w for _, w in told]
    found = funnel.calibration(pd.DataFrame({"customer_id": range(len(told)), "score": scores, "is_won": won}))
    assert (found.scored, found.won) == (len(told), sum(won))
    assert sum(t["customers"] for t in found.tenths) == len(told)
    if 0 < sum(won) < len(won):
        assert found.auc == pytest.approx(by_pairs(scores, won))
    else:
        assert found.auc is None


def test_a_perfect_score_lifts_the_top_tenth_to_the_most_there_is() -> None:
    rows = pd.DataFrame({"customer_id": range(100), "score": range(100), "is_won": [n >= 90 for n in range(100)]})
    found = funnel.calibration(rows)
    assert (found.auc, found.top_lift) == (1.0, pytest.approx(10))
    assert [t["won"] for t in found.tenths] == [10, *[0] * 9]


def test_a_file_of_moves_is_told_on_the_screen_and_as_json(tmp_path) -> None:
    path = tmp_path / "moves.csv"
    published().rename(columns={"customer_id": "who", "at": "day"}).to_csv(path, index=False)
    asked = ["funnel", str(path), "--customer", "who", "--stage", "stage", "--at", "day", "--as-of", "2026-12-31",
             "--stages", ",".join(LEADS)]  # fmt: skip
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0, told.output
    assert "1.0%" in told.output
    told = CliRunner().invoke(main, [*asked, "--json", "--csv", str(tmp_path / "o.csv")])
    assert json.loads(told.stdout)["steps"][1]["share"] == 0.25
    assert len(pd.read_csv(tmp_path / "o.csv")) == 1000
