"""One rule, one expression: equal to plain Python on random worlds, for everybody at once and for each one alone."""

import datetime as dt

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from tests.analyze.segment_oracle import Oracle
from tests.analyze.segment_worlds import TODAY, ZONE, plain_rules, rules, worlds
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.analyze.segments.families import FAMILIES
from zhike.analyze.segments.plan import plan_of
from zhike.analyze.segments.shelf import Asking, Plan
from zhike.customers.queries.segments import Condition, Group, Inner, Window, days_of, moments_of, read_rule, write_rule

ASKING = Asking(TODAY, ZONE, "CNY")
_ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}


def schemas():
    return {t.name: {c.name: _ARROW[c.type] for c in t.columns} for t in LAKE_TABLES} | {
        name: {column: _ARROW[kind] for column, kind in family.types.items()} for name, family in FAMILIES.items()
    }


def engine_of(world):
    engine = duckdb.connect()
    for name, kinds in schemas().items():
        columns = {
            column: pa.array([row.get(column) for row in world.get(name, [])], kind) for column, kind in kinds.items()
        }
        engine.register(name, pa.table(columns))
    return engine


def nested(node, other):
    """The tree with the segment named `other` put in, as the product does from its table."""
    if isinstance(node, Group):
        return Group(node.joint, tuple(nested(p, other) for p in node.parts))
    if isinstance(node, Condition) and node.facet == "segment":
        return Inner("other", "Other", read_rule(other), node.test == "not_in")
    return node


def members(engine, plan: Plan):
    engine.execute(f"CREATE OR REPLACE TEMP TABLE asking AS {ASKING.row(plan)}")
    return {row[0] for row in engine.execute(plan.members).fetchall()}


def world_of(customer, world):
    """The rows of one customer, as the live tables hold them."""
    own = {c["customer_id"] for c in world["customers"] if c["root_id"] == customer}
    records = {r["source_record_id"] for r in world["source_records"] if r["customer_id"] in own}
    orders = [o for o in world["orders"] if o["source_record_id"] in records]
    versions = {o["current_version_id"] for o in orders}
    return {
        "cards": [c for c in world["cards"] if c["customer_id"] == customer],
        "customers": [c for c in world["customers"] if c["customer_id"] in own],
        "source_records": [r for r in world["source_records"] if r["source_record_id"] in records],
        "orders": orders,
        "order_lines": [line for line in world["order_lines"] if line["version_id"] in versions],
        "products": world["products"],
        "rfm": [r for r in world["rfm"] if r["customer_id"] == customer],
        "value": [r for r in world["value"] if r["customer_id"] == customer],
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(world=worlds(), rule=rules, other=plain_rules)
def test_the_expression_selects_whom_plain_python_selects(world, rule, other):
    plan = plan_of(nested(read_rule(rule), other))
    expected = Oracle(world, TODAY, ZONE, "CNY", {"other": other}).members(rule)
    assert members(engine_of(world), plan) == expected
    for card in world["cards"]:
        customer = card["customer_id"]
        alone = members(engine_of(world_of(customer, world)), plan)
        assert (customer in alone) == (customer in expected)


@settings(max_examples=200, deadline=None)
@given(rule=rules)
def test_a_rule_read_and_written_back_is_the_same_rule(rule):
    node = read_rule(rule)
    assert read_rule(write_rule(node)) == node


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        (Window(days=1), "2026-11-22", "2026-11-22"),
        (Window(days=90), "2026-08-25", "2026-11-22"),
        (Window(this="week"), "2026-11-16", "2026-11-22"),
        (Window(this="quarter"), "2026-10-01", "2026-11-22"),
        (Window(previous="month"), "2026-10-01", "2026-10-31"),
        (Window(previous="quarter"), "2026-07-01", "2026-09-30"),
        (Window(previous="year"), "2025-01-01", "2025-12-31"),
    ],
)
def test_relative_windows_are_whole_days_of_the_shop(window, first, last):
    assert [str(day) for day in days_of(window, TODAY)] == [first, last]


def test_a_day_on_which_the_clocks_change_counts_as_one_day():
    start, end = moments_of(Window(first=dt.date(2026, 11, 1), last=dt.date(2026, 11, 1)), TODAY, ZONE)
    assert end - start == dt.timedelta(hours=25)
