"""The library on Spark: what every function that stands on tables answers, equal to DuckDB, row by row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest

from tests.analytics.engines.asked import ASKED
from tests.analytics.engines.ground import AS_OF, Ground, write
from tests.analyze.test_engines import count, differences
from tests.proofs import note
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.rfm import rfm_run

pytest.importorskip("pyspark", reason="pyspark is an optional extra and not installed here")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
_SETTINGS = {
    "spark__driver__memory": "1g",
    "spark__driver__host": "127.0.0.1",
    "spark__driver__bindAddress": "127.0.0.1",
    "spark__sql__shuffle__partitions": "2",
    "spark__sql__adaptive__enabled": "false",
    "spark__sql__codegen__wholeStage": "false",  # making code takes longer than so few rows
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ground")
    write(place)
    return place


@pytest.fixture(scope="module")
def on_duckdb(folder: Path) -> Ground:
    return Ground(ibis.duckdb.connect().read_parquet, folder)


@pytest.fixture(scope="module")
def on_spark(folder: Path) -> Iterator[Ground]:
    from zhike_analytics import spark

    begun = spark.session("local[2]", name="zhike library", **_SETTINGS)
    yield Ground(spark.connect(begun).read_parquet, folder)
    begun.stop()


def rows(answer: Any) -> Any:
    """An answer as plain values; the rows of a table in one order, since most functions promise none."""
    if not isinstance(answer, ibis.Table):
        return answer
    return sorted(
        answer.to_pyarrow().to_pylist(),
        key=lambda row: [str(value) for value in row.values() if not isinstance(value, float)],
    )


@pytest.mark.parametrize("name", ASKED)
def test_spark_answers_what_duckdb_answers(on_spark: Ground, on_duckdb: Ground, name: str) -> None:
    expected = rows(ASKED[name](on_duckdb))
    assert list(differences(expected, rows(ASKED[name](on_spark)))) == []
    note("Functions of the library on DuckDB and on Spark", **{name: count(expected)})


@pytest.mark.parametrize("sorting", ["independent", "nested"])
@pytest.mark.parametrize("ties", ["together", "by_rank"])
def test_scores_and_cut_points_are_the_same_whatever_is_asked(
    on_spark: Ground, on_duckdb: Ground, sorting: str, ties: str
) -> None:
    spark, duck = (rfm_run(g.lines, as_of=AS_OF, sorting=sorting, ties=ties) for g in (on_spark, on_duckdb))
    assert list(differences(rows(duck.table), rows(spark.table))) == []
    assert list(differences(duck.cut_points, spark.cut_points)) == []


def test_moments_on_spark_need_to_be_told_their_clock(on_spark: Ground) -> None:
    with pytest.raises(MeasureProblem, match=r"orders\.clock_needed"):
        rfm_run(on_spark.files, at="created_at", amount="customer_id", order=None, as_of=AS_OF)
