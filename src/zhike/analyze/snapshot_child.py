"""Reads the database into the lake. Runs as a process of its own, and is the only place that loads DuckDB's scanners.

Why a process: the SQLite scanner brings a second copy of SQLite. POSIX file locks belong to the process, so when it
closes its handle, it drops the locks which Python's SQLite holds on the same file; another process then writes in the
middle of an open transaction, and rows whose commit was acknowledged are gone, silently.

    echo '{"engine": "sqlite", "address": "/…/zhike.sqlite3", "lake": "/…/lake", …}' | python -m zhike.analyze.snapshot_child

The job comes as one JSON object on stdin (a database password never stands in the arguments); each table answers with
one JSON line on stdout, the last line is the report. Reads only; imports neither Django nor sqlite3.
"""

import fcntl
import json
import resource
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from zhike.analyze import lake_place, lake_sharing
from zhike.analyze.lake_files import Manifest, TableFolder, digest, newest_rows, quoted
from zhike.analyze.lake_place import PlaceProblem
from zhike.analyze.lake_tables import JOINED, LAKE_TABLES, LakeTable
from zhike.kit import chance, clock

MAX_DELTAS = 8
MAX_DELTA_SHARE = 0.2
_ALIAS = "source"


@dataclass(frozen=True, slots=True)
class Job:
    """What to snapshot, from where, into which folder. `origin` names the database; another origin means rebuild."""

    engine: str
    address: str
    lake: Path
    temp: Path
    origin: str
    memory_mb: int = 512
    threads: int = 2
    full: bool = False
    compact: bool = False
    owner: str = ""
    tables: tuple[str, ...] = tuple(t.name for t in LAKE_TABLES)

    @classmethod
    def read(cls, text: str) -> "Job":
        """From JSON; unknown names raise TypeError."""
        values: dict[str, Any] = json.loads(text)
        for name in ("lake", "temp"):
            values[name] = Path(values[name])
        if "tables" in values:
            values["tables"] = tuple(values["tables"])
        return cls(**values)


def connect(job: Job) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with the one scanner needed, from its installed package (no network), attached read-only."""
    job.temp.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": f"{job.memory_mb}MB",
            "threads": str(job.threads),
            "temp_directory": str(job.temp),
            "preserve_insertion_order": "false",
        },
    )
    engine.execute(f"LOAD {quoted(str(_extension(job.engine)))}")
    kind = "sqlite" if job.engine == "sqlite" else "postgres"
    engine.execute(f"ATTACH {quoted(job.address)} AS {_ALIAS} (TYPE {kind}, READ_ONLY)")
    return engine


def _extension(engine: str) -> Path:
    package = "duckdb_extension_sqlite_scanner" if engine == "sqlite" else "duckdb_extension_postgres_scanner"
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed")
    folder = Path(found.submodule_search_locations[0])
    return next(folder.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension"))


def horizon(engine: duckdb.DuckDBPyConnection, job: Job) -> int:
    """The change number up to which every transaction has ended."""
    if job.engine == "sqlite":
        asked = "SELECT coalesce(max(value), 0) AS seq FROM kit_change_counter"
    else:
        asked = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 AS seq"
    row = engine.execute(f"SELECT CAST(seq AS BIGINT) FROM {_ask(job, asked)}").fetchone()
    assert row is not None
    return int(row[0])


def _ask(job: Job, sql: str) -> str:
    """A query which the database itself answers, with its own indexes."""
    ask = "sqlite_query" if job.engine == "sqlite" else "postgres_query"
    return f"{ask}('{_ALIAS}', {quoted(sql)})"


def snapshot_table(engine: duckdb.DuckDBPyConnection, job: Job, table: LakeTable, mark: int) -> dict[str, Any]:
    """Bring one table up to date: everything at first or on request, else the rows changed since its mark."""
    began = time.monotonic()
    folder = TableFolder(job.lake, table.name)
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    shape = digest(table.shape())
    old = folder.read()
    # A mark beyond the horizon means that an older database was restored: nothing can be said about what changed.
    usable = old is not None and old.shape == shape and old.origin == job.origin and old.mark <= mark
    manifest = old if old is not None else Manifest()
    number = manifest.number + 1
    if job.full or not usable:
        rows = _read_whole(engine, job, table, folder, manifest, number)
        mode = "full"
    else:
        rows = _read_changes(engine, job, table, folder, manifest, number)
        mode = "incremental"
    manifest.shape, manifest.origin, manifest.mark, manifest.number = shape, job.origin, mark, number
    manifest.read_at = clock.now().isoformat()
    folder.publish(manifest)
    return {
        "table": table.name,
        "mode": mode,
        "rows": rows,
        "mark": mark,
        "seconds": round(time.monotonic() - began, 3),
    }


def _read_whole(
    engine: duckdb.DuckDBPyConnection, job: Job, table: LakeTable, folder: TableFolder, manifest: Manifest, number: int
) -> int:
    attached = f"{_ALIAS}.{'' if job.engine == 'sqlite' else 'public.'}"
    columns = ", ".join(
        f"CAST({c.sql.format(db=attached, joined='string_agg')} AS {c.type}) AS {c.name}" for c in table.columns
    )
    source = table.rows.format(db=attached)
    name = _named("base", number)
    rows = _write(engine, folder, name, f"SELECT {columns} FROM {source} WHERE NOT ({table.gone})")
    _retire(manifest, [*manifest.base, *manifest.deltas])
    manifest.base, manifest.deltas, manifest.base_rows, manifest.delta_rows = [name], [], rows, 0
    return rows


def _read_changes(
    engine: duckdb.DuckDBPyConnection, job: Job, table: LakeTable, folder: TableFolder, manifest: Manifest, number: int
) -> int:
    joined = JOINED[job.engine]
    asked = ", ".join(f"{c.sql.format(db='', joined=joined)} AS {c.name}" for c in table.columns)
    gone = f"CASE WHEN {table.gone} THEN 1 ELSE 0 END AS is_gone"
    sql = f"SELECT {asked}, {gone} FROM {table.rows.format(db='')} WHERE {table.changed} > {manifest.mark}"
    columns = ", ".join(f"CAST({c.name} AS {c.type}) AS {c.name}" for c in table.columns)
    name = _named("delta", number)
    rows = _write(
        engine,
        folder,
        name,
        f"SELECT {columns}, CAST(is_gone AS INTEGER) = 1 AS is_gone, CAST({number} AS BIGINT) AS lake_no "
        f"FROM {_ask(job, sql)}",
    )
    if rows:
        manifest.deltas.append(name)
        manifest.delta_rows += rows
    else:
        (folder.path / name).unlink()
    return rows


def _write(engine: duckdb.DuckDBPyConnection, folder: TableFolder, name: str, sql: str) -> int:
    """Write one Parquet part and return its rows; it has its final name only when it is complete."""
    draft = folder.path / f"{name}.new"
    row = engine.execute(
        f"COPY ({sql}) TO {quoted(str(draft))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    ).fetchone()
    draft.replace(folder.path / name)
    return int(row[0]) if row else 0


def _named(kind: str, number: int) -> str:
    """The name of a part: never used before, not even by a lake that was forgotten while somebody far away still reads it."""
    return f"{kind}-{number:06d}-{chance.token(6)}.parquet"


def _retire(manifest: Manifest, names: list[str]) -> None:
    now = clock.now().isoformat()
    manifest.retired.update(dict.fromkeys(names, now))


def compact_table(engine: duckdb.DuckDBPyConnection, job: Job, table: LakeTable) -> bool:
    """Fold the deltas into a new base when they have grown, or when asked (erasure: Parquet must forget)."""
    folder = TableFolder(job.lake, table.name)
    manifest = folder.read()
    if manifest is None:
        return False
    too_many = len(manifest.deltas) > MAX_DELTAS or manifest.delta_rows > MAX_DELTA_SHARE * max(manifest.base_rows, 1)
    if manifest.deltas and (job.compact or too_many):
        names = [c.name for c in table.columns]
        sql = f"SELECT * FROM ({newest_rows(folder, manifest, table.key, names)}) AS whole"
        if table.live:
            own, other, theirs = table.live
            sql += f" WHERE {own} IN (SELECT {theirs} FROM ({_newest_of(job, other)}) AS others)"
        manifest.number += 1
        name = _named("base", manifest.number)
        rows = _write(engine, folder, name, sql)
        _retire(manifest, [*manifest.base, *manifest.deltas])
        manifest.base, manifest.deltas, manifest.base_rows, manifest.delta_rows = [name], [], rows, 0
        folder.publish(manifest)
        return True
    return False


def _newest_of(job: Job, name: str) -> str:
    table = next(t for t in LAKE_TABLES if t.name == name)
    folder = TableFolder(job.lake, name)
    manifest = folder.read()
    assert manifest is not None
    return newest_rows(folder, manifest, table.key, [c.name for c in table.columns])


def run(job: Job) -> dict[str, Any]:
    """Snapshot every table of the job, then compact and sweep; one line to stdout per table, the report returned."""
    job.lake.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (job.lake / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one snapshot at a time; the lock dies with the process
        place = lake_place.far()
        if place is None:
            return _run(job)
        lake_sharing.bring(place, job.lake, job.owner)
        report = _run(job)
        lake_sharing.publish(place, job.lake, job.owner)
        return report


def _run(job: Job) -> dict[str, Any]:
    engine = connect(job)
    done = []
    # One transaction: on PostgreSQL every scanning connection shares its snapshot. On SQLite scanning threads have
    # connections of their own; reading facts first, and reading again what lies above the mark, makes up for it.
    engine.execute("BEGIN TRANSACTION")
    mark = horizon(engine, job)
    for table in LAKE_TABLES:
        if table.name in job.tables:
            done.append(snapshot_table(engine, job, table, mark))
            print(json.dumps(done[-1]), flush=True)
    engine.execute("ROLLBACK")
    engine.execute(f"DETACH {_ALIAS}")
    compacted = []
    for table in LAKE_TABLES:
        if table.name in job.tables:
            if compact_table(engine, job, table):
                compacted.append(table.name)
            _sweep(job, table)
    engine.close()
    return {"report": done, "compacted": compacted, "mark": mark, "peak_memory_kb": _peak_kb()}


def _peak_kb() -> int:
    """Peak memory of this process. `ru_maxrss` survives exec and may be the parent's: Linux tells the own one in VmHWM."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _sweep(job: Job, table: LakeTable) -> None:
    folder = TableFolder(job.lake, table.name)
    manifest = folder.read()
    if manifest is not None and folder.sweep(manifest, clock.now()):
        folder.publish(manifest)


def main() -> int:
    """Entry of the process: job on stdin, lines on stdout; exit code 1 with a JSON error when it could not be done."""
    try:
        print(json.dumps(run(Job.read(sys.stdin.read()))), flush=True)
    except PlaceProblem as problem:
        print(json.dumps({"place_problem": problem.code, "detail": problem.detail}), flush=True)
        return 1
    except (duckdb.Error, OSError, StopIteration) as error:
        print(json.dumps({"error": type(error).__name__, "detail": str(error)[:2000]}), flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
