"""A cube holds what counting by hand finds, on every level, and never adds up what does not add up."""

import itertools
import random

import ibis
import pytest

from zhike_analytics.cubes import REST, Measure, cube
from zhike_analytics.problem import MeasureProblem

MEASURES = (
    Measure("net_cents", "sum", "cents"),
    Measure("orders", "count"),
    Measure("customers", "distinct", "customer"),
)


def facts(rows=900, seed=11):
    chance = random.Random(seed)
    places = ["广东", "浙江", "四川", "", None]
    return [
        {
            "customer": chance.randrange(60),
            "place": chance.choice(places),
            "shop": chance.choice(["tmall", "jd"]),
            "month": f"2026-{chance.randrange(1, 5):02}",
            "cents": chance.randrange(-500, 20_000),
        }
        for _ in range(rows)
    ]


def by_hand(rows, apart):
    cells = {}
    for row in rows:
        key = tuple(row[name] or "unknown" for name in apart)
        cents, count, people = cells.setdefault(key, [0, 0, set()])
        cells[key] = [cents + row["cents"], count + 1, people | {row["customer"]}]
    return {key: (cents, count, len(people)) for key, (cents, count, people) in cells.items()}


def cells_of(made, apart, depth, across):
    found = made.filter(made.depth == depth, made.across == across).to_pyarrow().to_pylist()
    return {tuple(c[name] for name in apart): tuple(c[m.name] for m in MEASURES) for c in found}


def test_every_level_of_the_cube_is_what_counting_by_hand_finds():
    rows = facts()
    made = cube(ibis.memtable(rows), ["place", "shop"], ["month"], measures=MEASURES)
    for depth, across in itertools.product((0, 1, 2), (False, True)):
        apart = ["place", "shop"][:depth] + (["month"] if across else [])
        assert cells_of(made, apart, depth, across) == by_hand(rows, apart), (depth, across)
    assert made.count().to_pyarrow().as_py() == sum(
        len(by_hand(rows, ["place", "shop"][:depth] + (["month"] if across else [])))
        for depth, across in itertools.product((0, 1, 2), (False, True))
    )


def test_it_agrees_with_the_grouping_sets_of_the_engine():
    rows = facts(seed=4)
    engine = ibis.duckdb.connect()
    stored = engine.create_table("facts", ibis.memtable(rows))
    made = cube(stored, ["place"], ["month"], measures=MEASURES)
    sql = """
        SELECT CASE WHEN grouping(p) = 1 THEN NULL ELSE p END, CASE WHEN grouping(m) = 1 THEN NULL ELSE m END,
               sum(cents)::BIGINT, count(*), count(DISTINCT customer)
        FROM (SELECT coalesce(nullif(place, ''), 'unknown') AS p, month AS m, cents, customer FROM facts) AS told
        GROUP BY GROUPING SETS ((p, m), (p), (m), ())
    """
    expected = sorted(engine.raw_sql(sql).fetchall(), key=str)
    found = [
        (c["place"], c["month"], c["net_cents"], c["orders"], c["customers"]) for c in made.to_pyarrow().to_pylist()
    ]
    assert sorted(found, key=str) == expected


def test_customers_of_several_months_are_counted_once_in_the_total():
    rows = [{"customer": 1, "month": m, "cents": 100, "place": "x", "shop": "a"} for m in ("2026-01", "2026-02")]
    made = cube(ibis.memtable(rows), ["month"], measures=MEASURES)
    assert cells_of(made, ["month"], 1, False) == {("2026-01",): (100, 1, 1), ("2026-02",): (100, 1, 1)}
    assert cells_of(made, [], 0, False) == {(): (200, 2, 1)}


def test_small_groups_are_told_together_and_the_sum_stays():
    rows = facts()
    made = cube(ibis.memtable(rows), ["place"], measures=MEASURES, most={"place": 2})
    told = cells_of(made, ["place"], 1, False)
    whole = by_hand(rows, ["place"])
    greatest = sorted(whole, key=lambda key: (-whole[key][0], key))[:2]
    assert set(told) == {*greatest, (REST,)}
    assert sum(cell[0] for cell in told.values()) == sum(row["cents"] for row in rows)
    left = [row for row in rows if ((row["place"] or "unknown"),) not in greatest]
    assert told[(REST,)] == by_hand([{**row, "place": REST} for row in left], ["place"])[(REST,)]


def test_a_cube_of_nothing_has_a_total_of_nothing():
    empty = ibis.memtable(facts(rows=1)).filter(lambda t: t.cents > 10**9)
    made = cube(empty, ["place"], ["month"], measures=MEASURES).to_pyarrow().to_pylist()
    assert [(c["depth"], c["net_cents"], c["orders"], c["customers"]) for c in made] == [(0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("rows", "measures", "code"),
    [
        (["place"], (), "cube.no_measure"),
        (["place", "place"], MEASURES, "cube.dimension_twice"),
        (["nowhere"], MEASURES, "cube.no_column"),
        (["place"], (Measure("x", "sum", "nothing"),), "cube.no_column"),
    ],
)
def test_a_cube_that_cannot_be_made_says_why(rows, measures, code):
    with pytest.raises(MeasureProblem) as problem:
        cube(ibis.memtable(facts(rows=3)), rows, measures=measures)
    assert problem.value.code == code


@pytest.mark.parametrize("wrong", [("x", "mean", "cents"), ("x", "sum", "")])
def test_a_measure_is_a_sum_a_count_or_a_distinct_count(wrong):
    with pytest.raises(MeasureProblem):
        Measure(*wrong)
