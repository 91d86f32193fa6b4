"""An engine laid ready for one plan: its tables stand empty, its question is prepared; one customer's rows are lent to it.

Reading a plan's SQL costs three times what answering it for one customer does, so it is read once. The rows are written in a
transaction that is never committed: the tables are empty again afterwards, and nothing of one customer meets another's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhike.analyze.lake_files import quoted

Row = Sequence[Any]
# Beyond this many rows of a table, reading them as text costs more than handing them over as Arrow.
_AS_TEXT = 200


class Bench:
    """One plan's tables and question in an engine of their own; it cannot read files or load anything."""

    def __init__(self, question: str, tables: Mapping[str, Mapping[str, str]]) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": "1",
            "memory_limit": "256MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._engine = duckdb.connect(":memory:", config=config)
        # Over a handful of rows the planner's search costs more than any plan.
        self._engine.execute("PRAGMA disable_optimizer")
        for name, columns in tables.items():
            shape = ", ".join([f'"{column}" {kind}' for column, kind in columns.items()])
            self._engine.execute(f"CREATE TABLE {name} ({shape})")
        self._question, self._tables, self._asking = question, tables, ""

    def ask(self, asking: str) -> None:
        """Lay the one-row table `asking` from its query, and prepare the question; what stands already stays."""
        if asking == self._asking:
            return
        if self._asking:
            self._engine.execute("DEALLOCATE question")
        self._engine.execute(f"CREATE OR REPLACE TABLE asking AS {asking}")
        self._engine.execute(f"PREPARE question AS {self._question}")
        self._asking = asking

    def answer(self, rows: Mapping[str, Sequence[Row]]) -> dict[str, Any] | None:
        """The one row the question gives on these rows, by column; None when it gives none."""
        self._engine.execute("BEGIN TRANSACTION")
        try:
            self._lend(rows)
            found = self._engine.execute("EXECUTE question")
            names = [column[0] for column in found.description]
            row = found.fetchone()
        finally:
            self._engine.execute("ROLLBACK")
        return None if row is None else dict(zip(names, row, strict=True))

    def _lend(self, rows: Mapping[str, Sequence[Row]]) -> None:
        written = []
        for name, given in rows.items():
            text = "" if len(given) > _AS_TEXT else ", ".join(map(_tuple, given))
            if text and "\0" not in text:
                written.append(f"INSERT INTO {name} VALUES {text}")
            elif given:
                self._hand_over(name, given)
        if written:
            self._engine.execute("; ".join(written))

    def _hand_over(self, name: str, given: Sequence[Row]) -> None:
        import pyarrow as pa

        types = {
            "BIGINT": pa.int64(),
            "VARCHAR": pa.string(),
            "TIMESTAMP": pa.timestamp("us"),
            "BOOLEAN": pa.bool_(),
            "DATE": pa.date32(),
        }
        kinds = self._tables[name]
        arrays = [
            pa.array(column, type=types[kind])
            for column, kind in zip(zip(*given, strict=True), kinds.values(), strict=True)
        ]
        self._engine.register("lent", pa.Table.from_arrays(arrays, names=list(kinds)))
        self._engine.execute(f"INSERT INTO {name} SELECT * FROM lent")
        self._engine.unregister("lent")


def _tuple(row: Iterable[Any]) -> str:
    return f"({', '.join([_literal(cell) for cell in row])})"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP '{value}'"
    return quoted(str(value))
