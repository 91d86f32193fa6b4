"""A PostgreSQL server for one test run: its own data folder, its own socket, nothing left behind."""

import atexit
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_VARIABLE = "ZHIKE_TEST_POSTGRESQL_SOCKET"  # set by the first process of the run; parallel workers inherit it


def server_address(database: str) -> str:
    """The address of `database` on the test server, which is started on first use."""
    folder = os.environ.get(_VARIABLE)
    if not folder:
        folder = os.environ[_VARIABLE] = _start()
    return f"postgresql://postgres@/{database}?host={folder}"


def programs() -> Path:
    """The folder of initdb and pg_ctl, the newest installed. Raises RuntimeError when there is none."""
    found = [Path(p).parent for p in [shutil.which("initdb")] if p]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise RuntimeError("PostgreSQL is not installed: initdb and pg_ctl are needed (Debian: apt-get install postgresql)")


def _start() -> str:
    bin_folder = programs()
    folder = tempfile.mkdtemp(prefix="zhike-pg-", dir="/tmp")
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        done = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}{done.stderr}")

    data = f"{folder}/data"
    init = [str(bin_folder / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    run(*init, "--locale=C.UTF-8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    # A vacuum between two tests would note emptied tables as holding nothing: what the next test lays there within one
    # transaction would be joined row by row with all of it, for minutes.
    options += " -c autovacuum=off"
    run(str(bin_folder / "pg_ctl"), "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")

    def stop() -> None:
        run(str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return folder


def unprivileged_user() -> str | None:
    """Who runs the server: PostgreSQL refuses to run as root; then it runs as its own user, or as nobody."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def cell_turn(column: str, kind: str) -> Callable[[Any], Any] | None:
    """How a cell that lies in SQLite is said to a PostgreSQL column of that type; None where it is said as it lies."""
    if column == "change_seq":
        return lambda _: 1  # a count of transactions there, the id of one here; rows of old read as of old
    if kind == "boolean":
        return bool
    if kind == "timestamp with time zone":
        return lambda text: f"{text}+00"
    if kind == "jsonb":
        return lambda text: text if isinstance(text, str) else json.dumps(text)
    return None
