"""PostgreSQL turned back to a moment by its own archive; the keyring stays, and what was erased since stays erased."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgresql import programs, unprivileged_user
from tests.protect.test_backup import _clean, _drop, sealed_rows  # noqa: F401  (fixtures)
from tests.protect.test_restore_on_postgresql import zhike
from zhike.kit.home import home as data_home
from zhike.protect import canaries, restores
from zhike.protect.faults import BackupFault
from zhike.secure import actions, sealing_audit
from zhike.secure.audit_trail import verify
from zhike.secure.models import AuditSeal, RecordKey
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keyring"])


@pytest.mark.both_databases
def test_a_keyring_that_went_back_with_the_data_is_refused(sealed_rows: list[int]) -> None:  # noqa: F811
    canaries.renew()
    (data_home() / "keys").mkdir(exist_ok=True)
    fits = restores.turned_back(data_home())
    assert fits["opened"] == 31 and fits["erased"] == 0
    RecordKey.objects.filter(record_id=sealed_rows[-1]).delete()
    with pytest.raises(BackupFault, match="keyring_old"):
        restores.turned_back(data_home())


@pytest.mark.both_databases
def test_anchors_of_the_time_that_was_turned_back_are_kept_aside(db: None) -> None:
    actions.record_audit("backup.made", by=LOCAL_OPERATOR)
    sealing_audit.seal_pending()
    sealing_audit.write_anchor()
    assert actions.set_anchors_aside() == ""
    folder = data_home() / "audit-anchors"
    file = next(folder.glob("*.jsonl"))
    file.write_text(file.read_text().replace('"seq": 1', '"seq": 9').replace('"seq":1', '"seq":9'))
    assert verify() != []
    aside = actions.set_anchors_aside()
    try:
        assert (data_home() / aside / file.name).exists() and verify() == []
    finally:
        shutil.rmtree(data_home() / aside)
    assert AuditSeal.objects.count() >= 1


class Cluster:
    """A PostgreSQL cluster with an archive, in a folder of its own; commands run as the server's user."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.user = folder, unprivileged_user()
        self.address = f"postgresql://postgres@/zhike?host={folder}"

    def run(self, program: str, *words: str) -> None:
        command = [str((programs() / "initdb").resolve().parent / program), *words]
        done = subprocess.run(command, user=self.user, cwd=self.folder, capture_output=True, text=True, check=False)
        logs = "".join(log.read_text()[-2000:] for log in self.folder.glob("*.log")) if done.returncode else ""
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}{logs}"

    def start(self, data: str, *, archives: bool = True) -> None:
        keep = f"test ! -f {self.folder}/archive/%f && cp %p {self.folder}/archive/%f"
        options = f"-k {self.folder} -c listen_addresses=''"
        if archives:
            options += f" -c archive_mode=on -c archive_command='{keep}'"
        self.run("pg_ctl", "-D", data, "-o", options, "-l", f"{data}.log", "-w", "start")

    def ask(self, sql: str) -> Any:
        with psycopg.connect(self.address.replace("/zhike?", "/postgres?"), autocommit=True) as server:
            return server.execute(sql).fetchone()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="zhike-pitr-", dir="/tmp"))
    if user := unprivileged_user():
        shutil.chown(folder, user)
    made = Cluster(folder)
    for name in ("archive", "base"):
        (folder / name).mkdir(mode=0o700)
        if user:
            shutil.chown(folder / name, user)
    made.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
    made.start("data")
    yield made
    for data in ("data", "base"):
        subprocess.run(
            [str(programs() / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            user=made.user, cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_the_data_goes_back_to_a_moment_and_the_erased_stay_erased(cluster: Cluster, tmp_path: Path) -> None:
    cluster.ask("SELECT 1")
    with psycopg.connect(cluster.address.replace("/zhike?", "/postgres?"), autocommit=True) as server:
        server.execute("CREATE DATABASE zhike")
    where = {"ZHIKE_DATABASE": cluster.address, "ZHIKE_KEYRING": f"sqlite:///{tmp_path}/keyring.sqlite3"}
    home = tmp_path / "home"

    def told(*words: str, stdin: str = "") -> str:
        code, said = zhike(*words, home=home, stdin=stdin, **where)
        assert code == 0, said
        return said

    told("init", "--email", "boss@zhike.example", "--shop", "小店", "--password-stdin", stdin="guests-come-back-soon\n")
    table = tmp_path / "people.csv"
    table.write_text("会员编号,姓名,手机\n1,赵一,13812340001\n2,钱二,13812340002\n", encoding="utf-8")
    mapping = tmp_path / "people.yaml"
    mapping.write_text(
        "kind: customers\nplatform: own\ncustomer:\n  keys: [{platform_id: 会员编号}]\n  fields: {name: 姓名, phone: 手机}\n"
    )
    told("import", "customers", str(table), "--mapping", str(mapping), "--source", "own", "--legal-basis", "contract")
    cluster.run("pg_basebackup", "-h", str(cluster.folder), "-U", "postgres", "-D", "base", "-X", "none", "-c", "fast")
    time.sleep(1.1)  # the archive tells moments apart by the second
    moment = str(cluster.ask("SELECT now()::text")[0])
    time.sleep(1.1)
    table.write_text(
        "会员编号,姓名,手机\n1,误改,13812340001\n2,误改,13812340002\n3,误加,13812340003\n", encoding="utf-8"
    )
    told("import", "customers", str(table), "--mapping", str(mapping), "--source", "own", "--legal-basis", "contract")
    erase = "import django; django.setup(); from zhike.secure import subjects; subjects.bury('customer', 2, 'asked')"
    settings = {"ZHIKE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhike.config.settings"}
    subprocess.run([sys.executable, "-c", erase], check=True, env={**os.environ, **settings, **where})
    told("audit", "verify")
    cluster.ask("SELECT pg_switch_wal()")
    cluster.run("pg_ctl", "-D", "data", "-m", "fast", "stop")

    base = cluster.folder / "base"
    with (base / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"restore_command = 'cp {cluster.folder}/archive/%f %p'\nrecovery_target_time = '{moment}'\n"
            "recovery_target_action = 'promote'\n"
        )
    (base / "recovery.signal").touch()
    if cluster.user:
        shutil.chown(base / "recovery.signal", cluster.user)
    cluster.start("base", archives=False)
    while cluster.ask("SELECT pg_is_in_recovery()") == (True,):
        time.sleep(0.2)

    assert json.loads(told("restore", "--turned-back"))["tombstones"] == 1
    with psycopg.connect(cluster.address) as copy:
        names = [n for (n,) in copy.execute("SELECT name FROM customers_customercard ORDER BY customer_id").fetchall()]
        restored = copy.execute("SELECT count(*) FROM secure_auditevent WHERE action = 'restored'").fetchone()
    assert [name for name in names if name] == ["赵一"] and restored == (
        1,
    )  # what came by mistake is gone, and so is who was erased meanwhile
    told("audit", "verify")
