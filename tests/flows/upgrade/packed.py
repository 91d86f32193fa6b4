"""An old installation as one file of the checkout: the rows of both databases, the migrations they stand at, the other files.

`python -m tests.flows.upgrade.packed HOME` packs the SQLite installation in HOME; `unpacked` gives it back.
"""

import base64
import gzip
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("first_tables.json.gz")
_DATABASES = {"keyring": "keyring.sqlite3", "default": "zhike.sqlite3"}
_BORN = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}  # made by migrating
_FOLDERS = ("keys", "files")


def pack(home: Path) -> dict[str, Any]:
    """Everything but what is made anew: static files, logs, the lake."""
    files = [file for folder in _FOLDERS for file in sorted((home / folder).rglob("*")) if file.is_file()]
    return {
        "databases": {alias: _database(home / name) for alias, name in _DATABASES.items()},
        "files": {str(file.relative_to(home)): _text(file.read_bytes()) for file in files},
    }


def _database(file: Path) -> dict[str, Any]:
    with sqlite3.connect(file) as given:
        names = [name for (name,) in given.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        migrations = given.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
        tables = {}
        for table in names:
            found = given.execute(f'SELECT * FROM "{table}"')
            rows = [[_cell(value) for value in row] for row in found]
            if rows and table not in _BORN:
                tables[table] = {"columns": [column[0] for column in found.description], "rows": rows}
        return {"migrations": migrations, "tables": tables}


def _cell(value: Any) -> Any:
    return {"bytes": _text(value)} if isinstance(value, bytes) else value


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def unpacked() -> dict[str, Any]:
    """The installation: `databases` {alias: migrations, tables {name: columns, rows}}, `files` {path: bytes}."""
    given: dict[str, Any] = json.loads(gzip.decompress(PLACE.read_bytes()))
    given["files"] = {name: base64.b64decode(text) for name, text in given["files"].items()}
    for database in given["databases"].values():
        for table in database["tables"].values():
            table["rows"] = [[_value(cell) for cell in row] for row in table["rows"]]
    return given


def _value(cell: Any) -> Any:
    return base64.b64decode(cell["bytes"]) if isinstance(cell, dict) else cell


if __name__ == "__main__":
    text = json.dumps(pack(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":"))
    PLACE.write_bytes(gzip.compress(text.encode(), mtime=0))
