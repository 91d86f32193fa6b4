"""`python -m zhike_analytics rfm`, and what importing the library costs."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from click.testing import CliRunner

from zhike_analytics.__main__ import main

COLUMNS = ["--customer", "buyer", "--at", "paid", "--amount", "yuan", "--order", "no"]


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("buyer,paid,yuan,no\na,2026-11-01 10:00:00,12.50,1\nb,2026-10-01 09:00:00,99.99,2\n", "utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(main, ["rfm", *map(str, arguments)])


def test_a_file_is_summed_up_on_the_screen(orders) -> None:
    told = run(orders, "--as-of", "2026-11-22", *COLUMNS)
    assert told.exit_code == 0, told.output
    assert "2 customers, 2 with purchases" in told.output
    assert "99.99" in told.output


def test_rows_are_written_and_json_is_told(orders, tmp_path) -> None:
    told = run(
        orders, "--as-of", "2026-11-22", *COLUMNS, "--json", "--csv", tmp_path / "o.csv", "--parquet", tmp_path / "o.pq"
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["scored"] == 2
    assert list(pd.read_csv(tmp_path / "o.csv").customer_id) == ["a", "b"]
    assert list(pd.read_parquet(tmp_path / "o.pq").monetary_cents) == [1250, 9999]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--as-of", "2026-10-15"], "The last order is of 2026-11-01"),
        (["--amount", "price"], "no column “price”"),
        (["--amount", "buyer"], "not an amount"),
        (["--as-of", "soon"], "take a day"),
    ],
)
def test_what_is_wrong_is_said_plainly(orders, change, said) -> None:
    told = run(orders, "--as-of", "2026-11-22", *COLUMNS, *change)
    assert told.exit_code == 1
    assert said in told.output
    assert "Traceback" not in told.output


def test_unreadable_files_are_refused_without_quoting_them(tmp_path) -> None:
    broken = tmp_path / "orders.parquet"
    broken.write_bytes(b"13800138000 is not parquet")
    told = run(broken, "--as-of", "2026-11-22", *COLUMNS)
    assert told.exit_code == 1
    assert "13800138000" not in told.output
    assert run(tmp_path / "none.csv", "--as-of", "2026-11-22", *COLUMNS).exit_code == 1
    assert run(tmp_path / "none.xls", "--as-of", "2026-11-22", *COLUMNS).exit_code == 1


def test_importing_the_library_loads_no_engine() -> None:
    code = (
        "import sys, zhike_analytics, zhike_analytics.values;"
        "print([m for m in ('ibis', 'duckdb', 'pandas', 'numpy', 'phonenumbers', 'pypinyin', 'django') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_rfm_can_be_called_however_it_was_imported() -> None:
    code = (
        "from zhike_analytics import rfm; a = callable(rfm)\n"
        "from zhike_analytics.rfm import rfm_summary\n"
        "from zhike_analytics import rfm as again; print(a, callable(again), again is rfm)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True True True"


LINES = (
    "buyer,paid,yuan,no,city,sku,n\na,2026-10-01 10:00:00,12.50,1,杭州,x,1\n"
    "b,2026-10-01 09:00:00,99.99,2,,y,2\na,2026-11-01 09:00:00,20,3,杭州,x,2\n"
)
PERIODS = ["--before", "2026-10-01", "2026-10-31", "--after", "2026-11-01", "2026-11-30"]


@pytest.mark.parametrize(
    ("words", "said", "key"),
    [
        (["composition", "--by", "city", *COLUMNS], "unknown", "groups"),
        (["composition", "--by", "city", "--period", "month", *COLUMNS], "2026-11-01 杭州", "groups"),
        (["bridge", *COLUMNS, *PERIODS], "-99.99", "steps"),
        (["abc", "--item", "buyer", "--value", "yuan"], "Gini 0.255", "classes"),
        (["products", "--product", "sku", "--quantity", "n", "--amount", "yuan"], "0 with a cost", "coverage"),
    ],
)
def test_composition_bridge_classes_and_products_are_told_written_and_given_as_json(tmp_path, words, said, key) -> None:
    file, out = tmp_path / "lines.csv", tmp_path / "rows.csv"
    file.write_text(LINES, "utf-8")
    name, *options = words
    told = CliRunner().invoke(main, [name, str(file), *options, "--csv", str(out)])
    assert told.exit_code == 0, told.output
    assert said in told.output
    assert len(pd.read_csv(out)) >= 2
    as_json = CliRunner().invoke(main, [name, str(file), *options, "--json"])
    assert json.loads(as_json.stdout)[key]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["composition", "--by", "town", *COLUMNS], "no column “town”"),
        (["bridge", *COLUMNS, *PERIODS[:3], "--after", "2026-10-15", "2026-11-30"], "not before the second begins"),
        (["abc", "--item", "buyer", "--value", "yuan", "--cuts", "0.9,0.8"], "ascending shares"),
        (["abc", "--item", "buyer", "--value", "yuan", "--cuts", "much"], "numbers, divided by commas"),
    ],
)
def test_what_cannot_be_composed_is_said_plainly(tmp_path, words, said) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(LINES, "utf-8")
    told = CliRunner().invoke(main, [words[0], str(file), *words[1:]])
    assert told.exit_code in (1, 2)
    assert said in told.output
    assert "Traceback" not in told.output
