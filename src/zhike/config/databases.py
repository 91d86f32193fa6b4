"""The two databases of an installation: the data, and the keyring that data backups never contain."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhike.kit.home import keyring_file

# One screen of SQLite settings; the reasons are decisions 1.2 of the architecture (IMMEDIATE, FULL, bounded WAL).
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; "
        "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
    ),
}


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` and `keyring`, from ZHIKE_DATABASE and ZHIKE_KEYRING or SQLite files in the data folder."""
    return {
        "default": _database(os.environ.get("ZHIKE_DATABASE", ""), home / "zhike.sqlite3"),
        "keyring": _keyring(os.environ.get("ZHIKE_KEYRING", ""), home),
    }


def _keyring(url: str, home: Path) -> dict[str, Any]:
    return _database("" if url.startswith("sqlite:") else url, keyring_file(home))


def _database(url: str, file: Path) -> dict[str, Any]:
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": dict(_SQLITE_OPTIONS)}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            "ZHIKE_DATABASE takes postgresql://… or nothing, ZHIKE_KEYRING also sqlite:////path/to/keyring.sqlite3"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
    }
