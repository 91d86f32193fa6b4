"""A run's file ready to be read as statements: table, mapping, builder and the lie of its keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from zhike.collect import reading
from zhike.collect.mapping import Bound, Mapping, bind, load, recognize, template
from zhike.collect.models import ImportRun, SavedMapping
from zhike.collect.reading import FileProblem, Table, open_table
from zhike.collect.running.converting import JSON_LINES
from zhike.collect.running.items import TEMPLATE, prepare_items
from zhike.collect.statements import (
    CustomerBuilder,
    Group,
    Layout,
    OrderBuilder,
    StatedBuilder,
    VisitBuilder,
    groups,
    layout_of,
)
from zhike.collect.statements.grouping import MOST_WAITING_ROWS
from zhike.collect.storage import opener_of
from zhike.kit.installation import installation
from zhike.shop.records import LineStatement


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """Everything needed to walk through the file; `layout` has its counts."""

    run: ImportRun
    table: Table
    mapping: Mapping
    bound: Bound
    builder: OrderBuilder | CustomerBuilder | StatedBuilder | VisitBuilder
    layout: Layout
    zone: str
    currency: str

    def groups(self) -> Iterator[Group]:
        """The file's orders or customers, always in the same order."""
        last_wins = self.mapping.kind != "orders" or self.mapping.row_per == "order"
        return groups(self.table.rows(), self.builder.key_of, self.layout, last_wins=last_wins)


def table_of(run: ImportRun) -> Table:
    """The run's file as a table, with the columns of its related tables; raises FileProblem."""
    if run.joined_key:
        return open_table(opener_of(run.joined_key), encoding="utf-8", delimiter=",", numbered=True)
    if run.table_key:
        return open_table(opener_of(run.table_key), encoding="utf-8", delimiter=",", numbered=run.form == JSON_LINES)
    return open_table(opener_of(run.file_key), encoding=run.encoding)


def known_table(run: ImportRun, encoding: str, delimiter: str) -> Table:
    """The same as `table_of` for a run whose file was looked at before, without reading it whole."""
    opener = opener_of(run.joined_key or run.table_key or run.file_key)
    numbered = bool(run.joined_key) or run.form == JSON_LINES
    return reading.known_table(opener, encoding, delimiter, numbered=numbered)


def mapping_of(run: ImportRun, table: Table) -> Mapping:
    """What the run's columns mean: its own mapping, its template, or the one its headers are recognized by."""
    if run.mapping_text:
        return load(run.mapping_text, code=run.template)
    if run.template and run.template != "auto":
        return template(run.template)
    found = recognize(table.headers, run.kind) or recognize(table.headers, run.kind, saved_mappings())
    if found is None:
        raise FileProblem("template_not_recognized", headers=[h[:40] for h in table.headers[:12]])
    return found


def saved_mappings() -> dict[str, Mapping]:
    """The mappings of the house by their public ids; they bear no template's code."""
    return {m.public_id: load(m.text) for m in SavedMapping.objects.order_by("name")}


def prepare_file(run: ImportRun) -> PreparedFile:
    """Open the file and take its first pass. Raises FileProblem for everything that keeps the whole file out."""
    if run.template == TEMPLATE:
        return cast(PreparedFile, prepare_items(run))  # sent by a program: ready statements instead of rows
    table = table_of(run)
    mapping = mapping_of(run, table)
    if run.kind and mapping.kind != run.kind:
        raise FileProblem("other_kind", kind=mapping.kind, asked=run.kind)
    bound = bind(mapping, table.headers)
    shop = installation()
    zone, currency = run.zone or shop.time_zone, run.currency or shop.currency
    builder: OrderBuilder | CustomerBuilder | StatedBuilder | VisitBuilder
    if mapping.kind == "orders":
        builder = OrderBuilder(bound, zone=zone, currency=currency, details=details_of(run))
    elif mapping.kind == "visits":
        builder = VisitBuilder(bound, zone=zone)
    elif mapping.thing:
        builder = StatedBuilder(bound, zone=zone, currency=currency)
    else:
        builder = CustomerBuilder(bound, zone=zone, exported_at=run.created_at)
    layout = _kept_layout(run, table) or layout_of(table.rows(), builder.key_of)
    if not layout.row_count:
        raise FileProblem("no_rows")
    return PreparedFile(run, table, mapping, bound, builder, layout, mapping.zone or zone, mapping.currency or currency)


def details_of(run: ImportRun) -> dict[str, list[LineStatement]]:
    """The lines by order number of the file of details beside the run's file; empty when there is none."""
    if not run.lines_key:
        return {}
    table = open_table(opener_of(run.lines_key))
    mapping = recognize(table.headers, "lines")
    if mapping is None:
        raise FileProblem("lines_not_recognized", headers=[h[:40] for h in table.headers[:12]])
    builder = OrderBuilder(bind(mapping, table.headers), zone="UTC", currency="")
    found: dict[str, list[LineStatement]] = {}
    for count, row in enumerate(table.rows(), 1):
        if count > MOST_WAITING_ROWS:
            raise FileProblem("too_many_lines", most=MOST_WAITING_ROWS)
        found.setdefault(builder.key_of(row.cells), []).append(builder.line(row.cells, row.number))
    return found


def _kept_layout(run: ImportRun, table: Table) -> Layout | None:
    """The layout the check found, if it is of this very file."""
    kept = run.check_result.get("layout")
    if not kept or kept["digest"] != table.shape.digest:
        return None
    return Layout(kept["rows"], kept["groups"], {int(number): count for number, count in kept["pieces"]})
