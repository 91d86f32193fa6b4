"""A run from the shop's rows to classes on the customers: figures checked against plain Python, by hand."""

import datetime as dt
from collections import Counter, defaultdict
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from django.db import connection

from tests.analyze.shop_rows import Shop
from zhike.analyze import actions, queries, results
from zhike.analyze.lake import Lake, utc_offsets
from zhike.analyze.parameters import ParametersRefused, RfmParameters
from zhike.analyze.records import CLASSES, ORDER_LISTS
from zhike.config.schedule import ENTRIES
from zhike.kit import clock, jobs
from zhike.kit import home as home_folder
from zhike.kit.installation import set_up
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Viewer
from zhike.secure.vault import roots

# What is computed is computed from the lake; only the stories that read or write the database are told on both.
both_databases = pytest.mark.both_databases
pytestmark = [pytest.mark.django_db(transaction=True)]

AS_OF = dt.date(2026, 6, 30)
ZONE = "Asia/Shanghai"
START = dt.datetime(2025, 1, 1, 15, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """Each story has a folder of its own, with its keys; the database stays the one of the run."""
    monkeypatch.setattr(home_folder, "home", lambda: tmp_path)
    monkeypatch.setenv("ZHIKE_HOME", str(tmp_path))
    roots.setup()
    set_up(name="Shop", time_zone=ZONE, currency="CNY")


def run(as_of=AS_OF, only=("rfm", "lists"), **parameters):
    """A run without the measures beside it, which have stories of their own and take twice its time."""
    parameters["only"] = only
    facts = actions.request_run(RfmParameters(**parameters), as_of=as_of, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return queries.run(facts.public_id)


def random_shop(seed, people=120, orders=600):
    random, shop = Random(seed), Shop()
    customers = shop.customers(people)
    buyers = customers[: people - 5]  # the last five never buy
    weights = [random.paretovariate(1.1) for _ in buyers]
    rows = []
    for _ in range(orders):
        at = START + dt.timedelta(minutes=random.randrange(520 * 24 * 60))
        net = random.randrange(-2000, 50_000)
        rows.append((random.choices([*buyers, None], [*weights, 3])[0], at, net))
    shop.orders(rows)
    return customers, rows


def by_hand(rows, cut=mean):
    """Recency, frequency, money, scores and class of each buyer, in plain Python from the definition."""
    bought = defaultdict(list)
    for person, at, net in rows:
        day = at.astimezone(ZoneInfo(ZONE)).date()
        if person is not None and day <= AS_OF:
            bought[person].append((day, net))
    people = {}
    for person, all_of_theirs in bought.items():
        days = [day for day, net in all_of_theirs if net > 0]
        if days:
            people[person] = ((AS_OF - max(days)).days, len(days), sum(net for _, net in all_of_theirs))

    def cuts(values):
        ordered = sorted(values)
        found = []
        for step in (0.2, 0.4, 0.6, 0.8):  # type 7
            place = (len(ordered) - 1) * step
            low = int(place)
            high = min(low + 1, len(ordered) - 1)
            found.append(ordered[low] + (ordered[high] - ordered[low]) * (place - low))
        return found

    columns = list(zip(*people.values(), strict=True))
    points = [cuts(column) for column in columns]
    limits = [cut(column) for column in columns]
    scored = {}
    for person, values in people.items():
        over = [sum(v > p for p in points[i]) for i, v in enumerate(values)]
        scores = (5 - over[0], over[1] + 1, over[2] + 1)
        high = f"{int(values[0] < limits[0])}{int(values[1] > limits[1])}{int(values[2] > limits[2])}"
        scored[person] = (*values, "".join(map(str, scores)), high)
    return scored


@both_databases
@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_equals_the_computation_by_hand(seed):
    _, rows = random_shop(seed)
    done = run()
    expected = by_hand(rows)
    assert done.state == "done"
    assert done.counts["scored"] == len(expected)
    stored = pq.read_table(results.result_path("rfm", done.public_id)).to_pylist()
    found = {
        r["customer_id"]: (r["recency_days"], r["frequency"], r["monetary_cents"], r["cell"], r["high"])
        for r in stored
        if r["r"]
    }
    assert found == expected
    classes = Counter(high for *_, high in expected.values())
    flags = dict(CLASSES)
    assert {flags[c["class_code"]]: c["customers"] for c in done.counts["classes"]} == dict(classes)
    assert sum(c["customers"] for c in done.counts["planes"]["rf"]) == len(expected)
    assert done.counts["net_cents"] == sum(v[2] for v in expected.values()) + sum(
        r["monetary_cents"] for r in stored if not r["r"]
    )


@both_databases
def test_classes_stand_on_the_customers_and_leave_those_who_have_none():
    _, rows = random_shop(3)
    done = run()
    expected = by_hand(rows)
    names = {high: code for code, high in CLASSES}
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, rfm_class, rfm_cell FROM customers_customercard WHERE rfm_class <> ''")
        on_cards = {c: (code, cell) for c, code, cell in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM customers_metric WHERE family = 'rfm' AND run_id = %s", [done.id])
        assert cursor.fetchone()[0] == len(expected)
    assert on_cards == {c: (names[high], cell) for c, (*_, cell, high) in expected.items()}


def test_what_does_not_count_is_left_out_and_told():
    shop = Shop()
    ann, bob, cid = shop.customers(3)
    at = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    shop.orders(
        [(ann, at, 5000), (ann, at, -1000), (None, at, 700), (ann, dt.datetime(2026, 7, 5, tzinfo=dt.UTC), 900)]
    )
    shop.orders([(bob, at, 0)], kind="sale", status="refunded", refund_cents=800)
    shop.orders([(cid, at, 300)], currency="USD")
    shop.orders([(ann, at, 1_000_000)], kind="adjustment")
    done = run()
    left_out = done.counts["orders"]
    assert left_out["currency"] == "CNY"
    told = ("without_customer", "after_as_of", "other_currency", "adjustments")
    assert [left_out[name] for name in told] == [1, 1, 1, 1]
    (row,) = [r for r in pq.read_table(results.result_path("rfm", done.public_id)).to_pylist() if r["r"]]
    assert (row["customer_id"], row["frequency"], row["monetary_cents"]) == (ann, 1, 4000)
    assert done.counts["unscored"] == 1  # Bob's only order was given back


@both_databases
def test_orders_of_a_merged_customer_count_for_the_survivor_and_an_archived_one_has_no_class():
    shop = Shop()
    ann, twin, gone = shop.customers(3)
    at = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    shop.orders([(ann, at, 1000), (twin, at, 2000), (gone, at, 4000)])
    shop.change("customers_customer", twin, root_id=ann, is_root=False)
    shop.change("customers_customer", gone, archived_at=at)
    done = run()
    rows = pq.read_table(results.result_path("rfm", done.public_id)).to_pylist()
    assert [(r["customer_id"], r["frequency"], r["monetary_cents"]) for r in rows] == [(ann, 2, 3000)]


def test_the_day_of_an_order_is_the_day_on_the_shops_clock():
    shop = Shop()
    (ann,) = shop.customers(1)
    shop.orders([(ann, dt.datetime(2026, 6, 29, 16, 30, tzinfo=dt.UTC), 100)])  # half past midnight in Shanghai
    done = run()
    (row,) = pq.read_table(results.result_path("rfm", done.public_id)).to_pylist()
    assert row["recency_days"] == 0
    with Lake() as lake:
        days = lake.orders_by_root("America/New_York").day.to_pyarrow().to_pylist()
    assert days == [dt.date(2026, 6, 29)]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"])
def test_offsets_agree_with_the_rules_of_the_zone_at_every_hour(zone):
    first, last = dt.datetime(2019, 1, 1), dt.datetime(2026, 1, 1)
    periods = utc_offsets(zone, first, last)
    moment, place = first, 0
    while moment < last:
        while place + 1 < len(periods) and periods[place + 1][0] <= moment:
            place += 1
        there = moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone))
        assert there.utcoffset().total_seconds() == periods[place][1], moment
        moment += dt.timedelta(minutes=30)


def test_movement_counts_everybody_and_keeps_the_people_behind_each_cell():
    customers, _rows = random_shop(4)
    first = run()
    shop = Shop(next_id=100_000)
    shop.orders([(customers[0], dt.datetime(2026, 6, 30, 1, tzinfo=dt.UTC), 9_000_000)])
    newcomer = shop.customers(1)[0]
    shop.orders([(newcomer, dt.datetime(2026, 6, 30, 2, tzinfo=dt.UTC), 100)])
    second = run()
    assert second.previous_id == first.id
    moves = second.counts["movement"]
    assert sum(m["customers"] for m in moves) == second.counts["customers"]
    assert sum(m["customers"] for m in moves if m["before"] == "absent") == 1
    changed = [m for m in moves if m["before"] != m["after"]]
    for move in changed:
        assert len(queries.moved_customers(second.id, move["before"], move["after"], limit=5000)) == move["customers"]
    entered = next(m for m in changed if m["before"] == "absent")
    assert [c for _, c in queries.moved_customers(second.id, "absent", entered["after"])] == [newcomer]


@both_databases
def test_the_same_run_twice_gives_the_same_result_and_doubles_nothing():
    random_shop(5)
    done = run()
    again = actions.carry_out(done.id)
    assert {**again.counts, "snapshot": None, "lists": None} == {**done.counts, "snapshot": None, "lists": None}
    assert all(tally["new"] == 0 for tally in again.counts["lists"].values())


def test_a_shop_without_orders_has_an_empty_run_and_no_classes():
    Shop().customers(3)
    done = run()
    assert done.state == "empty"
    assert done.counts["scored"] == 0
    assert queries.latest_run() is None


def test_fixed_cut_points_and_a_window_are_kept_with_the_run():
    random_shop(6)
    points = {"recency_days": [30, 60, 90, 180]}
    done = run(thresholds=points, window_days=365)
    asked = RfmParameters(thresholds=points, window_days=365, only=("rfm", "lists"))
    used = [p["value"] for p in done.cuts["points"] if p["measure"] == "recency_days"]
    assert used == [30, 60, 90, 180]
    assert done.counts["since"] == "2025-06-30"
    assert RfmParameters.from_json(dict(done.parameters)) == asked


def test_nested_sorting_and_ties_by_rank_make_groups_of_equal_size():
    random_shop(7)
    done = run(sorting="nested", ties="by_rank", cut="score")
    sizes = [b["customers"] for b in done.counts["bins"]["r"]]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"sorting": "sideways"},
        {"cut": "mode"},
        {"window_days": -1},
        {"only": ("lifetime",)},
        {"thresholds": {"recency_days": [30, 20, 90, 180]}},
        {"thresholds": {"recency_days": [30, 60, 90]}},
        {"thresholds": {"frequency": [1, 2, 3, 4]}, "ties": "by_rank"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ParametersRefused):
        RfmParameters(**wrong)


def test_a_run_is_asked_for_by_right():
    with pytest.raises(Forbidden):
        actions.request_run(RfmParameters(), by=Viewer(3, "somebody"))


def test_a_failed_run_says_so(monkeypatch):
    Shop().customers(1)
    broken = {"engine": "sqlite", "address": "/nowhere/at/all.sqlite3", "origin": "x"}
    monkeypatch.setattr(actions.snapshot, "_database", lambda: broken)
    facts = actions.request_run(RfmParameters(), as_of=AS_OF, by=LOCAL_OPERATOR)
    with pytest.raises(jobs.JobFailed):
        jobs.run_pending()
    assert (queries.run(facts.public_id).state, queries.run(facts.public_id).error) == ("failed", "snapshot_failed")
    assert queries.running() is None


def test_the_night_repeats_the_settings_of_the_last_run_for_today():
    random_shop(10)
    run(cut="median", sorting="nested")
    with clock.freeze(dt.datetime(2026, 7, 1, 18, 30, tzinfo=dt.UTC)):  # 02:30 the next day in Shanghai
        jobs.enqueue("analyze.nightly")
        jobs.run_pending()
    tonight = queries.latest_run()
    assert (tonight.as_of, tonight.by_staff_id) == (dt.date(2026, 7, 2), None)
    assert (tonight.parameters["cut"], tonight.parameters["sorting"]) == ("median", "nested")
    assert any(entry.job == "analyze.nightly" and entry.at == "02:30" for entry in ENTRIES)


def test_a_run_of_the_lists_alone_leaves_the_classes_as_they_are():
    random_shop(11)
    first = run()
    lists = run(only=("lists",), cut="median")
    assert (lists.kind, lists.state) == ("lists", "done")
    assert set(lists.counts["lists"]) == set(ORDER_LISTS)
    assert queries.latest_run().id == first.id
    assert queries.latest_lists().id == lists.id
    assert actions.begin_nightly(1, by=LOCAL_OPERATOR).parameters["only"] == ["rfm", "lists", "measures"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT run_id FROM customers_metric WHERE family = 'rfm'")
        assert cursor.fetchall() == [(first.id,)]


@both_databases
def test_a_forgotten_lake_is_read_anew_without_the_rows_deleted_meanwhile():
    random_shop(12)
    before = run()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop_order")
    actions.forget_lake()
    actions.forget_lake()
    after = run()
    assert (before.state, after.state) == ("done", "empty")
    assert "movement" not in after.counts
