"""Completeness, validity, uniqueness, timeliness, consistency: the published figures, and what always holds."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proofs import note
from zhike_analytics import MeasureProblem, completeness, consistency, timeliness, uniqueness, validity
from zhike_analytics import quality as q
from zhike_analytics.values import text

FEW = settings(max_examples=40, deadline=None)


def told(rows) -> list[dict]:
    return rows.to_pyarrow().to_pylist()


def test_294_of_300_emergency_numbers_are_98_percent_complete():
    """DAMA UK, The six primary dimensions for data quality assessment (2013): the example of completeness."""
    numbers = [f"138{n:08d}" for n in range(294)] + [None, "", "N/A", "无", "test", "11111111111"]
    (row,) = told(completeness(pd.DataFrame({"emergency": numbers}), columns=["emergency"]))
    note("quality", completeness_of_294_in_300=row["share"])
    assert (row["good"], row["of"], row["share"]) == (294, 300, 0.98)


def test_500_pupils_in_520_records_are_96_2_percent_unique():
    """The same paper's example of uniqueness, as cited."""
    pupils = [*range(500), *range(20)]
    (row,) = told(uniqueness(pd.DataFrame({"pupil": pupils}), columns=["pupil"]))
    note("quality", uniqueness_of_500_in_520=round(row["share"], 3))
    assert (row["good"], row["of"], round(row["share"], 3)) == (500, 520, 0.962)


def test_blanks_are_incomplete_and_never_invalid():
    rows = pd.DataFrame({"phone": ["13812340017", "12", "无", "N/A", "1111111", None]})
    (row,) = told(validity(rows, rules={"phone": r"1\d{10}"}))
    assert (row["good"], row["of"]) == (1, 2)
    (full,) = told(completeness(rows, columns=["phone"]))
    assert (full["good"], full["of"]) == (2, 6)


def test_only_rows_that_need_a_value_count_as_incomplete():
    rows = pd.DataFrame({"code": ["x", None, None], "is_company": [True, True, False]})
    (row,) = told(completeness(rows, columns=["code"], required={"code": "is_company"}))
    assert (row["good"], row["of"], row["share"]) == (1, 2, 0.5)


def test_a_value_as_old_as_agreed_is_timely_and_a_day_older_is_not():
    day = date(2026, 6, 30)
    ages = [0, 364, 365, 366, None]
    rows = pd.DataFrame({"seen": [None if a is None else day - timedelta(days=a) for a in ages]})
    (row,) = told(timeliness(rows, columns={"seen": 365}, as_of=day))
    assert (row["good"], row["of"]) == (3, 4)
    with pytest.raises(MeasureProblem) as problem:
        timeliness(rows, columns={"seen": -1}, as_of=day)
    assert problem.value.code == "quality.negative_days"


def test_contradictions_between_columns_are_counted_where_both_speak():
    rows = pd.DataFrame({"married": [True, False, False, None], "partner": [True, True, False, True]})
    (row,) = told(consistency(rows, checks={"partner": lambda t: t.married | ~t.partner}))
    assert (row["good"], row["of"]) == (2, 3)  # where one column is silent nothing is looked at


def test_groups_of_a_measure_add_up_to_the_whole():
    rows = pd.DataFrame({"name": ["a", None, "b", "测试"], "shop": ["x", "x", "y", "y"]})
    groups = told(completeness(rows, columns=["name"], by="shop"))
    assert [(g["group"], g["good"], g["of"]) for g in groups] == [("x", 1, 2), ("y", 1, 2)]


def test_the_blank_words_of_the_measures_are_those_of_the_values():
    words = [
        "N/A",
        "n/a",
        "无",
        "没有",
        "test",
        "TEST",
        "测试",
        "NULL",
        "0000-00-00",
        "11111111111",
        "000-000-0",
        "-",
        " ",
    ]
    words += ["Null", "张三", "tester", "1112", "无锡"]
    rows = pd.DataFrame({"word": words})
    (row,) = told(completeness(rows, columns=["word"]))
    assert row["good"] == sum(not text.is_blank_word(word) for word in words)


BITS = st.integers(0, 1023)


@FEW
@given(st.lists(st.tuples(BITS, st.sampled_from("xyz")), min_size=1, max_size=60))
def test_findings_are_tallied_as_plain_python_does(values):
    rows = pd.DataFrame({"phone": [b for b, _ in values], "shop": [s for _, s in values]})
    found = {
        (r["dimension"], r["group"]): (r["good"], r["of"]) for r in told(q.tallied(rows, columns=["phone"], by="shop"))
    }
    for shop in {s for _, s in values}:
        mine = [b for b, s in values if s == shop]
        assert found["completeness", shop] == (sum(b & 3 == 3 for b in mine), sum(bool(b & 1) for b in mine))
        assert found["validity", shop] == (sum(b & 6 == 2 for b in mine), sum(bool(b & 6) for b in mine))
        assert found["uniqueness", shop] == (sum(b & 640 == 128 for b in mine), sum(bool(b & 128) for b in mine))
        assert found["timeliness", shop] == (sum(b & 24 == 8 for b in mine), sum(bool(b & 8) for b in mine))
        assert found["consistency", shop] == (sum(b & 96 == 32 for b in mine), sum(bool(b & 32) for b in mine))
