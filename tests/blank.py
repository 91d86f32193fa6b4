"""Installations that stand from the beginning: making the tables of one takes ten seconds, copying its files none.

Whether the tables are made where there are none is the business of other stories, at least one in each file that copies.
Processes that run tests side by side lay their own databases so, too: the first that comes makes the tables for all.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.postgresql import server_address

_MAKE = "import django; django.setup(); from zhike.cli.ground import migrate; migrate()"
_FILES = {"default": "zhike.sqlite3", "keyring": "keyring.sqlite3"}
_MODELS = {"default": "zhike_model", "keyring": "zhike_model_keyring"}  # databases on the PostgreSQL server of the run
_VARIABLE = (
    "ZHIKE_TEST_MODEL"  # the folder the processes of a run share; tests/conftest.py of the first of them sets it
)


def _made(kind: str, make: Callable[[Path], None]) -> Path:
    """The folder of the model of that kind, made by whoever comes first; the others wait for it."""
    shared = Path(os.environ[_VARIABLE])
    shared.mkdir(mode=0o700, exist_ok=True)
    with (shared / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = shared / kind
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            make(folder)
            (folder / "whole").touch()
    return folder


def _make(folder: Path, **databases: str) -> None:
    where = {"ZHIKE_HOME": str(folder), "ZHIKE_DATABASE": "", "ZHIKE_KEYRING": "", **databases}
    subprocess.run([sys.executable, "-c", _MAKE], env={**os.environ, **where}, check=True, capture_output=True)


def _make_on_server(folder: Path) -> None:
    import psycopg

    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        for name in _MODELS.values():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
            server.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    _make(
        folder,
        ZHIKE_DATABASE=server_address(_MODELS["default"]),
        ZHIKE_KEYRING=server_address(_MODELS["keyring"]),
    )


def lay_files(names: dict[str, str]) -> None:
    """The SQLite databases of this process, each alias at the file named."""
    model = _made("files", _make)
    for alias, name in names.items():
        copy = Path(f"{name}.laid")  # whoever opens the file itself would be told off (tests/conftest.py)
        shutil.copy(model / _FILES[alias], copy)
        copy.replace(name)


def lay_on_server(names: dict[str, str]) -> None:
    """The PostgreSQL databases of this process, each alias under the name given."""
    import psycopg

    _made("server", _make_on_server)
    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        for alias, name in names.items():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
            server.execute(f"CREATE DATABASE {name} TEMPLATE {_MODELS[alias]}")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def blank() -> Callable[[Path], Path]:
    """`blank(folder)`: the SQLite databases of an installation in which nothing is yet, laid into a data folder."""
    made = _made("files", _make)

    def lay(folder: Path) -> Path:
        folder.mkdir(mode=0o700)
        for name in _FILES.values():
            shutil.copy(made / name, folder / name)
        return folder

    return lay
