"""Many rows at once: executemany on SQLite, COPY on PostgreSQL. Rows are ready tuples; nothing is computed here."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import orjson
from django.db import IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Row = Sequence[Any]

_SMALL = 40  # below this a COPY through a temporary table costs more than plain statements
_IN_CHUNK = 1000
_numbers = itertools.count(1)


def insert_many(
    table: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    on_conflict: Literal["ignore"] | None = None,
    plain: bool = False,
    using: str = "default",
) -> int:
    """Insert tuples in column order and return how many rows were written.

    Values: None, str, int, float, bool, bytes, Decimal, date, aware datetime; dict and list go in as JSON. With
    `on_conflict="ignore"` rows that break a unique constraint are left out; any other error raises as usual. `plain` is the
    caller's word that every cell is None, str, int, float, bool, bytes or came from `plain`: looking at each would take half
    the time.
    """
    connection = connections[using]
    tail = " ON CONFLICT DO NOTHING" if on_conflict == "ignore" else ""
    head = f"INSERT INTO {_quoted(connection, [table])} ({_quoted(connection, columns)})"
    with _one_transaction(connection):
        if connection.vendor != "postgresql":
            return _execute_many(connection, f"{head} VALUES ({_marks(columns)}){tail}", rows, plain=plain)
        if not on_conflict:
            return _copy(connection, table, columns, rows, plain=plain)
        given = list(rows)
        if len(given) < _SMALL:
            return _execute_many(connection, f"{head} VALUES ({_marks(columns)}){tail}", given, plain=plain)
        try:
            # Nearly always nothing conflicts, and a plain COPY takes half the time.
            with transaction.atomic(using=using):
                return _copy(connection, table, columns, given, plain=plain)
        except IntegrityError:
            kept = _kept_table(connection, table, columns, given)
        with connection.cursor() as cursor:
            cursor.execute(f"{head} SELECT {_quoted(connection, columns)} FROM {kept}{tail}")
            count = cursor.rowcount
            cursor.execute(f"DROP TABLE {kept}")
        return int(count)


def as_stored(value: Any, *, using: str = "default") -> Any:
    """A value as `insert_many` would lay it into the database: for one that many rows share, such as a batch's moment."""
    connection = connections[using]
    return _adapted(connection, (value,))[0]


def update_many(
    table: str, key: str | Sequence[str], columns: Sequence[str], rows: Iterable[Row], *, using: str = "default"
) -> int:
    """Set `columns` of the rows found by `key`; each row is (key value(s)…, column values…). Returns rows changed."""
    connection = connections[using]
    keys = [key] if isinstance(key, str) else list(key)
    name = _quoted(connection, [table])
    with _one_transaction(connection):
        first, rest = _split(rows)
        if connection.vendor != "postgresql" or rest is None:
            sets = ", ".join(f"{_quoted(connection, [c])} = %s" for c in columns)
            where = " AND ".join(f"{_quoted(connection, [k])} = %s" for k in keys)
            every = itertools.chain(first, rest or ())
            turned = ((*row[len(keys) :], *row[: len(keys)]) for row in every)
            return _execute_many(connection, f"UPDATE {name} SET {sets} WHERE {where}", turned)
        kept = _kept_table(connection, table, [*keys, *columns], itertools.chain(first, rest))
        sets = ", ".join(f"{_quoted(connection, [c])} = kept.{_quoted(connection, [c])}" for c in columns)
        where = " AND ".join(f"{name}.{_quoted(connection, [k])} = kept.{_quoted(connection, [k])}" for k in keys)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {name} SET {sets} FROM {kept} AS kept WHERE {where}")
            count = cursor.rowcount
            cursor.execute(f"DROP TABLE {kept}")
        return int(count)


def delete_many(table: str, keys: Sequence[str], rows: Iterable[Row], *, using: str = "default") -> int:
    """Delete the rows found by `keys`; each row holds their values. Returns rows deleted."""
    connection = connections[using]
    name = _quoted(connection, [table])
    with _one_transaction(connection):
        first, rest = _split(rows)
        if connection.vendor != "postgresql" or rest is None:
            where = " AND ".join(f"{_quoted(connection, [k])} = %s" for k in keys)
            every = itertools.chain(first, rest or ())
            return _execute_many(connection, f"DELETE FROM {name} WHERE {where}", every)
        kept = _kept_table(connection, table, keys, itertools.chain(first, rest))
        where = " AND ".join(f"{name}.{_quoted(connection, [k])} = kept.{_quoted(connection, [k])}" for k in keys)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {name} USING {kept} AS kept WHERE {where}")
            count = cursor.rowcount
            cursor.execute(f"DROP TABLE {kept}")
        return int(count)


def fetch_in(
    sql: str, values: Iterable[Any], *, params: Sequence[Any] = (), using: str = "default"
) -> Iterator[tuple[Any, ...]]:
    """Rows of a query whose last condition ends in `IN (%s…)`, written `… IN {values}`, asked in chunks of 1,000.

    `params` fill the marks before `{values}`. Order holds only within a chunk.
    """
    connection = connections[using]
    wanted = iter(values)
    while chunk := list(itertools.islice(wanted, _IN_CHUNK)):
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{values}", f"({_marks(chunk)})"), [*params, *_adapted(connection, chunk)])
            yield from cursor.fetchall()


def _one_transaction(connection: BaseDatabaseWrapper) -> AbstractContextManager[Any]:
    return nullcontext() if connection.in_atomic_block else transaction.atomic(using=connection.alias)


def _execute_many(connection: BaseDatabaseWrapper, sql: str, rows: Iterable[Row], *, plain: bool = False) -> int:
    adapted = list(rows) if plain else [_adapted(connection, row) for row in rows]
    if not adapted:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(sql, adapted)
        return int(cursor.rowcount)


def _copy(
    connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], rows: Iterable[Row], *, plain: bool = False
) -> int:
    into = f"COPY {_quoted(connection, [table])} ({_quoted(connection, columns)}) FROM STDIN"
    count = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row if plain else _adapted(connection, row))
            count += 1
    return count


def _kept_table(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str], rows: Iterable[Row]) -> str:
    kept = f"kept_{next(_numbers)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {kept} ON COMMIT DROP AS "
            f"SELECT {_quoted(connection, columns)} FROM {_quoted(connection, [table])} WITH NO DATA"
        )
    _copy(connection, kept, columns, rows)
    return kept


def _split(rows: Iterable[Row]) -> tuple[list[Row], Iterator[Row] | None]:
    """The first rows as a list, and the rest, or None when there are only few."""
    remaining = iter(rows)
    first = list(itertools.islice(remaining, _SMALL))
    return (first, remaining) if len(first) == _SMALL else (first, None)


def _quoted(connection: BaseDatabaseWrapper, names: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _adapted(connection: BaseDatabaseWrapper, row: Row) -> list[Any]:
    turn = _for_postgresql if connection.vendor == "postgresql" else _for_sqlite
    # The exact type decides: most cells are plain, and asking for subclasses costs three times as much.
    return [v if type(v) in _PLAIN else turn(v) for v in row]


_PLAIN = frozenset((str, int, float, bytes, bool, type(None)))


def _for_sqlite(value: Any) -> Any:
    """A value as Django's own fields lay it into SQLite, so that comparisons in SQL agree."""
    if isinstance(value, dt.datetime):
        return _moment_text(value)
    value = _for_postgresql(value)
    if isinstance(value, dt.date | Decimal):
        return str(value)
    return value


@lru_cache(maxsize=4096)
def _moment_text(value: dt.datetime) -> str:
    """A batch writes the same moment thousands of times."""
    if value.tzinfo is None:
        raise ValueError(_NAIVE)
    return str(value.astimezone(dt.UTC).replace(tzinfo=None))


_NAIVE = "a moment without a time zone cannot be stored"


def _for_postgresql(value: Any) -> Any:
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise ValueError(_NAIVE)
    return value
