"""Every function of the library that stands on tables is asked on both engines, or it is said why not. Needs no Spark."""

import ast
import re
from pathlib import Path

import ibis
import pytest

from tests.analytics.engines.asked import ASKED, ELSEWHERE
from tests.analytics.engines.ground import Ground, write
from tests.analytics.test_portable import SparkOptions
from tests.architecture.source import ROOT

LIBRARY = ROOT / "src/zhike_analytics"
# What the engines answer differently, by the name it has in Spark's SQL.
AVOIDED = r"(?i)approx|\bhash\(|months_between|get_json|date_format\([^)]*G|\brand\("


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("ground")
    write(folder)
    return Ground(ibis.duckdb.connect().read_parquet, folder)


def on_tables() -> set[str]:
    """Public functions that answer with a table or read one out, by file and name."""
    found = set()
    for file in sorted(LIBRARY.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        place = file.relative_to(LIBRARY).with_suffix("").as_posix()
        for node in ast.parse(text).body:
            if (
                not isinstance(node, ast.FunctionDef)
                or node.name.startswith("_")
                or place.startswith(("values", "spark"))
            ):
                continue
            told = ast.unparse(node.returns) if node.returns else ""
            body = ast.get_source_segment(text, node) or ""
            if (
                "ir.Table" in told
                or ".to_pyarrow" in body
                or re.search(r"(?<!\w)table\(", body)
                or place == "inequality"
            ):
                found.add(f"{place}.{node.name}")
    return found


def test_no_function_on_tables_is_left_out_and_none_is_named_that_is_gone() -> None:
    named = set(ASKED) | set(ELSEWHERE)
    assert (sorted(on_tables() - named), sorted(named - on_tables())) == ([], [])
    assert not set(ASKED) & set(ELSEWHERE)


@pytest.mark.parametrize("name", ASKED)
def test_the_question_has_an_answer_and_its_sql_keeps_to_what_both_engines_share(
    ground: Ground, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    answer = ASKED[name](ground)
    if isinstance(answer, ibis.Table):
        assert not re.search(AVOIDED, str(ibis.to_sql(answer, dialect="pyspark")))
        answer = answer.to_pyarrow().to_pylist()
    assert answer, "a question that nobody answers proves nothing"


def test_the_folder_of_questions_is_the_folder_of_the_library() -> None:
    assert {Path(name).parts[0] for name in ASKED if "/" in name} <= {d.name for d in LIBRARY.iterdir()}
