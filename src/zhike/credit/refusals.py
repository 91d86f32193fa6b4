"""Why something cannot stand, and what to do, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.credit import words

Words = dict[str, Promise]

_STATEMENT: Words = {
    "nothing_stated": _("Enter at least one amount."),
    "negative": _("%(part)s cannot be negative: enter it without a sign, or leave it empty."),
    "too_large": _("%(part)s is too large: check the unit."),
    "day": _("The day must lie between 1990 and today, written like 2025-12-31."),
    "period": _("The period must be year, half-year, quarter or month."),
    "identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it on the customer's file, where it is sealed."
    ),
    "exists": _("There is already a statement of this period: change that one."),
    "person": _("Statements belong to organizations."),
    "currency": _("Statements are held in the shop's currency: convert the amounts first."),
    "unit": _("The unit must be 元, 千元, 万元, 百万元 or 亿元."),
    "flag": _("%(part)s must be 是 or 否."),
    "amount": _("%(part)s is no amount: write it like 1234.5."),
    "twice": _("This period stands in the file twice: keep one of the rows."),
    "no_customer": _("The column 客户 is empty: write the file number or the full name."),
    "unknown_customer": _("No organization has this number or name: check it, or add the customer first."),
    "ambiguous": _("Several organizations have this name: write the file number instead."),
    "unknown": _("This statement is not here any more."),
}
_FILE: Words = {
    "too_large": _("The file is larger than 4 MB: split it."),
    "too_many_rows": _("The file has more than 2,000 rows: split it."),
    "no_customer_column": _(
        "The file needs a column 客户 (file number or full name). Download the template to see all columns."
    ),
    "no_day_column": _("The file needs a column 报表日期. Download the template to see all columns."),
    "no_amounts": _("No column holds an amount we know. Download the template to see all columns."),
}
_INVOICE: Words = {
    "number": _("The invoice needs a number."),
    "amount": _("The amount must be above zero."),
    "paid": _("What was paid lies between zero and the amount."),
    "dates": _("Check the days: issued before due, paid not in the future, and a day for what is paid in full."),
}
_RULE: Words = {
    "weights": _("Each factor needs a weight of zero or more."),
    "whole": _("The weights add up to %(part)s, not to 100."),
    "days": _("Days lie between 0 and 3650."),
    "amount": _("An amount is too large or below zero."),
    "order": _("The bands must rise, with shares between 0 and 100."),
    "kind": _("There is no such rule."),
}
_REPORT: Words = {
    "set": _("There is no such set of factors."),
    "score": _("A factor is judged from 1 to 10, or left empty."),
    "grade": _("There is no such grade."),
    "override_why": _("Say why the grade is set by hand."),
    "identifier": _STATEMENT["identifier"],
    "amount": _("The limit lies between zero and what was proposed."),
    "terms": _("Days of terms lie between 0 and 3650."),
    "valid": _("The last day must lie ahead, and not beyond the days until a review."),
    "sources": _("Each source needs a day written like 2026-03-01; at most 30 sources."),
    "no_grade": _("Judge at least one factor of the leading set, or set the grade by hand with a reason."),
    "no_limit": _("Propose a limit and terms first: zero and zero where it shall pay before delivery."),
    "state": _("The report has gone on meanwhile: look at it again."),
    "own": _("Somebody else must decide: the author of a report cannot."),
    "note_missing": _("Give your reasons: for a refusal, and for every decision on a natural person."),
    "limit_missing": _("Write the limit you allow: for a natural person it is never taken over from the proposal."),
    "unknown": _("This report is not here any more."),
}


def statement(code: str, part: str = "") -> str:
    """Why a statement (or its row in a file) cannot stand."""
    named = {**words.AMOUNTS, "is_audited": _("Audited"), "is_consolidated": _("Consolidated")}.get(part)
    return str(_STATEMENT.get(code, _STATEMENT["nothing_stated"])) % {"part": named or part}


def file(code: str) -> str:
    """Why a file of statements cannot be read."""
    return str(_FILE.get(code, _FILE["no_amounts"]))


def invoice(code: str) -> str:
    """Why an invoice cannot stand."""
    return str(_INVOICE.get(code, _INVOICE["dates"]))


def rule(code: str, part: str = "") -> str:
    """Why a rule cannot stand."""
    return str(_RULE.get(code, _RULE["kind"])) % {"part": part}


def report(code: str) -> str:
    """Why a report cannot go on."""
    return str(_REPORT.get(code, _REPORT["state"]))
