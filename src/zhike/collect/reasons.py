"""Why a file, a row or a value could not be used: codes in the database, words here."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

FILES: dict[str, Promise] = {
    "empty_file": _("The file is empty."),
    "no_rows": _("The file has a header and no rows."),
    "foreign_file": _("This file holds no table (%(kind)s). Export it as CSV, XLSX or JSON Lines."),
    "workbook_too_large": _("The workbook is too large to be read. Save the sheet as CSV and import that."),
    "workbook_bomb": _(
        "The workbook unfolds to more than %(ratio)s times its size. Save the sheet as CSV if it is right."
    ),
    "workbook_protected": _("The workbook is protected by a password. Take the password off and try again."),
    "workbook_damaged": _(
        "The workbook is damaged, or holds what no workbook should. Save the sheet as CSV and try again."
    ),
    "sheet_unknown": _("The workbook has no sheet “%(sheet)s”. It has: %(known)s."),
    "json_damaged": _("Line %(row)s is no JSON object. JSON Lines holds one object a line."),
    "json_one_document": _(
        "This is one JSON document. JSON Lines holds one object a line, without a list around them."
    ),
    "binary_file": _("The file holds characters no text has. It may be damaged, or not a CSV file."),
    "encoding_unknown": _(
        "The encoding could not be made out. Tried: %(tries)s. Save the file as UTF-8, or name its encoding."
    ),
    "encoding_name_unknown": _("There is no encoding called %(encoding)s."),
    "packed_damaged": _("The .gz file is damaged."),
    "packed_cut": _("The .gz file ends too early: it was not copied completely."),
    "packed_too_much": _(
        "The .gz file unfolds to more than %(ratio)s times its size. Unpack it yourself if it is right."
    ),
    "record_too_long": _("Row %(row)s is longer than a row can be. Often a quotation mark before it is not closed."),
    "unclosed_quote": _(
        "The file ends inside a quotation that begins in row %(row)s: it was cut off, or a quotation mark is missing."
    ),
    "too_many_columns": _("The file has more than %(most)s columns."),
    "columns_missing": _("Columns are missing: %(columns)s."),
    "template_unknown": _("There is no template called %(template)s. There are: %(known)s."),
    "template_not_recognized": _(
        "No template fits these columns: %(headers)s. Name a template or give a mapping file."
    ),
    "lines_not_recognized": _("The file of details has columns no template knows: %(headers)s."),
    "too_many_lines": _("The file of details has more than %(most)s rows."),
    "lines_alone": _(
        "This file holds order lines without buyers or times. Bring it in beside the order list it belongs to."
    ),
    "other_kind": _("This file holds %(kind)s, not %(asked)s."),
    "mapping_invalid": _("The mapping file is wrong at “%(place)s”: %(why)s."),
    "related_missing": _("Related tables are missing: %(names)s. Give each with the file."),
    "related_too_long": _("The related table “%(name)s” has more than %(most)s rows."),
    "related_too_many": _("Row %(row)s meets more than %(most)s rows of the related tables."),
    "related_amount": _("Row %(row)s of a related table holds something that is no amount in a column to be summed."),
    "rows_scattered": _("The rows of the orders are too scattered. Sort the file by order number and import it again."),
    "file_gone": _("The file was destroyed after its 30 days. Import it again."),
    "file_unreadable": _("The stored file cannot be opened: its key is missing, or it was changed."),
    "disk_full": _("The disk is full. Make room, then resume: nothing is lost."),
    "cancelled": _("The import was given up."),
    "job_unexpected": _("Something unexpected happened; it is noted in the jobs page."),
    "source_missing": _("Choose where the data comes from first."),
    "source_unknown": _("There is no such source."),
    "source_archived": _("This source is archived."),
    "already_started": _("This import was started already."),
    "not_running": _("This import is not running."),
    "not_stopped": _("This import has not stopped."),
    "too_many_mappings": _("There are %(most)s mappings already; throw some away first."),
    "project_unknown": _("There is no such migration."),
    "project_signed": _("This migration is signed off; nothing is added to it any more."),
    "imports_unfinished": _("An import of this migration has not ended. Finish it, or undo it, first."),
    "not_reconciled": _("Type in the figures of the former system and count ours first."),
    "difference_unexplained": _("Figures differ. Say why they are right all the same."),
    "consents_right": _("A column holds consents. Whoever brings them in needs the right to note consents."),
    "not_undoable": _("This import cannot be undone now."),
}

ROWS: dict[str, Promise] = {
    "row_too_short": _("The row has fewer cells than the header."),
    "row_too_long": _("The row has more cells than the header has columns."),
    "order_id_missing": _("The order number is missing."),
    "order_id_too_long": _("The order number is longer than %(most)s characters."),
    "do_not_track": _("The visitor asked not to be tracked."),
    "visitor_missing": _("Nothing in this row tells which visitor it was."),
    "visitor_unknown": _("Nobody known answers to this key: the visit is kept without a customer."),
    "event_kind_unknown": _("“%(word)s” is no kind of event that is kept (page, screen, track, identify, alias)."),
    "moment.ahead": _("This moment is still to come."),
    "digits_lost": _(
        "A spreadsheet has destroyed this number (like 3.5E+17). Export the file again and do not save it in a spreadsheet."
    ),
    "status_unknown": _("The status “%(word)s” has no meaning in this template or mapping."),
    "same_order_rejected": _("Another row of the same order (row %(row)s) was kept out, so this one waits with it."),
    "repeated_in_file": _("A later row (row %(row)s) speaks of the same; the later one counts."),
    "lines_without_order": _("The details name an order that the order list does not have; its lines are left out."),
    "thing_id_missing": _("The code of the product or the number of the case is missing."),
    "tag_missing": _("The row names no tag."),
    "tag_too_long": _("A tag longer than %(most)s characters is left out."),
    "consent_unreadable": _("This is neither yes nor no nor a day; the consent is left out."),
    "consent_future": _("A consent cannot lie in the future; it is left out."),
    "consent_kept": _("The customer had withdrawn. A yes counts against that only with a day of its own, after it."),
    "customer_unknown": _("No customer is known by this; bring in orders or customers first."),
    "key_missing": _("Nothing in this row tells who the customer is."),
    "key_masked": _("The platform has masked who this is (*); a mask is shared by many and is no identity."),
    "key.blank": _("Nothing in this row tells who the customer is."),
    "key.masked": _("The platform has masked who this is (*); a mask is shared by many and is no identity."),
    "key.too_long": _("The customer's key is too long."),
    "text.masked": _("The platform has masked this value (*)."),
    "text.too_long": _("The text is longer than %(limit)s characters."),
    "sex.unknown": _("This is no word for a sex."),
    "field.unknown": _("The catalogue has no such field."),
    "line.kind_unknown": _("This kind of line is not known."),
    "quantity.not_whole": _("The quantity is not a whole number."),
    "order.total_differs": _("The stated total differs from the sum of the lines."),
    "amount.blank": _("The amount is missing."),
    "amount.invalid": _("This is not an amount."),
    "amount.ambiguous": _(
        "This amount can be read in two ways (thousands or decimals). Say in the mapping which mark the file uses."
    ),
    "amount.absurd": _("This amount is beyond belief."),
    "moment.blank": _("The date is missing."),
    "moment.unreadable": _("This is not a date."),
    "moment.impossible": _("There is no such day or time."),
    "moment.ambiguous": _(
        "Day and month could be either way. Say in the mapping whether the day or the month comes first."
    ),
    "moment.out_of_range": _("The date lies outside 1900 to 2200."),
    "moment.unknown_zone": _("There is no such time zone."),
}

_FAMILIES: dict[str, Promise] = {
    "phone": _("This is not a phone number."),
    "email": _("This is not an e-mail address."),
    "person": _("This is not a name."),
    "address": _("This address could not be read."),
    "code": _("This code is not valid."),
}

MAPPING_WHY: dict[str, Promise] = {
    "too_long": _("it is too long"),
    "alias": _("references (& and *) are not allowed"),
    "not_yaml": _("it is not YAML"),
    "missing": _("it is missing"),
    "not_a_table": _("names with values are expected"),
    "unknown_word": _("this word has no meaning here"),
    "not_a_list": _("a list is expected"),
    "not_words": _("a word or a list of words is expected"),
    "not_one_of": _("this value is not one of those allowed"),
    "one_key_each": _("each entry names one key"),
    "no_column": _("a column is expected"),
    "rule_without_condition": _("a rule needs a condition"),
}

STATES: dict[str, Promise] = {
    "stored": _("Stored"),
    "checking": _("Being checked"),
    "checked": _("Checked"),
    "queued": _("Waiting"),
    "running": _("Running"),
    "paused": _("Paused"),
    "done": _("Done"),
    "failed": _("Failed"),
    "undoing": _("Being undone"),
    "undone": _("Undone"),
}


def reason_text(code: str, params: Mapping[str, Any]) -> str:
    """A reason in the reader's language."""
    words = FILES.get(code) or ROWS.get(code) or _FAMILIES.get(code.partition(".")[0])
    if words is None:
        return _now("This value cannot be used (%(code)s).") % {"code": code}
    return str(words) % _Readable(params)


class _Readable(dict[str, Any]):
    """Parameters as words; a missing one shows as an ellipsis instead of breaking the page."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({name: _said(name, value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _said(name: str, value: Any) -> str:
    if name == "tries":
        return "; ".join(_now("%(encoding)s fails at byte %(byte)s, line %(line)s") % t for t in value)
    if name == "why":
        return str(MAPPING_WHY.get(value, value))
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return str(value)
