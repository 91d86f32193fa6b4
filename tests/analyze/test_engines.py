"""Every measure of an installation on DuckDB and on a Spark cluster: the same figures, rows, metrics and tasks.

The cluster is a real one of two workers, begun from the wheel on this machine. Whole numbers, days and words are equal
exactly, fractions to a billionth of themselves.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.analyze.standalone import Standalone
from tests.analyze.storage import webhdfs_server
from tests.architecture.source import ROOT
from tests.proofs import note
from zhike.analyze.measure_parameters import MEASURE_KINDS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]  # the first of them waits for all measures
EXAMPLES = ROOT / "docs/examples/methods"
# What the house measures, and the methods that are shown to whoever adds one.
KINDS = ("rfm", "lists", *MEASURE_KINDS, *(f"own_{folder.name}" for folder in sorted(EXAMPLES.iterdir())))
FAR_KINDS = ("value", "profit")  # both read their results back
_SNAPSHOT = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.config.settings"
django.setup()
from zhike.analyze import snapshot
snapshot.take()
"""
CUSTOMERS = "600"
EQUAL_TO = 1e-9


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    with Standalone(tmp_path_factory.mktemp("spark")) as begun:
        yield begun


@pytest.fixture(scope="module")
def told(cluster: Standalone, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One house, every measure of it carried out on each engine: where what they told lies."""
    folder = tmp_path_factory.mktemp("house")
    environment = _environment(folder)
    _run(["-m", "zhike", "demo", "--customers", CUSTOMERS], environment)
    _run(["-c", _SNAPSHOT], environment)  # one lake for all who are asked: the demo goes on after its analysis
    _run(["-m", "tests.analyze.every_measure", str(folder / "duckdb")], environment)
    _run(["-m", "tests.analyze.every_measure", str(folder / "spark")], {**environment, **cluster.environment})
    return {engine: folder / engine for engine in ("duckdb", "spark")}


def _environment(folder: Path) -> dict[str, str]:
    environment = {**os.environ, "ZHIKE_HOME": str(folder / "home"), "ZHIKE_METHODS": str(EXAMPLES)}
    for gone in ("ZHIKE_SPARK_MASTER", "ZHIKE_DATABASE", "ZHIKE_KEYRING", "ZHIKE_TESTING"):
        environment.pop(gone, None)
    return environment


def _run(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_measure_on_spark_equals_the_one_on_duckdb(told: dict[str, Path], kind: str) -> None:
    one, other = (json.loads((told[engine] / kind / "told.json").read_text()) for engine in ("duckdb", "spark"))
    assert one["state"] == "done"
    assert list(differences(one, other)) == []
    values = count(one)
    names = sorted(path.name for path in (told["duckdb"] / kind).glob("*.parquet"))
    assert names == sorted(path.name for path in (told["spark"] / kind).glob("*.parquet"))
    rows = 0
    for name in names:
        tables = [pq.read_table(told[engine] / kind / name) for engine in ("duckdb", "spark")]
        assert list(differences(*(sorted(table.schema.names) for table in tables))) == []
        lists = [table.select(sorted(table.schema.names)).to_pylist() for table in tables]
        assert list(differences(*lists)) == []
        rows += len(lists[0])
    note("Measures on DuckDB and on Spark", **{f"{kind}: figures equal": values, f"{kind}: rows equal": rows})


def test_the_cluster_reads_a_lake_that_lies_far_away(told: dict[str, Path], cluster: Standalone) -> None:
    """Over WebHDFS, by Hadoop's own client; results it reads back are lent to it there, and taken away again."""
    folder = told["duckdb"].parent
    with webhdfs_server() as name_node:
        environment = _environment(folder) | {"ZHIKE_LAKE": f"webhdfs://{name_node.address}/zhike/lake"}
        _run(["-c", _SNAPSHOT], environment)
        _run(["-m", "tests.analyze.every_measure", str(folder / "far"), *FAR_KINDS], environment | cluster.environment)
        assert sorted({path.split("/")[3] for path in name_node.files})[0].startswith("cards")
        assert not any("/passing/" in path for path in name_node.files)
        assert name_node.opened_by_java > 0
    for kind in FAR_KINDS:
        one, other = (json.loads((folder / where / kind / "told.json").read_text()) for where in ("duckdb", "far"))
        assert list(differences(one, other)) == []
        note("Measures on a lake that lies far away", **{f"{kind}: figures equal": count(one)})


def test_the_cluster_did_the_work_on_two_workers(told: dict[str, Path], cluster: Standalone) -> None:
    assert cluster.workers() == 2
    assert cluster.executors_begun() >= 2


def differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """Where two answers differ; a fraction may by a billionth, a number that is whole here and not there may not."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            yield from differences(one.get(name, "(none)"), other.get(name, "(none)"), f"{at}.{name}")
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{at}: {len(one)} and {len(other)} rows"
        for place, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from differences(left, right, f"{at}[{place}]")
    elif isinstance(one, float) and isinstance(other, float):
        if not (math.isclose(one, other, rel_tol=EQUAL_TO, abs_tol=1e-12) or (math.isnan(one) and math.isnan(other))):
            yield f"{at}: {one!r} and {other!r}"
    elif type(one) is not type(other) or one != other:
        yield f"{at}: {one!r} and {other!r}"


def count(told: Any) -> int:
    """How many values there are in an answer."""
    if isinstance(told, dict):
        return sum(map(count, told.values()))
    return sum(map(count, told)) if isinstance(told, list) else 1
