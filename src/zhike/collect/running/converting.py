"""Workbooks and JSON Lines become a sealed table once, when they are described; all later passes read that table."""

from collections.abc import Iterator, Sequence

from zhike.collect import storage
from zhike.collect.models import ImportRun
from zhike.collect.reading import FileProblem, Opener, Relation, Table, joined_csv, open_table
from zhike.collect.reading.encoding import content
from zhike.collect.reading.json_lines import csv_of_json_lines, looks_like_json
from zhike.collect.reading.workbook import Sheets, csv_of_workbook
from zhike.kit import chance

WORKBOOK, JSON_LINES = "workbook", "json_lines"
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def form_of(opener: Opener) -> str:
    """What kind of file this is, by its first bytes; empty for a delimited file (or what must be refused as one)."""
    with content(opener) as stream:
        head = stream.read(64)
    if head.startswith(_WORKBOOKS):
        return WORKBOOK
    return JSON_LINES if looks_like_json(head) else ""


def make_table(run: ImportRun, sheet: str = "") -> None:
    """Notes form and sheets on the run (unsaved) and makes its sealed table where one is needed. Raises FileProblem."""
    opener = storage.opener_of(run.file_key)
    run.form = form_of(opener)
    if not run.form or (run.table_key and sheet in ("", run.sheet)):
        return
    if run.table_key:
        storage.destroy(run.table_key)
    key = f"{run.file_key}-{chance.public_id()[:8]}"  # the key of a table that was destroyed is never used again
    run.table_key = ""
    told = _sealed_table(opener, run.form, key, run.byte_count, sheet, run.encoding)
    run.table_key, run.sheets, run.sheet = key, told.names, told.chosen[:100]


def join_related(run: ImportRun, table: Table, relations: Sequence[Relation]) -> None:
    """Make the sealed table of a run with its related ones; notes it on the run (unsaved). Raises FileProblem."""
    if run.joined_key:
        storage.destroy(run.joined_key)
        run.joined_key = ""
    if not relations:
        return
    given = {relation.name: _given(relation.name, run.related) for relation in relations}
    missing = [name for name, key in given.items() if not key]
    if missing:
        raise FileProblem("related_missing", names=missing)
    related = [(relation, open_table(storage.opener_of(given[relation.name]))) for relation in relations]
    key = f"{run.file_key}-{chance.public_id()[:8]}"
    storage.take_in(key, joined_csv(table, related))
    run.joined_key = key


def _given(name: str, related: dict[str, str]) -> str:
    """The key of the table of that name; of a file called like olist_order_items when it alone has `items` in its name."""
    alike = [key for file, key in related.items() if name in file]
    return related.get(name) or (alike[0] if len(alike) == 1 else "")


def lines_as_table(lines_key: str) -> str:
    """The key of a sealed file of order lines that can be read as a delimited one: itself, or a table made of it."""
    opener = storage.opener_of(lines_key)
    form = form_of(opener)
    if not form:
        return lines_key
    with opener() as stream:
        byte_count = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
    _sealed_table(opener, form, f"{lines_key}-table", byte_count, "", "")
    storage.destroy(lines_key)
    return f"{lines_key}-table"


def _sealed_table(opener: Opener, form: str, key: str, byte_count: int, sheet: str, encoding: str) -> Sheets:
    told = Sheets()
    storage.take_in(key, _chunks(opener, form, byte_count, sheet, encoding, told))
    return told


def _chunks(opener: Opener, form: str, byte_count: int, sheet: str, encoding: str, told: Sheets) -> Iterator[bytes]:
    if form == JSON_LINES:
        yield from csv_of_json_lines(opener, encoding)
        return
    with content(opener) as stream:
        yield from csv_of_workbook(stream, byte_count, sheet, told)
