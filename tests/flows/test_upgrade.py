"""An installation of the first tables, with customers, orders, staff, imports and a reveal, brought up to today's tables."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.postgresql import server_address

pytestmark = pytest.mark.timeout(900)
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))  # `make prove` runs both


@pytest.fixture(params=DATABASES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation as it lay then."""
    environment = {**os.environ, "ZHIKE_HOME": str(tmp_path), "LANG": "C.UTF-8", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    for name in ("ZHIKE_DATABASE", "ZHIKE_KEYRING"):
        environment.pop(name, None)
    if request.param == "postgresql":
        environment["ZHIKE_DATABASE"] = _made("zhike_upgrade")
        environment["ZHIKE_KEYRING"] = _made("zhike_upgrade_keyring")
    _run(environment, "-m", "tests.flows.upgrade.laying")
    return environment


def _made(name: str) -> str:
    import psycopg

    name = f"{name}_{os.getpid()}"
    with psycopg.connect(server_address("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return server_address(name)


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _zhike(environment: dict[str, str], *words: str) -> dict[str, Any]:
    code = "import sys; from zhike.cli import main; main(sys.argv[1:])"
    answer: dict[str, Any] = json.loads(_run(environment, "-c", code, *words, "--json").splitlines()[-1])
    return answer


def _look(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(environment, "-m", "tests.flows.upgrade.looking").splitlines()[-1])
    return found


def test_an_installation_of_the_first_tables_is_brought_up_to_date_and_everything_in_it_still_reads(old) -> None:
    upgraded = _zhike(old, "upgrade")
    assert len(upgraded["applied"]) > 20
    assert _zhike(old, "upgrade")["applied"] == []
    seen = _look(old)
    assert seen["waiting"] == []
    assert set(seen["pages"].values()) == {200}, seen["pages"]
    assert (seen["name"], seen["shown"], seen["password"]) == ("王手写", True, True)
    assert seen["rights"] == [["owner"], ["agent"]]
    assert (seen["live"], seen["orders"]) == (60, 200)
    assert seen["imports"] == [["kept.csv", "done"], ["undone.csv", "done"]]
    assert (seen["phone"], seen["found"]) == ("+8613800000000", True)
    assert _zhike(old, "audit", "verify")["ok"]

    undone = _zhike(old, "import", "undo", "2")
    assert undone["state"] == "undone"
    seen = _look(old)
    assert (seen["live"], seen["orders"], seen["cents"]) == (40, 120, _cents_of_the_first_import())
    assert _zhike(old, "audit", "verify")["ok"]


def _cents_of_the_first_import() -> int:
    from tests.flows.upgrade.fill import rows

    return sum(int(quantity) * round(float(price) * 100) for *_, quantity, price in rows("k", range(40), 120))
