"""Printing: cards, registers bound as books, bags. Each is an export: reason, audit, approval, sealed file, gone after a day."""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.credit import queries as credit
from zhike.customers import actions as customer_actions
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader, RegisterFilter
from zhike.desk import export_columns, file_views
from zhike.desk.cards import Reader, bag, card, closed_subject, subject_of
from zhike.desk.cards.credit import credit_sheet
from zhike.desk.cards.reader import day
from zhike.desk.models import Export
from zhike.desk.printing.book import Book, BookRow, bind
from zhike.desk.printing.excel import sheets_as_workbook
from zhike.desk.printing.pdf import sheets_as_pdf
from zhike.desk.printing.sheet import Line, Listing, Mark, Sheet
from zhike.desk.printing.word import sheets_as_word
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden
from zhike.secure.records import Viewer
from zhike.secure.vault.errors import VaultError
from zhike.ui.typeset import calm

FORMS = {
    "card": ("pdf", "docx", "xlsx"),
    "credit": ("pdf", "docx"),
    "bag": ("pdf", "zip"),
    "book": ("pdf", "zip", "docx", "xlsx"),
}
MOST_IN_A_BOOK = 20_000
MOST_IN_WORD = 2_000  # a table of Word with more rows opens slowly everywhere
MOST_COLUMNS = 10
_CHUNK = 200
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_CELL = 120  # characters of a cell in a register
Progress = Callable[..., None] | None


class NothingToPrint(LookupError):
    """The customer is out of the maker's sight by now, or the closed card is gone."""

    code = "gone"


def pour(
    export: Export, viewer: Viewer, stream: IO[bytes], mark: str, progress: Progress, check: Callable[[], None] | None
) -> int:
    """Write what is printed into a stream, in the language it was asked for in; how many customers it holds."""
    with translation.override(export.options.get("language") or "zh-hans"):
        made = Mark(mark, viewer.label, day(export.created_at), (translation.get_language() or "zh")[:2])
        return _WRITERS[export.what](export, viewer, stream, made, progress, check)


def _card(export: Export, viewer: Viewer, stream: IO[bytes], mark: Mark, *_unused: Any) -> int:
    head, reader = _head(export, viewer), Reader(viewer, is_leaving=True)
    groups = file_views.layout_of(export.options["view"]).groups
    if closed := export.options.get("closed"):
        old = customers.old_card(viewer, head.row.customer_id, closed)
        if old is None:
            raise NothingToPrint
        sheet = card(reader, closed_subject(head, old), old.facts.kind, groups=groups)
    else:
        sheet = card(reader, subject_of(viewer, head), export.options["kind"], groups=groups)
    stream.write(as_file([sheet], mark, export.form))
    return 1


def as_file(sheets: Sequence[Sheet], mark: Mark, form: str) -> bytes:
    """Sheets as PDF, Word or Excel."""
    return {"pdf": sheets_as_pdf, "docx": sheets_as_word, "xlsx": sheets_as_workbook}[form](sheets, mark)


def _bag(
    export: Export, viewer: Viewer, stream: IO[bytes], mark: Mark, progress: Progress, check: Callable[[], None] | None
) -> int:
    head, reader = _head(export, viewer), Reader(viewer, is_leaving=True)
    documents = list(bag.documents(reader, head, file_views.layout_of(export.options["view"]).groups))
    found = bag.attached(reader, head)
    if export.form == "pdf":
        sheets = [d.sheet for d in documents] + ([bag.attachments_sheet(found, {})] if found else [])
        name = head.row.name if reader.may("name") else ""
        cover = [_("Bag of a customer's documents"), f"{name} {head.row.number}".strip(), installation().name, mark.day]
        stream.write(sheets_as_pdf(sheets, mark, contents=[_("Contents")], cover=cover))
        return 1
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as folder:
        for number, document in enumerate(documents, 1):
            if check:
                check()
            folder.writestr(
                f"{number:02d} {calm(document.name, longest=40)}.pdf", sheets_as_pdf([document.sheet], mark)
            )
            if progress:
                progress(number, len(documents) + 1)
        enclosed = {a.public_id: _enclose(folder, n, a, export, viewer) for n, a in enumerate(found, 1)}
        sheets = [_contents(documents, found), *([bag.attachments_sheet(found, enclosed)] if found else [])]
        folder.writestr(f"00 {_('contents')}.pdf", sheets_as_pdf(sheets, mark))
    return 1


def _contents(documents: Sequence[bag.Document], found: Sequence[Any]) -> Sheet:
    rows = tuple((f"{n:02d}", d.sheet.title) for n, d in enumerate(documents, 1))
    note = _("%(n)s files are attached; see the next page.") % {"n": len(found)} if found else ""
    return Sheet(_("Contents"), (), (Listing(_("Documents"), (_("No."), _("Document")), rows, note=note),))


def _enclose(folder: zipfile.ZipFile, number: int, attached: Any, export: Export, viewer: Viewer) -> str:
    """Lay an attachment into the folder: right, quota and audit first, as when it is fetched alone; else why it is not there."""
    if not attached.can_download:
        return _("not enclosed: no right to it")
    try:
        name, content = customer_actions.download(
            attached.public_id, by=viewer, purpose=export.options.get("purpose", "")
        )
    except secure.QuotaExceeded:
        return _("not enclosed: the values of this hour are used up")
    except secure.ReasonMissing:
        return _("not enclosed: no purpose was chosen")
    except (Forbidden, LookupError):
        return _("not enclosed: no right to it")
    except (FileNotFoundError, VaultError):
        return _("not enclosed: its bytes are gone")
    ending = f".{name.rsplit('.', 1)[1]}" if "." in name else ""
    place = f"{_('attachments')}/{number:02d} {_name_in_folder(attached.title) or _('attachment')}{ending}"
    with content, folder.open(place, "w") as target:
        while piece := content.read(65536):
            target.write(piece)
    return place


def _name_in_folder(text: str) -> str:
    return "".join(c for c in calm(text, longest=40) if c not in '/\\:*?"<>|\n').strip(". ")


def _book(
    export: Export, viewer: Viewer, stream: IO[bytes], mark: Mark, progress: Progress, check: Callable[[], None] | None
) -> int:
    columns = [c for c in export_columns.of("customers", viewer, export.columns) if c.code in export.columns]
    reader = Reader(viewer, is_leaving=True)
    by_name = export.options.get("order") == "name" and reader.may("name") and policy.sight(viewer, "name") == "shown"
    total = min(export.asked_count, MOST_IN_A_BOOK)
    book = Book(
        title=export.options.get("title") or _("Register of customers"),
        cover=_cover(export, viewer, by_name),
        headings=[str(c.label) for c in columns],
        numbers=frozenset(n for n, c in enumerate(columns) if c.is_number),
        mark=mark,
        by_number=not by_name,
    )

    def told(done: int) -> None:
        if check:
            check()
        if progress:
            progress(done, max(total, done))

    rows = _rows(export, viewer, columns, by_name=by_name, names=reader.may("name"))
    if export.form in ("docx", "xlsx"):
        return _one_sheet(stream, export.form, book, rows, told)
    return bind(stream, book, rows, total if export.form == "pdf" else max(total, 1_001), progress=told)


def _one_sheet(stream: IO[bytes], form: str, book: Book, rows: Iterator[BookRow], told: Callable[[int], None]) -> int:
    """The register as one table with its facts above, for those who work on it in Word or Excel."""
    listed: list[tuple[str, ...]] = []
    for row in rows:
        listed.append((str(len(listed) + 1), *(calm(cell, longest=_CELL) for cell in row.cells)))
        if len(listed) % _CHUNK == 0:
            told(len(listed))
    facts = tuple(Line(label, text) for label, text in book.cover)
    numbers = frozenset({0, *(place + 1 for place in book.numbers)})
    listing = Listing(_("Customers"), (_("No."), *book.headings), tuple(listed), numbers)
    write = sheets_as_word if form == "docx" else sheets_as_workbook
    stream.write(write([Sheet(book.title, facts, (listing,))], book.mark))
    told(len(listed))
    return len(listed)


def _cover(export: Export, viewer: Viewer, by_name: bool) -> list[tuple[str, str]]:
    return [
        (pgettext("of a book", "Shop"), installation().name),
        (_("Issued on"), day(export.created_at)),
        (_("Number of customers"), str(export.asked_count)),
        (pgettext("sequence", "Order"), _("by name, in pinyin") if by_name else _("by file number")),
        (_("Reason"), export.reason),
        (_("Issued by"), viewer.label),
    ]


def _rows(export: Export, viewer: Viewer, columns: Sequence[Any], *, by_name: bool, names: bool) -> Iterator[BookRow]:
    for ids in _ids(export, viewer, by_name):
        lines = customers.lines(viewer, ids)
        cells = export_columns.customer_rows(viewer, [i for i in ids if i in lines], columns)
        for customer_id, row in zip([i for i in ids if i in lines], cells, strict=True):
            line = lines[customer_id]
            # A register on paper says the day; the second of an order is for a file of data.
            told = tuple(cell[:10] if _MOMENT.fullmatch(cell) else cell for cell in row)
            yield BookRow(line.name if names else "", line.number, told)


def _ids(export: Export, viewer: Viewer, by_name: bool) -> Iterator[list[int]]:
    from zhike.desk.actions.exports import selection

    chosen = selection(export, viewer)
    if not by_name:
        yield from customers.selected_ids(viewer, chosen, chunk=_CHUNK)
        return
    wanted = chosen.matching or RegisterFilter(ids=frozenset(chosen.ids), archived="all")
    after = ""
    while True:
        page = customers.register(viewer, wanted, sort="name", after=after, limit=_CHUNK)
        if page.rows:
            yield [row.customer_id for row in page.rows]
        after = page.next_key
        if not after:
            return


def _head(export: Export, viewer: Viewer) -> CustomerHeader:
    root_id = customers.root_of(viewer, export.options.get("customer", ""))  # a merge meanwhile is followed
    head = customers.header(viewer, root_id) if root_id is not None else None
    if head is None:
        raise NothingToPrint
    secure.note_access(viewer, "customer", head.row.customer_id, what="printed")
    return head


def _credit(export: Export, viewer: Viewer, stream: IO[bytes], mark: Mark, *_unused: Any) -> int:
    _head(export, viewer)
    found = credit.report_as_document(viewer, export.options.get("report", ""))
    if found is None:
        raise NothingToPrint
    stream.write(as_file([credit_sheet(found)], mark, export.form))
    return 1


_WRITERS = {"card": _card, "bag": _bag, "book": _book, "credit": _credit}
