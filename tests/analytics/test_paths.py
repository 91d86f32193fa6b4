"""Paths and abandonment: sessions, ways, steps and help against an oracle in plain Python, and figures known by hand."""

import datetime as dt
import gzip
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import oracle_paths as oracle
from zhike_analytics import MeasureProblem, paths
from zhike_analytics.newcombe import difference

NOON = dt.datetime(2026, 3, 1, 12)
MARKS = ["product", "basket", "order"]
STEPS = paths.read_steps("\n".join(MARKS))


def acts_of(rows: list[tuple[int, int, str, str]]) -> list[dict]:
    """(visitor, minute, page, mark) as events."""
    return [
        {"event_id": number, "visitor_id": visitor, "customer_id": visitor if visitor % 2 else None,
         "at": NOON + dt.timedelta(minutes=minute), "page": page, "section": page[:2], "mark": mark, "entry": ""}
        for number, (visitor, minute, page, mark) in enumerate(rows, 1)
    ]  # fmt: skip


def table_of(events: list[dict]) -> pa.Table:
    schema = pa.schema([
        ("event_id", pa.int64()), ("visitor_id", pa.int64()), ("customer_id", pa.int64()), ("at", pa.timestamp("us")),
        ("page", pa.string()), ("section", pa.string()), ("mark", pa.string()), ("entry", pa.string()),
    ])  # fmt: skip
    return pa.Table.from_pylist(events, schema=schema)


events = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from([0, 1, 2, 29, 30, 31, 59, 60, 61, 90, 240, 500]),
        st.sampled_from(["", "/", "/a", "/b"]),
        st.sampled_from(["", "product", "basket", "order", "chat", "faq", "form", "form_sent", "queue", "served"]),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(events, st.sampled_from([None, 31, 60, 520]))
def test_sessions_ways_steps_and_help_are_those_of_the_oracle(rows, until_minute) -> None:
    told = acts_of(rows)
    until = None if until_minute is None else NOON + dt.timedelta(minutes=until_minute)
    wanted = oracle.sessions([dict(one) for one in told], until=until)
    acts = paths.visited(table_of(told), until=until).cache()
    found: dict[int, list[int]] = {}
    for row in acts.order_by(["session_id", "place"]).to_pyarrow().to_pylist():
        found.setdefault(row["session_id"], []).append(row["event_id"])
        assert row["is_open"] == wanted[row["session_id"]][0]["open"]
    assert found == {session: [act["event_id"] for act in part] for session, part in wanted.items()}
    went = {(r["from_page"], r["to_page"]): r["times"] for r in paths.transitions(acts).to_pyarrow().to_pylist()}
    assert went == dict(oracle.transitions(wanted))
    gone = {(r["page_1"], r["page_2"], r["page_3"]): r["sessions"] for r in paths.ways(acts).to_pyarrow().to_pylist()}
    assert gone == dict(oracle.ways(wanted, 3))
    held = paths.reached(acts, STEPS)
    names = ("sessions", "went_on", "open", "gave_up")
    assert [{n: row[n] for n in names} for row in paths.abandonment(held, STEPS)] == oracle.abandonment(wanted, MARKS)
    for row in paths.helped(acts, held, STEPS):
        sides = (row["with_all"], row["with_on"], row["without_all"], row["without_on"])
        assert sides == oracle.helped(wanted, MARKS, row["step"] - 1, row["help"])
    things = paths.begun(acts).to_pyarrow().to_pylist()
    for what in paths.GOALS:
        mine = [row for row in things if row["what"] == what]
        still = sum(row["is_open"] and not row["finished"] for row in mine)
        assert (len(mine), sum(row["finished"] for row in mine), still) == oracle.begun(wanted, what)


def test_a_session_tells_whom_how_long_where_from_and_whether_it_bought() -> None:
    rows = acts_of([(1, 0, "/", ""), (1, 4, "/a", "product"), (1, 5, "", "order"), (2, 0, "/b", "faq")])
    rows[0]["entry"] = "search"
    first, second = paths.sessions(paths.visited(table_of(rows))).to_pyarrow().to_pylist()
    assert (first["entry"], first["pages"], first["acts"], first["seconds"]) == ("search", 2, 3, 300)
    assert (first["first_page"], first["last_page"], first["ordered"], first["helped"]) == ("/", "/a", True, False)
    assert (second["entry"], second["customer_id"], second["helped"], second["seconds"]) == ("direct", None, True, 0)
    (direct, search) = paths.entries(paths.sessions(paths.visited(table_of(rows)))).to_pyarrow().to_pylist()
    assert (direct["entry"], direct["one_page"], direct["customers"]) == ("direct", 1, 0)
    assert (search["entry"], search["one_page"], search["ordered"], search["customers"]) == ("search", 0, 1, 1)


def test_a_page_is_given_up_at_by_sessions_that_ended_there_without_an_order() -> None:
    rows = acts_of([(1, 0, "/a", ""), (1, 1, "/b", ""), (2, 0, "/a", ""), (3, 0, "/a", ""), (3, 1, "/b", "order")])
    found = {row["page"]: row for row in paths.exits(paths.visited(table_of(rows))).to_pyarrow().to_pylist()}
    assert (found["/a"]["sessions"], found["/a"]["ended"], found["/a"]["gave_up"]) == (3, 1, 1)
    assert (found["/b"]["sessions"], found["/b"]["ended"], found["/b"]["gave_up"], found["/b"]["rate"]) == (
        2,
        2,
        1,
        0.5,
    )


def test_interest_by_section_counts_the_time_that_is_known_and_no_other() -> None:
    rows = acts_of([(1, 0, "/a1", ""), (1, 2, "/b1", ""), (1, 5, "/a2", ""), (2, 0, "/a1", "")])
    found = {row["section"]: row for row in paths.interest(paths.visited(table_of(rows))).to_pyarrow().to_pylist()}
    told = {name: (row["sessions"], row["views"], row["seconds"], row["ended"]) for name, row in found.items()}
    assert told == {"/a": (2, 3, 120, 2), "/b": (1, 1, 180, 0)}


def test_steps_are_marks_names_of_events_and_patterns_of_pages_with_names_of_their_own() -> None:
    steps = paths.read_steps("逛商品 = product\n\nevent Product Added\nthe end = page *success*")
    assert [(s.label, s.by, s.what) for s in steps] == [
        ("逛商品", "mark", "product"), ("Product Added", "event", "Product Added"), ("the end", "page", "*success*"),
    ]  # fmt: skip
    rows = pa.table({
        "event_id": [1, 2, 3, 4], "visitor_id": [1] * 4, "at": [NOON + dt.timedelta(minutes=n) for n in range(4)],
        "mark": ["product", "", "", ""], "name": ["", "PRODUCT ADDED", "", ""], "path": ["", "", "/pay", "/pay/success/7"],
    })  # fmt: skip
    (row,) = paths.reached(paths.visited(rows), steps).to_pyarrow().to_pylist()
    assert (row["place_1"], row["place_2"], row["place_3"], row["step"]) == (1, 2, 4, 3)


def test_the_funnel_of_the_tianchi_sample_is_that_of_a_count_by_hand(shared_data: Path) -> None:
    sample = shared_data / "clickstream_tianchi_mobile_sample" / "sample_user_behavior.csv.gz"
    lines = gzip.decompress(sample.read_bytes()).decode().splitlines()[1:]
    rows = [line.split(",") for line in lines]
    names = {"1": "product", "2": "favorite", "3": "basket", "4": "order"}
    found = pa.table({
        "event_id": list(range(len(rows))), "visitor_id": [int(row[0]) for row in rows],
        "at": [dt.datetime.strptime(row[5], "%Y-%m-%d %H") for row in rows], "mark": [names[row[2]] for row in rows],
    })  # fmt: skip
    acts = paths.visited(found, silence_minutes=60 * 24 * 60)  # a visitor a session: acts are told by the hour
    marks = Counter(row["mark"] for row in acts.select("mark").to_pyarrow().to_pylist())
    assert (marks["product"], marks["favorite"], marks["basket"], marks["order"]) == (1876, 18, 70, 35)
    first = paths.abandonment(
        paths.reached(acts, paths.read_steps("product\norder")), paths.read_steps("product\norder")
    )
    told = oracle.sessions(
        [{"event_id": n, "visitor_id": int(r[0]), "at": dt.datetime.strptime(r[5], "%Y-%m-%d %H"), "mark": names[r[2]]}
         for n, r in enumerate(rows)], silence_s=60 * 24 * 3600,
    )  # fmt: skip
    assert [row["sessions"] for row in first] == [r["sessions"] for r in oracle.abandonment(told, ["product", "order"])]


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [  # Newcombe (1998), table II, method 10: examples (a), (b), (d), (g), (h)
        ((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
        ((5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
        ((10, 10, 0, 20), (1.0000, 0.6791, 1.0000)),
        ((10, 10, 0, 10), (1.0000, 0.6075, 1.0000)),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(counts, wanted) -> None:
    found = difference(*counts)
    assert (found.difference, found.low, found.high) == pytest.approx(wanted, abs=5e-5)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: paths.visited(pa.table({"visitor_id": [1]})), "orders.column_missing"),
        (lambda: paths.visited(table_of([]), silence_minutes=0), "paths.silence_too_short"),
        (lambda: paths.ways(paths.visited(table_of([])), steps=9), "paths.steps_out_of_range"),
        (lambda: paths.entries(paths.sessions(paths.visited(table_of([]))), by="phone"), "paths.unknown_grouping"),
        (lambda: paths.read_steps("basket"), "paths.steps_count"),
        (lambda: paths.read_steps("basket\nbuy things"), "paths.step_unknown"),
        (lambda: paths.read_steps("basket\npage *"), "paths.step_unknown"),
        (lambda: difference(0, 0, 1, 2), "paths.nobody_to_compare"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(wrong, code) -> None:
    with pytest.raises(MeasureProblem) as refusal:
        wrong()
    assert refusal.value.code == code


def test_no_visits_at_all_are_no_sessions_no_ways_and_no_steps() -> None:
    acts = paths.visited(table_of([]), until=NOON)
    for found in (
        paths.sessions(acts),
        paths.transitions(acts),
        paths.interest(acts),
        paths.exits(acts),
        paths.begun(acts),
    ):
        assert found.count().to_pyarrow().as_py() == 0
    assert [row["rate"] for row in paths.abandonment(paths.reached(acts, STEPS), STEPS)] == [None, None, None]
