"""Whether a SQLite file is sound, as SQLite itself says it, less what it says wrongly."""

import re
import sqlite3

_NULL = re.compile(r"NULL value in (\w+)\.(\w+)")
_MOST = 10_000


def faults(connection: sqlite3.Connection) -> list[str]:
    """What SQLite's own check finds; empty when the file is sound.

    Some versions of SQLite (3.40.1 of Debian 12 among them) look for the columns of a table without row ids at their place in
    the CREATE TABLE, not where they lie, and so tell of NULL in a column that has none. Such a word is believed only where a
    query finds one.
    """
    found: dict[str, None] = dict.fromkeys(row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST})"))
    return [words for words in found if words != "ok" and not _is_wrong(connection, words)]


def _is_wrong(connection: sqlite3.Connection, words: str) -> bool:
    told = _NULL.fullmatch(words)
    if told is None:
        return False
    table, column = told.groups()
    # Not IS NULL: of a column declared NOT NULL that is false without a look.
    sql = f'SELECT 1 FROM "{table}" WHERE typeof("{column}") = \'null\' LIMIT 1'
    return connection.execute(sql).fetchone() is None
