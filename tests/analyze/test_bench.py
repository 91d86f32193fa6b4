"""An engine laid ready for one plan: rows are lent to it and gone afterwards."""

import datetime as dt
from typing import Any

import duckdb
import pytest

from zhike.analyze.segments.bench import Bench

TABLES = {"orders": {"customer_id": "BIGINT", "title": "VARCHAR", "placed_at": "TIMESTAMP", "is_paid": "BOOLEAN"}}
QUESTION = "SELECT count(*) AS n, max(title) AS title, max(placed_at) AS at, bool_and(is_paid) AS paid FROM orders, asking WHERE placed_at >= from_0"
AT = dt.datetime(2026, 3, 1, 8, 30, 0, 250)


def bench(since: str = "2026-01-01") -> Bench:
    made = Bench(QUESTION, TABLES)
    made.ask(f"SELECT TIMESTAMP '{since}' AS from_0")
    return made


def answered(made: Bench, *rows: list[Any]) -> dict[str, Any]:
    told = made.answer({"orders": rows})
    assert told is not None
    return told


def test_rows_lent_to_one_question_are_gone_before_the_next():
    made = bench()
    assert answered(made, [1, "a'); DROP TABLE orders; --", AT, True], [1, None, AT, None])["n"] == 2
    assert answered(made) == {"n": 0, "title": None, "at": None, "paid": None}
    assert answered(made, [2, "茶", AT, False]) == {"n": 1, "title": "茶", "at": AT, "paid": False}


def test_many_rows_and_strange_texts_arrive_as_few_plain_ones_do():
    made, many = bench(), [[1, f"t{n}", AT, True] for n in range(3000)]
    assert answered(made, *many) == {"n": 3000, "title": "t999", "at": AT, "paid": True}
    assert answered(made, [1, "nul\0byte", AT, True])["title"] == "nul\0byte"


def test_another_day_asked_for_is_laid_down_anew():
    made = bench("2026-06-01")
    assert answered(made, [1, "a", AT, True])["n"] == 0
    made.ask("SELECT TIMESTAMP '2026-02-01' AS from_0")
    made.ask("SELECT TIMESTAMP '2026-02-01' AS from_0")
    assert answered(made, [1, "a", AT, True])["n"] == 1


def test_a_question_that_fails_leaves_nothing_behind():
    made = Bench("SELECT CAST(title AS BIGINT) AS n FROM orders", TABLES)
    made.ask("SELECT 1 AS one")
    with pytest.raises(duckdb.ConversionException):
        made.answer({"orders": [[1, "x", AT, True]]})
    assert made.answer({"orders": []}) is None
    assert made.answer({"orders": [[1, "7", AT, True]]}) == {"n": 7}
