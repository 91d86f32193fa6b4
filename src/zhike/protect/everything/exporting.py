"""Everything out: each table read in the order of its key inside one read transaction, a page at a time.

Memory holds one part of a table, whatever the table's size. The manifest is written last: a folder without one is an
export that was interrupted, and the next one into it starts anew.
"""

import importlib.metadata
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from zhike.kit import clock, failpoints
from zhike.kit.installation import installation
from zhike.kit.models import Job
from zhike.protect.everything import FORMAT, FORMAT_VERSION, PAGE_ROWS, PART_BYTES, PART_ROWS, cells
from zhike.protect.everything.packing import KEY, MANIFEST, Pack, sealed_pack, write_private
from zhike.protect.everything.tables import Table, travelling
from zhike.protect.faults import BackupFault
from zhike.secure import actions, subjects
from zhike.secure.opened import Opened
from zhike.secure.permissions import check
from zhike.secure.records import SealedRef, Viewer
from zhike.secure.vault import record_file_reader, roots

failpoints.declare("everything.after_part_out")

PERMISSION = "everything.export"
README = Path(__file__).parent / "README.txt"
_OWN = {"README.txt", KEY, MANIFEST, f"{MANIFEST}.age", "tables", "files"}

# A reader goes through every page once: a large cache and a mapped file would only swell the process.
_READING = "PRAGMA query_only=ON; PRAGMA cache_size=-8192; PRAGMA mmap_size=0"

Progress = Callable[[int, int | None], None]


def export_everything(
    folder: Path, *, by: Viewer, reason: str, passphrase: str = "", plainly: bool = False, progress: Progress
) -> dict[str, Any]:
    """Write everything into a folder, under a passphrase or (`plainly`) open; the manifest.

    Raises Forbidden, and BackupFault: reason_missing, folder_in_use, import_running, no_passphrase.
    """
    check(by, PERMISSION)
    if not reason.strip():
        raise BackupFault("reason_missing")
    if Job.objects.filter(lane="import", state=Job.RUNNING).exists():
        raise BackupFault("import_running")
    _make_room(folder)
    pack = Pack(folder) if plainly else sealed_pack(folder, passphrase)
    detail = {"sealed": not plainly, "reason_length": len(reason.strip())}
    actions.record_audit("everything.exported", by=by, detail=detail)
    manifest = _head(reason.strip(), by)
    with _one_moment("default") as data, _one_moment("keyring") as keyring:
        writer = _Writer(pack, {"default": data, "keyring": keyring}, by, progress)
        manifest["tables"] = [writer.table(table) for table in travelling()]
        manifest["files"] = writer.files()
        manifest["not_opened"] = writer.closed
    manifest["keys"] = {"lookup": roots.lookup_key().hex(), "audit": roots.audit_key().hex()}
    write_private(folder / "README.txt", README.read_bytes())
    pack.put(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _make_room(folder: Path) -> None:
    """Take away what an interrupted export left; refuse a finished one, and anything that is not ours."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = {entry.name for entry in folder.iterdir()}
    if not there <= _OWN | {f"{name}.part" for name in _OWN} or {MANIFEST, f"{MANIFEST}.age"} & there:
        raise BackupFault("folder_in_use", folder=str(folder))
    for name in there:
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _head(reason: str, by: Viewer) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "program_version": importlib.metadata.version("zhike"),
        "schema": schema(),
        "database": connections["default"].vendor,
        "shop": installation().name,
        "made_at": clock.now().isoformat(),
        "made_by": by.label,
        "reason": reason,
        "audit_head": actions.seal_audit(),
    }


def schema() -> dict[str, str]:
    """{module: its last migration}: an import wants the same."""
    applied = MigrationRecorder(connections["default"]).applied_migrations()
    own = {table.model._meta.app_label for table in travelling()}
    return {app: max(name for label, name in applied if label == app) for app in sorted(own)}


@contextmanager
def _one_moment(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees the database as it is now, and takes no lock from anybody who writes."""
    reader = connections[alias].copy(alias)
    if reader.vendor == "sqlite":
        # Cells as they lie: turning text into moments and back would take half the time.
        plain = {"transaction_mode": "DEFERRED", "detect_types": 0, "init_command": _READING}
        reader.settings_dict["OPTIONS"] = {**reader.settings_dict["OPTIONS"], **plain}
    begin = "BEGIN" if reader.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    try:
        with reader.cursor() as cursor:
            cursor.execute(begin)
            cursor.execute("SELECT count(*) FROM django_migrations")  # the moment is that of the first question
        yield reader
    finally:
        reader.close()


class _Writer:
    """Writes tables, part by part."""

    def __init__(self, pack: Pack, readers: dict[str, BaseDatabaseWrapper], by: Viewer, progress: Progress) -> None:
        self.pack, self.readers, self.by, self.progress = pack, readers, by, progress
        self.closed = {"erased": 0, "damaged": 0}
        self.done = 0
        self.total = sum(self._count(table) for table in travelling())

    def _count(self, table: Table) -> int:
        where = f" WHERE {table.where}" if table.where else ""
        with self.readers[table.alias].cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table.name}"{where}')
            return int(cursor.fetchone()[0])

    def table(self, table: Table) -> dict[str, Any]:
        """One table into its parts; what the manifest says of it."""
        parts: list[dict[str, object]] = []
        lines: list[bytes] = []
        rows = 0
        for page in self._pages(table):
            lines += self._lines(table, page)
            rows += len(page)
            self.done += len(page)
            self.progress(self.done, self.total)
            if len(lines) >= PART_ROWS or sum(map(len, lines)) >= PART_BYTES:
                parts.append(self._part(table.name, len(parts) + 1, lines))
                lines = []
        if lines:
            parts.append(self._part(table.name, len(parts) + 1, lines))
        columns = {column.name: column.kind for column in table.columns}
        return {"table": table.name, "rows": rows, "key": list(table.key), "columns": columns, "parts": parts}

    def _part(self, table: str, number: int, lines: list[bytes]) -> dict[str, object]:
        told = self.pack.put(f"tables/{table}/{number:05}.jsonl.gz", b"\n".join([*lines, b""]))
        failpoints.hit("everything.after_part_out")
        return {**told, "rows": len(lines)}

    def _pages(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        key = ", ".join(f'"{name}"' for name in table.key)
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        beyond = f"({key}) > ({', '.join(['%s'] * len(table.key))})"
        at = [[c.name for c in table.columns].index(name) for name in table.key]
        last: tuple[Any, ...] = ()
        while True:
            where = " AND ".join(part for part in (table.where, beyond if last else "") if part)
            with self.readers[table.alias].cursor() as cursor:
                cursor.execute(
                    f'SELECT {columns} FROM "{table.name}"{" WHERE " + where if where else ""} '
                    f"ORDER BY {key} LIMIT {PAGE_ROWS}",
                    last,
                )
                page = cursor.fetchall()
            if page:
                yield page
            if len(page) < PAGE_ROWS:
                return
            last = tuple(page[-1][i] for i in at)

    def _lines(self, table: Table, page: list[tuple[Any, ...]]) -> list[bytes]:
        names = [column.name for column in table.columns]
        vendor = self.readers[table.alias].vendor
        turns = [(i, turn) for i, c in enumerate(table.columns) if (turn := cells.told(c.kind, vendor))]
        rows = [list(row) for row in page]
        if table.sealed is not None:
            self._open(table, rows, names)
        for row in rows:
            for i, turn in turns:
                if row[i] is not None:
                    row[i] = turn(row[i])
        return [orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_SORT_KEYS) for row in rows]

    def _open(self, table: Table, rows: list[list[Any]], names: list[str]) -> None:
        """Put what the seals hold in their place, or the word why a seal does not open."""
        column = table.sealed
        assert column is not None
        at, row_at, record_at = (names.index(n) for n in (column.column, column.row_column, column.record_column))
        sealed = [row for row in rows if row[at] is not None]
        refs = [SealedRef(column.context, row[row_at], row[record_at], bytes(row[at])) for row in sealed]
        for row, found in zip(sealed, actions.open_whole(refs, by=self.by), strict=True):
            if isinstance(found, Opened):
                row[at] = orjson.Fragment(found.plain())
            else:
                row[at] = found
                self.closed[found] += 1

    def files(self) -> dict[str, Any]:
        """The files sealed under records, and the list of them."""
        lines = []
        for kind in subjects.sealed_files():
            with self.readers["default"].cursor() as cursor:
                cursor.execute(f'SELECT "{kind.name_column}", "{kind.record_column}" FROM "{kind.table}" ORDER BY 1')
                named = [(name, record) for name, record in cursor.fetchall() if kind.place(name).exists()]
            actions.record_audit("open.batch", by=self.by, purpose="everything", detail={"files": len(named)})
            for name, record_id in named:
                with record_file_reader(record_id, kind.place(name)) as stream:
                    told = self.pack.put(f"files/{kind.table}/{name}", stream.read())
                lines.append(orjson.dumps({"table": kind.table, "name": name, "record_id": record_id, **told}))
        return {
            **self.pack.put("tables/files.jsonl.gz", b"\n".join([*lines, b""] if lines else [])),
            "rows": len(lines),
        }
