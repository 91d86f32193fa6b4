"""The command line: quick to start, exact in its exit codes."""

import subprocess
import sys
import time

import pytest

HEAVY = ("django", "duckdb", "ibis", "pandas", "pyarrow", "rich", "uvicorn")


def test_help_comes_within_half_a_second_and_without_django():
    best = min(_timed_help() for _ in range(3))
    assert best < 0.5


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from zhike.cli import zhike\n"
        "try: zhike(['--help'])\n"
        f"except SystemExit: print('HEAVY', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "HEAVY []" in out


def test_every_command_in_the_table_that_exists_explains_itself():
    from click.testing import CliRunner

    from zhike.cli import zhike

    for name in zhike.list_commands(None):
        told = CliRunner().invoke(zhike, [name, "--help"])
        assert told.exit_code == 0, name
        assert len(told.output) > 60


def test_an_unknown_command_is_wrong_usage():
    from click.testing import CliRunner

    from zhike.cli import zhike

    assert CliRunner().invoke(zhike, ["fly"]).exit_code == 2


@pytest.mark.django_db
def test_a_job_that_does_not_exist_is_not_found():
    from click.testing import CliRunner

    from zhike.cli import zhike

    told = CliRunner().invoke(zhike, ["jobs", "cancel", "12345", "--json"])
    assert told.exit_code == 3
    assert '"no_such_job"' in told.output


def _timed_help() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "zhike", "--help"], capture_output=True, check=True)
    return time.perf_counter() - start
