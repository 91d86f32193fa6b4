"""Bringing the lake up to date: starts the snapshot child, hands it its job, reads its answers."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from zhike.customers import actions as customers
from zhike.kit import home


class SnapshotFailed(Exception):
    """The child could not read the database or write the lake; `detail` is for the log of the operator."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail = kind, detail


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a snapshot did with one table: `mode` is full or incremental, `rows` were read, up to change `mark`."""

    table: str
    mode: str
    rows: int
    mark: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """A finished snapshot: its tables, which of them were compacted, the child's peak memory in bytes."""

    tables: tuple[TableReport, ...]
    compacted: tuple[str, ...]
    peak_memory_bytes: int

    @property
    def rows(self) -> int:
        """Rows read from the database."""
        return sum(table.rows for table in self.tables)


def lake_folder() -> Path:
    """`<home>/lake`; never backed up, always rebuildable."""
    return home.path("lake")


def take(
    *,
    full: bool = False,
    compact: bool = False,
    memory_mb: int = 512,
    on_table: Callable[[TableReport], None] | None = None,
) -> SnapshotReport:
    """Read what changed (or everything, with `full`) into the lake. `compact` folds all deltas in, as erasure needs.

    Consents that lapsed meanwhile are noted first, so that the lake reads them so. Raises SnapshotFailed; the lake then
    stands as it was before.
    """
    customers.lapse_consents()
    job = {
        **_database(),
        "lake": str(lake_folder()),
        "temp": str(home.path("tmp/lake")),
        "full": full,
        "compact": compact,
        "memory_mb": memory_mb,
    }
    # close_fds and a fresh interpreter: nothing of this process's SQLite is in the child.
    with subprocess.Popen(
        [sys.executable, "-m", "zhike.analyze.snapshot_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(json.dumps(job))
        child.stdin.close()
        return _report(_answers(child.stdout), on_table)


def _answers(lines: Any) -> Iterator[dict[str, Any]]:
    ended = False
    for line in lines:
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SnapshotFailed(answer["error"], answer["detail"])
        ended = ended or "report" in answer
        yield answer
    if not ended:
        raise SnapshotFailed("SnapshotDied", "the snapshot process ended without a report")


def _report(answers: Iterator[dict[str, Any]], on_table: Callable[[TableReport], None] | None) -> SnapshotReport:
    tables: list[TableReport] = []
    last: dict[str, Any] = {}
    for last in answers:
        if "table" in last:
            tables.append(TableReport(**last))
            if on_table:
                on_table(tables[-1])
    return SnapshotReport(tuple(tables), tuple(last["compacted"]), last["peak_memory_kb"] * 1024)


def _database() -> dict[str, str]:
    """Engine, address and origin of the data. The address may hold a password: it goes to the child's stdin only."""
    database = settings.DATABASES["default"]
    name = str(database["NAME"])
    origin = f"{database.get('HOST') or ''}:{name}"
    if database["ENGINE"].endswith("sqlite3"):
        return {"engine": "sqlite", "address": name, "origin": f"sqlite:{origin}"}
    words = {
        "dbname": name,
        "host": database.get("HOST"),
        "port": database.get("PORT"),
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
    }
    address = " ".join(f"{word}={_conninfo(str(value))}" for word, value in words.items() if value)
    return {"engine": "postgresql", "address": address, "origin": f"postgresql:{origin}"}


def _conninfo(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
