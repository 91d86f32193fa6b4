"""Where this installation keeps its data: one folder, named by ZHIKE_HOME."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """The data folder: ZHIKE_HOME, or `.home` in a checkout. Created private to its owner."""
    folder = Path(os.environ.get("ZHIKE_HOME") or CHECKOUT / ".home")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path(relative: str) -> Path:
    """A folder below the data folder, created private to its owner."""
    folder = home() / relative
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
