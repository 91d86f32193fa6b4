"""Backups: whole under writes, silent about keys and persons, provable, and of no use without the keyring."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests import at_rest
from zhike.kit.home import home as data_home
from zhike.protect import backups, canaries, digests, drills, envelope, history, keyring_copies
from zhike.protect.faults import BackupFault
from zhike.protect.models import BackupRun
from zhike.secure import actions, vault
from zhike.secure.models import AuditEvent, RecordKey, Staff, Tally
from zhike.secure.records import LOCAL_OPERATOR
from zhike.secure.subjects import SealedColumn
from zhike.secure.vault import roots

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"]), pytest.mark.both_databases]
PHONE = "13912348765"
PASSPHRASE = "keep-this-in-the-safe"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    shutil.rmtree(data_home() / "backups", ignore_errors=True)


@pytest.fixture
def sealed_rows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Thirty sealed values in a table of the data (the counters' table serves)."""
    from zhike.secure import subjects

    ids = list(range(500, 530))
    keys = vault.ensure_keys(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS sealed_things (id bigint PRIMARY KEY, record_id bigint, sealed bytea)"
            if connection.vendor == "postgresql"
            else "CREATE TABLE IF NOT EXISTS sealed_things (id integer PRIMARY KEY, record_id integer, sealed blob)"
        )
        cursor.execute("DELETE FROM sealed_things")
        for n in ids:
            blob = vault.seal(keys[n], vault.SealContext("sealed_things.sealed", n, n), {"phone": PHONE})
            cursor.execute("INSERT INTO sealed_things VALUES (%s, %s, %s)", [n, n, blob])
    monkeypatch.setattr(
        subjects, "_columns", [SealedColumn("sealed_things", "sealed", "id", "record_id", "sealed_things.sealed")]
    )
    return ids


@pytest.fixture(autouse=True)
def _drop() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sealed_things")


def test_a_backup_is_made_proven_and_written_into_the_history(sealed_rows: list[int]) -> None:
    made = backups.make(by=LOCAL_OPERATOR)
    proof = drills.drill(by=LOCAL_OPERATOR)
    assert proof.is_ok and proof.detail["opened"] == 31 and proof.detail["missing"] == 0
    standing = history.standing()
    assert standing.last == made and not standing.is_proof_old and standing.is_keyring_old
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"backup.made", "backup.drill"}
    assert oct(Path(made.file).stat().st_mode & 0o777) == "0o600"


def test_no_value_and_no_key_can_be_read_from_a_backup_or_from_the_databases(
    sealed_rows: list[int], tmp_path: Path, home: Path
) -> None:
    made = backups.make(by=LOCAL_OPERATOR)
    envelope.read(Path(made.file), roots.backup_identity(), tmp_path / "clear")
    clear = (tmp_path / "clear").read_bytes()
    secrets = [roots.kek(v) for v in roots.kek_versions()] + [
        roots.lookup_key(),
        roots.audit_key(),
        roots.backup_identity().encode(),
    ]
    secrets += [bytes(w) for w in RecordKey.objects.values_list("wrapped", flat=True)]
    for content in (Path(made.file).read_bytes(), clear):
        assert PHONE.encode() not in content and not any(s in content for s in secrets)
    if connection.vendor == "sqlite":
        for file, lying in at_rest.contents(*home.glob("*.sqlite3*")):
            assert PHONE.encode() not in lying, file.name


def test_backups_under_constant_writes_are_whole_and_equal_their_manifest(tmp_path: Path) -> None:
    stop, written = threading.Event(), []

    def writer() -> None:
        n = 0
        while not stop.is_set():
            Tally.objects.create(pk=f"w{n}", value=[n], expires_at=None)
            n += 1
            stop.wait(0.001)  # as any two people do: SQLite gives nobody a turn who never lets go
        written.append(n)
        connections.close_all()

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        made = [backups.make(by=LOCAL_OPERATOR, to=tmp_path) for _ in range(5)]
    finally:
        stop.set()
        thread.join()
    counts = []
    for run in made:
        found = drills.prove(Path(run.file), roots.backup_identity())
        counts.append(found["rows"])
    assert counts == sorted(counts) and written[0] > 5


def test_a_backup_encrypted_for_somebody_else_opens_for_them_only(tmp_path: Path) -> None:
    import pyrage

    other = pyrage.x25519.Identity.generate()
    made = backups.make(by=LOCAL_OPERATOR, to=tmp_path, recipients=[str(other.to_public())])
    with pytest.raises(BackupFault, match="wrong_identity"):
        drills.drill(by=LOCAL_OPERATOR, file=Path(made.file))
    assert drills.prove(Path(made.file), str(other))["opened"] == 1
    with pytest.raises(BackupFault, match="bad_recipient"):
        backups.make(by=LOCAL_OPERATOR, to=tmp_path, recipients=["age1nonsense"])
    assert len([f for f in tmp_path.iterdir() if f.is_file()]) == 1  # nothing half remains


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "text"])
def test_a_damaged_backup_is_refused_and_the_failure_is_kept(damage: str) -> None:
    file = Path(backups.make(by=LOCAL_OPERATOR).file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(
        {"flip": bytes(content), "cut": bytes(content[: len(content) // 2]), "empty": b"", "text": b"hello"}[damage]
    )
    with pytest.raises(BackupFault, match="not_a_backup"):
        drills.drill(by=LOCAL_OPERATOR)
    assert history.standing().failed is not None and history.standing().is_proof_old


def test_a_backup_whose_content_or_manifest_was_exchanged_is_refused(tmp_path: Path) -> None:
    file = Path(backups.make(by=LOCAL_OPERATOR).file)
    manifest = envelope.read(file, roots.backup_identity(), tmp_path / "data")
    (tmp_path / "data").write_bytes((tmp_path / "data").read_bytes() + b" ")
    envelope.write(file, manifest, tmp_path / "data", [backups.own_recipient()])
    with pytest.raises(BackupFault, match="content_damaged"):
        drills.drill(by=LOCAL_OPERATOR)


def test_a_manifest_of_another_installation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    backups.make(by=LOCAL_OPERATOR)
    monkeypatch.setattr(roots, "audit_key", lambda: b"\0" * 32)
    with pytest.raises(BackupFault, match="manifest_forged"):
        drills.prove(backups.newest(), roots.backup_identity())


def test_an_old_keyring_is_noticed(sealed_rows: list[int]) -> None:
    backups.make(by=LOCAL_OPERATOR)
    RecordKey.objects.filter(record_id=529).delete()  # the keyring of before that record
    with pytest.raises(BackupFault, match="canary_silent"):
        drills.drill(by=LOCAL_OPERATOR)


def test_erased_records_stay_erased_in_a_backup_made_before(sealed_rows: list[int]) -> None:
    backups.make(by=LOCAL_OPERATOR)
    vault.destroy_keys([500, 501])
    detail = drills.drill(by=LOCAL_OPERATOR).detail
    assert detail["erased"] == 2 and detail["opened"] == 29


def test_nothing_changed_means_no_new_backup() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the write position of a shared PostgreSQL server moves by itself")
    backups.make_when_changed(by=LOCAL_OPERATOR)
    run = BackupRun.objects.get()
    run.detail["mark"] = backups.change_mark()
    mark = run.detail["mark"]
    assert mark == backups.change_mark()
    Tally.objects.create(pk="x", value=1)
    assert backups.change_mark() != mark


def test_the_ladder_keeps_a_day_each_and_the_last_hours() -> None:
    folder = backups.folder()
    for day in range(60):
        for hour in (1, 13):
            name = f"{backups.clock.now() - backups.dt.timedelta(days=day):%Y%m%d}T{hour:02}0000000Z{backups.SUFFIX}"
            (folder / name).write_bytes(b"x")
    removed = backups.prune()
    left = sorted(f.name[:8] for f in folder.iterdir())
    assert removed == 120 - len(left) and 30 <= len(set(left)) <= 36 and len(left) <= 24 + 35


@pytest.mark.parametrize("passphrase", ["", "short"])
def test_a_keyring_copy_needs_a_passphrase_worth_the_name(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(BackupFault, match="no_passphrase"):
        keyring_copies.make(by=LOCAL_OPERATOR, to=[tmp_path], passphrase=passphrase)


def test_a_keyring_copy_goes_to_two_places_and_comes_back_with_every_key(
    sealed_rows: list[int], tmp_path: Path
) -> None:
    places = [tmp_path / "one", tmp_path / "two"]
    runs = keyring_copies.make(by=LOCAL_OPERATOR, to=places, passphrase=PASSPHRASE)
    assert history.standing().keyring_places == 2 and not history.standing().is_keyring_old
    sealed = Path(runs[0].file).read_bytes()
    assert roots.lookup_key() not in sealed and roots.backup_identity().encode() not in sealed
    with pytest.raises(BackupFault, match="wrong_passphrase"):
        keyring_copies.unpack(Path(runs[0].file), tmp_path / "new", passphrase="not-the-passphrase")
    written = keyring_copies.unpack(Path(runs[0].file), tmp_path / "new", passphrase=PASSPHRASE)
    assert {"keys/lookup.key", "keys/audit.key", "keys/backup.key", "keys/installation.id"} < set(written)
    assert not any("session" in name for name in written)
    with pytest.raises(BackupFault, match="keys_in_use"):
        keyring_copies.unpack(Path(runs[0].file), tmp_path / "new", passphrase=PASSPHRASE)
    assert (tmp_path / "new" / "keys" / "lookup.key").read_bytes() == roots.lookup_key()
    if connection.vendor == "sqlite":
        with sqlite3.connect(tmp_path / "new" / "keyring.sqlite3") as copy:
            assert copy.execute("SELECT count(*) FROM keyring_record_key").fetchone()[0] == RecordKey.objects.count()


def zhike(*arguments: str, home: Path, stdin: str = "") -> tuple[int, dict[str, Any]]:
    environment = {**os.environ, "ZHIKE_HOME": str(home), "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", "from zhike.cli import main; main()", *arguments, "--json"],
        input=stdin, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.stdout.strip(), done.stderr
    return done.returncode, json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.skipif(
    bool(os.environ.get("ZHIKE_TEST_DATABASE")),
    reason="a new machine with files of its own; PostgreSQL is proven in test_restore_on_postgresql",
)
@pytest.mark.parametrize("place", ["in the data folder", pytest.param("on a disk of its own", marks=pytest.mark.slow)])
def test_on_a_new_machine_keyring_then_data_bring_everybody_back(
    sealed_rows: list[int], tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Staff.objects.create_user("boss@zhike.example", "guests-come-back-soon", display_name="老板")
    data = backups.make(by=LOCAL_OPERATOR, to=tmp_path / "usb")
    keys = keyring_copies.make(by=LOCAL_OPERATOR, to=[tmp_path / "usb"], passphrase=PASSPHRASE)[0]
    vault.destroy_keys([500])
    new = tmp_path / "new"
    if place == "on a disk of its own":
        monkeypatch.setenv("ZHIKE_KEYRING", f"sqlite://{tmp_path}/other-disk/keyring.sqlite3")
    code, answer = zhike("restore", data.file, "--into", str(new), home=new)
    assert (code, answer["error"]) == (1, "keyring_missing")
    code, answer = zhike(
        "restore", "--keyring", keys.file, "--passphrase-stdin", "--into", str(new), home=new, stdin=PASSPHRASE + "\n"
    )
    assert code == 0, answer
    code, answer = zhike("restore", data.file, "--into", str(new), home=new)
    assert code == 0 and answer["opened"] >= 1, answer
    assert (new / "keyring.sqlite3").exists() == (place == "in the data folder")
    with sqlite3.connect(new / "zhike.sqlite3") as copy:
        assert copy.execute("SELECT count(*) FROM sealed_things").fetchone()[0] == 30
        assert copy.execute("SELECT display_name FROM secure_staff").fetchone()[0] == "老板"
        assert copy.execute("SELECT count(*) FROM secure_auditevent WHERE action = 'restored'").fetchone()[0] == 1
    code, answer = zhike("restore", data.file, "--into", str(new), home=new)
    assert (code, answer["error"]) == (1, "home_in_use")
    code, answer = zhike("audit", "verify", home=new)
    assert code == 0, answer


def test_tombstones_are_replayed_through_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhike.secure import subjects

    erased: list[int] = []
    monkeypatch.setattr(subjects, "_erasers", {"customer": [erased.append]})
    subjects.bury("customer", 7, "asked")
    subjects.bury("customer", 7, "asked")
    assert erased == [7, 7] and subjects.replay() == 1 and erased == [7, 7, 7]


def test_digests_differ_by_one_changed_cell(tmp_path: Path) -> None:
    file = tmp_path / "x"
    with sqlite3.connect(file) as c:
        c.execute("CREATE TABLE t (a, b)")
        c.executemany("INSERT INTO t VALUES (?, ?)", [(n, str(n)) for n in range(5000)])
    before = digests.of_sqlite(file)
    with sqlite3.connect(file) as c:
        c.execute("UPDATE t SET b = 'x' WHERE a = 4999")
    after = digests.of_sqlite(file)
    assert before["t"]["rows"] == after["t"]["rows"] == 5000 and before["t"]["digest"] != after["t"]["digest"]


def test_the_canary_never_stands_for_a_value_that_did_not_open() -> None:
    counts = canaries.problems(lambda sql: [(1, -1, b"junk")] if "protect_canary" in sql else [])
    assert counts["opened"] == 0
    actions.record_audit("backup.drill", by=LOCAL_OPERATOR)
