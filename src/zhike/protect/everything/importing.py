"""Everything in again: into an installation that holds nothing yet, part by part, each part in a transaction of its own.

Interrupted, it goes on when called again with the same folder: a row that is there already is passed over. Sealed values
are sealed anew under keys of this installation; only the keys of digests and of the audit are taken over, so that both
still hold.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.color import no_style
from django.db import connections, transaction

from zhike.kit import bulk, chance, changes, failpoints, ids
from zhike.kit.home import home
from zhike.protect.everything import FORMAT, FORMAT_VERSION, cells
from zhike.protect.everything.exporting import Progress, schema
from zhike.protect.everything.packing import MANIFEST, Pack, opened_pack, write_private
from zhike.protect.everything.tables import Table, travelling
from zhike.protect.faults import BackupFault
from zhike.secure import actions, subjects, vault
from zhike.secure.records import Viewer
from zhike.secure.vault import roots

failpoints.declare("everything.after_part_in")

# Nobody is at home where these are empty.
_TELLING = ("secure_staff", "secure_auditevent", "customers_customer", "shop_order", "collect_importrun")
_GROWING = (
    "secure_auditevent",
    "secure_auditseal",
)  # nothing is ever deleted from these, and nothing is there to delete
_DESTROYED = b""


def read_manifest(folder: Path, passphrase: str) -> tuple[Pack, dict[str, Any]]:
    """The opened pack and its manifest. Raises BackupFault: no_export, wrong_passphrase, export_damaged, export_other."""
    pack = opened_pack(folder, passphrase)
    manifest: dict[str, Any] = orjson.loads(pack.get(MANIFEST))
    if (manifest.get("format"), manifest.get("format_version")) != (FORMAT, FORMAT_VERSION):
        raise BackupFault("export_other", difference=f"{manifest.get('format')} {manifest.get('format_version')}")
    return pack, manifest


def take_keys(manifest: dict[str, Any]) -> None:
    """Give this installation its keys; call before its databases are made."""
    try:
        roots.take_over(*(bytes.fromhex(manifest["keys"][name]) for name in ("lookup", "audit")))
    except FileExistsError:
        raise BackupFault("not_empty") from None
    vault.setup()


def is_under_way() -> bool:
    """Whether an import was interrupted here. Its databases are made; migrating again would put back what was cleared."""
    return _marker().exists()


def import_everything(pack: Pack, manifest: dict[str, Any], *, by: Viewer, progress: Progress) -> dict[str, Any]:
    """Load everything into migrated databases; {table: rows}. Raises BackupFault: not_empty, export_other, export_damaged."""
    ours = schema()
    if manifest["schema"] != ours:
        other = sorted(f"{app} {name}" for app, name in manifest["schema"].items() if ours.get(app) != name)
        raise BackupFault("export_other", difference=", ".join(other))
    marker = _marker()
    _begin(marker, hashlib.sha256(orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS)).hexdigest())
    loader = _Loader(pack, manifest, progress)
    for table in travelling():
        loader.table(table)
    loader.files()
    _set_sequences()
    ids.forget_blocks()
    counted = {table.name: _count(table) for table in travelling()}
    wanted = {told["table"]: told["rows"] for told in manifest["tables"]}
    if counted != wanted:
        wrong = next(name for name in wanted if counted.get(name) != wanted[name])
        raise BackupFault("digest_differs", table=wrong, file=pack.folder.name)
    with transaction.atomic():
        detail = {"tables": len(counted), "rows": sum(counted.values())}
        actions.record_audit("everything.imported", by=by, detail=detail)
    marker.unlink()
    return counted


def _marker() -> Path:
    return home() / "everything-import.json"


def _begin(marker: Path, export: str) -> None:
    """Refuse a used installation, unless it is this very import that was interrupted; clear what a new one is born with."""
    stage = orjson.loads(marker.read_bytes()) if marker.exists() else {}
    if stage.get("export", export) != export:
        raise BackupFault("not_empty")
    if stage.get("cleared"):
        return
    if any(_has_rows(name) for name in _TELLING):
        raise BackupFault("not_empty")
    write_private(marker, orjson.dumps({"export": export, "cleared": False}))
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for table in reversed(travelling()):
            if table.alias == "default" and table.name not in _GROWING:
                cursor.execute(f'DELETE FROM "{table.name}"')
    write_private(marker, orjson.dumps({"export": export, "cleared": True}))


def _has_rows(table: str) -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        return cursor.fetchone() is not None


def _count(table: Table) -> int:
    where = f" WHERE {table.where}" if table.where else ""
    with connections[table.alias].cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table.name}"{where}')
        return int(cursor.fetchone()[0])


def _set_sequences() -> None:
    """Let PostgreSQL's own counters go on behind what was loaded; SQLite sees it by itself."""
    for alias in ("default", "keyring"):
        models = [table.model for table in travelling() if table.alias == alias]
        with connections[alias].cursor() as cursor:
            for statement in connections[alias].ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


class _Loader:
    """Reads parts and writes them."""

    def __init__(self, pack: Pack, manifest: dict[str, Any], progress: Progress) -> None:
        self.pack, self.progress = pack, progress
        self.told = {told["table"]: told for told in manifest["tables"]}
        self.list_of_files = manifest["files"]
        self.made_at = manifest["made_at"]
        self.done, self.total = 0, sum(told["rows"] for told in manifest["tables"])

    def table(self, table: Table) -> None:
        """All parts of a table, each in one transaction."""
        told = self.told[table.name]
        if told["columns"] != {column.name: column.kind for column in table.columns}:
            raise BackupFault("export_other", difference=table.name)
        for number, part in enumerate(told["parts"], start=1):
            content = self.pack.get(f"tables/{table.name}/{number:05}.jsonl.gz", part["sha256"])
            rows = [orjson.loads(line) for line in content.splitlines()]
            self._write(table, rows)
            failpoints.hit("everything.after_part_in")
            self.done += len(rows)
            self.progress(self.done, self.total)

    def _write(self, table: Table, rows: list[dict[str, Any]]) -> None:
        vendor = connections[table.alias].vendor
        if table.sealed is not None:
            self._seal(table, rows)  # the keyring commits first, outside of the transaction below
        turns = [(c.name, turn) for c in table.columns if (turn := cells.laid(c.kind, vendor))]
        for row in rows:
            for name, turn in turns:
                if row[name] is not None:
                    row[name] = turn(row[name])
        with transaction.atomic(using=table.alias):
            added = self._added(table)
            columns = [column.name for column in table.columns] + list(added)
            ready: Iterator[list[Any]] = (
                [row[c.name] for c in table.columns] + [make() for make in added.values()] for row in rows
            )
            bulk.insert_many(table.name, columns, ready, on_conflict="ignore", using=table.alias)

    def _added(self, table: Table) -> dict[str, Any]:
        """Columns that did not travel and may not be empty: made here."""
        added: dict[str, Any] = {}
        if "change_seq" in table.staying:
            seq = changes.next_seq()
            added["change_seq"] = lambda: seq
        if "password" in table.staying:
            added["password"] = lambda: f"!{chance.token(30)}"  # matches nothing: staff get a link
        if "wrapped" in table.staying:
            version = roots.current_kek_version()
            added |= {"wrapped": lambda: _DESTROYED, "kek_version": lambda: version}
        return added

    def _seal(self, table: Table, rows: list[dict[str, Any]]) -> None:
        """Seal what the file holds in the clear under this installation's keys; what was gone stays gone."""
        column = table.sealed
        assert column is not None
        name = column.column
        keys = vault.ensure_keys(row[column.record_column] for row in rows if isinstance(row[name], dict))
        for row in rows:
            value = row[name]
            if isinstance(value, dict):
                record_id = row[column.record_column]
                place = vault.SealContext(column.context, row[column.row_column], record_id)
                row[name] = vault.seal(keys[record_id], place, value)
            elif value is not None:
                row[name] = _DESTROYED

    def files(self) -> None:
        """The files sealed under records, sealed anew and laid where they belong."""
        kinds = {kind.table: kind for kind in subjects.sealed_files()}
        for line in self.pack.get("tables/files.jsonl.gz", self.list_of_files["sha256"]).splitlines():
            told = orjson.loads(line)
            content = self.pack.get(f"files/{told['table']}/{told['name']}", told["sha256"])
            place = kinds[told["table"]].place(told["name"])
            if not place.exists():
                with vault.record_file_writer(told["record_id"], place) as stream:
                    stream.write(content)
