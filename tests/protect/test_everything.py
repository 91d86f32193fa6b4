"""Everything out in an open format and in again: the same meaning, on another machine, on either database."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.cast import hire
from tests.conftest import ON_POSTGRESQL
from tests.desk.ground import lay_ground
from zhike.customers import actions as customers
from zhike.customers.actions.attachments import attach
from zhike.customers.actions.contacts import Contact
from zhike.customers.models import CustomerCard, SourceRecord
from zhike.desk.demo.filling import fill
from zhike.kit import clock
from zhike.protect.everything import exporting, tables
from zhike.protect.faults import BackupFault
from zhike.secure import subjects
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop.models import Order

pytestmark = pytest.mark.django_db(transaction=True)
both_databases = pytest.mark.both_databases
PASSPHRASE = "nine lanterns over one door"
SCAN = b"%PDF-1.4 the scan of an agreement"
GROWN = {"secure_auditevent", "secure_auditseal"}  # what is done with an export is audited, too


@pytest.fixture
def shop() -> int:
    """A demo shop with staff, tags, notes with cuttings, an attachment and somebody who was erased. Gives a customer."""
    lay_ground()
    hire("owner")
    hire("agent", name="小林")
    fill(60, 7, by=LOCAL_OPERATOR)
    first, second, *_ = CustomerCard.objects.order_by("-order_count").values_list("customer_id", flat=True)
    attach(first, "contract", "合同 13912345678.pdf", SCAN, by=LOCAL_OPERATOR)
    customers.add_tag([first], "老朋友", by=LOCAL_OPERATOR)
    told = Contact(at=clock.now(), way="call", outcome="done", note="请打 13987654321")
    customers.record_contact(first, told, by=LOCAL_OPERATOR)
    with transaction.atomic():
        subjects.bury("customer", second, "asked")
    third, fourth = (
        CustomerCard.objects.filter(kind="person", archived_at=None).order_by("pk").values_list("pk", flat=True)[:2]
    )
    customers.merge_customers(absorbed_id=third, survivor_id=fourth, why="by_hand", by=LOCAL_OPERATOR)
    return int(first)


@pytest.fixture
def another_server() -> Iterator[dict[str, str]]:
    """The addresses of databases for a new installation: on PostgreSQL where the tests run there, else files."""
    if not ON_POSTGRESQL:
        yield {"ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
        return
    from tests.postgresql import server_address

    names = {"ZHIKE_DATABASE": "zhike_moved", "ZHIKE_KEYRING": "zhike_moved_keyring"}
    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        for name in names.values():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        yield {variable: server_address(name) for variable, name in names.items()}
        for name in names.values():
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def export(folder: Path, **how: Any) -> dict[str, Any]:
    wanted = {"by": LOCAL_OPERATOR, "reason": "Umzug", "plainly": True, "progress": lambda done, total: None}
    return exporting.export_everything(folder, **{**wanted, **how})


def zhike(*words: str, home: Path, stdin: str = "", **environment: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", "from zhike.cli import main; main()", *words, "--json"],
        input=stdin, capture_output=True, text=True, check=False,
        env={**os.environ, "ZHIKE_HOME": str(home), "ZHIKE_LANGUAGE": "en", **environment},
    )  # fmt: skip
    said = done.stdout.strip().splitlines()
    return done.returncode, json.loads(said[-1]) if said else {"error": done.stderr[-2000:]}


def content(folder: Path) -> dict[str, list[str]]:
    """Every table's rows as text, sorted; the two databases walk texts in different orders."""
    return {
        place.name: sorted(
            line
            for part in sorted(place.iterdir())
            for line in gzip.decompress(part.read_bytes()).decode().splitlines()
        )
        for place in (folder / "tables").iterdir()
        if place.is_dir()
    }


def assert_equal(before: Path, after: Path) -> None:
    one, other = content(before), content(after)
    assert set(one) == set(other)
    for table in one:
        if table in GROWN:
            assert set(one[table]) <= set(other[table]), table
        else:
            assert one[table] == other[table], table


@both_databases
def test_what_was_moved_into_an_empty_installation_is_equal(shop, another_server, tmp_path):
    manifest = export(tmp_path / "out")
    assert manifest["not_opened"]["damaged"] == 0
    code, told = zhike("import", "everything", str(tmp_path / "out"), home=tmp_path / "new", **another_server)
    assert code == 0, told
    assert told["tables"]["shop_order"] == Order.objects.count() and told["tables"]["secure_staff"] == 2
    code, told = zhike("audit", "verify", home=tmp_path / "new", **another_server)
    assert code == 0, told
    where = ("--out", str(tmp_path / "again"), "--reason", "comparison", "--plainly")
    code, told = zhike("export", "everything", *where, home=tmp_path / "new", **another_server)
    assert code == 0, told
    assert_equal(tmp_path / "out", tmp_path / "again")
    [attached] = (tmp_path / "again" / "files" / "customers_attachment").iterdir()
    assert attached.read_bytes() == SCAN


@both_databases
def test_it_moves_from_either_database_to_a_sqlite_file(shop, tmp_path, home, blank):
    export(tmp_path / "out")
    blank(tmp_path / "new")
    files = {"ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
    code, told = zhike("import", "everything", str(tmp_path / "out"), home=tmp_path / "new", **files)
    assert code == 0, told
    card = CustomerCard.objects.get(customer_id=shop)
    said = zhike("why", card.number, "phone", home=home)
    assert said[0] == 0 and len(said[1]["statements"]) >= 1
    assert zhike("why", card.number, "phone", home=tmp_path / "new", **files) == said
    where = ("--out", str(tmp_path / "again"), "--reason", "comparison", "--plainly")
    assert zhike("export", "everything", *where, home=tmp_path / "new", **files)[0] == 0
    assert_equal(tmp_path / "out", tmp_path / "again")


@both_databases
def test_personal_values_lie_in_the_open_format_in_the_clear_and_the_erased_are_gone(shop, tmp_path):
    manifest = export(tmp_path / "out")
    rows = content(tmp_path / "out")
    versions = [json.loads(line) for line in rows["customers_sourceversion"]]
    assert sum("phone" in row["sealed"] for row in versions if isinstance(row["sealed"], dict)) > 20
    assert any("13987654321" in line for line in rows["customers_contactrecord"])
    assert len(rows["keyring_tombstone"]) == 1 and len(rows["keyring_record_key"]) >= 1
    assert SourceRecord.objects.filter(erased_at__isnull=False).count() >= 1
    staff = [json.loads(line) for line in rows["secure_staff"]]
    assert staff and not any("password" in row for row in staff)
    assert manifest["reason"] == "Umzug" and manifest["audit_head"]["mac"] in "".join(rows["secure_auditseal"])
    event = AuditEvent.objects.filter(action="everything.exported").get()
    assert event.detail["reason_length"] == 5 and "Umzug" not in json.dumps(event.detail)
    assert AuditEvent.objects.filter(action="open.batch", purpose="everything").count() >= 3


def test_under_a_passphrase_nothing_can_be_read_without_it(shop, tmp_path, blank):
    folder = tmp_path / "out"
    blank(tmp_path / "new")
    export(folder, plainly=False, passphrase=PASSPHRASE)
    files = [f for f in folder.rglob("*") if f.is_file()]
    assert all(f.suffix == ".age" or f.name == "README.txt" for f in files)
    assert all(f.stat().st_mode & 0o077 == 0 for f in files)
    everything = b"".join(f.read_bytes() for f in files)
    assert "小店".encode() not in everything and b"customers_customer" not in (folder / "key.age").read_bytes()
    code, told = zhike(
        "import", "everything", str(folder), "--passphrase-stdin", home=tmp_path / "no", stdin="wrong words entirely\n"
    )
    assert (code, told["error"]) == (1, "wrong_passphrase") and not (tmp_path / "no" / "keys" / "lookup.key").exists()
    # As whoever has no Zhike would: two steps of age, then gunzip.
    key = pyrage.passphrase.decrypt((folder / "key.age").read_bytes(), PASSPHRASE).decode().strip()
    identity = pyrage.x25519.Identity.from_str(key)
    part = (folder / "tables" / "customers_customer" / "00001.jsonl.gz.age").read_bytes()
    assert b'"number"' in gzip.decompress(pyrage.decrypt(part, [identity]))
    code, told = zhike(
        "import", "everything", str(folder), "--passphrase-stdin",
        home=tmp_path / "new", stdin=PASSPHRASE + "\n", ZHIKE_DATABASE="", ZHIKE_KEYRING="",
    )  # fmt: skip
    assert code == 0, told


@pytest.mark.parametrize("nth", [pytest.param(1, marks=pytest.mark.slow), 9, pytest.param(30, marks=pytest.mark.slow)])
def test_a_killed_import_goes_on_when_it_is_called_again(shop, tmp_path, nth, blank):
    export(tmp_path / "out")
    blank(tmp_path / "new")
    files = {"ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
    words = ("import", "everything", str(tmp_path / "out"))
    code, _ = zhike(*words, home=tmp_path / "new", ZHIKE_FAILPOINT=f"everything.after_part_in:{nth}", **files)
    assert code == -9
    code, told = zhike(*words, home=tmp_path / "new", **files)
    assert code == 0, told
    where = ("--out", str(tmp_path / "again"), "--reason", "comparison", "--plainly")
    assert zhike("export", "everything", *where, home=tmp_path / "new", **files)[0] == 0
    assert_equal(tmp_path / "out", tmp_path / "again")


@both_databases
@pytest.mark.long_on_postgresql
def test_a_killed_export_starts_anew_in_the_same_folder_and_a_finished_one_is_never_overwritten(shop, tmp_path, home):
    words = ("export", "everything", "--out", str(tmp_path / "out"), "--reason", "Umzug", "--plainly")
    code, _ = zhike(*words, home=home, ZHIKE_FAILPOINT="everything.after_part_out:4")
    assert code == -9 and not (tmp_path / "out" / "manifest.json").exists()
    code, told = zhike(
        "import", "everything", str(tmp_path / "out"), home=tmp_path / "new", stdin="", ZHIKE_DATABASE=""
    )
    assert told["error"] in ("no_export", "no_passphrase")
    assert zhike(*words, home=home)[0] == 0
    assert content(tmp_path / "out")["shop_order"]
    code, told = zhike(*words, home=home)
    assert (code, told["error"]) == (4, "folder_in_use")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("not yours")
    with pytest.raises(BackupFault, match="folder_in_use"):
        export(tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_changed_or_missing_part_is_refused(shop, tmp_path, blank):
    export(tmp_path / "out")
    blank(tmp_path / "new")
    part = tmp_path / "out" / "tables" / "customers_customer" / "00001.jsonl.gz"
    part.write_bytes(gzip.compress(gzip.decompress(part.read_bytes()).replace(b'"person"', b'"parson"', 1)))
    files = {"ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
    code, told = zhike("import", "everything", str(tmp_path / "out"), home=tmp_path / "new", **files)
    assert (code, told["error"]) == (1, "export_damaged")


@both_databases
@pytest.mark.long_on_postgresql
def test_a_used_installation_takes_nothing_in_and_an_export_of_another_version_is_refused(shop, tmp_path, home, blank):
    export(tmp_path / "out")
    blank(tmp_path / "new")
    code, told = zhike("import", "everything", str(tmp_path / "out"), home=home)
    assert (code, told["error"]) == (4, "not_empty")
    file = tmp_path / "out" / "manifest.json"
    manifest = json.loads(file.read_bytes())
    file.write_text(json.dumps({**manifest, "schema": {**manifest["schema"], "shop": "0000_long_ago"}}))
    files = {"ZHIKE_DATABASE": "", "ZHIKE_KEYRING": ""}
    code, told = zhike("import", "everything", str(tmp_path / "out"), home=tmp_path / "new", **files)
    assert (code, told["error"]) == (1, "export_other") and "0000_long_ago" in told["message"]


@both_databases
@pytest.mark.long_on_postgresql
def test_it_needs_its_permission_and_a_reason(shop, tmp_path, viewer_for):
    with pytest.raises(Forbidden):
        exporting.export_everything(
            tmp_path / "out", by=viewer_for(hire("agent")), reason="x", plainly=True, progress=lambda done, total: None
        )
    with pytest.raises(BackupFault, match="reason_missing"):
        export(tmp_path / "out", reason="  ")
    with pytest.raises(BackupFault, match="no_passphrase"):
        export(tmp_path / "out", plainly=False, passphrase="short")


def test_every_table_of_the_product_travels_or_is_said_to_stay_and_why():
    all_tables = {
        model._meta.db_table
        for app in apps.get_app_configs()
        if app.name.startswith("zhike.")
        for model in app.get_models(include_auto_created=True)
    }
    moved = {table.name for table in tables.travelling()}
    assert moved | set(tables.STAYS) == all_tables and not moved & set(tables.STAYS)
    assert set(tables.STAYS.values()) | set(tables.COLUMNS_STAY.values()) <= {"machine", "credential", "file", "key"}
    seals = {(c.table, c.column) for c in subjects.sealed_columns() if c.table != "protect_canary"}
    opened = {(t.name, c.name) for t in tables.travelling() for c in t.columns if c.kind == "sealed"}
    assert seals == opened, "a column of seals that is not opened would travel as bytes nobody can read"
    digests = {(t.name, c.name) for t in tables.travelling() for c in t.columns if c.kind == "bytes"}
    assert {name for _, name in digests} == {"digest", "address_digest"}, "only digests travel as bytes"
    assert connection.vendor in ("sqlite", "postgresql")
