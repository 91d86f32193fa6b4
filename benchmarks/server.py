"""A PostgreSQL server for the measurements: its own folder and socket, durable as a merchant's, gone afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql import programs, unprivileged_user

# Memory for a shop of a million customers; everything else as installed, fsync included.
_OPTIONS = (
    "-c listen_addresses='' -c shared_buffers=1GB -c work_mem=32MB -c max_wal_size=4GB -c maintenance_work_mem=256MB"
)


@contextmanager
def running(scratch: Path) -> Iterator[dict[str, str]]:
    """Start it, with two empty databases; yields what names them in the environment."""
    folder, user = scratch / "server", unprivileged_user()
    scratch.chmod(0o755)
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user)
    bin_folder, data = programs(), str(folder / "data")

    def run(*command: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, user=user, cwd=folder, check=True, **quiet)  # type: ignore[call-overload]

    run(str(bin_folder / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {folder} {_OPTIONS}"
    run(str(bin_folder / "pg_ctl"), "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
    try:
        for name in ("zhike", "keyring"):
            run("psql", "-h", str(folder), "-U", "postgres", "-c", f"CREATE DATABASE {name}")
        addresses = {
            "ZHIKE_DATABASE": f"postgresql://postgres@/zhike?host={folder}",
            "ZHIKE_KEYRING": f"postgresql://postgres@/keyring?host={folder}",
        }
        yield addresses | {"PGOPTIONS": os.environ.get("PGOPTIONS", "")}
    finally:
        run(str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
