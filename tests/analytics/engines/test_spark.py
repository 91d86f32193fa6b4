"""The same measures on Spark: equal to DuckDB, row by row. Needs pyspark (an optional extra) and Java."""

import os
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest

from zhike_analytics import (
    abc,
    bridge,
    composition,
    composition_over_time,
    concentration,
    gone_quiet,
    large_first,
    lost_high_value,
    pyramid,
)
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.rfm import movement, rfm_run, rfm_summary

pyspark = pytest.importorskip("pyspark", reason="pyspark is an optional extra and not installed here")
pytestmark = pytest.mark.slow

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = random.Random(11)
    lines = [
        {
            "customer_id": chance.randrange(400),
            "order_id": order,
            "ordered_at": pd.Timestamp(AS_OF - timedelta(days=chance.randrange(2, 500)), tz="UTC")
            + timedelta(minutes=chance.randrange(1440)),
            "net_cents": chance.randrange(-2000, 9000),
        }
        for order in range(3000)
        for _ in range(chance.randrange(1, 3))
    ]
    path = tmp_path_factory.mktemp("lake") / "orders.parquet"
    pd.DataFrame(lines).astype({"ordered_at": "datetime64[us, UTC]"}).to_parquet(path)
    return path


@pytest.fixture(scope="module")
def on_spark(orders: Path) -> Iterator[ibis.Table]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield ibis.pyspark.connect(session).read_parquet(str(orders))
    session.stop()


def rows(table: ibis.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pyarrow().to_pylist(), key=lambda row: [str(value) for value in row.values()])


@pytest.mark.parametrize("sorting", ["independent", "nested"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
def test_rfm_on_spark_equals_rfm_on_duckdb(on_spark: ibis.Table, orders: Path, sorting: str, ties: str) -> None:
    spark = rfm_run(on_spark, as_of=AS_OF, clock="utc", sorting=sorting, ties=ties)
    duck = rfm_run(orders, as_of=AS_OF, sorting=sorting, ties=ties)
    assert rows(spark.table) == rows(duck.table)
    assert spark.cut_points == duck.cut_points
    assert rows(rfm_summary(spark.table)) == rows(rfm_summary(duck.table))
    assert rows(movement(spark.table, spark.table)) == rows(movement(duck.table, duck.table))


def test_moments_on_spark_need_to_be_told_their_clock(on_spark: ibis.Table) -> None:
    with pytest.raises(MeasureProblem, match=r"orders\.clock_needed"):
        rfm_run(on_spark, as_of=AS_OF)


@pytest.mark.parametrize("draw", [gone_quiet, large_first, lost_high_value])
def test_the_lists_on_spark_equal_the_lists_on_duckdb(on_spark: ibis.Table, orders: Path, draw: Any) -> None:
    assert rows(draw(on_spark, as_of=AS_OF, clock="utc")) == rows(draw(orders, as_of=AS_OF))


PERIODS = {"before": ("2025-06-01", "2025-12-31"), "after": ("2026-01-01", "2026-06-30")}


@pytest.mark.parametrize(
    ("draw", "asked"),
    [
        (bridge, PERIODS),
        (composition, {"by": "net_cents"}),
        (composition_over_time, {"by": "order_id", "period": "quarter"}),
    ],
)
def test_composition_and_bridge_on_spark_equal_those_on_duckdb(
    on_spark: ibis.Table, orders: Path, draw: Any, asked: Any
) -> None:
    assert rows(draw(on_spark, clock="utc", **asked)) == rows(draw(orders, **asked))


def test_classes_on_spark_equal_those_on_duckdb(on_spark: ibis.Table, orders: Path) -> None:
    assert rows(abc(on_spark)) == rows(abc(orders))
    assert rows(pyramid(on_spark)) == rows(pyramid(orders))
    assert concentration(on_spark).gini == pytest.approx(concentration(orders).gini)
