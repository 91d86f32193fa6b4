"""Values whose content is known, sealed like any other: opened in a restored copy they prove that keys and data fit."""

import sqlite3
from collections.abc import Callable
from typing import Any

from zhike.protect.models import Canary
from zhike.secure import vault
from zhike.secure.subjects import SealedColumn, sealed_columns
from zhike.secure.vault.errors import KeyDestroyed, KeyMissing, VaultError
from zhike.secure.vault.sealing import unseal

RECORD_ID = -1  # no source record has this id
_COLUMN = SealedColumn("protect_canary", "sealed", "id", "record_id", "protect_canary.sealed")
_WORDS = {"canary": "如果你读到这句话，备份和密钥相符。"}
SAMPLE = 50


def renew() -> None:
    """Seal the canary with the record's key of today, if there is none that opens."""
    key = vault.ensure_keys([RECORD_ID])[RECORD_ID]
    blob = vault.seal(key, vault.SealContext(_COLUMN.context, 1, RECORD_ID), _WORDS)
    Canary.objects.update_or_create(id=1, defaults={"record_id": RECORD_ID, "sealed": blob})


def problems(fetch: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, int]:
    """Open a sample of every column of seals in a restored copy: how many opened, lack a key, or refused.

    `fetch` runs a SELECT on the copy. Values are opened and dropped; erased ones (key destroyed) count as fine.
    """
    counts = {"opened": 0, "erased": 0, "missing": 0, "refused": 0}
    for column in [_COLUMN, *sealed_columns()]:
        for row_id, record_id, blob in _sample(fetch, column):
            counts[_look(column, row_id, record_id, bytes(blob))] += 1
    return counts


def _sample(fetch: Callable[[str], list[tuple[Any, ...]]], c: SealedColumn) -> list[tuple[Any, ...]]:
    # Newest first: a keyring that is too old lacks the newest keys.
    return fetch(
        f"SELECT {c.row_column}, {c.record_column}, {c.column} FROM {c.table} WHERE {c.column} IS NOT NULL "
        f"AND {c.record_column} IS NOT NULL ORDER BY {c.row_column} DESC LIMIT {SAMPLE}"
    )


def _look(column: SealedColumn, row_id: Any, record_id: Any, blob: bytes) -> str:
    try:
        content = unseal(
            vault.keys_of([record_id])[record_id], vault.SealContext(column.context, row_id, record_id), blob
        )
    except KeyDestroyed:
        return "erased"
    except KeyMissing:
        return "missing"
    except VaultError:
        return "refused"
    return "opened" if column is not _COLUMN or content == _WORDS else "refused"


def fetcher(connection: sqlite3.Connection) -> Callable[[str], list[tuple[Any, ...]]]:
    """`fetch` over an open SQLite file; a table the copy lacks gives no rows."""

    def fetch(sql: str) -> list[tuple[Any, ...]]:
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError as problem:
            if "no such table" in str(problem):
                return []
            raise

    return fetch
