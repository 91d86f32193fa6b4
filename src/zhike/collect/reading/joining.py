"""Related tables beside a file: their columns stand at the end of its rows, found by a key, under `name.column`.

The joined rows become a CSV file whose first column holds the number of the row each came from. A related table with
several rows of one key gives several rows, unless its amounts are summed.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhike.collect.reading.json_lines import NUMBER_COLUMN
from zhike.collect.reading.problem import FileProblem
from zhike.collect.reading.table import Table
from zhike_analytics.values import amount, strip_export_quirks
from zhike_analytics.values.problem import ValueProblem

MOST_ROWS = 2_000_000
_MOST_TIMES = 10_000  # rows one row may become


@dataclass(frozen=True, slots=True)
class Relation:
    """A table joined by its column `key` equal to `on` of what stands before it; `sums` adds columns up by key."""

    name: str
    key: str
    on: str
    sums: tuple[str, ...] = ()


def joined_csv(table: Table, related: Sequence[tuple[Relation, Table]]) -> Iterator[bytes]:
    """UTF-8 CSV of the joined rows. Raises FileProblem: columns_missing, related_too_long, related_too_many."""
    headers = list(table.headers)
    steps: list[tuple[int, dict[str, list[list[str]]], int]] = []
    for relation, other in related:
        at = _place(headers, relation.on, relation.name)
        found, columns = _by_key(relation, other)
        headers += [f"{relation.name}.{column}" for column in columns]
        steps.append((at, found, len(columns)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([NUMBER_COLUMN, *headers])
    for row in table.rows():
        for cells in _joined(row.cells, steps, row.number):
            writer.writerow([row.number, *cells])
        if out.tell() > 1 << 18:
            yield _taken(out)
    yield _taken(out)


def _joined(cells: list[str], steps: Sequence[tuple[int, dict[str, list[list[str]]], int]], number: int) -> list[list[str]]:  # fmt: skip
    rows = [cells]
    for at, found, width in steps:
        blank = [[""] * width]
        rows = [before + more for before in rows for more in found.get(strip_export_quirks(before[at]), blank)]
        if len(rows) > _MOST_TIMES:
            raise FileProblem("related_too_many", row=number, most=_MOST_TIMES)
    return rows


def _by_key(relation: Relation, table: Table) -> tuple[dict[str, list[list[str]]], Sequence[str]]:
    at = _place(table.headers, relation.key, relation.name)
    if relation.sums:
        places = [_place(table.headers, name, relation.name) for name in relation.sums]
        return _summed(table, at, places), relation.sums
    found: dict[str, list[list[str]]] = {}
    for count, row in enumerate(table.rows(), 1):
        if count > MOST_ROWS:
            raise FileProblem("related_too_long", name=relation.name, most=MOST_ROWS)
        if key := strip_export_quirks(row.cells[at]):
            found.setdefault(key, []).append(row.cells)
    return found, table.headers


def _summed(table: Table, at: int, places: list[int]) -> dict[str, list[list[str]]]:
    sums: dict[str, list[Decimal]] = {}
    for row in table.rows():
        if key := strip_export_quirks(row.cells[at]):
            held = sums.setdefault(key, [Decimal(0)] * len(places))
            for n, place in enumerate(places):
                held[n] += _decimal(row.cells[place], row.number)
    return {key: [[format(value, "f") for value in held]] for key, held in sums.items()}


def _decimal(text: str, number: int) -> Decimal:
    try:
        return Decimal(amount(text).text) if text.strip() else Decimal(0)
    except ValueProblem:
        raise FileProblem("related_amount", row=number) from None


def _place(headers: Sequence[str], name: str, table: str) -> int:
    if name not in headers:
        raise FileProblem("columns_missing", columns=[f"{table}: {name}"])
    return list(headers).index(name)


def _taken(out: io.StringIO) -> bytes:
    taken = out.getvalue().encode("utf-8", "replace")
    out.seek(0)
    out.truncate()
    return taken
