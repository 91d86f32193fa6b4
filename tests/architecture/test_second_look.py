"""A browser story that fails is told again, and never quietly."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import second_look

_CONFTEST = "from tests.browser.second_look import pytest_runtest_protocol as pytest_runtest_protocol\n"
_STORIES = """
import pathlib

import pytest

TOLD = pathlib.Path("told")


@pytest.fixture
def ground():
    TOLD.write_text(TOLD.read_text() + "x" if TOLD.exists() else "x")
    yield
    TOLD.with_name("taken down").write_text(TOLD.read_text())


def test_a_story_that_holds_the_second_time(ground):
    assert TOLD.read_text() == "xx", "it was the first time"


def test_a_story_with_a_fault():
    assert TOLD.exists() is False, "a fault stays a fault"
"""


@pytest.fixture
def told(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    (tmp_path / "test_stories.py").write_text(_STORIES)
    root = Path(second_look.__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", "-q", "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_failed_once_holds_with_a_warning_and_a_fault_fails(told, tmp_path):
    assert "1 failed, 1 passed, 1 warning" in told.stdout
    assert "test_a_story_that_holds_the_second_time failed once and then held" in told.stdout
    assert "it was the first time" in told.stdout
    assert "a fault stays a fault" in told.stdout
    assert (tmp_path / "taken down").read_text() == "xx"
