"""One setting names the cluster that measures run on; what goes wrong with it is told. None of this needs Spark."""

import importlib.util
import re
import socket
from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.analyze import test_engines
from tests.analyze.shop_rows import Shop
from tests.analyze.test_rfm_run import START, _own_home, run  # noqa: F401  (the fixture)
from tests.architecture.source import ROOT
from zhike.analyze import queries, snapshot, spark_place, words
from zhike.analyze.lake import Lake, open_lake
from zhike.kit.checks import run_checks
from zhike.kit.jobs.run import JobFailed

pytestmark = [pytest.mark.django_db(transaction=True)]


# Which kinds of measure carry out what stands in each recipe: the proof carries out every kind on both engines.
CARRIED_OUT_BY = {
    "association_recipe": "association",
    "composition_recipe": "composition",
    "funnel_recipe": "funnel",
    "leads_recipe": "funnel",
    "lifetime_recipe": "lifetime",
    "lists_recipe": "lists",
    "lookalike_recipe": "lookalike",
    "loyalty_recipe": "loyalty",
    "methods_recipe": "own_weekend",
    "paths_recipe": "paths",
    "portrait_recipe": "portrait",
    "products_recipe": "products",
    "profit_recipe": "profit",
    "recommendation_recipe": "recommendation",
    "replenishment_recipe": "replenishment",
    "retention_recipe": "retention",
    "rfm_recipe": "rfm",
    "satisfaction_recipe": "satisfaction",
    "value_recipe": "value",
}
# What only DuckDB understands, or passes the lake by.
ONE_ENGINES_OWN = (
    r"raw_sql|engine\.sql|engine\.con\b|engine\.read_parquet|read_parquet\(\[|QUALIFY|string_agg|::[A-Z]+|GROUP BY ALL"
)


def test_every_recipe_is_carried_out_by_the_proof_on_spark():
    recipes = {file.stem for file in (ROOT / "src/zhike/analyze").glob("*_recipe.py")}
    assert set(CARRIED_OUT_BY) == recipes
    assert set(CARRIED_OUT_BY.values()) == set(test_engines.KINDS)


def test_no_recipe_says_what_only_one_engine_understands():
    folder = ROOT / "src/zhike/analyze"
    files = [
        *folder.glob("*_recipe.py"),
        *folder.glob("*_grounds.py"),
        *folder.glob("*_parts.py"),
        folder / "results.py",
    ]
    told = {file.name: re.findall(ONE_ENGINES_OWN, file.read_text(encoding="utf-8")) for file in files}
    assert {name: found for name, found in told.items() if found} == {}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra were installed; the engine itself is not begun."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port where nobody takes connections, kept so for the story."""
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        yield f"spark://127.0.0.1:{kept.getsockname()[1]}"


def finding():
    with translation.override("en"):
        return run_checks(names=["spark_answers"])["spark_answers"]


def test_without_the_setting_measures_run_on_duckdb_and_the_doctor_is_content(monkeypatch):
    monkeypatch.delenv("ZHIKE_SPARK_MASTER", raising=False)
    Shop().customers(1)
    snapshot.take()
    with open_lake() as lake:
        assert type(lake) is Lake and lake.engine.name == "duckdb"
    assert finding().state == "ok"


def test_a_cluster_that_does_not_answer_is_told_by_the_doctor_and_on_the_run(monkeypatch, installed, nobody):
    monkeypatch.setenv("ZHIKE_SPARK_MASTER", nobody)
    assert finding().state == "failed" and nobody in finding().text
    shop = Shop()
    shop.orders([(shop.customers(1)[0], START, 900)])
    with pytest.raises(JobFailed, match="spark_away"):
        run()
    failed = queries.runs()[0]
    assert (failed.state, failed.error) == ("failed", "spark_away")
    assert {"spark_away", "spark_missing"} <= set(words.ERRORS)


def test_a_cluster_without_the_extra_is_told_with_its_remedy(monkeypatch):
    monkeypatch.setenv("ZHIKE_SPARK_MASTER", "local[2]")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert finding().state == "failed" and "spark" in finding().remedy
    with pytest.raises(JobFailed, match="spark_missing"):
        run()


def test_one_master_of_several_that_answers_is_enough(installed, nobody):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        spark_place.look(f"{nobody},127.0.0.1:{listening.getsockname()[1]}")
        spark_place.look("local[2]")
        spark_place.look("yarn")
    with pytest.raises(spark_place.SparkAway, match="spark_away"):
        spark_place.look(nobody)


def test_the_extra_is_pinned_alike_wherever_it_is_named():
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = re.findall(r'"([^"]+)"', next(line for line in told.splitlines() if line.startswith("spark = ")))
    assert "\\n".join(asked) in (ROOT / "Makefile").read_text(encoding="utf-8")
    pinned = re.findall(r"^(\w+==\S+)", (ROOT / "requirements/spark.txt").read_text(encoding="utf-8"), re.MULTILINE)
    names = [re.split(r"[=>]", one)[0] for one in asked]
    assert sorted(one.split("==")[0] for one in pinned) == sorted(names)
    image = re.findall(r"apache/spark:(\S+)", (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert {f"pyspark=={version}" for version in image} <= set(pinned)
