"""Killed in the middle of a rotation nothing becomes unreadable, and the next run goes on from there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from zhike.secure import vault
from zhike.secure.models import RecordKey
from zhike.secure.vault import roots, rotation
from zhike.secure.vault.sealing import unseal

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"]), pytest.mark.both_databases]
IDS = list(range(9000, 12500))
CONTEXT = "things.sealed"


@pytest.fixture
def sealed() -> Iterator[dict[int, bytes]]:
    """Values under 3,500 keys: four steps of a rotation. Key files made meanwhile are removed afterwards."""
    before = set(roots.kek_versions())
    RecordKey.objects.all().delete()
    keys = vault.ensure_keys(IDS)
    yield {n: vault.seal(keys[n], vault.SealContext(CONTEXT, n, n), {"phone": str(n)}) for n in IDS}
    RecordKey.objects.all().delete()
    connections["keyring"].cursor().execute("DELETE FROM keyring_file_key")
    for version in set(roots.kek_versions()) - before:
        (roots.folder() / f"kek-{version}.key").unlink()
    roots.forget()


def rotate(failpoint: str = "") -> tuple[int, dict[str, Any]]:
    environment = {**os.environ, "ZHIKE_FAILPOINT": failpoint, "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", "from zhike.cli import main; main()", "backup", "--rotate-key", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for connection in connections.all():
        connection.close()
    roots.forget()
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {"said": done.stderr}


def everything_opens(sealed: dict[int, bytes]) -> bool:
    keys = vault.keys_of(IDS)
    return all(unseal(keys[n], vault.SealContext(CONTEXT, n, n), sealed[n])["phone"] == str(n) for n in IDS)


@pytest.mark.parametrize(
    ("failpoint", "wrapped"),
    [
        pytest.param("secure.rotate.key_made", 0, marks=pytest.mark.long_on_postgresql),
        ("secure.rotate.wrapped:2", 1000),
        pytest.param("secure.rotate.stepped:3", 3000, marks=pytest.mark.long_on_postgresql),
    ],
)
def test_a_rotation_killed_midway_leaves_all_readable_and_goes_on(
    sealed: dict[int, bytes], failpoint: str, wrapped: int
) -> None:
    old = roots.current_kek_version()
    code, _ = rotate(failpoint)
    assert code == -signal.SIGKILL
    assert roots.current_kek_version() == old + 1
    assert RecordKey.objects.filter(kek_version=old + 1).count() == wrapped
    assert everything_opens(sealed)
    assert rotation.retire() == []  # the older key is still needed
    code, answer = rotate()
    assert (code, answer.get("version")) == (0, old + 1), answer
    assert answer["keys"] == len(IDS) - wrapped and rotation.left() == 0
    assert everything_opens(sealed)


@pytest.mark.long_on_postgresql
def test_keys_made_while_a_rotation_lies_dead_are_read_like_all_others(sealed: dict[int, bytes]) -> None:
    assert rotate("secure.rotate.stepped:1")[0] == -signal.SIGKILL
    key = vault.ensure_keys([99_000])[99_000]
    blob = vault.seal(key, vault.SealContext(CONTEXT, 1, 99_000), {"phone": "x"})
    assert rotate()[0] == 0
    again = vault.keys_of([99_000])[99_000]
    assert unseal(again, vault.SealContext(CONTEXT, 1, 99_000), blob) == {"phone": "x"}
