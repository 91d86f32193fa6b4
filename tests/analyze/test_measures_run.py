"""Composition, value classes and products from the shop's rows, checked against plain Python over the same rows."""

import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from django.db import connection

from tests.analyze.shop_rows import Shop
from tests.analyze.test_rfm_run import AS_OF, ZONE, _own_home, random_shop  # noqa: F401  (the fixture)
from zhike.analyze import actions, queries, results
from zhike.analyze import jobs as analysis_jobs
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MEASURE_KINDS, MeasureParameters
from zhike.analyze.parameters import ParametersRefused, RfmParameters
from zhike.customers import queries as customers
from zhike.customers.records import RegisterFilter
from zhike.kit import bulk, jobs
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Viewer
from zhike.shop import actions as shop_actions

# What is computed is computed from the lake; only the stories that read or write the database are told on both.
both_databases = pytest.mark.both_databases
pytestmark = [pytest.mark.django_db(transaction=True)]
# An empty shop is measured by each way a measure is made of; by every other measure in `make prove`.
EMPTY_EVERY_TIME = ("value", "products", "funnel", "loyalty", "association", "paths")


def measured(kind, as_of=AS_OF, **parameters):
    facts = actions.request_measure(kind, MeasureParameters(**parameters), as_of=as_of, by=LOCAL_OPERATOR)
    jobs.run_pending()
    return queries.run(facts.public_id)


def stored(run):
    for field in pq.read_schema(results.result_path(run.kind, run.public_id)):
        assert field.name == "average_stock_cents" or not (
            field.name.endswith("_cents") and str(field.type) != "int64"
        ), field
    return pq.read_table(results.result_path(run.kind, run.public_id)).to_pylist()


def in_period(rows, first, last):
    """customer → cents of the orders of known customers whose day on the shop's clock lies in a period."""
    sums = defaultdict(int)
    for person, at, net in rows:
        if person is not None and first <= at.astimezone(ZoneInfo(ZONE)).date() <= last:
            sums[person] += net
    return dict(sums)


@both_databases
def test_the_composition_adds_up_to_the_orders_and_every_customer_has_a_row():
    people, rows = random_shop(21)
    run = measured("composition", span="days_90")
    (b1, b2), (a1, a2) = MeasureParameters(span="days_90").periods(AS_OF)
    assert run.state == "done"
    now, then = in_period(rows, a1, a2), in_period(rows, b1, b2)
    bridge = run.counts["bridge"]
    assert (bridge["before_cents"], bridge["after_cents"]) == (sum(then.values()), sum(now.values()))
    assert bridge["before_cents"] + sum(s["change_cents"] for s in bridge["steps"]) == bridge["after_cents"]
    written = stored(run)
    assert sorted(row["customer_id"] for row in written) == sorted(people)
    assert {row["customer_id"]: row["after_cents"] for row in written if row["after_cents"]} == {
        person: cents for person, cents in now.items() if cents
    }
    for step in bridge["steps"]:
        theirs = [row for row in written if row["change"] == step["kind"]]
        assert (len(theirs), sum(row["change_cents"] for row in theirs)) == (step["customers"], step["change_cents"])
    for told in run.counts["attributes"].values():
        assert sum(group["revenue_cents"] for group in told["groups"]) == bridge["after_cents"]
        assert sum(group["base"] for group in told["groups"]) == len(people)
        moved = sum(change for kinds in told["bridges"].values() for _, change in kinds.values())
        assert moved == bridge["after_cents"] - bridge["before_cents"]
        months = told["over_time"]["month"]
        last_month = sum(line[-1] for line in months["lines"].values()) + months["rest"][-1]
        assert last_month == sum(in_period(rows, dt.date(2026, 6, 1), AS_OF).values())


def test_places_are_groups_and_what_is_not_known_is_one_too():
    shop = Shop()
    west, east, nowhere = shop.customers(2, city="杭州"), shop.customers(1, city="宁波"), shop.customers(1, city="")
    at = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    shop.orders([(west[0], at, 700), (west[1], at, 300), (east[0], at, 500), (nowhere[0], at, 100)])
    groups = {g["group"]: g for g in measured("composition").counts["attributes"]["city"]["groups"]}
    assert [(name, g["customers"], g["revenue_cents"]) for name, g in groups.items()] == [
        ("杭州", 2, 1000), ("宁波", 1, 500), ("unknown", 1, 100),
    ]  # fmt: skip


@both_databases
def test_value_classes_stand_on_the_customers_and_the_register_finds_them():
    _people, rows = random_shop(22)
    run = measured("value", span="own", first="2025-01-01", last="2026-06-30")
    sums = in_period(rows, dt.date(2025, 1, 1), AS_OF)
    total, at, expected = sum(v for v in sums.values() if v > 0), 0, {}
    for person, cents in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])):
        expected[person] = "c" if cents <= 0 or at >= total * 0.95 else "b" if at >= total * 0.8 else "a"
        at += max(cents, 0)
    assert {row["customer_id"]: row["abc_class"] for row in stored(run)} == expected
    assert {c["abc_class"]: c["items"] for c in run.counts["classes"]} == {
        letter: list(expected.values()).count(letter) for letter in set(expected.values())
    }
    for letter in "abc":
        found = RegisterFilter(abc_class=letter)
        assert customers.exact_count(LOCAL_OPERATOR, found) == list(expected.values()).count(letter)
    for level in run.counts["levels"]:
        assert customers.exact_count(LOCAL_OPERATOR, RegisterFilter(pyramid_level=level["level"])) == level["items"]
    assert run.counts["curve"][-1] == [1.0, 1.0]
    assert 0 < run.counts["concentration"]["gini"] < 1


def test_who_no_longer_has_a_class_loses_it():
    shop = Shop()
    ann, bob = shop.customers(2)
    shop.orders(
        [(ann, dt.datetime(2026, 6, 1, tzinfo=dt.UTC), 900), (bob, dt.datetime(2025, 12, 1, tzinfo=dt.UTC), 90)]
    )
    measured("value")
    assert customers.exact_count(LOCAL_OPERATOR, RegisterFilter(abc_class="a")) == 1
    measured("value", span="days_90")
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, abc_class FROM customers_customercard WHERE abc_class <> ''")
        assert cursor.fetchall() == [(ann, "a")]
        cursor.execute("SELECT count(*) FROM customers_metric WHERE family = 'value'")
        assert cursor.fetchone()[0] == 1


def goods(*codes):
    """Products of one source, written as the importers leave them; returns their ids."""
    ids = range(5_000_001, 5_000_001 + len(codes))
    rows = [(i, 1, code, f"Article {code}", "goods", 1) for i, code in zip(ids, codes, strict=True)]
    bulk.insert_many("shop_product", ["id", "source_id", "sku", "title", "line_kind", "change_seq"], rows)
    return dict(zip(codes, ids, strict=True))


def sell(shop, person, at, product, quantity, cents, **order):
    (number,) = shop.orders([(person, at, cents)], **order)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE shop_orderline SET product_id = %s, quantity = %s WHERE version_id = %s",
            [product, quantity, number * 10],
        )


def test_products_have_margins_only_where_a_cost_is_known_and_the_coverage_says_so():
    shop = Shop()
    (ann,) = shop.customers(1)
    ids = goods("tea", "cup", "lost")
    at = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
    sell(shop, ann, at, ids["tea"], 10, 4000)
    sell(shop, None, at, ids["cup"], 5, 6000)  # sold to nobody known: sold all the same
    sell(shop, ann, at, ids["lost"], 1, 900, status="closed", net_cents=0)  # never paid
    table = "商家编码,进价,库存,日期\ntea,3.00,,2026-05-01\ntea,,1,2026-03-01\ntea,,3,2026-06-15\nnobody knows,1,,\ncup,,9,2026-06-15\n"
    tally = shop_actions.record_costs(table.encode("gb18030"), by=LOCAL_OPERATOR)
    assert (tally.rows, tally.products, tally.problems) == (5, 2, [(5, "unknown_code")])
    run = measured("products", span="days_90")
    rows = {row["sku"]: row for row in stored(run)}
    assert set(rows) == {"tea", "cup"}
    tea = rows["tea"]
    assert (tea["margin_cents"], tea["margin_rate"], tea["sales_share"]) == (1000, 0.25, 0.4)
    assert tea["turnover"] == 3000 / ((1 * 300 + 3 * 300) / 2)
    assert tea["contribution_ratio"] == pytest.approx(0.25 * 5 * 0.4)
    assert (rows["cup"]["margin_cents"], rows["cup"]["turnover"]) == (None, None)
    told = run.counts["coverage"]
    assert (told["products"], told["products_with_cost"], told["revenue_share"]) == (2, 1, 0.4)
    assert run.counts["composed"]["category"] == []  # no catalogue says any
    shop.change("shop_product", ids["tea"], category="leaves")
    composed = measured("products", span="days_90").counts["composed"]["category"]
    found = [(row["item_id"], row["revenue_cents"], row["margin_cents"], row["coverage_share"]) for row in composed]
    assert found == [("unknown", 6000, None, 0.0), ("leaves", 4000, 1000, 1.0)]
    margin = measured("value", span="days_90", basis="margin")
    assert [(row["customer_id"], row["value_cents"]) for row in stored(margin)] == [(ann, 1000)]
    assert margin.counts["covered"] == {"revenue": 4000, "known": 4000}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "not_text"), (b"name,cost\na,1\n", "no_code_column"),
        (b"code,colour\na,red\n", "nothing_told"), (b"", "no_code_column"),
    ],
)  # fmt: skip
def test_a_table_of_costs_that_cannot_be_read_is_refused(content, code):
    with pytest.raises(shop_actions.CostFileRefused, match=code):
        shop_actions.record_costs(content, by=LOCAL_OPERATOR)


@both_databases
def test_costs_told_again_for_a_day_replace_and_rows_that_make_no_sense_are_left_out():
    goods("tea")
    shop_actions.record_costs(b"code,cost,day\ntea,3,2026-05-01\n", by=LOCAL_OPERATOR)
    tally = shop_actions.record_costs(
        b"code,cost,stock,day\ntea,3.5,,2026-05-01\ntea,many,,\n,1,,\ntea,,,\ntea,-4,,\ntea,1,,someday\n",
        by=LOCAL_OPERATOR,
    )
    assert tally.left_out == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_cost_cents FROM shop_productcost")
        assert cursor.fetchall() == [(350,)]
    with pytest.raises(Forbidden):
        shop_actions.record_costs(b"", by=Viewer(3, "somebody"))


@both_databases
@pytest.mark.long_on_postgresql
def test_a_full_run_brings_every_measure_of_the_day():
    random_shop(23)
    actions.request_run(RfmParameters(), as_of=AS_OF, by=LOCAL_OPERATOR)
    jobs.run_pending()
    for kind in set(MEASURE_KINDS) - {"satisfaction", "lookalike", "paths"}:
        run = queries.latest_run(kind)
        assert (run.as_of, run.state) == (AS_OF, "done")
    assert queries.latest_run("satisfaction") is None  # nobody was asked anything
    assert queries.latest_run("paths") is None  # no visit was brought in
    assert queries.latest_run("lookalike") is None  # of whom is for somebody to say
    groups = queries.latest_run("composition").counts["attributes"]
    assert {"rfm_class", "abc_class", "level", "province", "source"} <= set(groups)


def test_the_night_repeats_the_settings_of_each_measure_but_not_a_period_of_ones_own(monkeypatch):
    random_shop(24)
    # That a run of the day brings every measure is told above; these are the two whose settings are looked at.
    asked = [step for step in analysis_jobs._STEPS if step in {"measuring_value", "measuring_products"}]
    monkeypatch.setattr(analysis_jobs, "_STEPS", tuple(asked))
    measured("value", cuts="handbook", boundary="outside")
    measured("products", span="own", first="2026-01-01", last="2026-02-01")
    jobs.enqueue("analyze.nightly")
    jobs.run_pending()
    value, products = queries.latest_run("value"), queries.latest_run("products")
    assert (value.parameters["cuts"], value.parameters["boundary"]) == ("handbook", "outside")
    assert products.parameters["span"] == "days_365"


@pytest.mark.parametrize(
    "kind",
    [kind if kind in EMPTY_EVERY_TIME else pytest.param(kind, marks=pytest.mark.slow) for kind in MEASURE_KINDS],
)
def test_a_shop_without_orders_has_no_figures_and_no_fault(kind):
    run = measured(kind)
    assert run.state == "empty"
    assert queries.latest_run(kind) is None


def test_measures_are_asked_for_by_right():
    with pytest.raises(Forbidden):
        actions.request_measure("value", MeasureParameters(), by=Viewer(3, "somebody"))
    with pytest.raises(ValueError, match="unknown kind"):
        actions.request_measure("horoscope", MeasureParameters(), by=LOCAL_OPERATOR)


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        ({"span": "days_90"}, ("2026-01-02", "2026-04-01"), ("2026-04-02", "2026-06-30")),
        ({"span": "month"}, ("2026-05-01", "2026-05-31"), ("2026-06-01", "2026-06-30")),
        ({"span": "quarter", "against": "year_before"}, ("2025-04-01", "2025-06-30"), ("2026-04-01", "2026-06-30")),
        ({"span": "year"}, ("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31")),
        ({"span": "own", "first": "2026-06-01", "last": "2026-06-10"}, ("2026-05-22", "2026-05-31"), ("2026-06-01", "2026-06-10")),
        ({"span": "own", "first": "2024-02-01", "last": "2024-02-29", "against": "year_before"},
         ("2023-02-01", "2023-02-28"), ("2024-02-01", "2024-02-29")),
        ({"span": "own", "first": "2025-02-01", "last": "2025-02-28", "against": "year_before"},
         ("2024-02-01", "2024-02-29"), ("2025-02-01", "2025-02-28")),
    ],
)  # fmt: skip
def test_periods_are_whole_and_as_long_as_what_they_are_held_against(asked, before, after):
    found = MeasureParameters(**asked).periods(AS_OF)
    assert [tuple(day.isoformat() for day in period) for period in found] == [before, after]


def test_a_month_that_is_not_over_is_not_looked_at():
    _, after = MeasureParameters(span="month").periods(dt.date(2026, 6, 29))
    assert after == (dt.date(2026, 5, 1), dt.date(2026, 5, 31))


@pytest.mark.parametrize(
    "wrong",
    [{"span": "week"}, {"cuts": "90"}, {"span": "own"}, {"span": "own", "first": "2026-02-01", "last": "2026-01-01"},
     {"basis": "luck"}, {"levels": "stone"}],
)  # fmt: skip
def test_parameters_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ParametersRefused):
        MeasureParameters(**wrong)


def test_segments_ask_for_classes_and_levels_over_the_whole_base_and_for_one_customer():
    from zhike.analyze.segments.live import judge
    from zhike.analyze.segments.plan import plan_of
    from zhike.analyze.segments.shelf import Asking
    from zhike.analyze.segments.whole import count, define_figures
    from zhike.customers.queries.segments import Condition

    people, _rows = random_shop(25)
    run = measured("value", levels="textbook")
    asking = Asking(AS_OF, ZONE, "CNY")
    classes = {row["customer_id"]: (row["abc_class"], row["level"]) for row in stored(run)}
    with Lake() as lake:
        define_figures(lake)
        for facet, place, wanted in (
            ("abc_class", 0, ["a"]),
            ("abc_class", 0, ["b", "c"]),
            ("pyramid_level", 1, ["vip"]),
        ):
            plan = plan_of(Condition(facet, "any_of", tuple(wanted)))
            expected = {customer for customer, held in classes.items() if held[place] in wanted}
            assert count(lake, plan, asking) == (len(expected), len(people))
            for customer in people[:12]:
                assert judge(plan, customer, asking).is_member == (customer in expected)
