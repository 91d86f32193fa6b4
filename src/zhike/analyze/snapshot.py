"""Bringing the lake up to date: starts the snapshot child, hands it its job, reads its answers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from zhike.analyze import lake_place
from zhike.analyze.lake_place import PlaceProblem
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.customers import actions as customers
from zhike.kit import chance, home


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
    """`<home>/lake`, or the folder that ZHIKE_LAKE names; never backed up, always rebuildable.

    Of a lake that lies far away it holds the copies of the parts that are read here. Raises PlaceProblem.
    """
    folder = lake_place.folder()
    if folder is None:
        return home.path("lake")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise PlaceProblem("lake_away", f"{folder}: {problem.strerror}") from None
    return folder


def lake_owner() -> str:
    """The name by which a place far away knows this installation's lake: drawn once, kept in the data folder.

    Not in the database: a copy restored elsewhere must not take the lake for its own. The number behind it rises when the lake is
    forgotten: what then still lies there, since nobody answered, is not read again.
    """
    file = home.home() / "lake.owner"
    if not file.exists():
        file.write_text(f"{chance.token(12)}.1", encoding="ascii")
    return file.read_text(encoding="ascii")


def forget_copies() -> None:
    """Delete what this machine holds of the lake, and know what lies far away no more."""
    folder = lake_folder()
    for table in LAKE_TABLES:
        shutil.rmtree(folder / table.name, ignore_errors=True)
    if (file := home.home() / "lake.owner").exists():
        name, _, number = lake_owner().partition(".")
        file.write_text(f"{name}.{int(number) + 1}", encoding="ascii")


def take(
    *,
    full: bool = False,
    compact: bool = False,
    memory_mb: int = 512,
    on_table: Callable[[TableReport], None] | None = None,
) -> SnapshotReport:
    """Read what changed (or everything, with `full`) into the lake. `compact` folds all deltas in, as erasure needs.

    Consents that lapsed meanwhile are noted first, so that the lake reads them so. Raises SnapshotFailed; the lake then
    stands as it was before. Raises PlaceProblem where the lake lies far away and cannot be read or written there.
    """
    customers.lapse_consents()
    job = {
        **_database(),
        "lake": str(lake_folder()),
        "temp": str(home.path("tmp/lake")),
        "full": full,
        "compact": compact,
        "memory_mb": memory_mb,
        "owner": lake_owner() if lake_place.is_far() else "",
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
        if "place_problem" in answer:
            raise PlaceProblem(answer["place_problem"], answer["detail"])
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
