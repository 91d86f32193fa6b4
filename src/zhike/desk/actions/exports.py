"""Exports: masked by right, harmless to spreadsheets, marked with who made them, sealed, and gone after a day."""

import codecs
import csv
import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext

from zhike.customers import queries as customers
from zhike.customers.records import Selection
from zhike.desk import export_columns
from zhike.desk.actions import approvals, printing
from zhike.desk.actions.bulk import asked_filter
from zhike.desk.models import Export
from zhike.desk.printing.book import VOLUME
from zhike.desk.workbook import write_workbook
from zhike.kit import chance, clock, jobs
from zhike.kit.formulas import harmless
from zhike.kit.home import path
from zhike.secure import actions as secure
from zhike.secure import vault
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter
from zhike.ui.typeset import PrintFailed
from zhike.ui.zone import shop_zone

AT_ONCE = 1000
KEPT_HOURS = 24
FORMS = {"customers": ("csv", "xlsx"), "orders": ("csv", "xlsx"), **printing.FORMS}
BY_JOB = ("book", "bag")  # printed page by page: never while somebody waits
_CHUNK = 500
Row = Sequence[str]


class ExportRefused(ValueError):
    """No export: `unknown_kind`, `reason_missing`, `too_many` (for a book), `too_many_for_word`, `grown` (more rows than were approved), `gone`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def start_export(
    what: str,
    *,
    reason: str,
    by: Viewer,
    query: str = "",
    ids: Sequence[int] = (),
    form: str = "csv",
    columns: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
) -> Export:
    """Export what a list's query matches (or the ticked customers), or print a card, a book or a bag, for one stated reason.

    The audit is written before any row. An export above the limit waits for a second person (`approvals`). Else up to
    1,000 rows are written while the page waits, more by a job. `columns` are register columns to add.
    """
    check(by, "customers.view" if what != "orders" else "orders.view")
    with transaction.atomic():
        export = _asked(
            what, by, reason, query=query, selected_ids=list(ids), form=form, more=columns, options=dict(options or {})
        )
        export.asked_count = size(export, by)
        if what == "book":
            _shape_book(export)
        if approvals.needs_approval(export, by):
            export.state = "waiting"
        elif export.asked_count > AT_ONCE or what in BY_JOB:
            export.job_id = jobs.enqueue("desk.export", by=by, export_id=export.pk)
        export.save(update_fields=["asked_count", "state", "job_id", "form", "columns"])
        note(export, by, step="waiting" if export.state == "waiting" else "asked")
    if export.job_id is None and export.state == "asked":
        try:
            write(export, by)
        except ExportRefused:
            Export.objects.filter(pk=export.pk).update(state="failed")
            raise
    return export


def export_to(
    what: str,
    stream: IO[bytes],
    *,
    reason: str,
    by: Viewer,
    query: str = "",
    progress: Callable[..., None] | None = None,
) -> int:
    """Write an export straight to a stream of the operator's own; audited before the first row. Returns the rows."""
    with transaction.atomic():
        export = _asked(what, by, reason, query=query, state="gone")  # the file is the operator's: nothing of it stays
        note(export, by, step="asked")
    export.row_count = _pour(export, by, stream, progress, None)
    with transaction.atomic():
        export.save(update_fields=["row_count"])
        note(export, by, step="written")
    return int(export.row_count)


def _asked(what: str, by: Viewer, reason: str, *, query: str, more: Sequence[str] = (), **given: Any) -> Export:
    if what not in FORMS or given.get("form", "csv") not in FORMS[what]:
        raise ExportRefused("unknown_kind")
    check(by, "customers.export")
    if not reason.strip():
        raise ExportRefused("reason_missing")
    return Export.objects.create(
        public_id=chance.public_id(),
        staff_id=by.staff_id,
        what=what,
        query=query[:1000],
        reason=reason.strip()[:200],
        columns=_columns(what, by, more),
        created_at=clock.now(),
        **given,
    )


def _columns(what: str, by: Viewer, more: Sequence[str]) -> list[str]:
    """The columns of a list; a card and a bag have none, their fields are those the maker may export."""
    if what in ("card", "bag"):
        return []
    return [c.code for c in export_columns.of("orders" if what == "orders" else "customers", by, more)]


def _shape_book(export: Export) -> None:
    """A book of one volume is a PDF, one of several a folder of them; only the columns asked for, and not too many."""
    if export.asked_count > printing.MOST_IN_A_BOOK:
        raise ExportRefused("too_many")
    if export.form == "docx" and export.asked_count > printing.MOST_IN_WORD:
        raise ExportRefused("too_many_for_word")
    if export.form not in ("docx", "xlsx"):
        export.form = "pdf" if export.asked_count <= VOLUME else "zip"
    wanted = export.options.get("columns", "").split(",")
    export.columns = [code for code in export.columns if code in wanted][: printing.MOST_COLUMNS] or export.columns[:6]


def open_export(public_id: str, *, by: Viewer) -> tuple[Export, IO[bytes]]:
    """The file of one's own export, in the clear, as a stream; each opening is audited. Raises ExportRefused `gone`."""
    export = Export.objects.filter(public_id=public_id, staff_id=by.staff_id, state="ready").first()
    if export is None or (export.expires_at and export.expires_at <= clock.now()):
        raise ExportRefused("gone")
    note(export, by, step="downloaded")
    return export, vault.file_reader(_key(export), _file(export))


def column_labels(export: Export) -> list[str]:
    """The names of an export's columns."""
    return export_columns.labels(export.what, export.columns)


def note(export: Export, by: Viewer, *, step: str) -> None:
    """One audit event of an export: kind, id, columns and counts, never values."""
    detail: dict[str, Any] = {"step": step, "what": export.what, "columns": export.columns, "rows": export.row_count}
    secure.record_audit("export", by=by, about=("export", export.public_id), detail=detail)


def write(
    export: Export,
    viewer: Viewer,
    *,
    progress: Callable[..., None] | None = None,
    check: Callable[[], None] | None = None,
) -> int:
    """Write an export's sealed file and mark it ready; how many rows. Written anew when begun again."""
    if export.decided_at and size(export, viewer) > max(export.asked_count * 11 // 10, approvals.free_rows()):
        raise ExportRefused("grown")
    with vault.file_writer(_key(export), _file(export)) as sealed:
        count = _pour(export, viewer, sealed, progress, check)
    export.row_count = count
    export.state, export.expires_at = "ready", clock.now() + dt.timedelta(hours=KEPT_HOURS)
    with transaction.atomic():
        export.save(update_fields=["row_count", "state", "expires_at"])
        note(export, viewer, step="written")
    return int(export.row_count)


def _pour(
    export: Export,
    viewer: Viewer,
    stream: IO[bytes],
    progress: Callable[..., None] | None,
    check: Callable[[], None] | None,
) -> int:
    """Write an export's content, row by row; how many rows, the mark and the headings left out."""
    if export.what in printing.FORMS:
        try:
            return printing.pour(export, viewer, stream, mark_of(export, viewer), progress, check)
        except (printing.NothingToPrint, PrintFailed) as problem:
            raise ExportRefused(problem.code) from problem
    columns = [c for c in export_columns.of(export.what, viewer, export.columns) if c.code in export.columns]
    mark = mark_of(export, viewer)
    headings = [str(c.label) for c in columns]
    rows = _watched(_rows(export, viewer, columns), size(export, viewer), progress, check)
    if export.form == "xlsx":
        numbers = frozenset(n for n, c in enumerate(columns) if c.is_number)
        title = gettext("Customers") if export.what == "customers" else gettext("Orders")
        made_at = export.created_at.astimezone(dt.UTC)
        return write_workbook(
            stream, mark, headings, rows, numbers=numbers, title=title, author=viewer.label, made_at=made_at
        )
    count = -2
    stream.write(codecs.BOM_UTF8)
    for cells in itertools.chain([[mark], headings], rows):
        stream.write(as_line(cells))
        count += 1
    return count


def _watched(
    rows: Iterable[Row], total: int, progress: Callable[..., None] | None, check: Callable[[], None] | None
) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % _CHUNK == 0:
            if check:
                check()
            if progress:
                progress(count, max(count, total))


def destroy(export: Export) -> None:
    """Destroy an export's key and file; what it was stays on record."""
    vault.destroy_file_key(_key(export))
    _file(export).unlink(missing_ok=True)
    Export.objects.filter(pk=export.pk).update(state="gone")


def mark_of(export: Export, viewer: Viewer) -> str:
    """The line that names an export, its maker and its moment: in the file's first row, and in a workbook's properties."""
    when = export.created_at.astimezone(shop_zone()).strftime("%Y-%m-%d %H:%M:%S")
    return gettext("Export %(id)s by %(who)s at %(when)s") % {"id": export.public_id, "who": viewer.label, "when": when}


def as_line(cells: Iterable[str]) -> bytes:
    """One line of the file, every cell harmless."""
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode()


def _rows(export: Export, viewer: Viewer, columns: Sequence[Any]) -> Iterator[Row]:
    if export.what == "orders":
        yield from export_columns.order_rows(viewer, order_filter(export), columns)
        return
    for ids in customers.selected_ids(viewer, selection(export, viewer), chunk=_CHUNK):
        yield from export_columns.customer_rows(viewer, ids, columns)


def size(export: Export, viewer: Viewer) -> int:
    """How many rows an export has for a viewer now."""
    if export.what == "orders":
        return shop.exact_order_count(viewer, order_filter(export))
    return customers.selection_size(viewer, selection(export, viewer))


def order_filter(export: Export) -> OrderFilter:
    """The filter of an export of orders."""
    from zhike.kit.installation import installation

    return shop.read_filter(QueryDict(export.query), installation().time_zone)


def selection(export: Export, viewer: Viewer) -> Selection:
    """The customers an export is about."""
    if export.selected_ids:
        return Selection(ids=tuple(export.selected_ids))
    return Selection(matching=asked_filter(QueryDict(export.query), viewer, at=export.created_at))


def _key(export: Export) -> str:
    return f"export:{export.public_id}"


def _file(export: Export) -> Path:
    return path("files/exports") / f"{export.public_id}.{export.form}"
