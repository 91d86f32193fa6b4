"""JSON Lines: one object a line, its nested keys joined with dots, a list of order lines unfolded into rows.

The rows become a CSV file whose first column holds the number of the line each came from.
"""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from zhike.collect.reading.encoding import Opener, survey, text_of
from zhike.collect.reading.problem import FileProblem
from zhike.collect.reading.table import LONGEST_RECORD, MOST_COLUMNS

NUMBER_COLUMN = "\u2116"  # of the line, before the columns of the file
# A list of this name is the order's lines; other lists of objects keep their place in the name: tax_lines.0.price.
_LINES = (
    "lines",
    "line_items",
    "order_lines",
    "items",
    "orderitems",
    "details",
    "products",
    "明细",
    "商品",
    "商品明细",
)
_DEEPEST, _MOST_LISTED, _MOST_LINES = 20, 10, 10_000
Flat = dict[str, str]


def looks_like_json(head: bytes) -> bool:
    """Whether the first bytes are a JSON object or list."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def csv_of_json_lines(opener: Opener, encoding: str = "") -> Iterator[bytes]:
    """The file as UTF-8 CSV. Two passes: the columns first, then the rows.

    Raises FileProblem: json_damaged with its line, json_one_document, record_too_long, too_many_columns, empty_file.
    """
    encoding = survey(opener, encoding).encoding
    columns: dict[str, None] = {}
    for _, row in _rows(opener, encoding):
        columns.update(dict.fromkeys(row))
        if len(columns) > MOST_COLUMNS:
            raise FileProblem("too_many_columns", most=MOST_COLUMNS)
    if not columns:
        raise FileProblem("empty_file")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([NUMBER_COLUMN, *columns])
    for number, row in _rows(opener, encoding):
        writer.writerow([number, *(row.get(name, "") for name in columns)])
        if out.tell() > 1 << 18:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


def _rows(opener: Opener, encoding: str) -> Iterator[tuple[int, Flat]]:
    with text_of(opener, encoding) as text:
        number = 0
        while line := text.readline(LONGEST_RECORD):
            number += 1
            if len(line) >= LONGEST_RECORD:
                raise FileProblem("record_too_long", row=number, most=LONGEST_RECORD)
            if line.strip(" \t\r\n\ufeff"):
                for row in _unfolded(_parsed(line, number), number):
                    yield number, row


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        # Numbers stay the text they are: 19.90 is not 19.9, and an id of nineteen digits keeps them all.
        found = json.loads(line.strip("\ufeff"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        if number == 1 and line.strip() in ("[", "{"):
            raise FileProblem("json_one_document") from None
        raise FileProblem("json_damaged", row=number) from None
    if isinstance(found, list):
        raise FileProblem("json_one_document")
    if not isinstance(found, dict):
        raise FileProblem("json_damaged", row=number)
    (only, *others) = found.values() if found else [None]
    return only if isinstance(only, dict) and not others else found  # {"order": {…}} is the order


def _unfolded(tree: dict[str, Any], number: int) -> Iterator[Flat]:
    """The rows of one object: one for each of its order lines, else one."""
    name = next((k for k in tree if k.lower() in _LINES and _is_objects(tree[k])), "")
    lines = tree.get(name) or [{}]
    if len(lines) > _MOST_LINES:
        raise FileProblem("json_damaged", row=number)
    whole: Flat = {}
    _flatten({k: v for k, v in tree.items() if k != name}, "", whole, number, 0)
    for line in lines:
        row = dict(whole)
        _flatten(line, f"{name}." if name else "", row, number, 1)
        yield row


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _flatten(tree: dict[str, Any], before: str, into: Flat, number: int, depth: int) -> None:
    if depth > _DEEPEST:
        raise FileProblem("json_damaged", row=number)
    for key, value in tree.items():
        name = before + key.replace("\x00", "")[:200]
        if isinstance(value, dict):
            _flatten(value, f"{name}.", into, number, depth + 1)
        elif isinstance(value, list):
            _listed(value, name, into, number, depth)
        else:
            into[name] = _text(value)


def _listed(values: list[Any], name: str, into: Flat, number: int, depth: int) -> None:
    if any(isinstance(one, dict | list) for one in values):
        for at, one in enumerate(values[:_MOST_LISTED]):
            _flatten(one if isinstance(one, dict) else {"": one}, f"{name}.{at}.", into, number, depth + 1)
    else:
        into[name] = ", ".join(_text(one) for one in values)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("\x00", "")
