"""Where the published data sets lie, beside the checkout; they are never part of it."""

import os
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def published(name: str) -> Path:
    """The path of a data file; skips where the data is absent, fails where it must be present."""
    path = DATA / name
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"test data {name} is missing")
        pytest.skip(f"test data {name} is not on this machine")
    return path
