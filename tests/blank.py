"""Installations that stand from the beginning: making the tables of one takes ten seconds, copying its files none.

Whether the tables are made where there are none is the business of other stories, at least one in each file that copies.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_MAKE = "import django; django.setup(); from zhike.cli.ground import migrate; migrate()"
_FILES = ("zhike.sqlite3", "keyring.sqlite3")


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """`blank(folder)`: the SQLite databases of an installation in which nothing is yet, laid into a data folder."""
    made = tmp_path_factory.mktemp("blank")
    files = {"ZHIKE_HOME": str(made), "ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
    subprocess.run([sys.executable, "-c", _MAKE], env={**os.environ, **files}, check=True, capture_output=True)

    def lay(folder: Path) -> Path:
        folder.mkdir(mode=0o700)
        for name in _FILES:
            shutil.copy(made / name, folder / name)
        return folder

    return lay
