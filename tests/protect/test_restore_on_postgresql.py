"""A backup of PostgreSQL comes back into a fresh database, and never over data or without its keyring."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.conftest import ON_POSTGRESQL
from tests.protect.test_backup import PASSPHRASE, _clean, _drop, sealed_rows  # noqa: F401  (fixtures)
from zhike.protect import backups, keyring_copies
from zhike.secure import vault
from zhike.secure.models import RecordKey, Staff
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keyring"]),
    pytest.mark.both_databases,
    pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite's restore is proven in test_backup"),
]


@pytest.fixture
def fresh() -> Iterator[dict[str, str]]:
    """The addresses of two empty databases on the test's server."""
    from tests.postgresql import server_address

    names = {"ZHIKE_DATABASE": "zhike_come_back", "ZHIKE_KEYRING": "zhike_come_back_keyring"}
    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        for name in names.values():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        yield {variable: server_address(name) for variable, name in names.items()}
        for name in names.values():
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def zhike(*arguments: str, home: Path, stdin: str = "", **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", "from zhike.cli import main; main()", *arguments, "--json"],
        input=stdin, capture_output=True, text=True, check=False,
        env={**os.environ, "ZHIKE_HOME": str(home), "LANG": "en_US.UTF-8", **environment},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def load_keyring(dump: Path, address: str) -> None:
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={address}", str(dump)], check=True)


def test_everybody_comes_back_into_a_fresh_database(
    sealed_rows: list[int],  # noqa: F811
    fresh: dict[str, str],
    tmp_path: Path,
) -> None:
    Staff.objects.create_user("boss@zhike.example", "guests-come-back-soon", display_name="老板")
    data = backups.make(by=LOCAL_OPERATOR, to=tmp_path / "usb")
    keys = keyring_copies.make(by=LOCAL_OPERATOR, to=[tmp_path / "usb"], passphrase=PASSPHRASE)[0]
    new = tmp_path / "new"
    code, said = zhike("restore", "--keyring", keys.file, "--passphrase-stdin", home=new, stdin=PASSPHRASE, **fresh)
    assert code == 0, said
    code, said = zhike("restore", data.file, home=new, **fresh)
    assert code == 1 and "keyring_missing" in said, said  # the dump is there, but not loaded yet
    load_keyring(new / "keyring.dump", fresh["ZHIKE_KEYRING"])
    code, said = zhike("restore", data.file, home=new, **fresh)
    assert code == 0, said
    with psycopg.connect(fresh["ZHIKE_DATABASE"]) as copy:
        assert copy.execute("SELECT count(*) FROM sealed_things").fetchone() == (30,)
        assert copy.execute("SELECT display_name FROM secure_staff").fetchone() == ("老板",)
        assert copy.execute("SELECT count(*) FROM secure_auditevent WHERE action = 'restored'").fetchone() == (1,)
    code, said = zhike("audit", "verify", home=new, **fresh)
    assert code == 0, said
    code, said = zhike("restore", data.file, home=new, **fresh)
    assert code == 1 and "home_in_use" in said, said
    code, said = zhike("restore", data.file, "--replace", home=new, **fresh)
    assert code == 0, said
    with psycopg.connect(fresh["ZHIKE_DATABASE"]) as copy:
        assert copy.execute("SELECT count(*) FROM zhike_before_restore.secure_staff").fetchone() == (1,)
    code, said = zhike("backup", home=new, **fresh)
    assert code == 0, said
    code, said = zhike("restore", "--drill", home=new, **fresh)  # what was set aside is in no backup
    assert code == 0, said


def test_a_keyring_older_than_the_data_is_refused_before_anything_is_written(
    sealed_rows: list[int],  # noqa: F811
    fresh: dict[str, str],
    tmp_path: Path,
) -> None:
    RecordKey.objects.filter(record_id=529).delete()
    keys = keyring_copies.make(by=LOCAL_OPERATOR, to=[tmp_path / "usb"], passphrase=PASSPHRASE)[0]
    key = vault.ensure_keys([529])[529]
    with connection.cursor() as cursor:
        blob = vault.seal(key, vault.SealContext("sealed_things.sealed", 529, 529), {"phone": "1"})
        cursor.execute("UPDATE sealed_things SET sealed = %s WHERE id = 529", [blob])
        cursor.execute("CREATE TABLE protect_probe AS SELECT 1 AS x")
        cursor.execute("DROP TABLE protect_probe")
    canary = vault.ensure_keys([-1])
    assert canary
    data = backups.make(by=LOCAL_OPERATOR, to=tmp_path / "usb")
    new = tmp_path / "new"
    zhike("restore", "--keyring", keys.file, "--passphrase-stdin", home=new, stdin=PASSPHRASE, **fresh)
    load_keyring(new / "keyring.dump", fresh["ZHIKE_KEYRING"])
    code, said = zhike("restore", data.file, home=new, **fresh)
    assert code == 1 and ("keyring_old" in said or "canary_silent" in said), said
    with psycopg.connect(fresh["ZHIKE_DATABASE"]) as copy:
        row = copy.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert row == (0,)
