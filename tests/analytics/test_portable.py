"""Every expression also compiles for Spark, and keeps to the constructions both engines share."""

import re

import ibis
import pytest
from ibis.config import Config

from zhike_analytics import funnel
from zhike_analytics.bridges import bridge, bridged
from zhike_analytics.compositions import _over_time, composition
from zhike_analytics.inequality import _ranked, lorenz
from zhike_analytics.lists import _gaps
from zhike_analytics.portrait import (
    DEFAULT_RULES,
    SIGNALS,
    acts,
    features,
    preferences,
    read_rules,
    signals,
    strengths,
)
from zhike_analytics.product_margins import margins, product_measures
from zhike_analytics.purchases import purchases
from zhike_analytics.rfm import cells, interval_segment, movement, rfm_summary
from zhike_analytics.rfm.score import MEASURES, _classify, _score
from zhike_analytics.value_classes import _cumulated, class_summary, sums


class SparkOptions(Config):
    treat_nan_as_null: bool = False


LINES = ibis.table({"customer_id": "int64", "order_id": "int64", "day": "date", "net_cents": "int64"}, name="lines")
MOMENTS = ibis.table(
    {"customer_id": "int64", "order_id": "int64", "ordered_at": "timestamp('UTC')", "net_cents": "int64"},
    name="moments",
)
PEOPLE = ibis.table(
    {"customer_id": "int64", "last_day": "date", "latest_day": "date", "frequency": "int64", "monetary_cents": "int64",
     "recency_days": "int64"},
    name="people",
)  # fmt: skip
SOLD = ibis.table(
    {"customer_id": "int64", "order_id": "int64", "day": "date", "net_cents": "int64", "product_id": "int64",
     "quantity": "int64", "amount_cents": "int64"},
    name="sold",
)  # fmt: skip
CITIES = ibis.table({"customer_id": "int64", "city": "string"}, name="cities")
COSTS = ibis.table({"product_id": "int64", "unit_cost_cents": "int64"}, name="costs")
CLASSED = ibis.table({"item_id": "int64", "value": "int64", "abc_class": "string"}, name="classed")
FILES = ibis.table(
    {"customer_id": "int64", "created_at": "timestamp", "first_order_at": "timestamp", "stage": "string"}, name="files"
)
MOVES = ibis.table(
    {"customer_id": "int64", "move_id": "int64", "moved_at": "timestamp", "from_stage": "string", "to_stage": "string"},
    name="moves",
)
STAYED = funnel.stays(funnel.entries(FILES, MOVES), as_of="2026-06-30")
POINTS = ibis.table({"customer_id": "int64", "points": "int64", "day": "date"}, name="points")
OPEN = ibis.table({"customer_id": "int64", "stage": "string", "amount_cents": "int64"}, name="open")
ORDERS = ibis.table(
    {"customer_id": "int64", "order_id": "int64", "at": "timestamp", "net_cents": "int64", "is_returned": "boolean",
     "has_discount": "boolean", "channel": "string"},
    name="orders",
)  # fmt: skip
GOODS = ibis.table({"product_id": "int64", "title": "string", "category": "string", "brand": "string"}, name="goods")
SIGNALED = signals(ORDERS, SOLD, GOODS)
HALVES = dict.fromkeys(SIGNALS, 0.5)
SUMS = sums(LINES, item="customer_id", value="net_cents")
PERIODS = {"before": ("2026-01-01", "2026-03-31"), "after": ("2026-04-01", "2026-06-30")}


def in_months() -> ibis.Table:
    bought = purchases(SOLD, keep="product_id")
    return _over_time(bought.mutate(period=bought.day.truncate("M")))


CUTS = {name: [1.0, 2.0, 3.0, 4.0] for name in MEASURES}


def scored(ties: str, cut: str) -> ibis.Table:
    options = {"bins": 5, "sorting": "independent", "ties": ties, "cut": cut}
    table, _ = _score(PEOPLE, CUTS, options)
    return _classify(table, {"r": 1.0, "f": 1.0, "m": 1.0}, options)


@pytest.mark.parametrize(
    "table",
    [
        purchases(LINES),
        scored("together", "mean"),
        scored("by_rank", "score"),
        rfm_summary(scored("together", "mean")),
        cells(scored("by_rank", "mean")),
        movement(scored("together", "mean"), scored("by_rank", "mean")),
        interval_segment(scored("together", "mean"), "B"),
        _gaps(purchases(LINES)),
        composition(SOLD, by="product_id"),
        composition(LINES, by="city", customers=CITIES, since="2026-01-01"),
        in_months(),
        bridged(LINES, **PERIODS),
        bridge(LINES, **PERIODS, by="city", customers=CITIES),
        _cumulated(SUMS, "together", 100),
        _cumulated(SUMS, "by_rank", 0),
        class_summary(CLASSED),
        _ranked(SUMS),
        lorenz(LINES),
        product_measures(SOLD, costs=COSTS),
        margins(SOLD, by="customer_id", costs=COSTS),
        STAYED,
        funnel.conversion(funnel.reached(STAYED, within_days=90)),
        funnel.stage_days(STAYED),
        funnel.pipeline(OPEN, probabilities={"target": 0.5}),
        funnel.lead_scores(POINTS, POINTS, as_of="2026-06-30"),
        features(SIGNALED, as_of="2026-06-30", shop=HALVES),
        strengths(SIGNALED, read_rules(DEFAULT_RULES), shop=HALVES),
        preferences(acts(ORDERS, SOLD, GOODS)),
        PEOPLE.group_by("frequency").aggregate(steps=PEOPLE.monetary_cents.quantile([0.2, 0.4])),
    ],
)
def test_the_expression_compiles_for_both_engines(table: ibis.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    # Ibis sets this option when pyspark is imported; compiling does not need the engine itself.
    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    assert ibis.to_sql(table, dialect="duckdb")
    sql = str(ibis.to_sql(table, dialect="pyspark"))
    assert not re.search(r"(?i)approx|\bhash\(|months_between|collect_list|get_json", sql)


def test_every_ranking_is_tied_to_the_customer() -> None:
    sql = str(ibis.to_sql(scored("by_rank", "mean"), dialect="duckdb"))
    windows = re.findall(r"NTILE\(5\) OVER \((.*?)\)", sql, re.DOTALL)
    assert len(windows) == 3
    assert all("customer_id" in window for window in windows)


def test_a_moment_becomes_a_day_by_each_engines_own_function() -> None:
    assert "TIMEZONE('Asia/Shanghai'" in str(ibis.to_sql(purchases(MOMENTS), dialect="duckdb"))
