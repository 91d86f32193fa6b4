"""The files of one lake table: Parquet parts named by a manifest that is replaced in one rename. No Django, no engine."""

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEEP_RETIRED = dt.timedelta(hours=1)  # a reader that opened the old generation may still be at work


@dataclass(slots=True)
class Manifest:
    """Which files make up a table now. `mark`: every change up to it is in; `number`: of the newest snapshot read."""

    shape: str = ""
    origin: str = ""
    mark: int = 0
    number: int = 0
    read_at: str = ""
    base: list[str] = field(default_factory=list)
    deltas: list[str] = field(default_factory=list)
    base_rows: int = 0
    delta_rows: int = 0
    retired: dict[str, str] = field(default_factory=dict)  # file name → when it was replaced


class TableFolder:
    """`lake/<table>`: its manifest and its parts."""

    def __init__(self, lake: Path, table: str) -> None:
        self.path = lake / table
        self.table = table

    def read(self) -> Manifest | None:
        """The manifest, or None when there is no complete snapshot (or its manifest is not readable: it is rebuilt)."""
        try:
            stored: dict[str, Any] = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))
            manifest = Manifest(**stored)
        except (FileNotFoundError, ValueError, TypeError):
            return None
        if not all((self.path / name).exists() for name in (*manifest.base, *manifest.deltas)):
            return None
        return manifest

    def publish(self, manifest: Manifest) -> None:
        """Make these files the table, in one rename; a reader sees the old set or the new one."""
        draft = self.path / "manifest.json.new"
        with draft.open("w", encoding="utf-8") as out:
            json.dump({name: getattr(manifest, name) for name in Manifest.__slots__}, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.path / "manifest.json")

    def paths(self, names: list[str]) -> list[str]:
        """Absolute paths of parts."""
        return [str(self.path / name) for name in names]

    def sweep(self, manifest: Manifest, now: dt.datetime) -> int:
        """Delete parts replaced more than an hour ago, and parts of snapshots that died; returns how many files went."""
        wanted = {*manifest.base, *manifest.deltas, "manifest.json"}
        for name, when in list(manifest.retired.items()):
            if now - dt.datetime.fromisoformat(when) < KEEP_RETIRED:
                wanted.add(name)
            else:
                del manifest.retired[name]
        gone = 0
        for part in self.path.iterdir():
            if part.name in wanted or part.name.endswith(".new"):
                continue
            # An orphan is younger than its snapshot's crash: leave an hour too, in case another process writes it.
            if now.timestamp() - part.stat().st_mtime >= KEEP_RETIRED.total_seconds():
                part.unlink()
                gone += 1
        return gone


def digest(shape: str) -> str:
    """A short name of a table's shape, kept in its manifest."""
    return hashlib.sha256(shape.encode()).hexdigest()[:16]


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def file_list(paths: list[str]) -> str:
    """`read_parquet([...])` of parts of equal shape."""
    return f"read_parquet([{', '.join(quoted(p) for p in paths)}])"


def newest_rows(folder: TableFolder, manifest: Manifest, key: str, columns: list[str]) -> str:
    """SQL for the table as it is: of each key the row of the latest snapshot that read it, tombstones left out.

    A later snapshot saw a later committed state of the row, so file order decides, and not the change number (on
    PostgreSQL a transaction with a smaller number may commit later).
    """
    chosen = ", ".join(columns)
    base = f"SELECT {chosen} FROM {file_list(folder.paths(manifest.base))}"
    if not manifest.deltas:
        return base
    deltas = file_list(folder.paths(manifest.deltas))
    return (
        f"{base} WHERE {key} NOT IN (SELECT {key} FROM {deltas}) "
        f"UNION ALL SELECT {chosen} FROM (SELECT * FROM {deltas} "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY lake_no DESC) = 1) AS newest WHERE NOT is_gone"
    )
