"""What an installation stands on: migrated databases, copies before an upgrade, gathered static files."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from zhike.kit.home import home, path

_COPIES = "before-upgrade"


def migrate() -> None:
    """Bring both databases to the version of the program, the keyring first."""
    for alias in ("keyring", "default"):
        call_command("migrate", database=alias, interactive=False, verbosity=0)


def copy_databases() -> list[Path]:
    """Copy the SQLite files that exist, in one step each, into before-upgrade/ of the data folder; [] on PostgreSQL.

    The copies of the last upgrade are replaced: old ones would keep what has been erased since.
    """
    shutil.rmtree(home() / _COPIES, ignore_errors=True)
    copies = []
    for alias in ("default", "keyring"):
        file = Path(str(connections[alias].settings_dict["NAME"]))
        if connections[alias].vendor != "sqlite" or not file.exists():
            continue
        copy = path(_COPIES) / file.name
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=-1)
        copy.chmod(0o600)
        copies.append(copy)
    return copies


def forget_key_copy() -> None:
    """After a good upgrade: a second keyring would outlive the destruction of its keys."""
    (home() / _COPIES / "keyring.sqlite3").unlink(missing_ok=True)


def collect_static() -> None:
    """Gather the files of the pages into the data folder, with names that change with their content."""
    call_command("collectstatic", interactive=False, verbosity=0)


def is_static_stale() -> bool:
    """Whether a file of the pages is newer than the gathered ones."""
    from django.contrib.staticfiles.finders import get_finders

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    gathered = manifest.stat().st_mtime
    return any(
        Path(storage.path(name)).stat().st_mtime > gathered
        for finder in get_finders()
        for name, storage in finder.list([])
    )
